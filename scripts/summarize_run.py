"""Tell in a few lines what the students of a run inherit of their ensembles."""

import logging
from typing import TYPE_CHECKING

from _job import job
from degu.evaluation.headlines import headlines, sentences
from degu.evaluation.summary import page
from degu.formats.files import write_text
from degu.formats.tables import read_tables, write_table
from degu.uncertainty.columns import read_coverage

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        summary = read_tables([snakemake.input.summary]).fillna({"teacher": "", "student": ""})
        table = headlines(summary, read_coverage(snakemake.input.scores))
        lines = list(sentences(table))
        write_table(table, snakemake.output.table)
        write_text(snakemake.output.text, "".join(f"{line}\n" for line in lines))
        write_text(snakemake.output.page, page("Headlines", {"": table}))
        for line in lines:
            logging.info("%s", line)
