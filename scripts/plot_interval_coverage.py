"""Draw the coverage of intervals against their width."""

from typing import TYPE_CHECKING

from _job import job
from degu.data.store import read_store
from degu.figures import interval_coverage, style
from degu.uncertainty.summary import read_methods

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        inputs, params = snakemake.input, snakemake.params
        store = read_store(inputs.store, only=(), units=params.units)
        curves = read_methods(inputs.curves)
        style.save(interval_coverage.draw(curves, store.unit_of, params.title), snakemake.output)
