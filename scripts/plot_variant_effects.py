"""Draw measured against predicted effects of variants, and what the uncertainty of a difference is worth."""

from typing import TYPE_CHECKING

from _job import job
from degu.figures import style, variant_effects
from degu.formats.tables import read_tables

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        inputs, params = snakemake.input, snakemake.params
        scores, uncertainty, curves, effects = (
            read_tables(path) for path in (inputs.scores, inputs.uncertainty, inputs.curves, inputs.effects)
        )
        figure = variant_effects.draw(scores, uncertainty, curves, effects, params.unit, params.title)
        style.save(figure, snakemake.output)
