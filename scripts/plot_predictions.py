"""Draw predicted against measured values of the test split."""

from typing import TYPE_CHECKING

from _job import job
from degu.data.store import read_store
from degu.figures import predictions, style
from degu.formats.tables import read_tables

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        inputs, params = snakemake.input, snakemake.params
        store = read_store(inputs.store, only=(), units=params.units)
        table = read_tables(inputs.predictions)
        style.save(predictions.draw(table, store.unit_of, params.title), snakemake.output)
