"""Put all claims of the run, and whether they hold, into one table."""

import logging
from typing import TYPE_CHECKING

from _job import job
from degu.evaluation.claims import collect_claims, count_verdicts
from degu.evaluation.summary import page
from degu.formats.files import write_text
from degu.formats.tables import read_tables, write_table

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        labels, output = snakemake.params.labels, snakemake.output
        tables = ((own, read_tables(path)) for own, path in zip(labels, snakemake.input, strict=True))
        claims = collect_claims(tables)
        write_table(claims, output.table)
        write_text(output.page, page("Claims", {"": claims}))
        logging.info(count_verdicts(claims))
