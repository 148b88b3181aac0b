"""Assess how accurate models are on shifted sequences, and whether their uncertainty knows it."""

from functools import partial
from typing import TYPE_CHECKING

from _job import job
from _shifts import labels_of, read_populations
from degu.formats.tables import write_table
from degu.prediction.ensemble import read_predictions
from degu.shift.assessment import assess_shifts
from degu.shift.comparison import compare_with_members
from degu.shift.prediction import read_shift_predictions

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        files, params = snakemake.input, snakemake.params
        populations = read_populations(snakemake)
        store, ladders = populations.store, populations.ladders
        read = partial(read_shift_predictions, digest=store.digest, ladders=ladders)
        splits, shifted = read_predictions(files.predictions, store), read(files.shifts)
        tables = assess_shifts(
            populations, splits, shifted, params.settings, model=params.model, family=params.family
        )._asdict()
        if params.model == "student":
            tables["comparisons"] = compare_with_members(populations, shifted, read(files.own))
        for name, table in tables.items():
            write_table(table.assign(**labels_of(snakemake)), snakemake.output[name])
