"""Ratio of the densities of a shifted and of the calibration population, for weighted conformal prediction."""

from collections.abc import Callable

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def estimate_density_ratio(calibration: np.ndarray, shifted: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Estimate the ratio by the odds of a logistic regression that separates both populations (Tibshirani et al. 2019).

    Parameters
    ----------
    calibration
        Covariates of calibration rows, (n, d), which are standardised here.
    shifted
        Same covariates of rows of the shifted population, (m, d).

    Returns
    -------
    Function of covariates, (k, d), that returns the density of the shifted population divided by that of the
    calibration population, (k,)
    """
    classifier = make_pipeline(StandardScaler(), LogisticRegression())
    is_shifted = np.repeat([0, 1], [len(calibration), len(shifted)])
    classifier.fit(np.concatenate([calibration, shifted]), is_shifted)

    def ratio(covariates: np.ndarray) -> np.ndarray:
        return np.exp(classifier.decision_function(covariates)) * len(calibration) / len(shifted)

    return ratio
