"""Checks of the settings `split` of a data set that a schema cannot express."""

from collections.abc import Mapping, Sequence

from degu.config.folds import labels_of_fold
from degu.errors import DeguError, did_you_mean

SPLITS = ("train", "validation", "calibration", "test")
# This label stands for all labels that no split names.
ALL_OTHERS = "*"


def check_split(settings: dict, given: Mapping, where: str) -> None:
    """Check how the rows of a data set are divided into splits.

    Parameters
    ----------
    settings
        The settings, complete with their defaults. The labels of a fold that they name are written into them.
    given
        Those that a person has written, without defaults, and that have to have an effect.
    where
        The file and the key of these settings, for error messages.

    Raises
    ------
    DeguError
        If a split does not exist, the fractions do not sum to 1, a split that needs labels has none, a label belongs to
        two splits, there is no such fold, or a setting has no effect.
    """
    _check_effect(settings, given, where)
    if settings["fold"] and given.get("labels"):
        # These labels are those of an override, and the fold is that of the file.
        settings["fold"] = ""
    if settings["fold"] and settings["method"] == "chromosome":
        settings["labels"] = labels_of_fold(settings["fold"], ALL_OTHERS, where=f"{where}.fold")
    if settings["method"] == "random":
        check_fractions(settings["fractions"], where=f"{where}.fractions")
    else:
        _check_labels(settings["labels"], settings["method"], f"{where}.labels")


def _check_effect(settings: Mapping, given: Mapping, where: str) -> None:
    """Check that each setting that is given has an effect beside the others."""
    method, labels = settings["method"], settings["labels"]
    by_labels = "column or chromosome"
    needed = {"fractions": "random", "labels": by_labels, "calibration_from_validation": by_labels}
    needed["fold"] = "chromosome"
    for key, methods in needed.items():
        if given.get(key) and method not in methods.split(" or "):
            raise DeguError(
                f"`{key}` has no effect with the method '{method}'",
                where=f"{where}.{key}",
                expected=f"the method {methods}",
                remedy=f"set `split.method`, or take `{key}` out",
            )
    if given.get("fold") and given.get("labels"):
        raise DeguError(
            f"`labels` and the fold '{given['fold']}' both say which chromosomes make up a split",
            where=f"{where}.fold",
            expected="one of the two",
            remedy="take `fold` or `labels` out",
        )
    if given.get("calibration_from_validation") and labels.get("calibration"):
        raise DeguError(
            "`calibration_from_validation` has no effect where `labels` names what makes up calibration",
            where=f"{where}.calibration_from_validation",
            remedy="take one of the two out",
        )


def check_fractions(fractions: Mapping[str, float], *, where: str = "split.fractions") -> None:
    """Check that the fractions name the four splits, lie within 0 and 1, and sum to 1.

    Raises
    ------
    DeguError
        If they do not.
    """
    _check_names(fractions, where)
    missing = [name for name in SPLITS if name not in fractions]
    if missing:
        raise DeguError(
            f"no fraction for {', '.join(missing)}", where=where, expected=f"a fraction for each of {', '.join(SPLITS)}"
        )
    for name, value in fractions.items():
        if not 0 <= value <= 1:
            raise DeguError(f"{name} is {value}", where=where, expected="a number from 0 to 1")
    total = sum(fractions.values())
    if abs(total - 1) > 1e-6:
        raise DeguError(f"the fractions sum to {total:g}", where=where, expected="1")


def _check_labels(labels: Mapping[str, Sequence[str]], method: str, where: str) -> None:
    """Check that the labels name the splits, each label once, and none is left empty but the calibration split."""
    _check_names(labels, where)
    empty = [name for name in SPLITS if not labels.get(name) and name != "calibration"]
    if empty:
        values = "chromosomes" if method == "chromosome" else "values of the column"
        raise DeguError(
            f"no label belongs to the split {empty[0]}",
            where=where,
            expected=f"the {values} that make up train, validation and test, since the method is `{method}`",
            remedy=f'name them, as in `labels: {{train: ["{ALL_OTHERS}"], validation: [...], test: [...]}}`, '
            "or set `method: random`",
        )
    split_of: dict[str, str] = {}
    for name, members in labels.items():
        for label in members:
            if label in split_of:
                splits = f"{split_of[label]} and {name}" if split_of[label] != name else f"{name}, twice"
                raise DeguError(
                    f"the label '{label}' belongs to {splits}",
                    where=where,
                    expected="each label once",
                    remedy="remove it from one of them",
                )
            split_of[label] = name


def _check_names(splits: Mapping[str, object], where: str) -> None:
    for name in splits:
        if name not in SPLITS:
            raise DeguError(f"unknown split '{name}'", where=where, expected=did_you_mean(str(name), SPLITS))
