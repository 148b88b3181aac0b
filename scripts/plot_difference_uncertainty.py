"""Draw predicted against true uncertainty of the difference between a sequence and a mutant."""

from typing import TYPE_CHECKING

from _job import job
from degu.figures import difference_uncertainty, style
from degu.formats.tables import read_tables

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        pairs, coverage = (read_tables(path) for path in (snakemake.input.pairs, snakemake.input.coverage))
        style.save(difference_uncertainty.draw(pairs, coverage, snakemake.params.title), snakemake.output)
