"""Designers: models that score sequences by what they promise."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from degu.design.promise import promise_of
from degu.prediction.ensemble import Predictions
from degu.prediction.predictor import Predictor

_PART = "designed"


@dataclass(frozen=True)
class Designer:
    """Models that score sequences together.

    Attributes
    ----------
    predictors
        The members of an ensemble, or one model.
    target
        Index of the target that is to rise.
    penalty
        Number of epistemic standard deviations that are taken off the mean.
    construct
        A sequence of the assay, uint8 (L,), whose flanks all designs have.
    flanks
        Numbers of constant bases left and right.
    """

    predictors: Sequence[Predictor]
    target: int
    penalty: float
    construct: np.ndarray
    flanks: tuple[int, int]

    def __call__(self, inserts: np.ndarray) -> np.ndarray:
        """Return the score of each insert of uint8 (n, l), float64 (n,)."""
        left, right = self.flanks
        tokens = np.repeat(self.construct[None], len(inserts), axis=0)
        tokens[:, left : tokens.shape[1] - right] = inserts
        values = np.stack([predictor.predict_array(tokens) for predictor in self.predictors])
        numbers = list(range(1, len(self.predictors) + 1))
        predictions = Predictions({_PART: values}, self.predictors[0].heads, numbers)
        return promise_of(predictions, _PART, self.target).score(self.penalty)
