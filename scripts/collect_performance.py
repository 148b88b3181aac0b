"""Put a data set's tables of scores one below the other."""

from typing import TYPE_CHECKING

from _job import job
from degu.formats.tables import read_tables, write_table

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        write_table(read_tables(snakemake.input), snakemake.output[0])
