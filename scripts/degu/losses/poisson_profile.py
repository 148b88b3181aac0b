"""The Poisson likelihood of the counts at each position: the expected total, spread over a profile.

It is the multinomial likelihood of the profile and the Poisson likelihood of the total in one, so that no weight
between the two has to be chosen.
"""

from collections.abc import Mapping

from keras import KerasTensor, ops

from degu.losses import multinomial
from degu.losses.functions.log_gamma import log_gamma
from degu.losses.multinomial import check

__all__ = ["check", "heads", "loss"]

HEADS = ("mean", "profile")
TARGETS = ("profile",)
PARAMETERS = {"log_count": "linear", "profile_logits": "linear"}
SHAPED_LIKE = {"log_count": "mean", "profile_logits": "profile"}
# The expected total is a number of counts, whatever the scale that the head `mean` would be trained on.
UNSCALED = True


def heads(parameters: Mapping[str, KerasTensor]) -> dict[str, KerasTensor]:
    """Return the mean, log(1 + the expected total), (B, T), and the profile of probabilities, (B, T, S, P).

    The parameter is the logarithm z of the expected total, so that the mean is log(1 + exp(z)). Neither can be
    negative.
    """
    return {"mean": ops.softplus(parameters["log_count"]), **multinomial.heads(parameters)}


def loss(true: Mapping[str, KerasTensor], parameters: Mapping[str, KerasTensor]) -> KerasTensor:
    """Return the negative log-likelihood of the counts, (B, T): that of their total, and of their places given it."""
    total = ops.sum(true["profile"], axis=(-2, -1))
    log_count = parameters["log_count"]
    of_total = ops.exp(log_count) - total * log_count + log_gamma(total + 1)
    return of_total + multinomial.loss(true, parameters)
