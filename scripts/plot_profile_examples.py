"""Draw the profiles of some regions as a genome browser shows them."""

from typing import TYPE_CHECKING

from _job import job
from degu.figures import profile_examples, style
from degu.formats.tables import read_tables

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        table = read_tables(snakemake.input)
        style.save(profile_examples.draw(table, snakemake.params.title), snakemake.output)
