# These functions say which tables an assessment of uncertainties makes, and what they depend on.

ASSESSMENT_TABLES = {
    "scores": "scores.tsv",
    "curves": "curves.parquet",
    "conformal": "conformal.tsv",
    "conditional": "conditional.tsv",
    "predictions": "predictions.parquet",
}
# The configuration names these metrics and conformal methods.
ASSESSMENT_PLUGINS = [
    *(("metric", name) for name in CONFIGURATION.assessment["metrics"]),
    *(("conformal method", method["method"]) for method in CONFIGURATION.assessment["conformal"].values()),
]


def assessment_tables(folder):
    """Return the tables of an assessment as outputs."""
    return {name: f"{folder}/uncertainty/{file}" for name, file in ASSESSMENT_TABLES.items()}


def assessments(table):
    """Return an input function for a table of every method of a teacher: its ensemble, its baselines, its students."""

    def files(wildcards):
        dataset, teacher = wildcards.dataset, wildcards.teacher
        study = CONFIGURATION.study(dataset)
        chosen = {"fraction": highest_fraction(dataset)}
        ensembles = list(dict.fromkeys([teacher, *baseline_names(teacher, study["baselines"])]))
        return [
            *expand_study(f"{ENSEMBLE}/uncertainty/{table}", dataset, teacher=ensembles, **chosen),
            *expand_study(f"{STUDENT}/uncertainty/{table}", dataset, teacher=teacher, **chosen),
        ]

    return files


def forward_passes(wildcards):
    """Return how many forward passes a member of each ensemble takes for one prediction, by the ensemble's name."""
    study = CONFIGURATION.study(wildcards.dataset)
    names = [wildcards.teacher, *baseline_names(wildcards.teacher, study["baselines"])]
    return {name: max(1, CONFIGURATION.teacher(name)["prediction"]["dropout_passes"]) for name in names}
