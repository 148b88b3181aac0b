"""Assess the uncertainties of every seed of a student."""

from typing import TYPE_CHECKING

from _job import job
from _assessment import assess_and_write

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        assess_and_write(snakemake, model="student")
