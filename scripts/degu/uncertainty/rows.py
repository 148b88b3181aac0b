"""What a conformal method is given, how it asks for it, and the rank of the score that bounds its intervals."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from degu.errors import DeguError, did_you_mean

# 0.9 * (9 + 1) may come out above 9, and so one rank too high: levels are lowered by this before ranks are rounded up.
ROUNDING = 1e-10


class Inapplicable(DeguError):  # noqa: N818 - it says that a method does not apply, not that something failed
    """A conformal method needs what the model or the data set does not have."""


@dataclass(frozen=True)
class Rows:
    """What was measured and predicted for n sequences of one split and one target.

    Attributes
    ----------
    measured
        (n,).
    mean
        The predicted activity, (n,).
    std
        Predicted standard deviations by kind, of `aleatoric`, `epistemic` and `total`, those the model has; (n,) each.
    quantiles
        `lower` and `upper` of a quantile regression, (n,) each; empty for any other model.
    covariates
        Properties of the sequences by name, such as `gc`; (n,) each.
    weights
        Density of the shifted over that of the calibration population at each row, (n,), up to a constant factor.
    members
        The mean that each member of an ensemble predicts, (M, n).
    excluded
        Whether a member was trained without the row, bool (M, n); of training rows only.
    """

    measured: np.ndarray
    mean: np.ndarray
    std: Mapping[str, np.ndarray] = field(default_factory=dict)
    quantiles: Mapping[str, np.ndarray] = field(default_factory=dict)
    covariates: Mapping[str, np.ndarray] = field(default_factory=dict)
    weights: np.ndarray | None = None
    members: np.ndarray | None = None
    excluded: np.ndarray | None = None

    def need(self, name: str, kind: str | None = None) -> np.ndarray:
        """Return the array `name`, or the array `kind` of the mapping `name`.

        Raises
        ------
        Inapplicable
            If there is no such array.
        """
        value = getattr(self, name)
        if kind is not None:
            if kind not in value:
                raise Inapplicable(f"no {name} '{kind}'", expected=did_you_mean(kind, value))
            return value[kind]
        if value is None:
            raise Inapplicable(f"no {name}", remedy="choose a model that has them, or another method")
        return value

    def feature(self, name: str) -> np.ndarray:
        """Return what rows may be grouped by, (n,): `mean`, a kind of std or a covariate.

        Raises
        ------
        Inapplicable
            If there is no feature of that name.
        """
        features = {"mean": self.mean, **self.std, **self.covariates}
        if name not in features:
            raise Inapplicable(f"rows cannot be grouped by '{name}'", expected=did_you_mean(name, features))
        return features[name]


def need_split(rows: Mapping[str, Rows], split: str) -> Rows:
    """Return the rows of a split.

    Raises
    ------
    Inapplicable
        If they are not given.
    """
    if split not in rows:
        raise Inapplicable(f"no rows of the split '{split}'", expected=did_you_mean(split, rows))
    return rows[split]


def rank(n: int, level: float) -> int:
    """Return k such that the k-th smallest of n scores is at least a new one with probability `level` or a little more.

    That is ceil((n + 1) * level); n + 1 if n is too small for the level, when no score is large enough.
    """
    return math.ceil((n + 1) * (level - ROUNDING))
