"""Score the seeds of a student, and tabulate its predictions of the test split."""

from typing import TYPE_CHECKING

from _job import job
from degu.data.store import read_store
from degu.evaluation.accuracy import evaluate_student, tabulate_test_predictions
from degu.evaluation.differences import differences_of_students
from degu.formats.tables import write_table
from degu.prediction.ensemble import read_predictions

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        wildcards = snakemake.wildcards
        store = read_store(snakemake.input.store, only=["names", "truth"])
        labels = {name: wildcards[name] for name in ("dataset", "teacher", "student")}
        labels["fraction"] = float(wildcards.fraction)
        members = read_predictions(snakemake.input.ensemble, store)
        ensemble = members.first(snakemake.params.ensemble_size)
        students = read_predictions(snakemake.input.students, store)
        table = evaluate_student(store, ensemble, students, snakemake.params.seed)
        write_table(table.assign(**labels), snakemake.output.performance)
        differences = differences_of_students(store, members, students, snakemake.params.seed)
        write_table(differences.assign(**labels), snakemake.output.differences)
        write_table(tabulate_test_predictions(store, ensemble, students), snakemake.output.predictions)
