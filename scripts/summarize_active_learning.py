"""Compare strategies of active learning by accuracy against the number of labels, and by cost."""

import logging
from typing import TYPE_CHECKING

from _job import job
from degu.acquisition.summary import check_claims, compare, costs_of_strategies, curves
from degu.evaluation.summary import page
from degu.formats.files import write_text
from degu.formats.tables import read_tables, write_table

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        scores, costs = (read_tables(snakemake.input[name]) for name in ("scores", "costs"))
        comparison, summed = compare(scores), costs_of_strategies(costs)
        tables = {
            "curves": curves(scores),
            "comparison": comparison,
            "claims": check_claims(scores, comparison, summed),
            "costs": summed,
        }
        for name, table in tables.items():
            write_table(table, snakemake.output[name])
        shown = {"Claims": tables["claims"], "Costs": tables["costs"], "Comparison with random": comparison}
        write_text(snakemake.output.page, page(f"Active learning: {snakemake.params.title}", shown))
        logging.info("claims:\n%s", tables["claims"].to_string(index=False))
