"""Draw error, uncertainty and coverage from no shift to the largest one, for each kind of shift."""

from typing import TYPE_CHECKING

from _job import job
from degu.data.store import read_store
from degu.figures import shift_ladder, style
from degu.uncertainty.summary import read_methods

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        params = snakemake.params
        store = read_store(snakemake.input.store, only=(), units=params.units)
        figure = shift_ladder.draw(read_methods(snakemake.input.scores), params.words, store.unit_of, params.title)
        style.save(figure, snakemake.output)
