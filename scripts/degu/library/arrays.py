"""The arrays, labels and names that a person gives of an assay, checked one by one."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from degu.config.check_split import SPLITS, check_fractions
from degu.data.records import extreme
from degu.data.replicates import replicate_mean_and_std
from degu.data.sequences import encode
from degu.data.splits import CODE
from degu.errors import DeguError, did_you_mean, name_rows
from degu.library.recipes import recommended

# A split is either labels of the sequences, or the fractions of a random one.
Split = Sequence[str] | Mapping[str, float] | None


def _numbers(values: Any, where: str, expected: str) -> np.ndarray:
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DeguError(f"these are no numbers: {error}", where=where, expected=expected) from error


def activity_of(values: Any, number: int, mean: np.ndarray | None) -> np.ndarray:
    """Return the activity of some sequences, float64 (N, T); `mean` is that over replicates, if there are any."""
    expected = f"numbers of shape ({number},), or ({number}, T) for T targets"
    if values is None:
        if mean is None:
            raise DeguError("there is none, and there are no replicates", where="activity", expected=expected)
        return mean
    array = _numbers(values, "activity", expected)
    array = array[:, None] if array.ndim == 1 else array
    if array.ndim != 2 or len(array) != number or not array.shape[1]:
        raise DeguError(
            f"the shape is {np.shape(values)}, and there are {number:,} sequences", where="activity", expected=expected
        )
    if mean is not None and mean.shape != array.shape:
        raise DeguError(
            f"they are of {mean.shape[1]} targets, and the activity of {array.shape[1]}",
            where="replicates",
            expected="shape (N, R) for one target, (N, T, R) for several",
        )
    bad = np.flatnonzero(~np.isfinite(array).all(axis=1))
    if bad.size:
        raise DeguError(
            f"a number is missing or not finite: {name_rows(bad + 1, word='sequence')} ({bad.size:,} of {number:,})",
            where="activity",
            remedy="leave these sequences out, and their entries of all other arguments",
        )
    return array


def replicates_of(values: Any, number: int) -> np.ndarray | None:
    """Return the replicates of a number of sequences, float64 (N, T, R), if there are any."""
    if values is None:
        return None
    expected = f"numbers of shape ({number}, R), or ({number}, T, R) for T targets, of two or more replicates"
    array = _numbers(values, "replicates", expected)
    array = array[:, None, :] if array.ndim == 2 else array
    if array.ndim != 3 or len(array) != number or array.shape[2] < 2 or not array.shape[1]:
        turned = number in np.shape(values)[1:]
        raise DeguError(
            f"the shape is {np.shape(values)}, and there are {number:,} sequences",
            where="replicates",
            expected=expected,
            remedy="turn its axes, so that each sequence has a row" if turned else None,
        )
    if np.isinf(array).any():
        row = int(np.argwhere(np.isinf(array))[0, 0])
        raise DeguError(f"one of sequence {row + 1} is infinite", where="replicates", expected="numbers, or NaN")
    return array


def moments_of(replicates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation (ddof=1) over replicates, (N, T) each."""
    mean, std = replicate_mean_and_std(replicates)
    bad = np.flatnonzero(~np.isfinite(std).all(axis=1))
    if bad.size:
        raise DeguError(
            f"there are fewer than two: {name_rows(bad + 1, word='sequence')} ({bad.size:,} of {len(std):,})",
            where="replicates",
            expected="two or more for each target, so that there is a standard deviation over them",
            remedy="leave these sequences out, or give no replicates",
        )
    return mean, std


def check_extremes(activity: np.ndarray, replicates: np.ndarray | None) -> None:
    """Refuse values that are far beyond all others."""
    for name, values in (("activity", activity), ("replicates", replicates)):
        if values is None:
            continue
        rows = np.flatnonzero(extreme(values.reshape(len(values), -1)))
        if rows.size:
            raise DeguError(
                f"a value is so extreme that it would spoil every score: {name_rows(rows + 1, word='sequence')}",
                where=name,
                expected="values within a million times the spread of the others",
                remedy="correct them, or leave these sequences out",
            )


def names_of(names: Sequence[str] | None, number: int) -> list[str]:
    """Return the names of a number of targets."""
    if names is None:
        return ["activity"] if number == 1 else [f"target{index}" for index in range(1, number + 1)]
    names = [names] if isinstance(names, str) else [str(name) for name in names]
    if len(names) != number or len(set(names)) < number:
        raise DeguError(f"{names} for {number} targets", where="targets", expected=f"{number} different names")
    return names


def units_of(units: str | Sequence[str], number: int) -> list[str]:
    """Return the unit of each of a number of targets."""
    given = [units] * number if isinstance(units, str) else [str(unit) for unit in units]
    if len(given) != number:
        raise DeguError(f"{given} for {number} targets", where="units", expected=f"one unit for all, or {number}")
    return given


def flanks_of(flanks: Any) -> tuple[str, str]:
    """Return the left and the right flank in upper case."""
    if isinstance(flanks, str) or len(flanks) != 2 or not all(isinstance(bases, str) for bases in flanks):
        raise DeguError(f"{flanks!r} was given", where="flanks", expected="two texts of bases, left and right")
    for side, bases in zip(("left", "right"), flanks, strict=True):
        if bases:
            encode([bases], where=f"flanks, {side}")
    left, right = flanks
    return left.upper(), right.upper()


def labels_of(labels: Any, number: int) -> np.ndarray | None:
    """Return the labels of the groups of a number of sequences, if there are any."""
    if labels is None:
        return None
    array = np.asarray(labels)
    if array.shape != (number,):
        raise DeguError(
            f"the shape is {array.shape}, and there are {number:,} sequences",
            where="groups",
            expected="one label for each sequence",
        )
    missing = np.flatnonzero([value is None or value != value for value in array.tolist()])
    if missing.size:
        raise DeguError(
            f"a label is missing: {name_rows(missing + 1, word='sequence')}",
            where="groups",
            expected="one label for each sequence",
            remedy="give each of them a label of its own, if it belongs to no group",
        )
    return array


def split_of(split: Split, number: int) -> np.ndarray | dict[str, float]:
    """Return the codes of the splits, uint8 (N,), or the fractions of a random one."""
    if split is None:
        return recommended()["fractions"]
    if isinstance(split, Mapping):
        check_fractions(split, where="split")
        return dict(split)
    labels = np.asarray(split)
    if labels.shape != (number,):
        raise DeguError(
            f"the shape is {labels.shape}, and there are {number:,} sequences",
            where="split",
            expected=f"one of {', '.join(SPLITS)} for each sequence, or a mapping of these to fractions",
        )
    for row, label in enumerate(labels.tolist(), 1):
        if label not in SPLITS:
            raise DeguError(
                f"'{label}' of sequence {row} is no split", where="split", expected=did_you_mean(str(label), SPLITS)
            )
    return np.array([CODE[label] for label in labels.tolist()], dtype=np.uint8)
