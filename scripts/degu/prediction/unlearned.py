"""Models that have not learned: what they predict has little to do with what was measured."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from degu.data.correlation import pearson
from degu.data.store import SequenceStore
from degu.errors import DeguError
from degu.prediction.ensemble import Predictions
from degu.prediction.predictor import Predictor

# A model has learned if its correlation is at least this part of that of the middle model of its recipe.
LEAST_PART = 0.5


def models_that_have_not_learned(
    store: SequenceStore, predictions: Predictions, models: Sequence[Path] = ()
) -> dict[int, float]:
    """Return the correlation of each model that has not learned, by its seed.

    It is Pearson's correlation of the predicted with the measured activity on the validation split, averaged over
    targets. A model has learned if it is above 0, and at least half of the median over the models of its recipe. Models
    that predict with dropout are judged on the calibration split, as the validation split is not predicted so. If a
    model contains a ridge regression on k-mers, its network is judged without it.

    Parameters
    ----------
    store, predictions
        Data set, and the predictions of the models of one recipe for it.
    models
        The files of the models, in the order of the predictions. They are needed for models that contain a regression.
    """
    if "mean" not in predictions.heads.heads:
        return {}
    split = "validation" if "validation" in predictions.values else "calibration"
    measured = store.targets[store.rows(split)].astype(np.float64)
    tokens = store.tokens[store.rows(split)]
    means = predictions.heads.select(predictions.values[split], "mean").astype(np.float64)
    networks = means - _kmer_ridge_parts(models, tokens)
    correlations = [_mean_correlation(network, measured) for network in networks]
    least = LEAST_PART * float(np.median(correlations))
    pairs = zip(predictions.seeds, correlations, strict=True)
    return {seed: value for seed, value in pairs if value <= 0 or value < least}


def leave_out(predictions: Predictions, seeds: Sequence[int]) -> Predictions:
    """Return the predictions of an ensemble without some of its members.

    Raises
    ------
    DeguError
        If fewer than two members are left.
    """
    left = [seed for seed in predictions.seeds if seed not in seeds]
    if len(left) < 2:
        raise DeguError(
            f"{len(seeds)} of {len(predictions.seeds)} members have not learned, and {len(left)} is left",
            where="study.unlearned_members: leave_out",
            expected="two members or more",
            remedy="train more members, or change the recipe of the teacher",
        )
    return predictions.of_seeds(left)


def _kmer_ridge_parts(models: Sequence[Path], tokens: np.ndarray) -> np.ndarray | float:
    """Return what the ridge regression of each model adds to its mean, (M, N, T), if models contain one."""
    first = Predictor(models[0]) if models else None
    if first is None or not first.kmer_ridge_weight:
        return 0.0
    others = (Predictor(path) for path in models[1:])
    return np.stack([predictor.kmer_ridge_part(tokens) for predictor in (first, *others)])


def _mean_correlation(predicted: np.ndarray, measured: np.ndarray) -> float:
    """Return the mean over targets of Pearson's correlation of arrays (n, T); it is 0 where one is constant."""
    correlations = [pearson(*pair) for pair in zip(predicted.T, measured.T, strict=True)]
    return float(np.mean(np.nan_to_num(correlations)))
