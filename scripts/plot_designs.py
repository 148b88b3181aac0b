"""Draw what designs promise and do, and how often the promise is kept."""

from typing import TYPE_CHECKING

from _job import job
from degu.data.store import read_store
from degu.figures import designs, style
from degu.formats.tables import read_tables

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        params = snakemake.params
        store = read_store(snakemake.input.store, only=(), units=params.units)
        table = read_tables(snakemake.input.table)
        style.save(designs.draw(table, store.unit_of, params.title), snakemake.output)
