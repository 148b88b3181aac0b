"""Draw how accuracy and uncertainty depend on the number of members."""

from typing import TYPE_CHECKING

from _job import job
from degu.data.store import read_store
from degu.figures import ensemble_size, style
from degu.formats.tables import read_tables

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        inputs, params = snakemake.input, snakemake.params
        store = read_store(inputs.store, only=(), units=params.units)
        style.save(ensemble_size.draw(read_tables(inputs.scores), store.unit_of, params.title), snakemake.output)
