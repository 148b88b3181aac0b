"""The multinomial likelihood of counts at the positions of a profile, given their total (as ChromBPNet and BPNet).

One distribution spans all strands and positions of a target. The total itself is no part of the loss: it is the head
`mean`, which is compared with log(1 + counts) by its own squared error.
"""

from collections.abc import Mapping

import numpy as np
from keras import KerasTensor, ops

from degu.errors import DeguError
from degu.losses.functions.log_gamma import log_gamma
from degu.outputs.outputs import Outputs

HEADS = ("profile",)
TARGETS = ("profile",)
PARAMETERS = {"profile_logits": "linear"}


def check(targets: Mapping[str, np.ndarray], outputs: Outputs) -> None:
    """Check that profiles, (n, T, S, P), are counts.

    Raises
    ------
    DeguError
        If one is below 0 or no whole number.
    """
    counts = targets["profile"]
    if np.issubdtype(counts.dtype, np.unsignedinteger):
        return
    wrong = (counts < 0) | (counts % 1 != 0)
    if wrong.any():
        raise DeguError(
            f"{wrong.sum():,} of {wrong.size:,} values of the profiles are no counts, such as {counts[wrong][0]:g}",
            where=f"loss: {outputs.loss}",
            expected="whole numbers, 0 or more",
            remedy="name the loss profile_divergence for a student of profiles that are probabilities",
        )


def log_probabilities(logits: KerasTensor) -> KerasTensor:
    """Return the logarithm of the softmax of logits, (B, T, S, P), over strands and positions together."""
    return logits - ops.logsumexp(logits, axis=(-2, -1), keepdims=True)


def heads(parameters: Mapping[str, KerasTensor]) -> dict[str, KerasTensor]:
    """Return the probability of each strand and position, (B, T, S, P), which sum to 1 for each target."""
    return {"profile": ops.exp(log_probabilities(parameters["profile_logits"]))}


def loss(true: Mapping[str, KerasTensor], parameters: Mapping[str, KerasTensor]) -> KerasTensor:
    """Return the negative log-likelihood of the counts, (B, T), with its combinatorial term."""
    counts = true["profile"]
    arrangements = log_gamma(ops.sum(counts, axis=(-2, -1)) + 1) - ops.sum(log_gamma(counts + 1), axis=(-2, -1))
    return -arrangements - ops.sum(counts * log_probabilities(parameters["profile_logits"]), axis=(-2, -1))
