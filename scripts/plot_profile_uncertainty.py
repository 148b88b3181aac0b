"""Draw how well the uncertainty of profiles is predicted, and what its intervals cover."""

from typing import TYPE_CHECKING

from _job import job
from degu.figures import profile_uncertainty, style
from degu.uncertainty.summary import read_methods

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        table = read_methods(snakemake.input)
        style.save(profile_uncertainty.draw(table, snakemake.params.title), snakemake.output)
