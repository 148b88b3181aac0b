"""The option `targets` of importers that read a table: which columns hold each target.

Such an importer declares `TARGETS_NAME_COLUMNS = True`, so that its targets are checked when a run is planned.
"""

from collections.abc import Mapping
from typing import Any

from degu.errors import DeguError, did_you_mean

KEYS = ("mean", "std", "replicates", "unit")


def check_targets(targets: Mapping, where: str) -> None:
    """Check the form of the targets.

    Parameters
    ----------
    targets
        The columns of each target, by the target's name.
    where
        The file, if it is known, and the key of the targets, for error messages.

    Raises
    ------
    DeguError
        If there are none, a name is no text, a key is unknown, or a target has neither a mean nor two replicates.
    """
    if not targets:
        raise DeguError(
            "no target is named",
            where=where,
            expected="at least one target with its columns",
            remedy="name one, as in `targets: {activity: {mean: COLUMN}}`",
        )
    for target, columns in targets.items():
        if not isinstance(target, str) or not target.strip():
            raise DeguError(
                f"the target {target!r} is {'empty' if isinstance(target, str) else 'not text'}",
                where=where,
                expected="names of targets",
                remedy="give it a name" if isinstance(target, str) else "write it in quotes",
            )
        _check_target(columns, f"{where}.{target}")


def columns_of_numbers(targets: Mapping[str, Mapping]) -> list[tuple[str, str]]:
    """Return each column of the targets, with the key that names it, as in `targets.activity.mean`."""
    found = []
    for target, columns in targets.items():
        found += [(columns[key], f"targets.{target}.{key}") for key in ("mean", "std") if key in columns]
        found += [(column, f"targets.{target}.replicates") for column in columns.get("replicates", [])]
    return found


def check_columns(targets: Mapping[str, Mapping], others: Mapping[str, str], where: str) -> None:
    """Check that no column is the sequence or a number and something else too, such as the same replicate twice.

    Parameters
    ----------
    targets
        The columns of each target, by the target's name.
    others
        Other columns, by the options that name them, such as `sequence`. Labels may share a column.
    where
        The file, if it is known, and the key of the options, for error messages.

    Raises
    ------
    DeguError
        If one is.
    """
    uses = {others["sequence"]: "sequence"} if "sequence" in others else {}
    labels = [(column, option) for option, column in others.items() if option != "sequence"]
    for column, use in [*columns_of_numbers(targets), *labels]:
        if column in uses:
            raise DeguError(
                f"the column '{column}' is named twice, under {uses[column]} and under {use}",
                where=where,
                expected="a column of labels" if use in others else "a column of its own for each",
                remedy="correct the one that is meant to be another column",
            )
        if use not in others:
            uses[column] = use


def all_have_std(targets: Mapping[str, Mapping]) -> bool:
    """Return whether each target has a standard deviation over replicates; with fewer, an importer leaves it out."""
    return all("std" in columns or "replicates" in columns for columns in targets.values())


def _check_target(columns: Any, where: str) -> None:
    """Check the columns of one target."""
    if not isinstance(columns, Mapping):
        raise DeguError(f"{columns!r} is no mapping", where=where, expected=f"a mapping of {', '.join(KEYS)}")
    for key, value in columns.items():
        if key not in KEYS:
            raise DeguError(f"unknown key '{key}'", where=where, expected=did_you_mean(str(key), KEYS))
        if key in ("mean", "std"):
            _check_column(value, f"{where}.{key}", "the name of one column")
        if key == "unit":
            _check_text(value, f"{where}.{key}", "the name of a unit")
    if "mean" not in columns and "replicates" not in columns:
        raise DeguError("neither a mean nor replicates are named", where=where, expected="`mean` or `replicates`")
    if "replicates" in columns:
        _check_replicates(columns["replicates"], f"{where}.replicates")


def _check_replicates(replicates: Any, where: str) -> None:
    """Check that the replicates are two or more names of columns."""
    if not isinstance(replicates, list):
        raise DeguError(f"replicates are {replicates!r}", where=where, expected="a list of columns")
    for column in replicates:
        _check_column(column, where, "a list of columns, each by its name")
    if len(replicates) < 2:
        raise DeguError(
            f"{len(replicates)} replicate",
            where=where,
            expected="two or more, since a standard deviation over one is not defined",
            remedy="name the column under `mean` instead",
        )


def _check_text(value: Any, where: str, expected: str) -> None:
    if not isinstance(value, str):
        remedy = "write it in quotes" if isinstance(value, (int, float)) else None
        raise DeguError(f"{value!r} is not text", where=where, expected=expected, remedy=remedy)


def _check_column(value: Any, where: str, expected: str) -> None:
    _check_text(value, where, expected)
    if not value.strip():
        raise DeguError("the name is empty", where=where, expected=expected)
