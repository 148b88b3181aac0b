"""Draw the attribution maps of the most active test sequences as logos."""

from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from degu.attribution.explained_sequences import read_explained_sequences
from degu.attribution.logos import logos_of_most_active, read_named_maps, units_of
from degu.data.store import read_store
from degu.figures import attribution_logos, looks, style

if TYPE_CHECKING:
    from snakemake.script import snakemake

SEQUENCES = 2


if __name__ == "__main__":
    with job(snakemake):
        inputs, params = snakemake.input, snakemake.params
        store = read_store(inputs.store, only=["names"], units=params.units)
        target = store.target_names[0]
        sequences = read_explained_sequences(Path(inputs.sequences), store)[target]
        paths = {"reference": Path(inputs.reference), "member": Path(inputs.members), "student": Path(inputs.students)}
        maps = read_named_maps(paths, target, params.method)
        logos = logos_of_most_active(
            store, target, sequences, maps, number=SEQUENCES, gradient_correction=params.gradient_correction
        )
        title = f"{params.title}: {looks.label(params.method)}"
        style.save(attribution_logos.draw(logos, units_of(logos, store.units[0]), title), snakemake.output)
