"""Summarise an ensemble and its students on shifted sequences, and check the paper's claims about them."""

import logging
from typing import TYPE_CHECKING

from _job import job
from degu.evaluation.claims import count_verdicts
from degu.evaluation.summary import page
from degu.formats.files import write_text
from degu.formats.tables import write_table
from degu.shift.claims import check_shift_claims
from degu.shift.summary import summarize_shifts
from degu.uncertainty.summary import read_methods

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        files, output = snakemake.input, snakemake.output
        scores, intervals, comparisons = (read_methods(files[name]) for name in ("scores", "intervals", "comparisons"))
        summary = summarize_shifts(scores)
        claims = check_shift_claims(scores, comparisons, intervals)
        write_table(summary, output.table)
        write_table(claims, output.claims)
        write_text(output.page, page(f"Shift: {snakemake.params.title}", {"Claims": claims, "Rungs": summary}))
        logging.info(count_verdicts(claims))
