"""Draw predicted uncertainties against the truth of the simulated assay."""

from typing import TYPE_CHECKING

from _job import job
from degu.figures import simulated_uncertainty, style
from degu.uncertainty.summary import read_methods

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        predictions = read_methods(snakemake.input)
        style.save(simulated_uncertainty.draw(predictions, snakemake.params.title), snakemake.output)
