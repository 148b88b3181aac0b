"""Draw how similar attribution maps are to the mean map of an ensemble."""

from typing import TYPE_CHECKING

from _job import job
from degu.figures import attribution_similarity, style
from degu.formats.tables import read_tables

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        models = read_tables(snakemake.input[0])
        models = models[models["group"] == "top"]
        style.save(attribution_similarity.draw(models, snakemake.params.title), snakemake.output)
