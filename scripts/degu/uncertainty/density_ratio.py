"""How much likelier a row is in a shifted population than in the calibration population, for `weighted`."""

from collections.abc import Callable

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def estimate_density_ratio(calibration: np.ndarray, shifted: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Tell two populations apart by logistic regression (Tibshirani et al. 2019); the odds are the ratio.

    Parameters
    ----------
    calibration
        Covariates of calibration rows, (n, d); standardised here.
    shifted
        The same covariates of rows of the shifted population, (m, d).

    Returns
    -------
    The density of the shifted over that of the calibration population, (k,), as a function of covariates, (k, d)
    """
    classifier = make_pipeline(StandardScaler(), LogisticRegression())
    is_shifted = np.repeat([0, 1], [len(calibration), len(shifted)])
    classifier.fit(np.concatenate([calibration, shifted]), is_shifted)

    def ratio(covariates: np.ndarray) -> np.ndarray:
        return np.exp(classifier.decision_function(covariates)) * len(calibration) / len(shifted)

    return ratio
