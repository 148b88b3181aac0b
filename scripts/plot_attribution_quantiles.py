"""Draw how attribution maps compare within quantiles of measured activity."""

from typing import TYPE_CHECKING

from _job import job
from degu.figures import attribution_quantiles, style
from degu.formats.tables import read_tables

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        models, sequences = read_tables(snakemake.input.models), read_tables(snakemake.input.sequences)
        style.save(attribution_quantiles.draw(models, sequences, snakemake.params.title), snakemake.output)
