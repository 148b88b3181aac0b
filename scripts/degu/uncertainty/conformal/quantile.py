"""Conformalised quantile regression (Romano et al. 2019, algorithm 1): both predicted quantiles move by one margin.

The score is max(lower - y, y - upper), which is negative inside the interval. It is written out here, because crepes
has no such score and MAPIE needs fitted estimators.
"""

from collections.abc import Mapping

import numpy as np

from degu.uncertainty.rows import Rows, rank


def intervals(rows: Mapping[str, Rows], level: float) -> np.ndarray:
    """Return intervals for the test rows, (n, 2), as `degu.uncertainty.conformal` describes.

    Where a negative margin makes the ends cross, the interval is the point midway between them, and not empty.
    """
    calibration, test = rows["calibration"], rows["test"]
    score = np.maximum(
        calibration.need("quantiles", "lower") - calibration.measured,
        calibration.measured - calibration.need("quantiles", "upper"),
    )
    margin = np.sort(np.append(score, np.inf))[rank(len(score), level) - 1]
    lower, upper = test.need("quantiles", "lower"), test.need("quantiles", "upper")
    middle = (lower + upper) / 2
    return np.stack([np.minimum(lower - margin, middle), np.maximum(upper + margin, middle)], axis=1)
