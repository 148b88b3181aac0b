"""Check that every file of a run agrees with the record of its job, and tabulate the records."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from degu.data.store import read_digest
from degu.formats.tables import write_table
from degu.provenance.job_records import read_records
from degu.provenance.table import check, tabulate, trace

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        traced = trace(snakemake.input, read_records(Path("logs")))
        check(traced)
        table = tabulate(traced, read_digest)
        write_table(table, snakemake.output[0])
        for kind, number in table["kind"].value_counts(sort=False).items():
            logging.info("%s: %s files", kind, f"{number:,}")
