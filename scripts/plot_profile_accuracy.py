"""Draw how near predicted profiles are to the counts."""

from typing import TYPE_CHECKING

from _job import job
from degu.figures import profile_accuracy, style
from degu.uncertainty.summary import read_methods

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        table = read_methods(snakemake.input)
        style.save(profile_accuracy.draw(table, snakemake.params.title), snakemake.output)
