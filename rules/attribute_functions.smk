# These functions say by which methods the models of each teacher are explained.


def attribution_of(wildcards):
    """Return the settings that tell how the members and students of a teacher are explained."""
    return CONFIGURATION.attribution_of(wildcards.teacher)


def attribution_methods(wildcards):
    """Return the attribution methods of a teacher."""
    return attribution_of(wildcards)["methods"]


def attribution_plugins(wildcards):
    """Return the plugins of the attribution methods of a teacher, for `code_of`."""
    return [("attribution method", method["method"]) for method in attribution_methods(wildcards).values()]


def explained_teachers(dataset):
    """Return the teachers of a data set whose members and students are explained."""
    study = CONFIGURATION.study(dataset)
    teachers = study["teachers"] if study["explain"] else []
    return [teacher for teacher in teachers if CONFIGURATION.attribution_of(teacher)["methods"]]


def explaining_figures(figures, datasets):
    """Return the files of figures of attribution maps for all that the studies of some data sets explain."""
    pattern = "{dataset}/{teacher}/{student}/{figure}"
    return [
        path
        for dataset in datasets
        for path in figure_files(pattern, [dataset], teacher=explained_teachers(dataset), figure=figures)
    ]


# The models of these data sets are explained.
EXPLAINED_DATASETS = [dataset for dataset in DATASETS if explained_teachers(dataset)]
