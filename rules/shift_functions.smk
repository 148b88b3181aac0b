# These functions say which shifts are run, and what their sequences depend on.
SHIFT = CONFIGURATION.shift
LADDERS = SHIFT["ladders"]
# The test sequences of these data sets are shifted, and models of these predict shifted or designed sequences.
LADDER_DATASETS = [dataset for dataset in MEASURED_DATASETS if LADDERS and CONFIGURATION.study(dataset)["shift"]]
SHIFTED_DATASETS = [dataset for dataset in MEASURED_DATASETS if dataset in {*LADDER_DATASETS, *DESIGNED_DATASETS}]
# The configuration names these metrics and conformal methods.
SHIFT_PLUGINS = [
    *(("metric", name) for name in {**dict.fromkeys(SHIFT["metrics"]), "risk_coverage_area": None}),
    *(("conformal method", method["method"]) for method in CONFIGURATION.assessment["conformal"].values()),
]
# The shift whose levels are those of the paper, if it is run.
PUBLISHED_SHIFT = next((name for name, ladder in LADDERS.items() if ladder["kind"] == "published"), None)
SHIFT_TABLES = {"scores": "scores.tsv", "intervals": "intervals.tsv", "predictions": "predictions.tsv"}


def files_of_ladder(wildcards):
    """Return the files that a shift reads, by the options that name them, from the run's folder or the workflow's."""
    ladder = LADDERS[wildcards.shift]
    options = constant("shift", ladder["kind"], "FILES", ())
    defaults = default_options("shift", ladder["kind"])
    return {name: local_path({"path": ladder.get(name) or defaults[name]}) for name in options}


def ladder_settings(wildcards):
    """Return the settings of a shift, with its name; its files are inputs."""
    return {"name": wildcards.shift, **LADDERS[wildcards.shift]}


def ladder_files(wildcards):
    """Return the files of shifted and of designed sequences that the models of a teacher predict."""
    names = LADDERS if wildcards.dataset in LADDER_DATASETS else ()
    return [f"results/{wildcards.dataset}/shifts/{name}.h5" for name in names] + design_files(wildcards)


# What the levels of each shift and of each design are.
WORDS_OF_LEVELS = {name: constant("shift", ladder["kind"], "LEVEL", "level") for name, ladder in LADDERS.items()}
WORDS_OF_STEPS = {name: constant("search", design["search"], "LEVEL", "step") for name, design in DESIGNS.items()}


def reference_of_shifts(wildcards):
    """Return what the reference ensemble predicts for shifted sequences; nothing where the truth is known."""
    if has_truth(wildcards.dataset):
        return []
    teacher = wildcards.teacher.partition("-")[0]
    return f"{ENSEMBLE}/reference/shifts.h5".format(**{**wildcards, "teacher": teacher})


def own_ensemble_of_shifts(wildcards):
    """Return what the ensemble that models belong to, or are distilled from, predicts for shifted sequences."""
    return f"{ENSEMBLE}/shifts.h5".format(**wildcards)


def shift_tables(folder, *inner):
    """Return the tables of an assessment of shifts as outputs, in a folder, or in one within those of its shifts."""
    return {name: str(Path(folder, "shifts", *inner, file)) for name, file in SHIFT_TABLES.items()}


def shift_settings(wildcards):
    """Return what an assessment of shifts depends on."""
    assessment = CONFIGURATION.assessment
    return {
        "metrics": SHIFT["metrics"],
        "features": SHIFT["features"],
        "conformal": assessment["conformal"],
        "level": assessment["conditional_level"],
    }


def shift_assessments(table, *, baselines=False):
    """Return an input function for a table of the models of a teacher on shifted sequences.

    These are its ensemble, the ridge regression on k-mers, its students and, if they are asked for, its baselines.
    """

    def files(wildcards):
        dataset, teacher = wildcards.dataset, wildcards.teacher
        chosen = {"teacher": teacher, "fraction": highest_fraction(dataset)}
        others = baseline_names(teacher, CONFIGURATION.study(dataset)["baselines"]) if baselines else []
        ensembles = {**chosen, "teacher": list(dict.fromkeys([teacher, *others]))}
        paths = [
            *expand_study(f"{ENSEMBLE}/shifts/{table}", dataset, **ensembles),
            *expand_study(f"{ENSEMBLE}/shifts/kmer_ridge/{table}", dataset, **chosen),
            *expand_study(f"{STUDENT}/shifts/{table}", dataset, **chosen),
        ]
        return list(dict.fromkeys(paths))

    return files


def shift_comparisons(wildcards):
    """Return the tables that compare the students of a teacher with its members on shifted sequences."""
    chosen = {"teacher": wildcards.teacher, "fraction": highest_fraction(wildcards.dataset)}
    return expand_study(f"{STUDENT}/shifts/comparisons.tsv", wildcards.dataset, **chosen)
