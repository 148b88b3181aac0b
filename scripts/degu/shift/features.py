"""Features of sequences by which the density of a shifted population is compared with that of the calibration split."""

from collections.abc import Iterable

import numpy as np

from degu.data.kmers import count_kmers
from degu.errors import DeguError, did_you_mean
from degu.uncertainty.rows import Rows

# The schema of the configuration lists them, too.
FEATURES = ("gc", "dinucleotides", "mean", "epistemic", "total")


def features_of(names: Iterable[str], rows: Rows, tokens: np.ndarray) -> np.ndarray:
    """Return the features of sequences, float64 (n, d).

    Parameters
    ----------
    names
        Those that are taken: `gc`; `dinucleotides`, the counts of the ten that are no reverse complement of another;
        `mean`, what a model predicts; and `epistemic` and `total`, its standard deviations, where it has them.
    rows, tokens
        What the model predicts for the sequences, and the sequences, uint8 (n, L).

    Raises
    ------
    DeguError
        If there is no such feature.
    """
    columns = []
    for name in names:
        if name not in FEATURES:
            raise DeguError(f"there is no feature '{name}'", expected=did_you_mean(name, FEATURES))
        if name == "dinucleotides":
            columns.append(count_kmers(tokens, 2).toarray().astype(np.float64))
        elif name not in ("epistemic", "total") or name in rows.std:
            columns.append(rows.feature(name)[:, None])
    return np.concatenate(columns, axis=1)
