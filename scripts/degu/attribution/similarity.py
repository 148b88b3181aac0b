"""How near maps of single models are to those of an ensemble, and to each other.

The published comparison judges each model by the mean map of its own teachers, of which every member is one and which
the students were trained to follow. The mean map of a reference ensemble of other seeds judges both alike.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from scipy import stats

from degu.attribution.explained_sequences import ExplainedSequences

METRICS = ("rmse", "cosine")


def correct(values: np.ndarray) -> np.ndarray:
    """Return maps (..., 4) less their mean over the four bases (Majdandzic et al., Genome Biology 2023).

    Of a gradient that is the part along which one-hot sequences can change.
    """
    return values - values.mean(axis=-1, keepdims=True)


def rmse(values: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return the root of the mean squared difference of maps, (..., L, 4), over positions and bases: (...)."""
    return np.sqrt(np.square(values - reference).mean(axis=(-2, -1)))


def cosine(values: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return the cosine of the angle between maps, (..., L, 4), as vectors of L * 4: (...); 0 where a map is zero."""
    product = (values * reference).sum(axis=(-2, -1))
    size = np.sqrt(np.square(values).sum(axis=(-2, -1)) * np.square(reference).sum(axis=(-2, -1)))
    return np.divide(product, size, out=np.zeros_like(product), where=size > 0)


def variability(values: np.ndarray) -> np.ndarray:
    """Return the standard deviation over models of maps, (M, N, L, 4), root mean square over a map: (N,)."""
    return np.sqrt(values.var(axis=0, ddof=1).mean(axis=(-2, -1)))


def compare_models(maps: Mapping[str, np.ndarray], references: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return the similarity of each model's map of each sequence with each reference's.

    Parameters
    ----------
    maps
        By kind of model, (M, N, L, 4).
    references
        By name, the mean map of an ensemble, (N, L, 4).

    Returns
    -------
    A row a model, sequence and reference: `model`, `index` of the model, `sequence`, `reference`, `rmse`, `cosine`
    """
    parts = []
    for (model, values), (reference, mean) in ((a, b) for a in maps.items() for b in references.items()):
        index, sequence = (grid.ravel() for grid in np.indices(values.shape[:2]))
        columns = {"model": model, "index": index, "sequence": sequence, "reference": reference}
        measured = {"rmse": rmse(values, mean).ravel(), "cosine": cosine(values, mean).ravel()}
        parts.append(pd.DataFrame({**columns, **measured}))
    return pd.concat(parts, ignore_index=True)


def groups_of(sequences: ExplainedSequences) -> dict[str, np.ndarray]:
    """Return the sets of sequences that similarities are told of: the top ones, and each quantile; bool (N,) each."""
    groups = {"top": sequences.top}
    groups |= {f"quantile {number}": sequences.quantile == number for number in range(1, sequences.quantile.max() + 1)}
    return {name: chosen for name, chosen in groups.items() if chosen.any()}


def summarize(similarity: pd.DataFrame, groups: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return each model's mean similarity over each group: one row a model, reference, group and metric."""
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
    """Yield tests of whether students' maps differ from members', by two units.

    Of models: Welch's t test of their means over sequences. Of sequences, paired: Wilcoxon's signed-rank test of their
    means over models. Pairs of a model and a sequence are never pooled, since they are not independent.

    Parameters
    ----------
    similarity
        Of `compare_models`, with the models `member` and `student`.
    spread
        The variability of members and of students, (N,) each.
    groups
        Of `groups_of`.

    Yields
    ------
    Mappings of `group`, `reference`, `metric`, `unit`, `test`, `members`, `students` (means), `n`, `statistic`, `p`
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
    if paired:
        result = stats.wilcoxon(members, students) if np.any(members != students) else None
    else:
        result = stats.ttest_ind(members, students, equal_var=False) if min(len(members), len(students)) > 1 else None
    return {
        "unit": "sequences" if paired else "models",
        "test": "Wilcoxon signed-rank" if paired else "Welch t",
        "members": members.mean(),
        "students": students.mean(),
        "n": len(members) if paired else f"{len(members)}, {len(students)}",
        "statistic": np.nan if result is None else result.statistic,
        "p": np.nan if result is None else result.pvalue,
    }
