"""Distillation of profiles by the Kullback-Leibler divergence from the ensemble's mean profile to the student's.

The ensemble's profile is the mean of its members' probabilities, not of their logits. The mean over members of the
divergence from each member's profile differs from this loss by a constant, and so has the same gradient: how much
members differ has to be learned by the head `profile_epistemic`.
"""

from collections.abc import Mapping

import numpy as np
from keras import KerasTensor, ops

from degu.errors import DeguError
from degu.losses.multinomial import PARAMETERS, heads, log_probabilities
from degu.outputs.outputs import Outputs

__all__ = ["PARAMETERS", "check", "heads", "loss"]

HEADS = ("profile",)
RANGES = {"weight": {"above": 0}}
# How far the probabilities of a profile may be from a sum of 1.
TOLERANCE = 1e-3


def check(targets: Mapping[str, np.ndarray], outputs: Outputs) -> None:
    """Check that profiles, (n, T, S, P), are probabilities.

    Raises
    ------
    DeguError
        If one is negative, or those of a target do not sum to 1.
    """
    profile = targets["profile"]
    sums = profile.sum(axis=(-2, -1), dtype=np.float64)
    wrong = (np.abs(sums - 1) > TOLERANCE) | (profile.min(axis=(-2, -1)) < 0)
    if wrong.any():
        raise DeguError(
            f"{wrong.sum():,} of {wrong.size:,} profiles are no probabilities, such as one that sums to "
            f"{sums[wrong][0]:g}",
            where=f"loss: {outputs.loss}",
            expected="probabilities over strands and positions together, from a teacher of profiles",
            remedy="name the loss multinomial for a model that is trained on counts",
        )


def loss(true: Mapping[str, KerasTensor], parameters: Mapping[str, KerasTensor], *, weight: float = 1.0) -> KerasTensor:
    """Return the sum of p log(p / q) over strands and positions, times a weight, (B, T); a p of 0 adds 0.

    Profiles of different sequences diverge by less than 1, and the error of every other head, divided by its variance,
    is about 1 before it is learned.
    """
    ensemble = true["profile"]
    positive = ops.where(ensemble > 0, ensemble, ops.ones_like(ensemble))
    divergence = ensemble * (ops.log(positive) - log_probabilities(parameters["profile_logits"]))
    return weight * ops.sum(divergence, axis=(-2, -1))
