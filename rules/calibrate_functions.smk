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


def differences_of_students(wildcards):
    """Return the tables that tell how much more accurate the students of a teacher are than its members and ensemble."""
    chosen = {"teacher": wildcards.teacher, "fraction": highest_fraction(wildcards.dataset)}
    return expand_study(f"{STUDENT}/differences.tsv", wildcards.dataset, **chosen)


def scores_of_students():
    """Return the scores of the students of all data sets at the highest training fraction."""
    return [
        path
        for dataset in MEASURED_DATASETS
        for path in expand_study(f"{STUDENT}/uncertainty/scores.tsv", dataset, fraction=highest_fraction(dataset))
    ]


def forward_passes(wildcards):
    """Return how many forward passes a member of each ensemble takes for one prediction, by the ensemble's name."""
    study = CONFIGURATION.study(wildcards.dataset)
    names = [wildcards.teacher, *baseline_names(wildcards.teacher, study["baselines"])]
    return {name: max(1, CONFIGURATION.teacher(name)["prediction"]["dropout_passes"]) for name in names}


def students_of_sizes(wildcards):
    """Return the students of one kind that are distilled from several numbers of members, by their number."""
    study = CONFIGURATION.study(wildcards.dataset)
    names = {name: parse_student_name(name) for name in study["students"]}
    swept = next((parts.recipe for parts in names.values() if parts.members), None)
    own = [name for name, parts in names.items() if parts.recipe == swept and not parts.pool]
    sizes = {name: CONFIGURATION.student(wildcards.teacher, name)["ensemble_size"] for name in own}
    return {size or study["members"]: name for name, size in sizes.items()}


def sizes_of_students(wildcards):
    """Return the numbers of members that students are distilled from, in the order of `students_by_size`."""
    return list(students_of_sizes(wildcards))


def students_by_size(wildcards):
    """Return the predictions of the students that are distilled from each number of members."""
    return [
        path
        for student in students_of_sizes(wildcards).values()
        for path in expand(
            f"{STUDENT}/predictions.h5",
            **{**wildcards, "fraction": highest_fraction(wildcards.dataset)},
            student=student,
        )
    ]
