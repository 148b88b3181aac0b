"""Draw histograms of the probability integral transform."""

from typing import TYPE_CHECKING

from _job import job
from degu.figures import pit, style
from degu.uncertainty.summary import read_methods

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        style.save(pit.draw(read_methods(snakemake.input), snakemake.params.title), snakemake.output)
