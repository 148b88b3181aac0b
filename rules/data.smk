# From published files to sequence stores.


rule fetch_source:
    input:
        local=local_source,
    output:
        "results/{dataset}/sources/{source}",
    log:
        "logs/fetch_source/{dataset}/{source}.log",
    benchmark:
        "benchmarks/jobs/fetch_source/{dataset}/{source}.tsv"
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        source=source_settings,
        data_directory=CONFIGURATION.data_directory,
        code=code_digest("fetch_source"),
    message:
        "Fetching {wildcards.source} of {wildcards.dataset}"
    script:
        "../scripts/fetch_source.py"


rule import_dataset:
    input:
        unpack(dataset_sources),
    output:
        "results/{dataset}/store.h5",
    log:
        "logs/import_dataset/{dataset}.log",
    benchmark:
        "benchmarks/jobs/import_dataset/{dataset}.tsv"
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=lambda wildcards, attempt: 8000 * attempt,
    params:
        settings=import_settings,
        origins=source_origins,
        seed=CONFIGURATION.seed,
        code=import_code,
    message:
        "Importing {wildcards.dataset}"
    script:
        "../scripts/import_dataset.py"
