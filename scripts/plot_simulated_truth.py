"""Draw the known truth of the simulated assay."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from _job import job
from degu.data.store import SequenceStore, read_store
from degu.figures import simulated_truth, style

if TYPE_CHECKING:
    from snakemake.script import snakemake


def planted_sites(store: SequenceStore) -> pd.DataFrame:
    """Return the true mean of each sequence once for each kind of motif planted in it."""
    planted, names = store.truth["planted"], store.attributes["motifs"]
    has = {name: (planted == index + 1).any(axis=1) for index, name in enumerate(names)}
    mean = store.truth["mean"][:, 0]
    return pd.concat([pd.DataFrame({"motif": name, "mean": mean[rows]}) for name, rows in has.items()])


if __name__ == "__main__":
    with job(snakemake):
        store = read_store(snakemake.input[0], only=["truth", "replicates"])
        truth = pd.DataFrame(
            {
                "mean": store.truth["mean"][:, 0],
                "noise_std": store.truth["noise_std"][:, 0],
                "replicate_std": store.replicate_std[:, 0],
            }
        )
        replicates = int(np.isfinite(store.replicates[0, 0]).sum())
        style.save(simulated_truth.draw(truth, planted_sites(store), replicates), snakemake.output)
