"""Recalibration after training: a factor on the std, or an isotonic map of the levels.

Both are fitted on the rows of the calibration split alone. They are valid for rows that are exchangeable with those,
such as the test rows of a random split.
"""

from dataclasses import dataclass, replace

import numpy as np
from sklearn.isotonic import IsotonicRegression

from degu.uncertainty.distributions import Distribution, Recalibrated, as_measured


@dataclass(frozen=True, eq=False)
class LevelMap:
    """Map of levels that `fit_isotonic` fits.

    Attributes
    ----------
    factor
        Factor on the std, applied before the map.
    nominal, observed
        Levels of the scaled distribution, and the fraction of calibration values below each, (K,) each, from 0 to 1.
    """

    factor: float
    nominal: np.ndarray
    observed: np.ndarray


def scale_std(calibration_measured: np.ndarray, calibration: Distribution) -> float:
    """Return the factor on the std that makes the calibration values most likely.

    With z = (measured - mean) / std the factor is the square root of the mean of z^2 for a normal distribution (Laves
    et al. 2020, "Well-calibrated regression uncertainty in medical imaging with deep learning"), and sqrt(2) times the
    mean of |z| for a Laplace distribution.

    Parameters
    ----------
    calibration_measured
        Measured values of the calibration split, (n,).
    calibration
        Predictive distribution of those rows.
    """
    z = (as_measured(calibration_measured, len(calibration)) - calibration.mean) / calibration.std
    if calibration.family == "laplace":
        return float(np.sqrt(2) * np.mean(np.abs(z)))
    return float(np.sqrt(np.mean(z**2)))


def scaled(distribution: Distribution, factor: float) -> Distribution:
    """Return the distribution with its std times `factor`."""
    return replace(distribution, std=distribution.std * factor)


def fit_isotonic(calibration_measured: np.ndarray, calibration: Distribution) -> LevelMap:
    """Fit the map from nominal to observed levels by isotonic regression on the empirical CDF of the PIT values.

    This is algorithm 1 of Kuleshov, Fenner and Ermon (2018) with two changes. First, the std is scaled before the fit:
    if it is far too small, the PIT values are rounded to 0 and 1, and a map of those gives infinite intervals. Second,
    the i-th of n values is placed at its expectation i / (n + 1) instead of i / n, which would leave no probability
    above the largest value.

    Parameters
    ----------
    calibration_measured
        Measured values of the calibration split, (n,).
    calibration
        Predictive distribution of those rows.
    """
    factor = scale_std(calibration_measured, calibration)
    pit = np.sort(scaled(calibration, factor).cdf(calibration_measured))
    fit = IsotonicRegression().fit(pit, np.arange(1, len(pit) + 1) / (len(pit) + 1))
    return LevelMap(
        factor,
        nominal=np.concatenate([[0.0], fit.X_thresholds_, [1.0]]),
        observed=np.concatenate([[0.0], fit.y_thresholds_, [1.0]]),
    )


def recalibrated(distribution: Distribution, levels: LevelMap) -> Recalibrated:
    """Return the distribution with the levels mapped as `fit_isotonic` found on the calibration rows."""
    return Recalibrated(scaled(distribution, levels.factor), levels.nominal, levels.observed)
