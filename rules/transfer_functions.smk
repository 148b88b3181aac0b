# These functions say which other data sets the models of a data set predict, and what that depends on.
TRANSFERS = CONFIGURATION.transfers


def transfers(dataset):
    """Return the names of the transfers of a data set's study."""
    return CONFIGURATION.study(dataset)["transfers"]


# The models of these data sets predict the sequences of other ones.
TRANSFERRED_DATASETS = [dataset for dataset in MEASURED_DATASETS if transfers(dataset)]


def other_store(wildcards):
    """Return the store of the other data set of a transfer."""
    return f"results/{TRANSFERS[wildcards.transfer]['dataset']}/store.h5"


def expand_transfers(pattern):
    """Return an input function for a path of each transfer and of each student of a teacher, where it names them."""

    def files(wildcards):
        chosen = {"teacher": wildcards.teacher, "fraction": highest_fraction(wildcards.dataset)}
        paths = expand_study(pattern, wildcards.dataset, **chosen, transfer=transfers(wildcards.dataset))
        return list(dict.fromkeys(paths))

    return files


def transfer_assessments(table):
    """Return an input function for a table of the ensemble and the students of a teacher in each of its transfers."""

    def files(wildcards):
        return [
            path
            for folder in (ENSEMBLE, STUDENT)
            for path in expand_transfers(f"{folder}/transfers/{{transfer}}/{table}")(wildcards)
        ]

    return files


def transfer_titles():
    """Return what each transfer is, by its name."""
    return {name: transfer["title"] or name for name, transfer in TRANSFERS.items()}


def transfer_tables(folder):
    """Return the tables of an assessment of a transfer as outputs."""
    return {name: f"{folder}/transfers/{{transfer}}/{name}.tsv" for name in ("scores", "intervals", "ratios")}
