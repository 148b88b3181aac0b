# These functions say which variants are predicted, and where the files of a set of variants are.
VARIANTS = CONFIGURATION.variants
VARIANT_SETS = CONFIGURATION.variant_sets
VARIANT_TABLES = {
    "scores": "scores.tsv",
    "uncertainty": "uncertainty.tsv",
    "curves": "curves.parquet",
    "effects": "effects.parquet",
    "claims": "claims.tsv",
}
VARIANT_METRICS = [("metric", "risk_coverage_area"), ("metric", "error_correlation")]


def variant_source_settings(wildcards):
    """Return the settings of a source file of a set of variants."""
    return VARIANT_SETS[wildcards.variants]["files"][wildcards.source]


def variant_files(wildcards):
    """Return the source files of a set of variants, by their names."""
    names = VARIANT_SETS[wildcards.variants]["files"]
    return {name: f"results/variants/{wildcards.variants}/{name}" for name in names}


def check_variant_paths(name):
    """Stop if a path that the file of a set of variants gives does not exist, unless a file was fetched from it."""
    for source, settings in VARIANT_SETS[name]["files"].items():
        fetched = Path("results", "variants", name, source).exists()
        if settings["path"] and not local_path(settings).exists() and not fetched:
            raise missing_file(settings["path"], f"set of variants '{name}': files.{source}.path", "set")


def variant_placing(wildcards):
    """Return how variants are placed in constructs."""
    return {key: value for key, value in VARIANTS.items() if key != "level"}


def variant_judging(wildcards):
    """Return how the models are judged on a set of variants."""
    return {key: VARIANT_SETS[wildcards.variants][key] for key in ("protocols", "confident")}


def padding(wildcards):
    """Return where sequences are filled up with N that are shorter than those of a data set."""
    options = CONFIGURATION.datasets[wildcards.dataset]["options"]
    return {"left": "left", "right": "right"}.get(options.get("pad"), "refuse")


def student_predictions_of_variants(wildcards):
    """Return what all students of a teacher predict for variants."""
    chosen = {name: wildcards[name] for name in ("teacher", "fraction", "variants")}
    return expand_study(f"{STUDENT}/variants/{{variants}}.h5", wildcards.dataset, **chosen)


def title_of_variants(wildcards):
    """Return the title of a figure of a set of variants."""
    name = VARIANT_SETS[wildcards.variants]["title"] or wildcards.variants
    return f"{name}: {looks.label(wildcards.teacher)} of {title(wildcards)}"
