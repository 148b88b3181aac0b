# From published files to sequence stores.


def source_settings(wildcards):
    return CONFIGURATION.datasets[wildcards.dataset]["files"][wildcards.source]


def local_source(wildcards):
    """The local file of a source: its path if one is given, else the file of its name in the data directory."""
    source = source_settings(wildcards)
    if source["path"]:
        path = Path(source["path"])
        return path if path.is_absolute() or path.exists() else BASE / path
    path = Path(CONFIGURATION.data_directory) / source["name"]
    return path if source["name"] and path.is_file() else []


rule fetch_source:
    input:
        local=local_source,
    output:
        "results/{dataset}/sources/{source}",
    log:
        "logs/fetch_source/{dataset}/{source}.log",
    benchmark:
        "benchmarks/jobs/fetch_source/{dataset}/{source}.tsv"
    conda:
        "../envs/data.yaml"
    params:
        source=source_settings,
        data_directory=CONFIGURATION.data_directory,
        code=code_digest("fetch_source"),
    message:
        "Fetching {wildcards.source} of {wildcards.dataset}"
    script:
        "../scripts/fetch_source.py"


def dataset_sources(wildcards):
    names = CONFIGURATION.datasets[wildcards.dataset]["files"]
    return {name: f"results/{wildcards.dataset}/sources/{name}" for name in names}


def import_settings(wildcards):
    """What the store depends on: neither titles nor studies."""
    settings = CONFIGURATION.datasets[wildcards.dataset]
    keys = ("importer", "options", "bad_rows", "leaks", "standardize_batches", "split")
    return {key: settings[key] for key in keys}


def import_code(wildcards):
    importer = CONFIGURATION.datasets[wildcards.dataset]["importer"]
    return code_digest("import_dataset", f"degu.importers.{importer}")


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
        "../envs/data.yaml"
    params:
        settings=import_settings,
        seed=CONFIGURATION.seed,
        code=import_code,
    message:
        "Importing {wildcards.dataset}"
    script:
        "../scripts/import_dataset.py"
