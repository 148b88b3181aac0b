"""Deep evidential regression (Amini et al., NeurIPS 2020): a normal-inverse-gamma prior on mean and variance.

The parameters are the mean gamma, the evidence nu for it, and the shape alpha > 1 and rate beta of the variance. Under
this prior a measurement follows Student's t distribution with 2 alpha degrees of freedom.
"""

import math
from collections.abc import Mapping

from keras import KerasTensor, ops

from degu.losses.functions.log_gamma import log_gamma

HEADS = ("mean", "aleatoric", "epistemic")
TARGETS = ("measured",)
PARAMETERS = {"mean": "linear", "evidence": "softplus", "shape": "softplus", "rate": "softplus"}
# Added to the evidence, to the excess of the shape above 1, and to the rate, so that none of them is 0.
FLOOR = 1e-6
RANGES = {"regularization": {"at_least": 0}}


def constrained(parameters: Mapping[str, KerasTensor]) -> tuple[KerasTensor, ...]:
    """Return gamma, nu > 0, alpha - 1 > 0 and beta > 0, (B, T) each, from the parameters that the model predicts."""
    nu, excess, beta = (parameters[name] + FLOOR for name in ("evidence", "shape", "rate"))
    return parameters["mean"], nu, excess, beta


def heads(parameters: Mapping[str, KerasTensor]) -> dict[str, KerasTensor]:
    """Return the heads from the parameters.

    The mean is gamma, the aleatoric head sqrt(E[variance]) = sqrt(beta / (alpha - 1)), and the epistemic head
    sqrt(Var[mean]) = sqrt(beta / (nu (alpha - 1))).
    """
    gamma, nu, excess, beta = constrained(parameters)
    aleatoric = ops.sqrt(beta / excess)
    return {"mean": gamma, "aleatoric": aleatoric, "epistemic": aleatoric / ops.sqrt(nu)}


def loss(
    true: Mapping[str, KerasTensor], parameters: Mapping[str, KerasTensor], *, regularization: float = 0.01
) -> KerasTensor:
    """Return the negative log-likelihood plus `regularization` times |y - gamma| (2 nu + alpha), (B, T)."""
    gamma, nu, excess, beta = constrained(parameters)
    alpha = excess + 1
    error = true["measured"] - gamma
    omega = 2 * beta * (1 + nu)
    likelihood = (
        0.5 * (math.log(math.pi) - ops.log(nu))
        - alpha * ops.log(omega)
        + (alpha + 0.5) * ops.log(nu * ops.square(error) + omega)
        + log_gamma(alpha)
        - log_gamma(alpha + 0.5)
    )
    return likelihood + regularization * ops.abs(error) * (2 * nu + alpha)
