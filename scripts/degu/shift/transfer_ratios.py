"""How errors and epistemic standard deviations change from the own to the other data set, with bootstrap intervals."""

from collections.abc import Iterator, Mapping
from itertools import groupby

import numpy as np
import pandas as pd

from degu.data.store import SequenceStore
from degu.evaluation.bootstrap import TwoPopulations
from degu.prediction.ensemble import Predictions
from degu.shift.measures import rows_of_part
from degu.shift.transfer import Population
from degu.uncertainty.predictive import Predictive, predictives, rows_of
from degu.uncertainty.rows import Rows

COLUMNS = ["model", "target", "quantity", "own", "other", "ratio", "low", "high"]
RMSE, EPISTEMIC = "rmse", "epistemic_std"


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
    ratio differs between seeds.
    """
    groups = source.group[source.rows("test")], population.group
    bootstrap = TwoPopulations(groups, seed, same=population.of_source)
    both = zip(predictives(splits, model), predictives(transferred, model), strict=True)
    rows = []
    # The ensemble comes after its members.
    for kind, found in groupby(both, key=lambda pair: pair[0].model):
        pairs = list(found)
        for column, name in enumerate(targets):
            known = [_rows_of(source, population, pair, (source.target_names.index(name), column)) for pair in pairs]
            rows += [{"model": kind, "target": name, **row} for row in _ratios(known, bootstrap)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _rows_of(
    source: SequenceStore, population: Population, pair: tuple[Predictive, Predictive], place: tuple[int, int]
) -> tuple[Rows, Rows]:
    """Return the rows of both test splits, for one model and one target."""
    (own, other), (target, column) = pair, place
    return (
        rows_of(source, own, "test", target),
        rows_of_part(other, "test", target, population.tokens, population.measured[:, column]),
    )


def _ratios(known: list[tuple[Rows, Rows]], bootstrap: TwoPopulations) -> Iterator[dict]:
    """Yield the ratio of each quantity of the models of a kind."""
    pairs = list(zip(*known, strict=True))
    errors = [np.mean([np.square(rows.mean - rows.measured) for rows in models], axis=0) for models in pairs]
    low, high = bootstrap.ratio_of_means(*errors)
    own, other = (float(np.sqrt(values.mean())) for values in errors)
    yield _row(RMSE, (own, other), (float(np.sqrt(low)), float(np.sqrt(high))))
    if all("epistemic" in rows.std for models in pairs for rows in models):
        stds = [np.mean([rows.std["epistemic"] for rows in models], axis=0) for models in pairs]
        own, other = (float(values.mean()) for values in stds)
        yield _row(EPISTEMIC, (own, other), bootstrap.ratio_of_means(*stds))


def _row(quantity: str, values: tuple[float, float], interval: tuple[float, float]) -> dict:
    (own, other), (low, high) = values, interval
    ratio = other / own if own else float("nan")
    return {"quantity": quantity, "own": own, "other": other, "ratio": ratio, "low": low, "high": high}
