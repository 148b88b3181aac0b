"""Draw how much attribution maps vary over the seeds of students and of members."""

from typing import TYPE_CHECKING

from _job import job
from degu.data.store import read_store
from degu.figures import attribution_variability, style
from degu.formats.tables import read_tables

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        inputs, params = snakemake.input, snakemake.params
        sequences = read_tables(inputs.sequences)
        store = read_store(inputs.store, only=(), units=params.units)
        style.save(attribution_variability.draw(sequences, store.unit_of, params.title), snakemake.output)
