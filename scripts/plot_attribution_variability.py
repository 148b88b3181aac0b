"""Draw how much attribution maps vary over the seeds of students and of members."""

from typing import TYPE_CHECKING

from _job import job
from degu.figures import attribution_variability, style
from degu.formats.tables import read_tables

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        sequences = read_tables(snakemake.input[0])
        style.save(attribution_variability.draw(sequences, snakemake.params.title), snakemake.output)
