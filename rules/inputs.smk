# Input and parameter functions of the rules, by stage.

# data


def source_settings(wildcards):
    return CONFIGURATION.datasets[wildcards.dataset]["files"][wildcards.source]


def local_path(source):
    """The local file of a source: its path if one is given, else the file of its name in the data directory."""
    if source["path"]:
        path = Path(source["path"])
        return path if path.is_absolute() or path.exists() else BASE / path
    path = Path(CONFIGURATION.data_directory) / source["name"]
    return path if source["name"] and path.is_file() else []


def local_source(wildcards):
    return local_path(source_settings(wildcards))


def dataset_sources(wildcards):
    names = CONFIGURATION.datasets[wildcards.dataset]["files"]
    return {name: f"results/{wildcards.dataset}/sources/{name}" for name in names}


def source_origins(wildcards):
    """What each source file is a copy of: a path, or the address it is downloaded from."""
    files = CONFIGURATION.datasets[wildcards.dataset]["files"]
    return {name: str(local_path(source) or source["url"] or source["name"]) for name, source in files.items()}


def import_settings(wildcards):
    """What the store depends on: neither titles nor studies."""
    settings = CONFIGURATION.datasets[wildcards.dataset]
    keys = ("importer", "options", "bad_rows", "leaks", "standardize_batches", "split")
    return {key: settings[key] for key in keys}


def import_code(wildcards):
    importer = CONFIGURATION.datasets[wildcards.dataset]["importer"]
    return code_digest("import_dataset", module_name("importer", importer))


# ensemble


def model_files(folder, wildcards, model, seeds, name):
    """A file of every model in a folder, whose wildcards are filled in once for all."""
    filled = folder.format_map(wildcards)
    return [f"{filled}/{model}-{seed}/{name}" for seed in seeds]


def member_files(name):
    """Input function for a file of every member; a baseline that trains none has those of another."""

    def files(wildcards):
        dataset, teacher = wildcards.dataset, wildcards.teacher
        trained = {**wildcards, "teacher": trained_as(dataset, teacher)}
        return model_files(ENSEMBLE, trained, "member", member_seeds(dataset, teacher), name)

    return files


def student_files(name):
    """Input function for a file of every student."""
    return lambda wildcards: model_files(STUDENT, wildcards, "seed", student_seeds(wildcards.dataset), name)


def reference_seeds(dataset):
    """Seeds of the reference ensemble, which follow those of the members."""
    members = CONFIGURATION.study(dataset)["members"]
    return list(range(members + 1, members + 1 + (CONFIGURATION.attribution["reference_members"] or members)))


def reference_files(name):
    """Input function for a file of every member of the reference ensemble."""
    return lambda wildcards: model_files(ENSEMBLE, wildcards, "member", reference_seeds(wildcards.dataset), name)


def resampling(wildcards):
    """How the members' training rows are drawn; empty if all are trained on the same rows."""
    method = teacher_recipe(wildcards)["resampling"]
    if method == "none":
        return {}
    members = len(member_seeds(wildcards.dataset, trained_as(wildcards.dataset, wildcards.teacher)))
    return {"members": members, "method": method, "seed": CONFIGURATION.seed}


def member_prediction(wildcards):
    """How the members predict: settings of the recipe, and the seed of a dropout."""
    settings = teacher_recipe(wildcards)["prediction"]
    return {**settings, "seed": CONFIGURATION.seed} if settings["dropout_passes"] else {}


def pack_of(seed, seeds, size):
    """The seeds that are trained in one job with a seed, as they stand in a path: first and last."""
    first = seeds.index(seed) // size * size
    return f"{seeds[first]}-{seeds[first:first + size][-1]}"


def pack_of_member(wildcards):
    """The folder of the members that are trained with one; the reference ensemble is packed by itself."""
    members = member_seeds(wildcards.dataset, wildcards.teacher)
    seed = int(wildcards.seed)
    seeds = members if seed in members else reference_seeds(wildcards.dataset)
    return f"{ENSEMBLE}/pack-{pack_of(seed, seeds, CONFIGURATION.members_per_job)}"


def pack_of_student(wildcards):
    seeds = student_seeds(wildcards.dataset)
    return f"{STUDENT}/pack-{pack_of(int(wildcards.seed), seeds, CONFIGURATION.students_per_job)}"


def folders_of_pack(prefix, wildcards, seeds):
    """The folder of each model that a job trains, by seed; `seeds` is one seed or first and last."""
    first, _, last = seeds.partition("-")
    return {seed: f"{prefix}-{seed}".format(**wildcards) for seed in range(int(first), int(last or first) + 1)}


# evaluate


def performance_tables(wildcards):
    dataset = wildcards.dataset
    return [
        *expand_study("results/{dataset}/kmer_ridge/fraction-{fraction}/performance.tsv", dataset),
        *expand_study(f"{ENSEMBLE}/performance.tsv", dataset),
        *expand_study(f"{STUDENT}/performance.tsv", dataset),
    ]


# calibrate

ASSESSMENT = {
    "scores": "scores.tsv",
    "curves": "curves.parquet",
    "conformal": "conformal.tsv",
    "conditional": "conditional.tsv",
    "predictions": "predictions.parquet",
}


def assessment_tables(folder):
    """The tables of an assessment, as outputs."""
    return {name: f"{folder}/uncertainty/{file}" for name, file in ASSESSMENT.items()}


def assessment_code(script):
    """Digest of the code of an assessment, with the metrics and conformal methods that the configuration names."""
    settings = CONFIGURATION.assessment
    methods = sorted({method["method"] for method in settings["conformal"].values()})
    metrics = [module_name("metric", name) for name in settings["metrics"]]
    return code_digest(script, *metrics, *(module_name("conformal method", name) for name in methods))


