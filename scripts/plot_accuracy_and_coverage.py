"""Draw the accuracy of all methods against their coverage."""

from typing import TYPE_CHECKING

from _job import job
from degu.figures import accuracy_and_coverage, style
from degu.uncertainty.summary import read_methods

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        scores = read_methods(snakemake.input)
        style.save(accuracy_and_coverage.draw(scores, snakemake.params.title), snakemake.output)
