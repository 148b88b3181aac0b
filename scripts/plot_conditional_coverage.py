"""Draw the coverage of conformal intervals within bins."""

from typing import TYPE_CHECKING

from _job import job
from degu.figures import conditional_coverage, style
from degu.uncertainty.summary import read_methods

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        conditional = read_methods(snakemake.input)
        style.save(conditional_coverage.draw(conditional, snakemake.params.title), snakemake.output)
