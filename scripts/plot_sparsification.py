"""Draw the error of the predictions that are left when the most uncertain ones are set aside."""

from typing import TYPE_CHECKING

from _job import job
from degu.figures import sparsification, style
from degu.uncertainty.summary import read_methods

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        style.save(sparsification.draw(read_methods(snakemake.input), snakemake.params.title), snakemake.output)
