"""Draw the known truth of the simulated assay."""

from typing import TYPE_CHECKING

from _job import job
from degu.data.simulated_truth import count_replicates, tabulate_planted_motifs, tabulate_truth
from degu.data.store import read_store
from degu.figures import simulated_truth, style

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        store = read_store(snakemake.input[0], only=["truth", "replicates"], units=snakemake.params.units)
        tables = tabulate_truth(store), tabulate_planted_motifs(store)
        figure = simulated_truth.draw(*tables, count_replicates(store), store.units[0], snakemake.params.title)
        style.save(figure, snakemake.output)
