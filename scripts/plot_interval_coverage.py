"""Draw the coverage of intervals against their width."""

from typing import TYPE_CHECKING

from _job import job
from degu.figures import interval_coverage, style
from degu.uncertainty.summary import read_methods

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        curves = read_methods(snakemake.input)
        style.save(interval_coverage.draw(curves, snakemake.params.title), snakemake.output)
