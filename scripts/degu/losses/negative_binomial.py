"""The negative binomial likelihood of the total count, and the multinomial likelihood of its places given the total.

The total has the mean m and the variance m + d m^2, where the dispersion d says how much more it varies than counts
that are independent of each other. It holds what replicates differ by, and what the model cannot explain.
"""

from collections.abc import Mapping

from keras import KerasTensor, ops

from degu.losses import multinomial
from degu.losses.functions.log_gamma import log_gamma
from degu.losses.functions.log_rising_ratio import LIMIT, log_rising_ratio
from degu.losses.multinomial import check

__all__ = ["check", "heads", "loss"]

HEADS = ("mean", "aleatoric", "profile")
TARGETS = ("profile",)
PARAMETERS = {"log_count": "linear", "log_dispersion": "linear", "profile_logits": "linear"}
SHAPED_LIKE = {"log_count": "mean", "log_dispersion": "mean", "profile_logits": "profile"}
# The expected total is a number of counts, whatever the scale that the head `mean` would be trained on.
UNSCALED = True


def heads(parameters: Mapping[str, KerasTensor]) -> dict[str, KerasTensor]:
    """Return the mean and the aleatoric std, (B, T), and the profile of probabilities, (B, T, S, P).

    With z = log(m) the mean is log(1 + m) = log(1 + exp(z)), which cannot be negative. The aleatoric head is the std of
    log(1 + total) by the delta method, sqrt(m + d m^2) / (1 + m). Where m is 10 or more and d at most 0.3, it is from
    0.9 to 1 times the exact one; for a dispersion of 3 it can be too low by 40 %.
    """
    log_count, dispersion = parameters["log_count"], ops.exp(_limited(parameters["log_dispersion"]))
    present, absent = ops.sigmoid(log_count), ops.sigmoid(-log_count)
    aleatoric = ops.sqrt(present * absent + dispersion * ops.square(present))
    return {"mean": ops.softplus(log_count), "aleatoric": aleatoric, **multinomial.heads(parameters)}


def loss(true: Mapping[str, KerasTensor], parameters: Mapping[str, KerasTensor]) -> KerasTensor:
    """Return the negative log-likelihood of the counts, (B, T): that of their total, and of their places given it."""
    total = ops.sum(true["profile"], axis=(-2, -1))
    log_count, log_dispersion = parameters["log_count"], _limited(parameters["log_dispersion"])
    # The size r = 1 / d of the distribution, in SciPy's words n.
    size = ops.exp(-log_dispersion)
    likelihood = (
        log_rising_ratio(-log_dispersion, total)
        + total * log_count
        - log_gamma(total + 1)
        - (size + total) * ops.softplus(log_count + log_dispersion)
    )
    return multinomial.loss(true, parameters) - likelihood


def _limited(log_dispersion: KerasTensor) -> KerasTensor:
    return ops.clip(log_dispersion, -LIMIT, LIMIT)
