"""Quantile regression: the pinball losses of both ends of a central interval (Koenker and Bassett 1978)."""

from collections.abc import Mapping

from keras import KerasTensor, ops

from degu.config.values import check_within

HEADS = ("lower", "upper")
TARGETS = ("measured",)
RANGES = {"level": {"above": 0, "below": 1}}


def loss(true: Mapping[str, KerasTensor], predicted: Mapping[str, KerasTensor], *, level: float = 0.9) -> KerasTensor:
    """Return the sum of the pinball losses of the (1 - level) / 2 and (1 + level) / 2 quantiles, (B, T)."""
    check_within(level, RANGES["level"], where="loss.level")
    total = 0.0
    for head, quantile in (("lower", (1 - level) / 2), ("upper", (1 + level) / 2)):
        error = true["measured"] - predicted[head]
        total = total + ops.maximum(quantile * error, (quantile - 1) * error)
    return total
