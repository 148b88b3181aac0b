"""Recalibration after training: a factor on the std, and an isotonic map of the levels.

Both are fitted on the rows of the calibration split and nothing else; what they promise holds for rows that are
exchangeable with those, such as the test split of a random split.
"""

from dataclasses import dataclass, replace

import numpy as np
from sklearn.isotonic import IsotonicRegression

from degu.uncertainty.distributions import Distribution, Recalibrated, as_measured


@dataclass(frozen=True, eq=False)
class LevelMap:
    """What `fit_isotonic` learnt.

    Attributes
    ----------
    factor
        On the std, before the map.
    nominal, observed
        (K,) each, from 0 to 1: a level of the scaled distribution, and the fraction of calibration values below it.
    """

    factor: float
    nominal: np.ndarray
    observed: np.ndarray


def scale_std(calibration_measured: np.ndarray, calibration: Distribution) -> float:
    """Return the factor on the std that makes the calibration values most likely.

    With z = (measured - mean) / std it is the root of mean z^2 for a normal (Laves et al. 2020, "Well-calibrated
    regression uncertainty in medical imaging with deep learning"), and sqrt(2) mean |z| for a Laplace
    distribution.

    Parameters
    ----------
    calibration_measured
        (n,), of the calibration split only.
    calibration
        The predictions for those rows.
    """
    z = (as_measured(calibration_measured, len(calibration)) - calibration.mean) / calibration.std
    if calibration.family == "laplace":
        return float(np.sqrt(2) * np.mean(np.abs(z)))
    return float(np.sqrt(np.mean(z**2)))


def scaled(distribution: Distribution, factor: float) -> Distribution:
    """Return the distribution with its std times `factor`."""
    return replace(distribution, std=distribution.std * factor)


def fit_isotonic(calibration_measured: np.ndarray, calibration: Distribution) -> LevelMap:
    """Fit the map from nominal to observed levels: isotonic regression on the empirical CDF of the PIT values.

    Kuleshov, Fenner and Ermon (2018), algorithm 1, with two changes. The std is scaled first, because the PIT values
    of a std far too small are 0 and 1 to rounding, and a map of those gives infinite intervals. And the i-th of n
    values stands at its expectation i / (n + 1) in place of i / n, which would leave no probability above the last.

    Parameters
    ----------
    calibration_measured
        (n,), of the calibration split only.
    calibration
        The predictions for those rows.
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
    """Return the distribution with the levels that `fit_isotonic` learnt on the calibration rows."""
    return Recalibrated(scaled(distribution, levels.factor), levels.nominal, levels.observed)
