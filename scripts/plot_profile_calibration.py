"""Draw what the intervals of profiles cover, and how their standard deviations are calibrated."""

from typing import TYPE_CHECKING

from _job import job
from degu.figures import profile_calibration, style
from degu.uncertainty.summary import read_methods

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        inputs, params = snakemake.input, snakemake.params
        intervals, curves = read_methods(inputs.intervals), read_methods(inputs.curves)
        style.save(profile_calibration.draw(intervals, curves, params.level, params.title), snakemake.output)
