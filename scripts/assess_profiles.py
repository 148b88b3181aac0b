"""Assess how far the uncertainties of the profiles of an ensemble and its students can be trusted."""

from typing import TYPE_CHECKING

from _job import job
from degu.data.store import read_store
from degu.formats.tables import write_table
from degu.prediction.ensemble import read_predictions
from degu.uncertainty.profile_assessment import assess_profiles

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        inputs, params = snakemake.input, snakemake.params
        store = read_store(inputs.store, only=["counts"])
        ensemble = read_predictions(inputs.ensemble, store, profiles=True).first(params.ensemble_size)
        students = read_predictions(inputs.students, store, profiles=True)
        labels = {name: snakemake.wildcards[name] for name in ("dataset", "teacher", "student")}
        labels["fraction"] = float(snakemake.wildcards.fraction)
        tables = assess_profiles(store, ensemble, students, params.levels, params.seed)
        write_table(tables.intervals.assign(**labels), snakemake.output.intervals)
        write_table(tables.curves.assign(**labels), snakemake.output.curves)