def assessments(table):
    """Input function for a table of every assessment of a teacher: its ensemble, its baselines, its students."""

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
    """How many forward passes a single prediction of each ensemble's member takes, by the ensemble's name."""
    study = CONFIGURATION.study(wildcards.dataset)
    names = [wildcards.teacher, *baseline_names(wildcards.teacher, study["baselines"])]
    return {name: max(1, CONFIGURATION.teacher(name)["prediction"]["dropout_passes"]) for name in names}


def summary_tables():
    """The tables that a run ends with."""
    uncertainty = [
        path
        for dataset in DATASETS
        if not CONFIGURATION.datasets[dataset]["labels"]
        for path in expand_study("results/{dataset}/{teacher}/uncertainty.tsv", dataset)
    ]
    return ["results/summary.tsv", *uncertainty]


# attribute


def attribution_code(script):
    """Digest of the code of an attribution, with the methods that the configuration names."""
    methods = {method["method"] for method in CONFIGURATION.attribution["methods"].values()}
    return code_digest(script, *(module_name("attribution method", name) for name in sorted(methods)))


def has_planted_motifs(dataset):
    return constant("importer", CONFIGURATION.datasets[dataset]["importer"], "PLANTED", False)


def discovery_settings():
    """What the patterns depend on: not what they are compared with."""
    settings = CONFIGURATION.attribution["motifs"]
    return {key: value for key, value in settings.items() if key not in ("database", "significance")}


def motif_database(wildcards):
    path = Path(CONFIGURATION.attribution["motifs"]["database"])
    return path if path.is_absolute() or path.exists() else BASE / path


def scores_of_motifs(wildcards):
    """The table of planted motifs, where there are any."""
    table = at_highest_fraction(f"{STUDENT}/motifs/truth.tsv")
    return table(wildcards) if has_planted_motifs(wildcards.dataset) else []


# figures


def title(wildcards):
    return CONFIGURATION.datasets[wildcards.dataset]["title"] or wildcards.dataset


def title_of_student(wildcards):
    return f"{title(wildcards)}: {wildcards.student} of {wildcards.teacher}"


def title_of_methods(wildcards):
    return f"{title(wildcards)}: {wildcards.teacher}, its baselines and students, test split"


def report_labels(path, label):
    """How the report lists a result. Of two results with the same labels it would show one alone."""
    return {"result": label, **{name: f"{{{name}}}" for name in ("teacher", "student") if f"{{{name}}}" in path}}


def figure_output(name, topic, label):
    """The two files of a figure; the PNG goes into the report, under a topic of its data set."""
    reported = report(
        f"figures/{name}.png",
        caption=f"../resources/captions/plot_{Path(name).name}.rst",
        category="{dataset}",
        subcategory=topic,
        labels=report_labels(name, label),
    )
    return [f"figures/{name}.pdf", reported]


UNCERTAINTY_FIGURES = [
    "interval_coverage",
    "calibration_curves",
    "accuracy_and_coverage",
    "pit",
    "conformal",
    "conditional_coverage",
    "sparsification",
]


def attribution_figures(dataset):
    """Names of the figures of a data set's attribution maps."""
    names = ["attribution_similarity", "attribution_logos"]
    if CONFIGURATION.attribution["sequences"]["per_quantile"]:
        names.append("attribution_quantiles")
    # One student does not vary.
    if CONFIGURATION.study(dataset)["student_seeds"] > 1:
        names.append("attribution_variability")
    if has_planted_motifs(dataset):
        names.append("attribution_truth")
    if CONFIGURATION.attribution["motifs"]["method"]:
        names.append("motifs")
    return names


def figure_files():
    """All figures of the configuration's data sets, as PNG and PDF."""
    names = []
    for dataset in DATASETS:
        names += [f"{dataset}/performance", f"{dataset}/training_curves"]
        if CONFIGURATION.study(dataset)["students"]:
            names += [f"{dataset}/uncertainty_heads"]
        # Log odds are not compared with labels point by point.
        if not CONFIGURATION.datasets[dataset]["labels"]:
            names += expand_study("{dataset}/{teacher}/{student}/predictions", dataset)
            names += expand_study("{dataset}/{teacher}/{figure}", dataset, figure=UNCERTAINTY_FIGURES)
        if CONFIGURATION.attribution["methods"]:
            figures = attribution_figures(dataset)
            names += expand_study("{dataset}/{teacher}/{student}/{figure}", dataset, figure=figures)
        if CONFIGURATION.datasets[dataset]["importer"] == "simulated_mpra":
            names += [f"{dataset}/simulated_truth", *expand_study("{dataset}/{teacher}/simulated_uncertainty", dataset)]
    return expand("figures/{name}.{suffix}", name=sorted(set(names)), suffix=["pdf", "png"])


def at_highest_fraction(pattern):
    """Input function for a path at the highest training fraction."""
    return lambda wildcards: expand(pattern, fraction=highest_fraction(wildcards.dataset), allow_missing=True)[0]


def model_descriptions(wildcards):
    dataset = wildcards.dataset
    members = [
        file
        for teacher in CONFIGURATION.study(dataset)["teachers"]
        for file in expand_study(
            f"{ENSEMBLE}/member-{{seed}}/model.json", dataset, teacher=teacher, seed=member_seeds(dataset, teacher)
        )
    ]
    return [
        *members,
        *expand_study(f"{STUDENT}/seed-{{seed}}/model.json", dataset, seed=student_seeds(dataset)),
    ]
