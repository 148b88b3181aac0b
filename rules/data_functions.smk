# These functions say where the source files of a data set are, and what its store depends on.
import copy
import json

# The sizes of the tables of own assays that were checked; None for a large one.
TABLE_SIZES = {}


def source_settings(wildcards):
    """Return the settings of a source file."""
    return CONFIGURATION.imported[wildcards.dataset]["files"][wildcards.source]


def fetch_settings(wildcards):
    """Return the settings that a fetched file depends on."""
    told = ("page", "preparation")
    return {key: value for key, value in source_settings(wildcards).items() if key not in told}


def check_paths(dataset):
    """Stop if a path that a data set's file gives does not exist, unless the file was fetched from it before."""
    for name, source in CONFIGURATION.imported[dataset]["files"].items():
        if source["path"] and not local_path(source).exists() and path_fetched(dataset, name) != source["path"]:
            raise missing_file(source["path"], f"data set '{dataset}': files.{name}.path", "data set")


def check_tables(dataset):
    """Stop if the rows of an own assay are not as its file says; what is still to be downloaded is left to the import."""
    settings = CONFIGURATION.imported[dataset]
    files = {name: Path(local_path(source) or "") for name, source in settings["files"].items()}
    if not is_checked_when_planned(settings["importer"]) or not all(path.is_file() for path in files.values()):
        return
    try:
        TABLE_SIZES[dataset] = check_sources(settings, files, where=dataset)
    except DeguError as error:
        raise WorkflowError(f"{error}\n  data set: {CONFIGURATION.files.path_of('datasets', dataset)}")
    if TABLE_SIZES[dataset] is None:
        tables = ", ".join(map(str, files.values()))
        logger.info(f"{tables}: the columns are there; the rows of so large a table are checked when it is imported")


def missing_file(path, where, kind):
    """Return the error for a path that is no file, which stands in the file of a data set or of another kind."""
    error = DeguError(
        f"{path} is a folder" if Path(path).is_dir() else f"there is no file {path}",
        where=where,
        expected=f"a path in full, or from {Path.cwd()}",
        remedy=f"correct the path in the {kind}'s file, or put the file there",
    )
    return WorkflowError(str(error))


def path_fetched(dataset, name):
    """Return the `path` that a source was fetched with, as its record tells; None if it was not, or cannot be told."""
    source = recorded(Path("results", dataset, "sources", name), log_of("fetch_source", dataset, name), "source")
    return source.get("path") if isinstance(source, dict) else None


def recorded(output, log, name):
    """Return the parameter of a name that an output was made with, as its record tells; None if that cannot be told."""
    record = Path(log).with_suffix(".json")
    if not Path(output).exists():
        return None
    try:
        return json.loads(record.read_text(encoding="utf-8"))["params"][name]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def origin_of(wildcards):
    """Return where a source is from that is neither here nor has an address, else nothing; see `origin_of_file`.

    Once the file is here, a change of them fetches nothing again.
    """
    return origin_of_file(source_settings(wildcards), CONFIGURATION.imported[wildcards.dataset]["citation"])


def origin_of_file(source, citation):
    """Return page, preparation and citation of a source that is neither here nor has an address, else nothing."""
    if source["url"] or local_path(source):
        return {}
    return {"page": source["page"], "preparation": source.get("preparation", ""), "citation": citation}


def local_path(source):
    """Return the path of a source, else the file of its name in the data directory, else an empty list."""
    if source["path"]:
        path = Path(source["path"])
        # A file that is gone keeps the path that it had in the working directory, so that nothing is imported again.
        return BASE / path if (BASE / path).exists() and not path.exists() else path
    path = Path(CONFIGURATION.data_directory) / source["name"]
    return path if source["name"] and path.is_file() else []


def dataset_sources(wildcards):
    """Return the source files of a data set, by their names in its configuration."""
    names = CONFIGURATION.imported[wildcards.dataset]["files"]
    return {name: f"results/{wildcards.dataset}/sources/{name}" for name in names}


def source_origins(wildcards):
    """Return where each source file comes from: the path that it is copied from, or its address on the internet."""
    files = CONFIGURATION.imported[wildcards.dataset]["files"]
    return {name: str(local_path(source) or source["url"] or source["name"]) for name, source in files.items()}


def import_settings(wildcards):
    """Return the settings that a store depends on: no title, no study, and no unit of a target that the options name."""
    settings = CONFIGURATION.imported[wildcards.dataset]
    keys = ("importer", "options", "bad_rows", "labels", "leaks", "standardize_batches", "split")
    kept = copy.deepcopy({key: settings[key] for key in keys})
    for target in named_targets(kept).values():
        target.pop("unit", None)
    return kept


def named_targets(settings):
    """Return the targets that a data set's options name, each with its settings."""
    targets = settings["options"].get("targets")
    return {name: target for name, target in (targets or {}).items() if isinstance(target, dict)}


def units_of(wildcards):
    """Return the units of the targets that a data set's options name; a change of them imports and trains nothing."""
    targets = named_targets(CONFIGURATION.imported[wildcards.dataset])
    return {name: target["unit"] for name, target in targets.items() if target.get("unit")}


def truth_files(wildcards):
    """Return the source files that the truth of a simulated assay depends on, by their names."""
    return dataset_sources(wildcards) if has_truth(wildcards.dataset) else {}


def truth_settings(wildcards):
    """Return the importer of a simulated assay and its options, which the truth depends on; nothing for another one."""
    settings = CONFIGURATION.datasets[wildcards.dataset]
    return {key: settings[key] for key in ("importer", "options")} if has_truth(wildcards.dataset) else {}
