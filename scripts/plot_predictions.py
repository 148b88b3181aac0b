"""Draw predicted against measured values of the test split."""

from typing import TYPE_CHECKING

from _job import job
from degu.figures import predictions, style
from degu.formats.tables import read_tables

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        table = read_tables(snakemake.input[0])
        style.save(predictions.draw(table, snakemake.params.title), snakemake.output)
