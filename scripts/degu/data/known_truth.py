"""The truth of sequences that were never measured, where a data set comes from a simulator."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from degu.config.plugins import load

# Tokens (N, L) to the true mean and the noise std of one replicate, (N,) each.
Truth = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


def known_truth(settings: Mapping, files: Mapping[str, Path]) -> Truth:
    """Return what gives the true mean and noise of any sequence of a simulated assay.

    Parameters
    ----------
    settings
        `importer` and `options` of the data set, whose importer declares `TRUTH`.
    files
        Its source files, by name.
    """
    truth: Truth = load("importer", settings["importer"]).truth(files, settings["options"])
    return truth
