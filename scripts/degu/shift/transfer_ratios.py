"""How errors and epistemic standard deviations change from the own to the other data set, with bootstrap intervals."""

from collections.abc import Callable, Mapping
from itertools import groupby

import numpy as np
import pandas as pd

from degu.data.store import SequenceStore
from degu.evaluation.bootstrap import GroupBootstrap, independent_ratio
from degu.prediction.ensemble import Predictions
from degu.shift.measures import rows_of_part
from degu.shift.transfer import Population
from degu.uncertainty.predictive import Predictive, predictives, rows_of

COLUMNS = ["model", "target", "quantity", "own", "other", "ratio", "low", "high"]
RMSE, EPISTEMIC = "rmse", "epistemic_std"
# A function of a quantity of the rows of the own and of the other test split, (n,) and (m,), returns the ends of the
# interval of the ratio of its means.
Interval = Callable[[np.ndarray, np.ndarray], tuple[float, float]]


def transfer_ratios(
    source: SequenceStore,
    population: Population,
    splits: Predictions,
    transferred: Predictions,
    *,
    targets: Mapping[str, str],
    model: str,
    seed: int,
) -> pd.DataFrame:
    """Return how large errors and epistemic standard deviations are on the other data set, relative to the own one.

    Parameters
    ----------
    source, population
        The data set of the models, and the part `test` of the other one.
    splits, transferred
        What the models predict for the splits of the source, and for the parts of the other data set.
    targets
        The measured counterpart of each target of the source that has one.
    model
        Kind of the models: `member`, whose ensemble is compared, too, `student` or `kmer_ridge`.
    seed
        Seed of the resamples.

    Returns
    -------
    Table with the columns in `COLUMNS`, for each kind of model, target and `quantity`, which is `rmse` (the root of the
    mean squared error) or `epistemic_std` (the mean, if the models have it). `own` and `other` are its values on both
    test splits, where squared errors and standard deviations are averaged over the models of a kind, and `low` and
    `high` are the ends of the 95 % bootstrap interval of `ratio` over groups of sequences. It says nothing of how a
    ratio differs between seeds. If the other data set is the source itself, both are of the same sequences, which are
    drawn together.
    """
    own_rows = source.rows("test")
    # Sequences that are left out of the population are then left out on both sides.
    kept = np.isin(own_rows, population.rows) if population.of_source else np.ones(len(own_rows), dtype=bool)
    interval = _interval(source.group[own_rows[kept]], population, seed)
    both = zip(predictives(splits, model), predictives(transferred, model), strict=True)
    rows = []
    # The ensemble comes after its members.
    for kind, found in groupby(both, key=lambda pair: pair[0].model):
        pairs = list(found)
        for column, name in enumerate(targets):
            place = source.target_names.index(name), column
            known = [_quantities(source, population, pair, place) for pair in pairs]
            for quantity in known[0]:
                own, other = (np.mean([each[quantity][side] for each in known], axis=0) for side in (0, 1))
                labels = {"model": kind, "target": name, "quantity": quantity}
                rows.append({**labels, **_ratio(own[kept], other, interval, squares=quantity == RMSE)})
    return pd.DataFrame(rows, columns=COLUMNS)


def _interval(group: np.ndarray, population: Population, seed: int) -> Interval:
    """Return what makes intervals for the rows of the own test split, with their groups (n,), and of a population."""
    if population.of_source:
        together = GroupBootstrap(group, seed)
        return lambda own, other: together.ratio(other, own)
    first, second = np.random.SeedSequence(seed).generate_state(2).tolist()
    bootstraps = GroupBootstrap(population.group, first), GroupBootstrap(group, second)
    return lambda own, other: independent_ratio(other, own, bootstraps)


def _quantities(
    source: SequenceStore, population: Population, pair: tuple[Predictive, Predictive], place: tuple[int, int]
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return squared errors and, if there is one, the epistemic std of a model on both test splits, (n,) and (m,)."""
    (own, other), (target, column) = pair, place
    own_rows = rows_of(source, own, "test", target)
    other_rows = rows_of_part(other, "test", target, population.tokens, population.measured[:, column])
    quantities = {
        RMSE: (np.square(own_rows.mean - own_rows.measured), np.square(other_rows.mean - other_rows.measured))
    }
    if "epistemic" in own_rows.std:
        quantities[EPISTEMIC] = (own_rows.std["epistemic"], other_rows.std["epistemic"])
    return quantities


def _ratio(own: np.ndarray, other: np.ndarray, interval: Interval, *, squares: bool) -> dict[str, float]:
    """Return the means of a quantity, (n,) and (m,), and their ratio with its interval; of squares their roots."""
    values = np.array([own.mean(), other.mean(), *interval(own, other)])
    below, above, low, high = (np.sqrt(values) if squares else values).tolist()
    ratio = above / below if below else float("nan")
    return {"own": below, "other": above, "ratio": ratio, "low": low, "high": high}
