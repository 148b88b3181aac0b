"""Similarity of the maps of single models with those of an ensemble and with each other.

The published comparison judges each model by the mean map of its own teachers. Every member is one of these, and the
students were trained to follow them. A reference ensemble of other seeds has a mean map that judges both alike.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from scipy import stats

from degu.attribution.explained_sequences import ExplainedSequences

METRICS = ("rmse", "cosine")


def correct_gradients(values: np.ndarray) -> np.ndarray:
    """Return maps (..., 4) minus their mean over the four bases (Majdandzic et al., Genome Biology 2023).

    This leaves the part of a gradient along which one-hot sequences can change.
    """
    return values - values.mean(axis=-1, keepdims=True)


def rmse(values: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return the root mean squared difference over positions and bases, (...), of maps (..., L, 4)."""
    return np.sqrt(np.square(values - reference).mean(axis=(-2, -1)))


def cosine(values: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return the cosine of the angle, (...), between maps (..., L, 4) as vectors; 0 where a map is all zero."""
    product = (values * reference).sum(axis=(-2, -1))
    size = np.sqrt(np.square(values).sum(axis=(-2, -1)) * np.square(reference).sum(axis=(-2, -1)))
    return np.divide(product, size, out=np.zeros_like(product), where=size > 0)


def variability(values: np.ndarray) -> np.ndarray:
    """Return the standard deviation over models of maps (M, N, L, 4), as its root mean square over each map, (N,)."""
    return np.sqrt(values.var(axis=0, ddof=1).mean(axis=(-2, -1)))


def compare_models(maps: Mapping[str, np.ndarray], references: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return the similarity of each model's map of each sequence with that of each reference.

    Parameters
    ----------
    maps
        Maps of the models of each kind, (M, N, L, 4).
    references
        Mean maps of ensembles by their names, (N, L, 4).

    Returns
    -------
    Table with one row for each model, sequence and reference, and the columns `model` (its kind), `index` (of the model
    among those of its kind), `sequence`, `reference`, `rmse` and `cosine`
    """
    parts = []
    for (model, values), (reference, mean) in ((a, b) for a in maps.items() for b in references.items()):
        index, sequence = (grid.ravel() for grid in np.indices(values.shape[:2]))
        columns = {"model": model, "index": index, "sequence": sequence, "reference": reference}
        measured = {"rmse": rmse(values, mean).ravel(), "cosine": cosine(values, mean).ravel()}
        parts.append(pd.DataFrame({**columns, **measured}))
    return pd.concat(parts, ignore_index=True)


def ceiling(maps: np.ndarray, number: int) -> dict[str, np.ndarray]:
    """Return how similar the expected map of a kind of model is to a mean map over some models of this kind.

    The mean over K models differs from the expected map m by chance, so that even m is not equal to it. Let |m|^2 be
    the squared length of m, and s^2 the variance of single maps, summed over their values. The cosine is the root of
    the reliability |m|^2 / (|m|^2 + s^2 / K) of the mean map, and the mean squared difference is s^2 / K over the
    number of values. Both are estimated without bias from the maps of models that the mean map has no part of.

    Parameters
    ----------
    maps
        Maps of M models, 2 or more, (M, N, L, 4).
    number
        The number K of models in the mean map.

    Returns
    -------
    Values of each metric, (N,); a cosine of 0 where maps of several models have nothing in common
    """
    variance = maps.var(axis=0, ddof=1).sum(axis=(-2, -1))
    length = np.maximum(np.square(maps.mean(axis=0)).sum(axis=(-2, -1)) - variance / len(maps), 0.0)
    chance = variance / number
    total = length + chance
    reliability = np.divide(length, total, out=np.zeros_like(length), where=total > 0)
    return {"rmse": np.sqrt(chance / np.prod(maps.shape[2:])), "cosine": np.sqrt(reliability)}


def groups_of(sequences: ExplainedSequences) -> dict[str, np.ndarray]:
    """Return the groups of sequences that are summarised, which are the top ones and each quantile; bool (N,) each."""
    groups = {"top": sequences.top}
    groups |= {f"quantile {number}": sequences.quantile == number for number in range(1, sequences.quantile.max() + 1)}
    return {name: chosen for name, chosen in groups.items() if chosen.any()}


def summarize(similarity: pd.DataFrame, groups: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return each model's mean similarity over each group, with one row for each model, reference, group and metric."""
    parts = [
        similarity[chosen[similarity["sequence"]]]
        .groupby(["model", "index", "reference"], sort=False)[list(METRICS)]
        .mean()
        .melt(var_name="metric", ignore_index=False)
        .reset_index()
        .assign(group=group)
        for group, chosen in groups.items()
    ]
    return pd.concat(parts, ignore_index=True)


def student_tests(
    similarity: pd.DataFrame, spread: Mapping[str, np.ndarray], groups: Mapping[str, np.ndarray]
) -> Iterator[dict]:
    """Yield tests of whether the maps of students differ from those of members.

    There are two tests, which differ in their unit. If the unit is a model, Welch's t test compares the models' means
    over sequences. If the unit is a sequence, Wilcoxon's signed-rank test compares the sequences' means over models, in
    pairs. Pairs of a model and a sequence are never pooled, because they are not independent.

    Parameters
    ----------
    similarity
        Table that `compare_models` returned, with the models `member` and `student`.
    spread
        Variability of members and of students, (N,) each.
    groups
        Groups that `groups_of` returned.

    Yields
    ------
    Rows with the keys `group`, `reference`, `metric`, `unit`, `test`, `members` and `students` (the means of both),
    `n`, `statistic` and `p`
    """
    for group, chosen in groups.items():
        rows = similarity[chosen[similarity["sequence"]]]
        for reference, own in rows.groupby("reference", sort=False):
            for metric in METRICS:
                for unit in ("index", "sequence"):
                    means = own.groupby(["model", unit])[metric].mean()
                    members, students = means["member"], means["student"]
                    yield {"group": group, "reference": reference, "metric": metric} | _test(
                        members.to_numpy(), students.to_numpy(), paired=unit == "sequence"
                    )
        if {"member", "student"} <= spread.keys():
            values = (spread[model][chosen] for model in ("member", "student"))
            yield {"group": group, "reference": "each other", "metric": "variability"} | _test(*values, paired=True)


def _test(members: np.ndarray, students: np.ndarray, *, paired: bool) -> dict:
    statistic, p = (_wilcoxon if paired else _welch)(members, students)
    return {
        "unit": "sequences" if paired else "models",
        "test": "Wilcoxon signed-rank" if paired else "Welch t",
        "members": members.mean(),
        "students": students.mean(),
        "n": len(members) if paired else f"{len(members)}, {len(students)}",
        "statistic": statistic,
        "p": p,
    }


def _wilcoxon(members: np.ndarray, students: np.ndarray) -> tuple[float, float]:
    """Return statistic and p-value of the signed-rank test; NaN if all pairs are equal."""
    if not np.any(members != students):
        return np.nan, np.nan
    result = stats.wilcoxon(members, students)
    return float(result.statistic), float(result.pvalue)


def _welch(members: np.ndarray, students: np.ndarray) -> tuple[float, float]:
    """Return statistic and p-value of Welch's t test; NaN if there is only one model of a kind."""
    if min(len(members), len(students)) < 2:
        return np.nan, np.nan
    result = stats.ttest_ind(members, students, equal_var=False)
    return float(result.statistic), float(result.pvalue)
