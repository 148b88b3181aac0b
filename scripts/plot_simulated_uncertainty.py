"""Draw predicted uncertainties against the truth of the simulated assay."""

from typing import TYPE_CHECKING

from _job import job
from degu.data.store import read_store
from degu.figures import simulated_uncertainty, style
from degu.uncertainty.summary import read_methods

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        inputs, params = snakemake.input, snakemake.params
        store = read_store(inputs.store, only=(), units=params.units)
        predictions = read_methods(inputs.predictions)
        style.save(simulated_uncertainty.draw(predictions, store.units[0], params.title), snakemake.output)
