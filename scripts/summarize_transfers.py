"""Summarise the models of a data set on the measured sequences of other ones."""

import logging
from typing import TYPE_CHECKING

from _job import job
from degu.evaluation.claims import count_verdicts
from degu.evaluation.summary import page
from degu.formats.files import write_text
from degu.formats.tables import write_table
from degu.shift.claims import check_transfer_claims
from degu.shift.transfer_summary import summarize_transfers, tell_transfers
from degu.uncertainty.summary import read_methods

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        params, output = snakemake.params, snakemake.output
        scores, intervals, ratios = (read_methods(snakemake.input[name]) for name in ("scores", "intervals", "ratios"))
        table, told = summarize_transfers(scores, intervals, params.titles), tell_transfers(ratios)
        write_table(table, output.table)
        claims = check_transfer_claims(told, intervals)
        write_table(told, output.verdicts)
        write_table(claims, output.claims)
        tables = {"Claims": claims, "Uncertainty": told, "All": table}
        write_text(output.page, page(f"Measured shifts: {params.title}", tables))
        for row in told.itertuples():
            logging.info("%s, %s, %s: %s", row.transfer, row.target, row.model, row.verdict)
        logging.info(count_verdicts(claims))
