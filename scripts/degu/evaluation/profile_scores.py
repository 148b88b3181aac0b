"""Scores of the profiles that members, their ensemble and students predict, beside floors and a ceiling."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from degu.data.store import SequenceStore
from degu.evaluation.bootstrap import GroupBootstrap
from degu.evaluation.profiles import (
    bits_per_count,
    distance_to_other_replicates,
    distance_to_shuffled,
    distance_to_uniform,
    jensen_shannon_distance,
    mean_profile,
    normalised_distance,
    profile_correlation,
)
from degu.evaluation.row_kinds import NEGATIVES, REGIONS, row_kinds
from degu.prediction.ensemble import Predictions

COLUMNS = ["target", "model", "seed", "subset", "metric", "value", "low", "high"]
# The thirds of the test regions, from the fewest counts to the most.
SUBSETS = ("few counts", "some counts", "many counts")
# What the profiles of one region are compared with, (T, S, P), or of each region, (N, T, S, P).
Profiles = np.ndarray


@dataclass(frozen=True)
class _Test:
    """The test rows.

    Attributes
    ----------
    counts
        Counts of all replicates together, (n, T, S, P).
    subsets
        Which rows are in each subset, bool (n,): the regions, their thirds, and the negatives where there are some.
    bootstrap
        Resamples of the rows of each subset.
    targets
        Names of the targets.
    """

    counts: np.ndarray
    subsets: Mapping[str, np.ndarray]
    bootstrap: Mapping[str, GroupBootstrap]
    targets: list[str]


def score_profiles(store: SequenceStore, ensemble: Predictions, students: Predictions, seed: int) -> pd.DataFrame:
    """Return scores of the profiles of the test split: of its regions, and of negatives, where there are some, apart.

    The floors are the uniform profile, the mean profile of the training regions, and the counts of a region in another
    order (`shuffled`). The ceiling is what the other replicates say of one of them (`replicate`), which is scored
    against that one alone and so has the noise of fewer counts.

    Parameters
    ----------
    store
        The data set, with its counts.
    ensemble, students
        What the members of an ensemble and the students predict, with the head `profile`.
    seed
        Seed of the bootstrap and of the shuffles.

    Returns
    -------
    Table with the columns in `COLUMNS`. Values are means over regions that have counts, with 95 % bootstrap intervals
    over groups, but for `median_jensen_shannon_distance`, the median over regions, which has none. `seed` is -1 where
    there is one model
    """
    test = _of_test(store, seed)
    assert store.counts is not None
    train = store.rows("train")
    mean = mean_profile(store.counts[train[row_kinds(store, "train")[REGIONS]]].sum(axis=2))
    uniform = distance_to_uniform(test.counts)
    rows: list[dict] = []
    for model, number, profiles in _predicted(ensemble, students, mean, test):
        scores = {
            "jensen_shannon_distance": jensen_shannon_distance(profiles, test.counts),
            "bits_per_count": bits_per_count(profiles, test.counts),
            "profile_correlation": profile_correlation(profiles, test.counts),
        }
        rows += _rows(test, model, number, scores, uniform)
    shuffled = {"jensen_shannon_distance": distance_to_shuffled(test.counts, seed)}
    rows += _rows(test, "shuffled", -1, shuffled, uniform)
    rows += _ceiling(store, test)
    return pd.DataFrame(rows, columns=COLUMNS)


def _of_test(store: SequenceStore, seed: int) -> _Test:
    rows = store.rows("test")
    total = store.total_counts
    assert total is not None
    counts = total[rows]
    subsets = subsets_of(store, counts.sum(axis=(1, 2, 3)))
    group = store.group[rows]
    bootstrap = {name: GroupBootstrap(group[chosen], seed) for name, chosen in subsets.items()}
    return _Test(counts, subsets, bootstrap, store.target_names)


def subsets_of(store: SequenceStore, number: np.ndarray) -> dict[str, np.ndarray]:
    """Return which test rows are regions, are in each third of these, or are negatives, if there are any, bool (n,).

    Parameters
    ----------
    store
        The data set.
    number
        Counts of each test row, (n,).
    """
    kinds = row_kinds(store, "test")
    negatives = {name: rows for name, rows in kinds.items() if name == NEGATIVES}
    return {REGIONS: kinds[REGIONS], **thirds_of(number, kinds[REGIONS]), **negatives}


def thirds_of(number: np.ndarray, regions: np.ndarray) -> dict[str, np.ndarray]:
    """Return which rows are in each third of the regions, bool (n,), from the fewest counts to the most.

    Parameters
    ----------
    number
        Counts of each row, (n,).
    regions
        Which rows are regions, bool (n,).
    """
    third = np.searchsorted(np.quantile(number[regions], [1 / 3, 2 / 3]), number, side="right")
    subsets = {name: regions & (third == index) for index, name in enumerate(SUBSETS)}
    return {name: chosen for name, chosen in subsets.items() if chosen.any()}


def _predicted(
    ensemble: Predictions, students: Predictions, mean: np.ndarray, test: _Test
) -> Iterator[tuple[str, int, Profiles]]:
    """Yield the kind and the seed number of each model that predicts profiles, with these."""
    yield "uniform", -1, np.ones_like(test.counts[:1])
    yield "mean_profile", -1, mean[None]
    for number, values in zip(ensemble.seeds, ensemble.values["test"], strict=True):
        yield "member", number, ensemble.heads.select(values, "profile")
    yield "ensemble", -1, ensemble.heads_of_ensemble("test")["profile"]
    for number, values in zip(students.seeds, students.values["test"], strict=True):
        yield "student", number, students.heads.select(values, "profile")


def _ceiling(store: SequenceStore, test: _Test) -> list[dict]:
    """Return the scores of replicates, each against the others together; none if there is one replicate alone."""
    counts = store.counts
    if counts is None or counts.shape[2] < 2:
        return []
    own = counts[store.rows("test")]
    scores = {"jensen_shannon_distance": _over_replicates(distance_to_other_replicates(own))}
    uniform = np.stack([distance_to_uniform(own[:, :, index]) for index in range(own.shape[2])], axis=2)
    return _rows(test, "replicate", -1, scores, _over_replicates(uniform))


def _over_replicates(values: np.ndarray) -> np.ndarray:
    """Return the mean over the replicates that have a value, (n, T), of values (n, T, R); NaN where none has."""
    there = np.isfinite(values)
    number = there.sum(axis=2)
    total = np.where(there, values, 0).sum(axis=2)
    return np.divide(total, number, out=np.full(total.shape, np.nan), where=number > 0)


def _rows(test: _Test, model: str, number: int, scores: Mapping[str, np.ndarray], uniform: np.ndarray) -> list[dict]:
    """Return the rows of one model, from its scores of each region and target, (n, T)."""
    distance = scores["jensen_shannon_distance"]
    known = {**scores, "normalised_distance": normalised_distance(distance, uniform)}
    rows = []
    for index, target in enumerate(test.targets):
        for subset, chosen in test.subsets.items():
            bootstrap = test.bootstrap[subset]
            labels = {"target": target, "model": model, "seed": number, "subset": subset}
            for metric, values in known.items():
                rows.append({**labels, "metric": metric, **_mean(values[chosen, index], bootstrap)})
            median = {"value": float(np.nanmedian(distance[chosen, index])), "low": np.nan, "high": np.nan}
            rows.append({**labels, "metric": "median_jensen_shannon_distance", **median})
    return rows


def _mean(values: np.ndarray, bootstrap: GroupBootstrap) -> dict[str, float]:
    """Return the mean of the scores that there are, (n,), and its interval."""
    there = np.isfinite(values)
    filled = np.where(there, values, 0.0)
    if not there.any():
        return {"value": np.nan, "low": np.nan, "high": np.nan}
    low, high = bootstrap.ratio(filled, there.astype(np.float64))
    return {"value": float(filled.sum() / there.sum()), "low": low, "high": high}
