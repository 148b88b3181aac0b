"""Compare the students of a teacher by what they cost and what they inherit of their ensemble."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from degu.evaluation.student_costs import compare_students, student_costs
from degu.formats.tables import read_tables, write_table

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        descriptions = [json.loads(Path(path).read_text(encoding="utf-8")) for path in snakemake.input.models]
        table = compare_students(read_tables(snakemake.input.scores), student_costs(descriptions))
        write_table(table, snakemake.output[0])
