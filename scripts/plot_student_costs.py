"""Draw what students inherit of their ensemble against what they cost."""

from typing import TYPE_CHECKING

from _job import job
from degu.figures import student_costs, style
from degu.formats.tables import read_tables

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        style.save(student_costs.draw(read_tables(snakemake.input), snakemake.params.title), snakemake.output)
