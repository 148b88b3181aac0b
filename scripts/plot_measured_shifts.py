"""Draw error, uncertainty and intervals on the own and on other data sets."""

from typing import TYPE_CHECKING

from _job import job
from degu.data.store import read_store
from degu.figures import measured_shifts, style
from degu.uncertainty.summary import read_methods

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        params = snakemake.params
        store = read_store(snakemake.input.store, only=(), units=params.units)
        scores, intervals = (read_methods(snakemake.input[name]) for name in ("scores", "intervals"))
        figure = measured_shifts.draw(scores, intervals, params.titles, store.unit_of, params.title)
        style.save(figure, snakemake.output)
