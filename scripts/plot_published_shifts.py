"""Draw the paper's comparison under its three shifts, as published and against a fair reference."""

from typing import TYPE_CHECKING

from _job import job
from degu.data.store import read_store
from degu.figures import published_shifts, style
from degu.uncertainty.summary import read_methods

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        params = snakemake.params
        store = read_store(snakemake.input.store, only=(), units=params.units)
        scores, predictions = (read_methods(snakemake.input[name]) for name in ("scores", "predictions"))
        own, predicted = (table[table["shift"] == params.shift] for table in (scores, predictions))
        style.save(published_shifts.draw(own, predicted, store.unit_of, params.title), snakemake.output)
