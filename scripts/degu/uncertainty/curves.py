"""Calibration as curves, and what the metrics in `degu.uncertainty.calibration` share with them.

Rows of equal std are exchangeable: wherever rows are ordered by std, each of them counts with the mean squared error
of all rows of its std. That is the expectation over the orders they could stand in, so nothing depends on the order
of rows, and a constant std gives a flat curve.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from degu.uncertainty.distributions import Distribution, Recalibrated, as_measured


def covered(measured: np.ndarray, predicted: Distribution | Recalibrated, level: float) -> np.ndarray:
    """Return whether the central interval of nominal coverage `level` holds each measured value, bool (n,)."""
    lower, upper = predicted.interval(level)
    measured = as_measured(measured, len(predicted))
    return (lower <= measured) & (measured <= upper)


def coverage_curve(
    measured: np.ndarray, predicted: Distribution | Recalibrated, levels: Sequence[float]
) -> pd.DataFrame:
    """Return, for each nominal level, what central intervals cover and how wide they are.

    Parameters
    ----------
    measured
        (n,).
    predicted
        Of the same n values.
    levels
        Nominal coverages, from 0 to 1.

    Returns
    -------
    Columns level, coverage (the fraction of values within their interval) and width (the mean, in the target's unit)
    """
    rows = []
    for level in levels:
        lower, upper = predicted.interval(level)
        coverage = covered(measured, predicted, level).mean()
        rows.append({"level": float(level), "coverage": coverage, "width": np.mean(upper - lower)})
    return pd.DataFrame(rows, columns=["level", "coverage", "width"])


def pit_histogram(measured: np.ndarray, predicted: Distribution | Recalibrated, bins: int = 20) -> pd.DataFrame:
    """Return the histogram of the probability integral transform, which is uniform, of density 1, under the truth.

    A U says that the std is too small, a hump that it is too large, a slope that the mean is off. Gneiting,
    Balabdaoui and Raftery (2007), "Probabilistic forecasts, calibration and sharpness".

    Returns
    -------
    Columns left, right (ends of a bin) and density; one row a bin
    """
    density, edges = np.histogram(predicted.cdf(measured), bins=bins, range=(0, 1), density=True)
    return pd.DataFrame({"left": edges[:-1], "right": edges[1:], "density": density})


def sparsification_curve(measured: np.ndarray, predicted: Distribution, points: int = 20) -> pd.DataFrame:
    """Return the error of what is left when the least certain predictions are removed.

    Ilg et al. (2018), "Uncertainty estimates and multi-hypotheses networks for optical flow".

    Parameters
    ----------
    measured
        (n,).
    predicted
        Of the same n values.
    points
        Number of fractions removed: 0, 1 / points, ..., 1 - 1 / points, each rounded down to whole rows.

    Returns
    -------
    Columns removed (the fraction), error and oracle: the root mean squared error of the rest over that of all, by
    removal in order of std, and of the error itself. NaN if no prediction errs.
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
    """Return stds in ascending order and the squared errors in that order, (n,) each; ties share their mean."""
    values, group, counts = np.unique(predicted.std, return_inverse=True, return_counts=True)
    means = np.bincount(group, weights=squared_errors(measured, predicted)) / counts
    return np.repeat(values, counts), np.repeat(means, counts)


def retained_risk(squared: np.ndarray) -> np.ndarray:
    """Return the mean of the first 1, 2, ..., n squared errors, (n,)."""
    return np.cumsum(squared) / np.arange(1, len(squared) + 1)
