"""Draw observed against nominal coverage."""

from typing import TYPE_CHECKING

from _job import job
from degu.figures import calibration_curves, style
from degu.uncertainty.summary import read_methods

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        curves, scores = read_methods(snakemake.input.curves), read_methods(snakemake.input.scores)
        style.save(calibration_curves.draw(curves, scores, snakemake.params.title), snakemake.output)
