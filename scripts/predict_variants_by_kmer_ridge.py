"""Let a ridge regression on k-mers predict either allele of variants, as the floor that models must beat."""

from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from degu.data.kmer_ridge import kmer_ridge_of
from degu.data.store import read_store
from degu.data.training_rows import training_rows
from degu.outputs.heads import Heads
from degu.package.construct import Construct
from degu.prediction.ensemble import Predictions
from degu.variants.placing import place_variants
from degu.variants.prediction import averaged, write_pair_predictions
from degu.variants.variant_set import read_variants

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        files, params = snakemake.input, snakemake.params
        store = read_store(files.store, only=())
        ridge = kmer_ridge_of(store, training_rows(store, float(snakemake.wildcards.fraction), params.seed).subset)
        # A count of canonical k-mers is that of both strands.
        construct = Construct.of_store(store, "both")
        placed = place_variants(read_variants(files.variants), construct, params.settings, pad=params.pad)
        values = {windows: ridge.predict(own.distinct)[None] for windows, own in placed.items()}
        predicted = Predictions(values, Heads(("mean",), tuple(store.target_names)), [-1])
        write_pair_predictions(averaged(predicted, placed), Path(snakemake.output[0]), store.digest)
