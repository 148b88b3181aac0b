# The data stage turns published files, or a simulation, into sequence stores.


include: "data_functions.smk"


# Without this check, Snakemake would tell of a missing input of the rule below, and not of the key that names it.
for dataset in IMPORTED:
    check_paths(dataset)

# Jobs, which read this file too, need not check tables again.
if workflow.is_main_process:
    for dataset in IMPORTED:
        check_tables(dataset)


rule fetch_source:
    input:
        local=lambda wildcards: local_path(source_settings(wildcards)),
    output:
        "results/{dataset}/sources/{source}",
    log:
        log_of("fetch_source", "{dataset}/{source}"),
    benchmark:
        benchmark_of("fetch_source", "{dataset}/{source}")
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        source=fetch_settings,
        origin=origin_of,
        data_directory=CONFIGURATION.data_directory,
        code=code_of("fetch_source"),
    message:
        "Fetch the file {wildcards.source} of {wildcards.dataset}"
    script:
        "../scripts/fetch_source.py"


rule import_dataset:
    input:
        unpack(dataset_sources),
    output:
        "results/{dataset}/store.h5",
    log:
        log_of("import_dataset", "{dataset}"),
    benchmark:
        benchmark_of("import_dataset", "{dataset}")
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=memory(8000, arrays=3),
    params:
        settings=import_settings,
        origins=source_origins,
        seed=CONFIGURATION.seed,
        code=lambda wildcards: code_of("import_dataset", ("importer", importer_of(wildcards.dataset))),
    message:
        "Import {wildcards.dataset} into a sequence store"
    script:
        "../scripts/import_dataset.py"


rule plot_simulated_truth:
    input:
        "results/{dataset}/store.h5",
    output:
        figure_output("{dataset}/simulated_truth", "Data", "simulated truth"),
    log:
        log_of("plot_simulated_truth", "{dataset}"),
    benchmark:
        benchmark_of("plot_simulated_truth", "{dataset}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title,
        units=units_of,
        code=code_of("plot_simulated_truth"),
    message:
        "Plot the known truth of {wildcards.dataset}"
    script:
        "../scripts/plot_simulated_truth.py"


RUN_TARGETS += figure_files(
    "{dataset}/simulated_truth",
    [dataset for dataset in DATASETS if has_truth(dataset) and has_planted_motifs(dataset)],
)
