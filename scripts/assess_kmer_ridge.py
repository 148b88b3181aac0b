"""Assess ridge regression on k-mers, the floor that every model must beat, on shifted sequences."""

from typing import TYPE_CHECKING

from _job import job
from _shifts import labels_of, read_populations, ridge_of
from degu.data.splits import SPLITS
from degu.formats.tables import write_table
from degu.shift.assessment import assess_shifts
from degu.shift.prediction import Parts, predictions_of

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        params = snakemake.params
        populations = read_populations(snakemake)
        store = populations.store
        ridge = ridge_of(store, float(snakemake.wildcards.fraction), params.seed)
        parts = (
            {split: store.tokens[store.rows(split)] for split in SPLITS},
            Parts(store, populations.ladders, with_values=False),
        )
        splits, shifted = (predictions_of(ridge.predict, store.target_names, each) for each in parts)
        tables = assess_shifts(populations, splits, shifted, params.settings, model="kmer_ridge", family="normal")
        for name, table in tables._asdict().items():
            write_table(table.assign(**labels_of(snakemake)), snakemake.output[name])
