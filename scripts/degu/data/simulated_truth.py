"""Tables of what only a simulator knows: the true mean, the true noise and the motifs that it planted."""

import numpy as np
import pandas as pd

from degu.data.store import SequenceStore


def tabulate_truth(store: SequenceStore) -> pd.DataFrame:
    """Return the true `mean`, the true `noise_std` of one replicate and the measured `replicate_std` of each sequence.

    Parameters
    ----------
    store
        A simulated data set, whose first target is tabulated.
    """
    columns = {"mean": store.truth["mean"], "noise_std": store.truth["noise_std"], "replicate_std": store.replicate_std}
    return pd.DataFrame({name: values[:, 0] for name, values in columns.items() if values is not None})


def tabulate_planted_motifs(store: SequenceStore) -> pd.DataFrame:
    """Return the true `mean` of each sequence once for each `motif` that was planted in it.

    Parameters
    ----------
    store
        A simulated data set, whose first target is tabulated.
    """
    planted, names = store.truth["planted"], store.attributes["motifs"]
    has = {name: (planted == index + 1).any(axis=1) for index, name in enumerate(names)}
    mean = store.truth["mean"][:, 0]
    return pd.concat([pd.DataFrame({"motif": name, "mean": mean[rows]}) for name, rows in has.items()])


def count_replicates(store: SequenceStore) -> int:
    """Return the number of replicates in which the first sequence was measured, as all are in a simulated data set."""
    return 0 if store.replicates is None else int(np.isfinite(store.replicates[0, 0]).sum())
