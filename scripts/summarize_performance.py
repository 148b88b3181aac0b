"""Summarise the test scores of all data sets by their mean and spread over seeds."""

import logging
from typing import TYPE_CHECKING

from _job import job
from degu.evaluation.summary import summarize, to_html
from degu.formats.files import write_text
from degu.formats.tables import read_tables, write_table

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        table = summarize(read_tables(snakemake.input))
        write_table(table, snakemake.output.table)
        write_text(snakemake.output.page, to_html(table))
        logging.info("test scores:\n%s", table.to_string(index=False))
