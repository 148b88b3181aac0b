"""Score the seeds of a student, and tabulate its predictions of the test split."""

from typing import TYPE_CHECKING

from _job import job
from degu.data.store import read_store
from degu.evaluation.accuracy import evaluate_student, tabulate_test_predictions
from degu.formats.tables import write_table
from degu.prediction.ensemble import read_predictions

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        wildcards = snakemake.wildcards
        store = read_store(snakemake.input.store, only=["names", "truth"])
        ensemble = read_predictions(snakemake.input.ensemble, store).first(snakemake.params.ensemble_size)
        students = read_predictions(snakemake.input.students, store)
        table = evaluate_student(store, ensemble, students, snakemake.params.seed).assign(
            dataset=wildcards.dataset,
            teacher=wildcards.teacher,
            student=wildcards.student,
            fraction=float(wildcards.fraction),
        )
        write_table(table, snakemake.output.performance)
        write_table(tabulate_test_predictions(store, ensemble, students), snakemake.output.predictions)
