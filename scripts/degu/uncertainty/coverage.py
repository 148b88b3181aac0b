"""Coverage and width of intervals, over all rows and in bins of a feature.

Intervals have the shape (n, 2) and hold the lower and the upper end; both ends belong to the interval.
"""

import numpy as np
import pandas as pd
from scipy import stats

from degu.uncertainty.rows import rank


def coverage(measured: np.ndarray, intervals: np.ndarray, weights: np.ndarray | None = None) -> float:
    """Return the fraction of measured values, (n,), inside their intervals; with weights, (n,), a weighted fraction."""
    inside = (intervals[:, 0] <= measured) & (measured <= intervals[:, 1])
    return float(np.average(inside, weights=weights))


def mean_width(intervals: np.ndarray) -> float:
    """Return the mean width, which is infinite if one interval is."""
    return float(np.mean(intervals[:, 1] - intervals[:, 0]))


def median_width(intervals: np.ndarray) -> float:
    """Return the median width, which a few infinite intervals leave finite."""
    return float(np.median(intervals[:, 1] - intervals[:, 0]))


def coverage_by_bin(measured: np.ndarray, intervals: np.ndarray, by: np.ndarray, bins: int = 5) -> pd.DataFrame:
    """Tabulate coverage and width where a feature is low, middling and high.

    Parameters
    ----------
    measured
        Measured values, (n,).
    intervals
        Intervals of the same rows, (n, 2).
    by
        Values of the feature, (n,), such as the predicted mean.
    bins
        Number of bins with equally many rows. Equal values share a bin, so that there may be fewer bins.

    Returns
    -------
    Table with one row for each bin: `bin`, the lowest (`low`) and highest (`high`) value of the feature in it, the
    number of `rows`, their `coverage` and the mean `width`
    """
    edges = np.sort(by)[np.arange(1, bins) * len(by) // bins]
    bin_of = np.searchsorted(edges, by, side="right")
    table = []
    for index, number in enumerate(np.unique(bin_of)):
        part = bin_of == number
        table.append(
            {
                "bin": index,
                "low": by[part].min(),
                "high": by[part].max(),
                "rows": int(part.sum()),
                "coverage": coverage(measured[part], intervals[part]),
                "width": mean_width(intervals[part]),
            }
        )
    return pd.DataFrame(table)


def binomial_band(
    n: int, level: float, confidence: float = 0.99, *, calibration_rows: int | None = None
) -> tuple[float, float]:
    """Return the range in which the coverage of n rows lies with probability `confidence`.

    Each row is covered with probability `level`. With `calibration_rows` m, that probability is the one of a split
    conformal method fitted on m rows: it has a beta distribution, so that the coverage has a beta-binomial one.
    """
    if calibration_rows is None:
        low, high = stats.binom.interval(confidence, n, level)
    else:
        k = rank(calibration_rows, level)
        low, high = stats.betabinom.interval(confidence, n, k, calibration_rows + 1 - k)
    return float(low) / n, float(high) / n
