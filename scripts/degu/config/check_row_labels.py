"""Checks that an importer has the labels of rows that a data set is split and scaled by.

An importer declares by `ROW_LABELS` which of `split`, `chromosome` and `batch` it reads, each with the option that
names its column, or with None if the files always hold it, as in `{"split": "split", "chromosome": None}`. Of an
importer that declares nothing, the import alone tells.
"""

from collections.abc import Mapping

from degu.config.plugins import constant
from degu.errors import DeguError

# What needs each label: a method of splitting, or the key `standardize_batches`.
_METHODS = {"split": "column", "chromosome": "chromosome"}


def check_row_labels(settings: Mapping, given: Mapping, where: str) -> None:
    """Check that each label that a data set needs is read, and that each one that its options name is needed.

    Parameters
    ----------
    settings
        The settings of the data set, complete with their defaults.
    given
        Those that a person has written, without defaults. A column among them that nothing needs is an error.
    where
        The file of the data set, for error messages.

    Raises
    ------
    DeguError
        If a label is needed that the importer does not read, or if a column is named without effect.
    """
    read: dict[str, str | None] | None = constant("importer", settings["importer"], "ROW_LABELS", None)
    if read is None:
        return
    for label in (*_METHODS, "batch"):
        key, value = ("split.method", _METHODS[label]) if label in _METHODS else ("standardize_batches", "true")
        needed = settings["split"]["method"] == value if label in _METHODS else settings["standardize_batches"]
        option = read.get(label)
        if needed:
            _check_is_read(settings, label, read, f"{where}: {key}", f"{key}: {value}")
        elif option and given.get("options", {}).get(option):
            raise DeguError(
                f"the column '{given['options'][option]}' has no effect",
                where=f"{where}: options.{option}",
                expected=f"`{key}: {value}` beside it, since nothing else reads it",
                remedy=f"set `{key}: {value}`, or take `{option}` out of the options",
            )


def _check_is_read(settings: Mapping, label: str, read: Mapping[str, str | None], where: str, need: str) -> None:
    """Check that the importer of a data set reads a label that is needed."""
    if label not in read:
        raise DeguError(
            f"the importer '{settings['importer']}' reads no {label} of the rows",
            where=where,
            expected=f"an importer that does, for `{need}`",
            remedy="set `split.method: random`" if label in _METHODS else "take `standardize_batches` out",
        )
    option = read[label]
    if option and not settings["options"].get(option, "").strip():
        raise DeguError(
            f"`options.{option}` names no column",
            where=where,
            expected=f"the column of the {label} in the options, for `{need}`",
            remedy=f"name it as in `options: {{{option}: COLUMN}}`"
            + (", or set `split.method: random`" if label in _METHODS else ", or take `standardize_batches` out"),
        )
