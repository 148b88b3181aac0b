"""Draw predicted against true uncertainty of the difference between a sequence and a mutant."""

from typing import TYPE_CHECKING

from _job import job
from degu.data.store import read_store
from degu.figures import difference_uncertainty, style
from degu.formats.tables import read_tables

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        inputs, params = snakemake.input, snakemake.params
        store = read_store(inputs.store, only=(), units=params.units)
        pairs, coverage = (read_tables(path) for path in (inputs.pairs, inputs.coverage))
        figure = difference_uncertainty.draw(pairs, coverage, store.unit_of, params.title)
        style.save(figure, snakemake.output)
