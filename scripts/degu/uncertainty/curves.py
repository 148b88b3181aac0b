"""Curves of calibration and sparsification, and functions that the metrics in `degu.uncertainty.calibration` share.

Rows of equal std are exchangeable. Wherever rows are ordered by std, each row therefore counts with the mean squared
error of all rows of its std, which is the expectation over all orders of these rows. So no result depends on the order
of rows, and a constant std gives a flat curve.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from degu.uncertainty.distributions import Distribution, Recalibrated, as_measured


def covered(measured: np.ndarray, predicted: Distribution | Recalibrated, level: float) -> np.ndarray:
    """Return whether each measured value is inside its central interval of nominal coverage `level`, bool (n,)."""
    return _within(as_measured(measured, len(predicted)), predicted.interval(level))


def _within(measured: np.ndarray, interval: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    lower, upper = interval
    return (lower <= measured) & (measured <= upper)


def coverage_curve(
    measured: np.ndarray, predicted: Distribution | Recalibrated, levels: Iterable[float]
) -> pd.DataFrame:
    """Return the coverage and the width of central intervals for each nominal level.

    Parameters
    ----------
    measured
        Measured values, (n,).
    predicted
        Predictive distribution of the same n values.
    levels
        Nominal coverages, from 0 to 1.

    Returns
    -------
    Table with the columns `level`, `coverage` (fraction of values inside their interval) and `width` (mean width, in
    the target's unit)
    """
    measured = as_measured(measured, len(predicted))
    rows = []
    for level in levels:
        interval = predicted.interval(level)
        coverage = _within(measured, interval).mean()
        rows.append({"level": float(level), "coverage": coverage, "width": np.mean(interval[1] - interval[0])})
    return pd.DataFrame(rows, columns=["level", "coverage", "width"])


def pit_histogram(measured: np.ndarray, predicted: Distribution | Recalibrated, bins: int = 20) -> pd.DataFrame:
    """Return the histogram of the probability integral transform, which is flat under the true distribution.

    The shape of a U means that the std is too small, a hump that it is too large, and a slope that the mean is biased.
    See Gneiting, Balabdaoui and Raftery (2007), "Probabilistic forecasts, calibration and sharpness".

    Returns
    -------
    Table with one row for each bin, and the columns `left` and `right` (ends of the bin) and `density`
    """
    density, edges = np.histogram(predicted.cdf(measured), bins=bins, range=(0, 1), density=True)
    return pd.DataFrame({"left": edges[:-1], "right": edges[1:], "density": density})


def sparsification_curve(measured: np.ndarray, predicted: Distribution, points: int = 20) -> pd.DataFrame:
    """Return the error of the remaining predictions when the least certain ones are removed.

    See Ilg et al. (2018), "Uncertainty estimates and multi-hypotheses networks for optical flow".

    Parameters
    ----------
    measured
        Measured values, (n,).
    predicted
        Predictive distribution of the same n values.
    points
        Number of fractions to remove: 0, 1 / points, ..., 1 - 1 / points, each rounded down to whole rows.

    Returns
    -------
    Table with the columns `removed` (the fraction), `error` and `oracle`. The latter two are the root mean squared
    error of the remaining rows relative to that of all rows; rows are removed in order of std for `error`, and in order
    of the error itself for `oracle`. Both are NaN if all errors are 0.
    """
    rows = len(predicted)
    steps = np.arange(points)
    retained = rows - rows * steps // points
    by_std = retained_risk(errors_by_certainty(measured, predicted)[1])
    by_error = retained_risk(np.sort(squared_errors(measured, predicted)))
    with np.errstate(invalid="ignore"):
        error, oracle = (np.sqrt(risk[retained - 1] / risk[-1]) for risk in (by_std, by_error))
    return pd.DataFrame({"removed": steps / points, "error": error, "oracle": oracle})


def squared_errors(measured: np.ndarray, predicted: Distribution) -> np.ndarray:
    """Return the squared error of each mean, (n,)."""
    return (as_measured(measured, len(predicted)) - predicted.mean) ** 2


def errors_by_certainty(measured: np.ndarray, predicted: Distribution) -> tuple[np.ndarray, np.ndarray]:
    """Return the stds in ascending order and the squared errors in the same order, (n,) each; ties share their mean."""
    values, group, counts = np.unique(predicted.std, return_inverse=True, return_counts=True)
    means = np.bincount(group, weights=squared_errors(measured, predicted)) / counts
    return np.repeat(values, counts), np.repeat(means, counts)


def retained_risk(squared: np.ndarray) -> np.ndarray:
    """Return the mean of the first 1, 2, ..., n squared errors, (n,)."""
    return np.cumsum(squared) / np.arange(1, len(squared) + 1)
