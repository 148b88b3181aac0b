"""Input of a conformal method, and the scores that bound its intervals."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from degu.errors import DeguError, did_you_mean

# Levels are lowered by this before ranks are rounded up, since 0.9 * (9 + 1) may come out above 9, and so one too high.
ROUNDING = 1e-10
# A std below this fraction of the median is raised to it, since a std of zero would make a score infinite.
FLOOR = 0.01


class Inapplicable(DeguError):  # noqa: N818 - this means that a method does not apply, and not that something failed
    """A conformal method needs values that the model or the data set lacks."""


@dataclass(frozen=True)
class Rows:
    """Measured and predicted values of n sequences of one split and one target.

    Attributes
    ----------
    measured
        Measured activity, (n,).
    mean
        Predicted activity, (n,).
    std
        Predicted standard deviations, (n,) each, by kind: those of `aleatoric`, `epistemic` and `total` that the model
        has.
    quantiles
        Predictions `lower` and `upper` of a quantile regression, (n,) each; empty for any other model.
    covariates
        Properties of the sequences, (n,) each, by name, such as `gc`.
    weights
        Density of the shifted population divided by that of the calibration population at each row, (n,), up to a
        constant factor.
    members
        Mean that each member of an ensemble predicts, (M, n).
    excluded
        Bool (M, n), true where a member was trained without a row; for training rows only.
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
        """Return the values of a feature that rows can be grouped by, (n,): `mean`, a kind of std or a covariate.

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
    """Return the rank k for which the k-th smallest of n scores is at least a new score with probability `level`.

    The rank is ceil((n + 1) * level), so the probability may be a little higher. If n is too small for the level, the
    rank is n + 1, which means that no score is large enough.
    """
    return math.ceil((n + 1) * (level - ROUNDING))


def weighted_bounds(
    scores: np.ndarray, weights: np.ndarray, own_weights: np.ndarray | float, level: np.ndarray | float
) -> np.ndarray:
    """Return the weighted quantile of scores for each new row, whose own weight counts at infinity.

    The quantile is the least score such that all scores up to it have the fraction `level` of the weight. It is
    infinite where no score is large enough.

    Parameters
    ----------
    scores, weights
        Scores of the calibration rows and the weight of each, (n,).
    own_weights, level
        Weights of new rows, and the nominal coverage, of any shapes that broadcast.

    Returns
    -------
    Quantiles, in the shape of both together
    """
    order = np.argsort(scores)
    below = np.cumsum(weights[order], dtype=np.float64)
    wanted = (level - ROUNDING) * (below[-1] + own_weights)
    return np.append(scores[order], np.inf)[np.searchsorted(below, wanted)]
