"""Predictive distributions of measured values, with a location and a scale for each sequence.

Values, means and stds are in the target's own unit. Every array has one entry for each sequence, (n,).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from scipy import stats

from degu.errors import DeguError, did_you_mean, name_rows
from degu.uncertainty.scores import crps_laplace, crps_normal

# A head, or an ensemble whose members agree, can have a std of 0: a point mass, for which most values have density 0.
MINIMUM_STD = 1e-6


class Family(NamedTuple):
    """A family of distributions with a location and a scale.

    Attributes
    ----------
    law
        Standard distribution of the family.
    scale
        Scale parameter of a member of the family with a std of 1.
    log_density
        Function of (values, loc=, scale=) that returns the logarithm of the density.
    crps
        Function of (values, location, scale) that returns the continuous ranked probability score.
    """

    law: stats.rv_continuous
    scale: float
    log_density: Callable
    crps: Callable


# The log scores of `scoringrules` and `logpdf` of SciPy's `laplace` take the logarithm of the density, so they are
# infinite far out, where the density is rounded to 0. SciPy's generalised normal distribution with beta 1 is a Laplace
# distribution whose log density stays finite.
FAMILIES = {
    "normal": Family(stats.norm, 1.0, stats.norm.logpdf, crps_normal),
    "laplace": Family(stats.laplace, 1 / np.sqrt(2), partial(stats.gennorm.logpdf, beta=1), crps_laplace),
}


@dataclass(frozen=True, eq=False)
class Distribution:
    """Predictive distribution of n measured values of one target.

    Attributes
    ----------
    mean
        Means, float64 (n,).
    std
        Standard deviations, float64 (n,). A std below `MINIMUM_STD` is raised to it, so that every score is finite: a
        prediction with a std of 0 and an error of 0.1 has z = 1e5, and scores as badly as it should.
    family
        Key of `FAMILIES`.

    Raises
    ------
    DeguError
        If the family is unknown, the shapes are not (n,) with n > 0, a value is not finite or a std is negative.
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
        """Return the cumulative probability of each value, (n,).

        For measured values this is the probability integral transform, PIT.
        """
        return np.asarray(FAMILIES[self.family].law.cdf(as_measured(values, len(self)), self.mean, self.scale))

    def quantile(self, probability: float) -> np.ndarray:
        """Return the quantile of this probability for each sequence, (n,)."""
        return self.mean + self.scale * FAMILIES[self.family].law.ppf(probability)

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
    """Distribution whose levels were recalibrated: its CDF is R(F(y)) instead of F(y).

    It has a CDF and intervals, but no std, density or score. See Kuleshov, Fenner and Ermon (2018), "Accurate
    uncertainties for deep learning using calibrated regression". The function `fit_isotonic` of
    `degu.uncertainty.recalibration` fits R.

    Attributes
    ----------
    distribution
        Distribution F of n values, before the map of levels.
    nominal, observed
        Points of R, (K,) each: nominal levels from 0 to 1, and the level observed at each. R increases, and is linear
        between its points.
    """

    distribution: Distribution
    nominal: np.ndarray
    observed: np.ndarray

    def __len__(self) -> int:
        return len(self.distribution)

    def cdf(self, values: np.ndarray) -> np.ndarray:
        """Return the recalibrated cumulative probability of each value, (n,)."""
        return np.interp(self.distribution.cdf(values), self.nominal, self.observed)

    def quantile(self, probability: float) -> np.ndarray:
        """Return the recalibrated quantile of this probability for each sequence, (n,)."""
        return self.distribution.quantile(float(np.interp(probability, self.observed, self.nominal)))

    def interval(self, level: float) -> tuple[np.ndarray, np.ndarray]:
        """Return the ends of the central interval of nominal coverage `level`, (n,) each; infinite for a level of 1."""
        return _central_interval(self, level)


def as_measured(values: np.ndarray, rows: int) -> np.ndarray:
    """Return measured values as float64 (rows,).

    Raises
    ------
    DeguError
        If the shape differs, because it would broadcast to a table of all pairs, or if a value is not finite.
    """
    values = np.asarray(values, dtype=np.float64)
    if values.shape != (rows,):
        raise DeguError(
            f"the shape is {values.shape}", where="measured values", expected=f"one for each prediction, ({rows},)"
        )
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
