"""The Dirichlet-multinomial likelihood of a profile: counts whose places vary more than those of independent counts.

The probabilities of a measurement are a draw from a Dirichlet distribution with the parameters c p, where p is the
predicted profile and c the predicted concentration. The larger c, the nearer the loss is to `multinomial`.
"""

from collections.abc import Mapping

from keras import KerasTensor, ops

from degu.losses import multinomial
from degu.losses.functions.log_rising_ratio import log_rising_ratio
from degu.losses.multinomial import check, heads, log_probabilities

__all__ = ["check", "heads", "loss"]

HEADS = ("profile",)
TARGETS = ("profile",)
PARAMETERS = {"profile_logits": "linear", "log_concentration": "linear"}
SHAPED_LIKE = {"profile_logits": "profile", "log_concentration": "mean"}


def loss(true: Mapping[str, KerasTensor], parameters: Mapping[str, KerasTensor]) -> KerasTensor:
    """Return the negative log-likelihood of the counts given their total, (B, T), with its combinatorial term."""
    counts, log_c = true["profile"], parameters["log_concentration"]
    log_parameters = log_c[..., None, None] + log_probabilities(parameters["profile_logits"])
    of_positions = ops.sum(log_rising_ratio(log_parameters, counts), axis=(-2, -1))
    of_total = log_rising_ratio(log_c, ops.sum(counts, axis=(-2, -1)))
    return multinomial.loss(true, parameters) + of_total - of_positions
