"""Choose the test sequences that all models are explained on, and draw the backgrounds that each is compared with."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from _job import job
from degu.attribution.explained_sequences import choose_sequences, write_explained_sequences
from degu.data.store import read_store

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        params = snakemake.params
        store = read_store(snakemake.input.store, only=())
        chosen = {
            name: choose_sequences(
                store, target, params.sequences, params.background, np.random.default_rng([params.seed, target])
            )
            for target, name in enumerate(store.target_names)
        }
        write_explained_sequences(chosen, Path(snakemake.output[0]), store.digest)
        for name, sequences in chosen.items():
            logging.info("%s: %s sequences", name, f"{len(sequences.rows):,}")
