"""Draw what the students of a run inherit of their ensembles."""

from typing import TYPE_CHECKING

from _job import job
from degu.figures import headlines, style
from degu.formats.tables import read_tables
from degu.uncertainty.columns import read_coverage

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        coverage = read_coverage(snakemake.input.coverage)
        scores = read_tables(snakemake.input.scores)
        params = snakemake.params
        style.save(headlines.draw(scores, coverage, params.titles, params.title), snakemake.output)
