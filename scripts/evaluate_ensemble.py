"""Score an ensemble and its members."""

from typing import TYPE_CHECKING

from _job import job
from degu.data.store import read_store
from degu.evaluation.accuracy import evaluate_ensemble
from degu.formats.tables import write_table
from degu.prediction.ensemble import read_predictions

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        wildcards = snakemake.wildcards
        store = read_store(snakemake.input.store, only=["replicates", "truth"])
        predictions = read_predictions(snakemake.input.predictions, store)
        table = evaluate_ensemble(store, predictions, snakemake.params.seed).assign(
            dataset=wildcards.dataset, teacher=wildcards.teacher, fraction=float(wildcards.fraction)
        )
        write_table(table, snakemake.output[0])
