# These functions name figures, give them titles, and say how the report lists them.


def title_of_dataset(dataset):
    """Return the title of a data set, or its name where it has none."""
    return CONFIGURATION.imported[dataset]["title"] or dataset


def title(wildcards):
    """Return the title of a figure of one data set."""
    return title_of_dataset(wildcards.dataset)


def title_of_student(wildcards):
    """Return the title of a figure of one teacher's ensemble and its students."""
    return f"{title(wildcards)}: {looks.label(wildcards.student)} of {looks.label(wildcards.teacher)}"


def title_of_methods(wildcards):
    """Return the title of a figure that compares all methods of one teacher."""
    study = CONFIGURATION.study(wildcards.dataset)
    others = " and ".join(kind for kind in ("baselines", "students") if study[kind])
    return f"{title(wildcards)}: {looks.label(wildcards.teacher)}{f' and its {others}' if others else ''}, test split"


def report_labels(path, label):
    """Return how the report lists a result. It would show only one of two results that have the same labels."""
    return {"result": label, **{name: f"{{{name}}}" for name in ("teacher", "student") if f"{{{name}}}" in path}}


def figure_output(pattern, topic, label):
    """Return the two files of a figure as outputs; the report shows the PNG under a topic of its data set."""
    reported = report(
        f"figures/{pattern}.png",
        caption=f"../resources/captions/plot_{Path(pattern).name}.rst",
        category="{dataset}",
        subcategory=topic,
        labels=report_labels(pattern, label),
    )
    return [f"figures/{pattern}.pdf", reported]


def figure_files(pattern, datasets, **chosen):
    """Return the files of a figure for all that the studies of some data sets run; `chosen` is as in `expand_study`."""
    return [
        path
        for dataset in datasets
        for path in expand_study(f"figures/{pattern}.{{suffix}}", dataset, suffix=["pdf", "png"], **chosen)
    ]
