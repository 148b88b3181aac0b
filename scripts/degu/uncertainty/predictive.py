"""Predictions of single models and of ensembles, with their uncertainty by kind: aleatoric, epistemic, total."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from degu.data.sequences import gc_content
from degu.data.store import SequenceStore
from degu.outputs.heads import UNCERTAINTIES, standard_deviations
from degu.prediction.ensemble import Predictions
from degu.uncertainty.rows import Rows

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Predictive:
    """Predictions of one model, or of an ensemble as a whole, for each split that was predicted.

    Attributes
    ----------
    model
        Kind of the model: `member`, `ensemble` or `student`.
    seed
        Seed of the model; -1 for an ensemble.
    heads
        Predictions of each head, (n, T), by split and head.
    members
        Mean that each member predicts, (M, n, T), by split; None unless the model is an ensemble.
    """

    model: str
    seed: int
    heads: dict[str, dict[str, np.ndarray]]
    members: dict[str, np.ndarray] | None = None


def predictives(predictions: Predictions, model: str) -> Iterator[Predictive]:
    """Yield the predictions of each model and, if the models are members, those of their ensemble.

    Parameters
    ----------
    predictions
        Predictions of every model of a recipe.
    model
        Kind of the single models: `member` or `student`.
    """
    names = predictions.heads.heads
    for index, seed in enumerate(predictions.seeds):
        heads = {
            split: {name: predictions.heads.select(values[index], name) for name in names}
            for split, values in predictions.values.items()
        }
        yield Predictive(model, seed, heads)
    if model == "member":
        heads = {split: predictions.heads_of_ensemble(split) for split in predictions.values}
        members = {split: predictions.heads.select(values, "mean") for split, values in predictions.values.items()}
        yield Predictive("ensemble", -1, heads, members)


def rows_of(
    store: SequenceStore, predictive: Predictive, split: str, target: int, excluded: np.ndarray | None = None
) -> Rows:
    """Return the measured and predicted values of the rows of one split and target.

    Parameters
    ----------
    store, predictive
        Data set, and the predictions of a model for it.
    split, target
        Name of the split, and index of the target.
    excluded
        Bool (M, n), true where a member was trained without a row; for the training split only.
    """
    rows = store.rows(split)
    heads = {name: values[:, target] for name, values in predictive.heads[split].items()}
    return Rows(
        measured=store.targets[rows, target].astype(np.float64),
        mean=heads["mean"].astype(np.float64),
        std=standard_deviations(heads),
        quantiles={name: heads[name].astype(np.float64) for name in ("lower", "upper") if name in heads},
        covariates={"gc": gc_content(store.tokens[rows])},
        members=None if predictive.members is None else predictive.members[split][..., target],
        excluded=excluded,
    )


def warn_of_negative_heads(predictive: Predictive) -> None:
    """Log how many predicted standard deviations of the test split are negative and count as 0."""
    for kind in UNCERTAINTIES:
        values = predictive.heads["test"].get(kind)
        if values is not None and (values < 0).any():
            log.warning(
                "%s %d: %s of %s predicted %s stds are negative and count as 0",
                predictive.model,
                predictive.seed,
                f"{(values < 0).sum():,}",
                f"{values.size:,}",
                kind,
            )
