"""Distribution distillation of heteroscedastic members into a normal-inverse-gamma (after Malinin et al. 2020).

Each member counts as a draw of a mean and a variance, and the student's prior is fitted to these draws by likelihood.
"""

import math
from collections.abc import Mapping

from keras import KerasTensor, ops

from degu.losses.evidential import PARAMETERS, constrained, heads
from degu.losses.functions.log_gamma import log_gamma

__all__ = ["PARAMETERS", "heads", "loss"]

HEADS = ("mean", "aleatoric", "epistemic")
TARGETS = ("member_mean", "member_aleatoric")
# Standard deviations of members below this are raised to it, in scaled units.
FLOOR = 0.05


def loss(true: Mapping[str, KerasTensor], parameters: Mapping[str, KerasTensor]) -> KerasTensor:
    """Return the mean over members of -log NIG(m_k, s_k^2; gamma, nu, alpha, beta), (B, T)."""
    gamma, nu, excess, beta = (ops.expand_dims(part, 1) for part in constrained(parameters))
    alpha = excess + 1
    variance = ops.square(ops.maximum(true["member_aleatoric"], FLOOR))
    density = (
        0.5 * (ops.log(nu) - math.log(2 * math.pi) - ops.log(variance))
        + alpha * ops.log(beta)
        - log_gamma(alpha)
        - (alpha + 1) * ops.log(variance)
        - (2 * beta + nu * ops.square(true["member_mean"] - gamma)) / (2 * variance)
    )
    return -ops.mean(density, axis=1)
