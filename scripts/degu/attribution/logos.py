"""Attribution maps of the most active sequences, prepared for sequence logos."""

from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np

from degu.attribution.explained_sequences import ExplainedSequences
from degu.attribution.maps import MapKey, map_keys, read_maps
from degu.attribution.similarity import correct_gradients
from degu.data.sequences import one_hot
from degu.data.store import SequenceStore
from degu.outputs.heads import PROFILE

# What stands in the name of a map between its model and its head.
_BEFORE_HEAD = ", "


def read_named_maps(paths: Mapping[str, Path], target: str, method: str) -> dict[str, np.ndarray]:
    """Return maps, (N, L, 4), by the names that a figure shows.

    The order is that of all figures. The first is the map of one member, the second the mean map of the reference
    ensemble, both of the head `mean`. The maps of one student follow: first that of the head `mean`, then those of the
    other heads that the student's file holds, by name. That of a profile has those of the member and of the reference
    ensemble before it, too.

    Parameters
    ----------
    paths
        The files of maps of `reference`, `member` and `student`.
    target, method
        The names of the target and of the attribution method.
    """
    maps, mean = {}, MapKey(target, method, "mean")
    own = [key for key in map_keys(paths["student"]) if (key.target, key.method) == (target, method) and key != mean]
    for key in (mean, *own):
        if key.head in ("mean", PROFILE):
            maps[f"one member{_BEFORE_HEAD}{key.head}"] = read_maps(paths["member"], key)[0][0]
            maps[f"reference ensemble{_BEFORE_HEAD}{key.head}"] = read_maps(paths["reference"], key)[0].mean(axis=0)
        maps[f"one student{_BEFORE_HEAD}{key.head}"] = read_maps(paths["student"], key)[0][0]
    return maps


def unit_of(head: str, unit: str) -> str:
    """Return the unit of the map of a head whose target has some unit."""
    return "logits" if head == PROFILE else unit


def units_of(logos: Mapping[str, Collection[str]], unit: str) -> dict[str, dict[str, str]]:
    """Return the unit of each map of each sequence.

    Parameters
    ----------
    logos
        The maps, or just their names as `read_named_maps` makes them, by the label of a sequence.
    unit
        The unit of the target.
    """
    return {
        sequence: {name: unit_of(name.rpartition(_BEFORE_HEAD)[2], unit) for name in maps}
        for sequence, maps in logos.items()
    }


def logos_of_most_active(
    store: SequenceStore,
    target: str,
    sequences: ExplainedSequences,
    maps: Mapping[str, np.ndarray],
    *,
    number: int,
    gradient_correction: bool,
) -> dict[str, dict[str, np.ndarray]]:
    """Return the contribution of each base of the most active explained sequences.

    Parameters
    ----------
    store
        The data set, with the names of its sequences.
    target
        The target whose measured activity orders the sequences.
    sequences
        The N sequences that were explained for this target.
    maps
        Their maps, (N, L, 4), by name.
    number
        The number of sequences to return.
    gradient_correction
        Whether to subtract from each map its mean over the four bases.

    Returns
    -------
    Contributions, (L, 4), by the label of a sequence (its name and measured activity) and the name of a map; they are
    zero for all bases but those of the sequence
    """
    activity = store.targets[sequences.rows, store.target_names.index(target)]
    highest = np.argsort(-activity, kind="stable")[:number]
    return {
        f"{store.names[sequences.rows[row]]}, {target} {activity[row]:.2f}": {
            name: (correct_gradients(values[row]) if gradient_correction else values[row])
            * one_hot(sequences.tokens[row])
            for name, values in maps.items()
        }
        for row in highest
    }
