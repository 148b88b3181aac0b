"""Draw what the students of a run inherit of their ensembles."""

from typing import TYPE_CHECKING

from _job import job
from degu.figures import headlines, style
from degu.formats.tables import read_tables
from degu.uncertainty.columns import empty_table

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        paths = snakemake.input.coverage
        coverage = read_tables(paths) if paths else empty_table("scores").assign(dataset="", teacher="", student="")
        scores = read_tables(snakemake.input.scores)
        style.save(headlines.draw(scores, coverage, snakemake.params.title), snakemake.output)
