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
    return code_digest("import_dataset", f"degu.importers.{importer}")


# ensemble


def models_of(pattern, seeds):
    """Input function for the files of the models with the given seeds."""
    return lambda wildcards: expand(pattern, seed=seeds(wildcards.dataset), allow_missing=True)


# evaluate


def performance_tables(wildcards):
    dataset = wildcards.dataset
    return [
        *expand_study("results/{dataset}/kmer_ridge/fraction-{fraction}/performance.tsv", dataset),
        *expand_study(f"{ENSEMBLE}/performance.tsv", dataset),
        *expand_study(f"{STUDENT}/performance.tsv", dataset),
    ]


# figures


def title(wildcards):
    return CONFIGURATION.datasets[wildcards.dataset]["title"] or wildcards.dataset


def figure_output(name, caption):
    """The two files of a figure; the PNG goes into the report."""
    reported = report(
        f"figures/{name}.png",
        caption=f"../resources/captions/{caption}.rst",
        category="{dataset}",
        labels={"figure": caption.removeprefix("plot_").replace("_", " ")},
    )
    return [f"figures/{name}.pdf", reported]


def figure_files():
    """All figures of the configuration's data sets, as PNG and PDF."""
    names = []
    for dataset in DATASETS:
        names += [f"{dataset}/performance", f"{dataset}/training_curves"]
        if CONFIGURATION.study(dataset)["students"]:
            names += [f"{dataset}/uncertainty_heads"]
            names += expand_study("{dataset}/{teacher}/{student}/predictions", dataset)
        if CONFIGURATION.datasets[dataset]["importer"] == "simulated_mpra":
            names += [f"{dataset}/simulated_truth"]
    return expand("figures/{name}.{suffix}", name=sorted(set(names)), suffix=["pdf", "png"])


def test_predictions_at_highest_fraction(wildcards):
    return expand(
        f"{STUDENT}/test_predictions.parquet", fraction=highest_fraction(wildcards.dataset), allow_missing=True
    )


def model_descriptions(wildcards):
    dataset = wildcards.dataset
    return [
        *expand_study(f"{ENSEMBLE}/member-{{seed}}/model.json", dataset, seed=member_seeds(dataset)),
        *expand_study(f"{STUDENT}/seed-{{seed}}/model.json", dataset, seed=student_seeds(dataset)),
    ]
