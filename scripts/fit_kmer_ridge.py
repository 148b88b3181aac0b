"""Fit and score ridge regression on k-mers, the floor that every model must beat."""

import logging
from typing import TYPE_CHECKING

from _job import job
from degu.data.kmer_ridge import kmer_ridge_of
from degu.data.store import read_store
from degu.data.training_rows import training_rows
from degu.evaluation.accuracy import evaluate_baseline
from degu.formats.tables import write_table

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        wildcards = snakemake.wildcards
        store = read_store(snakemake.input.store, only=["truth"])
        rows = training_rows(store, float(wildcards.fraction), snakemake.params.seed)
        ridge = kmer_ridge_of(store, rows.subset)
        logging.info("penalties %s", dict(zip(store.target_names, ridge.penalties, strict=True)))
        predicted = ridge.predict(store.tokens)
        table = evaluate_baseline(store, predicted, "kmer_ridge", snakemake.params.seed).assign(
            dataset=wildcards.dataset, fraction=float(wildcards.fraction)
        )
        write_table(table, snakemake.output[0])
