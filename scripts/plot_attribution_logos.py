"""Draw the maps of the most active test sequences as logos."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from _job import job
from degu.attribution.explained_sequences import read_explained_sequences
from degu.attribution.maps import MapKey, map_keys, read_maps
from degu.attribution.similarity import correct_gradients
from degu.data.sequences import one_hot
from degu.data.store import read_store
from degu.figures import attribution_logos, style

if TYPE_CHECKING:
    from snakemake.script import snakemake

SEQUENCES = 2


def maps_to_draw(inputs, target: str, method: str) -> dict[str, np.ndarray]:
    """Return maps, (N, L, 4), by what they are called: of the mean, of each kind of model; then a student's others."""
    mean = MapKey(target, method, "mean")
    maps = {
        "reference ensemble, mean": read_maps(Path(inputs.reference), mean)[0].mean(axis=0),
        "one member, mean": read_maps(Path(inputs.members), mean)[0][0],
    }
    for key in map_keys(Path(inputs.students)):
        if (key.target, key.method) == (target, method):
            maps[f"one student, {key.head}"] = read_maps(Path(inputs.students), key)[0][0]
    return maps


if __name__ == "__main__":
    with job(snakemake):
        inputs, params = snakemake.input, snakemake.params
        store = read_store(inputs.store, only=["names"])
        target = store.target_names[0]
        sequences = read_explained_sequences(Path(inputs.sequences), store)[target]
        activity = store.targets[sequences.rows, 0]
        highest = np.argsort(-activity, kind="stable")[:SEQUENCES]
        maps = maps_to_draw(inputs, target, params.method)
        logos = {
            f"{store.names[sequences.rows[row]]}, {target} {activity[row]:.2f}": {
                name: (correct_gradients(values[row]) if params.corrected else values[row])
                * one_hot(sequences.tokens[row])
                for name, values in maps.items()
            }
            for row in highest
        }
        style.save(attribution_logos.draw(logos, store.units[0], params.title), snakemake.output)
