"""Summarise the uncertainties of all methods, and check the paper's claims against them."""

import logging
from typing import TYPE_CHECKING

from _job import job
from degu.evaluation.claims import count_verdicts
from degu.evaluation.summary import page
from degu.formats.files import write_text
from degu.formats.tables import read_tables, write_table
from degu.uncertainty.summary import check_claims, read_methods, summarize_uncertainty

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        params, teacher = snakemake.params, snakemake.wildcards.teacher
        scores = read_methods(snakemake.input.scores)
        conformal = read_methods(snakemake.input.conformal)
        performance = read_tables(snakemake.input.performance)
        summary = summarize_uncertainty(scores, conformal, passes=params.passes, level=params.level)
        performance = performance[performance["fraction"] == scores["fraction"].max()]
        claims = check_claims(summary, scores, performance, read_tables(snakemake.input.differences), teacher)
        write_table(summary, snakemake.output.table)
        write_table(claims, snakemake.output.claims)
        write_text(snakemake.output.page, page(f"Uncertainty: {params.title}", {"Methods": summary, "Claims": claims}))
        logging.info(count_verdicts(claims))
