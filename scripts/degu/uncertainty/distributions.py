"""Predictive distributions: what a method says of measured values, a location and a scale for each sequence.

Values, means and stds are in the target's own unit. Every array has one row a sequence, (n,).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
import scoringrules
from scipy import stats

from degu.errors import DeguError, did_you_mean, name_rows

# A head or an ensemble whose members agree can say a std of 0: a point mass, under which most values have density 0.
MINIMUM_STD = 1e-6


class Family(NamedTuple):
    """A family of distributions with a location and a scale.

    Attributes
    ----------
    law
        The standard distribution.
    scale
        Its scale parameter at a std of 1.
    log_density
        Of (values, loc=, scale=).
    crps
        The continuous ranked probability score of (values, location, scale).
    """

    law: stats.rv_continuous
    scale: float
    log_density: Callable
    crps: Callable


# Log densities that take the logarithm of the density are infinite far out, where that is 0 to rounding: the log scores
# of `scoringrules`, and `logpdf` of SciPy's `laplace`. So the latter is a generalised normal distribution here.
FAMILIES = {
    "normal": Family(stats.norm, 1.0, stats.norm.logpdf, scoringrules.crps_normal),
    "laplace": Family(stats.laplace, 1 / np.sqrt(2), partial(stats.gennorm.logpdf, beta=1), scoringrules.crps_laplace),
}


@dataclass(frozen=True, eq=False)
class Distribution:
    """What a method says of n measured values of one target.

    Attributes
    ----------
    mean
        float64, (n,).
    std
        float64, (n,). A std below `MINIMUM_STD` is raised to it, so that every score is finite: a std of 0 that
        misses by 0.1 has z = 1e5, and scores as badly as it should.
    family
        A key of `FAMILIES`.

    Raises
    ------
    DeguError
        If the family is unknown, the shapes are not (n,) with n > 0, or values are not finite or a std is negative.
    """

    mean: np.ndarray
    std: np.ndarray
    family: str = "normal"

    def __post_init__(self) -> None:
        where = "predictive distribution"
        if self.family not in FAMILIES:
            raise DeguError(f"the family '{self.family}'", where=where, expected=did_you_mean(self.family, FAMILIES))
        mean, std = np.asarray(self.mean, dtype=np.float64), np.asarray(self.std, dtype=np.float64)
        if mean.ndim != 1 or mean.shape != std.shape or not mean.size:
            raise DeguError(
                f"means of shape {mean.shape} and stds of shape {std.shape}",
                where=where,
                expected="one mean and one std a sequence, both of shape (n,), n > 0",
            )
        _refuse_rows(~np.isfinite(mean), "means are not finite", where)
        _refuse_rows(~np.isfinite(std) | (std < 0), "stds are negative or not finite", where)
        object.__setattr__(self, "mean", mean)
        object.__setattr__(self, "std", np.maximum(std, MINIMUM_STD))

    def __len__(self) -> int:
        return len(self.mean)

    @property
    def scale(self) -> np.ndarray:
        """The family's scale parameter, (n,): the std of a normal, std / sqrt(2) of a Laplace distribution."""
        return self.std * FAMILIES[self.family].scale

    def cdf(self, values: np.ndarray) -> np.ndarray:
        """Return the probability of at most each value, (n,).

        Of measured values this is the probability integral transform, PIT.
        """
        return FAMILIES[self.family].law.cdf(as_measured(values, len(self)), self.mean, self.scale)

    def quantile(self, probability: float) -> np.ndarray:
        """Return the values that are not exceeded with this probability, (n,)."""
        return FAMILIES[self.family].law.ppf(probability, self.mean, self.scale)

    def interval(self, level: float) -> tuple[np.ndarray, np.ndarray]:
        """Return the ends of the central interval of nominal coverage `level`, (n,) each; infinite for a level of 1."""
        return _central_interval(self, level)

    def log_density(self, values: np.ndarray) -> np.ndarray:
        """Return the natural logarithm of the density at each value, (n,)."""
        return FAMILIES[self.family].log_density(as_measured(values, len(self)), loc=self.mean, scale=self.scale)

    def crps(self, values: np.ndarray) -> np.ndarray:
        """Return the continuous ranked probability score of each value, (n,), in the target's unit."""
        return FAMILIES[self.family].crps(as_measured(values, len(self)), self.mean, self.scale)


@dataclass(frozen=True, eq=False)
class Recalibrated:
    """A distribution whose levels were recalibrated: R(F(y)) in place of F(y).

    It has a CDF and intervals, and no std, density or score of its own. Kuleshov, Fenner and Ermon (2018), "Accurate
    uncertainties for deep learning using calibrated regression"; `degu.uncertainty.recalibration` fits R.

    Attributes
    ----------
    distribution
        F, of n values.
    nominal, observed
        R, (K,) each: nominal levels from 0 to 1 and what was observed at each; linear between them, increasing.
    """

    distribution: Distribution
    nominal: np.ndarray
    observed: np.ndarray

    def __len__(self) -> int:
        return len(self.distribution)

    def cdf(self, values: np.ndarray) -> np.ndarray:
        """Return the recalibrated probability of at most each value, (n,)."""
        return np.interp(self.distribution.cdf(values), self.nominal, self.observed)

    def quantile(self, probability: float) -> np.ndarray:
        """Return the values that are not exceeded with this probability after recalibration, (n,)."""
        return self.distribution.quantile(np.interp(probability, self.observed, self.nominal))

    def interval(self, level: float) -> tuple[np.ndarray, np.ndarray]:
        """Return the ends of the central interval of nominal coverage `level`, (n,) each; infinite for a level of 1."""
        return _central_interval(self, level)


def as_measured(values: np.ndarray, rows: int) -> np.ndarray:
    """Return measured values as float64 (rows,).

    Raises
    ------
    DeguError
        If their shape is another, which would broadcast to a table of all pairs, or if some are not finite.
    """
    values = np.asarray(values, dtype=np.float64)
    if values.shape != (rows,):
        raise DeguError(f"of shape {values.shape}", where="measured values", expected=f"one a prediction, ({rows},)")
    _refuse_rows(~np.isfinite(values), "are not finite", "measured values")
    return values


def _central_interval(predicted: Distribution | Recalibrated, level: float) -> tuple[np.ndarray, np.ndarray]:
    if not 0 <= level <= 1:
        raise DeguError(f"{level}", where="level of an interval", expected="from 0 to 1, as in 0.95")
    return predicted.quantile((1 - level) / 2), predicted.quantile((1 + level) / 2)


def _refuse_rows(bad: np.ndarray, what: str, where: str) -> None:
    if bad.any():
        rows = np.flatnonzero(bad)
        raise DeguError(f"{len(rows):,} of {len(bad):,} {what}: {name_rows(rows)}", where=where)
