"""Draw accuracy against the fraction of training data."""

from typing import TYPE_CHECKING

from _job import job
from degu.figures import performance, style
from degu.formats.tables import read_tables

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        style.save(performance.draw(read_tables(snakemake.input[0]), snakemake.params.title), snakemake.output)
