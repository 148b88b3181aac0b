"""Assess how accurate models are on shifted sequences, and whether their uncertainty knows it."""

from functools import partial
from typing import TYPE_CHECKING

from _job import job
from degu.data.simulated_truth import count_replicates
from degu.data.store import read_store
from degu.formats.tables import write_table
from degu.prediction.ensemble import read_predictions
from degu.shift.assessment import CIRCULAR, REFERENCE, Populations, assess_shifts
from degu.shift.comparison import compare_with_members
from degu.shift.ladder import read_ladder
from degu.shift.prediction import means_of, read_shift_predictions

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        files, params, wildcards = snakemake.input, snakemake.params, snakemake.wildcards
        store = read_store(files.store, only=["truth", "replicates"])
        ladders = [read_ladder(path, store.digest) for path in files.ladders]
        read = partial(read_shift_predictions, digest=store.digest, ladders=ladders)
        references = {REFERENCE: files.reference, CIRCULAR: files.own}
        populations = Populations(
            store,
            ladders,
            {name: means_of(read(path)) for name, path in references.items() if path},
            count_replicates(store) if "noise_std" in store.truth else 0,
            params.seed,
        )
        tables = assess_shifts(
            populations,
            read_predictions(files.predictions, store),
            read(files.shifts),
            params.settings,
            model=params.model,
            family=params.family,
        )
        labels = {
            "dataset": wildcards.dataset,
            "teacher": wildcards.teacher,
            "student": wildcards.get("student", ""),
            "fraction": float(wildcards.fraction),
        }
        known = tables._asdict()
        if params.model == "student":
            known["comparisons"] = compare_with_members(populations, read(files.shifts), read(files.own))
        for name, table in known.items():
            write_table(table.assign(**labels), snakemake.output[name])
