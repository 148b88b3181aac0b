"""Assess ridge regression on k-mers, the floor that every model must beat, on shifted sequences."""

from typing import TYPE_CHECKING

from _job import job
from _shifts import labels_of, read_populations
from degu.data.kmer_ridge import fit_kmer_ridge
from degu.data.training_rows import training_rows
from degu.formats.tables import write_table
from degu.shift.assessment import assess_shifts
from degu.shift.prediction import predictions_of

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        params = snakemake.params
        populations = read_populations(snakemake)
        store = populations.store
        rows = training_rows(store, float(snakemake.wildcards.fraction), params.seed)
        train, validation = rows.subset, store.rows("validation")
        ridge = fit_kmer_ridge(
            store.tokens[train], store.targets[train], store.tokens[validation], store.targets[validation]
        )
        splits, shifted = predictions_of(ridge.predict, store, populations.ladders)
        tables = assess_shifts(populations, splits, shifted, params.settings, model="kmer_ridge", family="normal")
        for name, table in tables._asdict().items():
            write_table(table.assign(**labels_of(snakemake)), snakemake.output[name])
