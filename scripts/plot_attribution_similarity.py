"""Draw how similar attribution maps are to the mean map of an ensemble."""

from typing import TYPE_CHECKING

from _job import job
from degu.data.store import read_store
from degu.figures import attribution_similarity, style
from degu.formats.tables import read_tables

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        inputs, params = snakemake.input, snakemake.params
        models = read_tables(inputs.models)
        models = models[models["group"] == "top"]
        store = read_store(inputs.store, only=(), units=params.units)
        style.save(attribution_similarity.draw(models, store.unit_of, params.title), snakemake.output)
