"""The truth of sequences that were never measured, where a data set comes from a simulator."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from degu.config.plugins import load

# Tokens (N, L) to the true mean and the noise std of one replicate, (N,) each.
Truth = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


def known_truth(settings: Mapping, files: Mapping[str, str | Path]) -> Truth | None:
    """Return what gives the true mean and noise of any sequence of a simulated assay; None for another data set.

    Parameters
    ----------
    settings
        `importer` and `options` of the data set, whose importer declares `TRUTH`; empty for another data set.
    files
        Its source files, by name.
    """
    if not settings:
        return None
    paths = {name: Path(path) for name, path in files.items()}
    truth: Truth = load("importer", settings["importer"]).truth(paths, settings["options"])
    return truth
