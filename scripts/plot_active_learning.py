"""Draw accuracy against the number of labels, and how far each strategy is ahead of random choice."""

from typing import TYPE_CHECKING

from _job import job
from degu.figures import active_learning, style
from degu.formats.tables import read_tables

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        curves, comparison = (read_tables(snakemake.input[name]) for name in ("curves", "comparison"))
        style.save(active_learning.draw(curves, comparison, snakemake.params.title), snakemake.output)
