"""Draw how well attribution maps point at planted motifs."""

from typing import TYPE_CHECKING

from _job import job
from degu.figures import attribution_truth, style
from degu.formats.tables import read_tables

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        scores = read_tables(snakemake.input[0])
        style.save(attribution_truth.draw(scores, snakemake.params.title), snakemake.output)
