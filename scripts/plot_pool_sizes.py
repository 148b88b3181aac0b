"""Draw accuracy and the epistemic head of students against the number of sequences that the ensemble labels."""

from typing import TYPE_CHECKING

from _job import job
from degu.figures import pool_sizes, style
from degu.formats.tables import read_tables

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        params = snakemake.params
        style.save(pool_sizes.draw(read_tables(snakemake.input), params.pools, params.title), snakemake.output)
