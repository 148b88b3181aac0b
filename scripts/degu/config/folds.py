"""Folds of chromosomes by name, of which each one is a split into training, validation and test chromosomes.

The five folds of ChromBPNet for the human genome hg38 (Zenodo 7445373) are the ones that are compared most. All
chromosomes that a fold does not name are for training.
"""

from degu.errors import DeguError, did_you_mean

# The numbers of the chromosomes of each fold: test, and validation.
_HG38 = (
    ("1 3 6", "8 20"),
    ("2 8 9 16", "12 17"),
    ("4 11 12 15 Y", "22 7"),
    ("5 10 14 18 20 22", "6 21"),
    ("7 13 17 19 21 X", "10 18"),
)
FOLDS = {
    f"hg38_{number}": {
        "test": [f"chr{name}" for name in test.split()],
        "validation": [f"chr{name}" for name in validation.split()],
    }
    for number, (test, validation) in enumerate(_HG38)
}


def labels_of_fold(name: str, all_others: str, *, where: str) -> dict[str, list[str]]:
    """Return the chromosomes of the splits train, validation and test of a fold.

    Parameters
    ----------
    name
        The name of the fold.
    all_others
        The label that stands for all chromosomes that no split names.
    where
        The key that names the fold, for error messages.

    Raises
    ------
    DeguError
        If there is no such fold.
    """
    if name not in FOLDS:
        raise DeguError(f"there is no fold '{name}'", where=where, expected=did_you_mean(name, FOLDS))
    return {"train": [all_others], **{split: list(chromosomes) for split, chromosomes in FOLDS[name].items()}}
