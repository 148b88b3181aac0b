"""What designed sequences were promised to do, what they do, and how often the promise is kept."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from scipy import stats

from degu.design.promise import Promise
from degu.evaluation.bootstrap import GroupBootstrap

# The lower bound is the end of a one-sided interval of this level about the predicted mean, by its epistemic std.
LEVEL = 0.9
MEAN, BOUND = "mean", "lower_bound"
COLUMNS = ["step", "judge", "sequences"]
COLUMNS += [f"{name}{end}" for name in ("promised", "achieved", "overestimate") for end in ("", "_low", "_high")]
COLUMNS += [f"kept_{promise}{end}" for promise in (MEAN, BOUND) for end in ("", "_low", "_high")]
COMPARED = ("achieved", "overestimate", f"kept_{MEAN}", f"kept_{BOUND}")


def quantities(promise: Promise, achieved: np.ndarray) -> dict[str, np.ndarray]:
    """Return what is averaged over designs, float64 (n,) each.

    Parameters
    ----------
    promise
        What the designer predicts for the designs.
    achieved
        What a judge says of them, (n,).

    Returns
    -------
    `promised`, the predicted mean; `achieved`; `overestimate`, the first less the second; `kept_mean`, 1 where a design
    achieves the predicted mean; and `kept_lower_bound`, 1 where it achieves the lower bound of the mean, if there is
    one
    """
    known = {
        "promised": promise.mean,
        "achieved": achieved,
        "overestimate": promise.mean - achieved,
        f"kept_{MEAN}": (achieved >= promise.mean).astype(np.float64),
    }
    if promise.std is not None:
        bound = promise.mean - stats.norm.ppf(LEVEL) * promise.std
        known[f"kept_{BOUND}"] = (achieved >= bound).astype(np.float64)
    return known


def assess_promises(
    promises: Mapping[int, Promise], judges: Mapping[str, Mapping[int, np.ndarray]], bootstrap: GroupBootstrap
) -> pd.DataFrame:
    """Return how much was promised and achieved after each number of steps, and how often the promise was kept.

    Parameters
    ----------
    promises
        What the designer predicts, by the number of steps; at 0 for the starting sequences.
    judges
        What each judge says of the same sequences, (n,), by its name and by the number of steps.
    bootstrap
        Resamples of the groups of the starting sequences.

    Returns
    -------
    Table with the columns in `COLUMNS`: means over the sequences of what `quantities` returns, with the ends of their
    95 % bootstrap intervals; NaN where the designer has no bound
    """
    rows = []
    for judge, values in judges.items():
        for step, promise in promises.items():
            row: dict = dict.fromkeys(COLUMNS, np.nan)
            row |= {"step": step, "judge": judge, "sequences": len(promise.mean)}
            for name, own in quantities(promise, values[step]).items():
                low, high = bootstrap.interval_of_mean(own)
                row |= {name: own.mean(), f"{name}_low": low, f"{name}_high": high}
            rows.append(row)
    return pd.DataFrame(rows, columns=COLUMNS)


def compare_designs(
    one: Mapping[str, np.ndarray], other: Mapping[str, np.ndarray], bootstrap: GroupBootstrap
) -> Iterator[dict]:
    """Yield the differences of two designs from the same starting sequences, with their 95 % bootstrap intervals.

    Parameters
    ----------
    one, other
        What `quantities` returns for each.
    bootstrap
        Resamples of the groups of the starting sequences.

    Yields
    ------
    `quantity`, one of `COMPARED` that both have, the mean of the first less the second as `difference`, and `low` and
    `high`
    """
    for name in COMPARED:
        if name in one and name in other:
            difference = one[name] - other[name]
            low, high = bootstrap.interval_of_mean(difference)
            yield {"quantity": name, "difference": difference.mean(), "low": low, "high": high}
