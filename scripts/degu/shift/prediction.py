"""What the models of a recipe predict for shifted sequences."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from degu.data.store import SequenceStore
from degu.formats.hdf5 import read_hdf5, write_hdf5
from degu.outputs.heads import Heads
from degu.prediction.ensemble import Predictions, get_predictions, put_predictions
from degu.shift.ladder import Ladder

# The part of the sequences as they are.
UNSHIFTED = "unshifted"


def part_name(ladder: Ladder, number: int) -> str:
    """Return the name under which the predictions for a rung, counted from 0, are kept."""
    return f"{ladder.name}-{number}"


def parts_of(store: SequenceStore, ladders: Sequence[Ladder]) -> dict[str, np.ndarray]:
    """Return what models predict from: the sequences as they are, and those of each rung of each shift.

    They are tokens (n, L), or one-hot values (n, L, 4). The first ladder says which sequences are predicted as they
    are; all ladders but those that have a start share its rows.
    """
    shifted = {part_name(ladder, number): rung.seen for ladder in ladders for number, rung in enumerate(ladder)}
    return {UNSHIFTED: store.tokens[ladders[0].rows], **shifted}


def tokens_of(store: SequenceStore, ladders: Sequence[Ladder]) -> dict[str, np.ndarray]:
    """Return what `parts_of` does as tokens (n, L), without the noise on one-hot values."""
    rungs = {part_name(ladder, number): rung.tokens for ladder in ladders for number, rung in enumerate(ladder)}
    return {UNSHIFTED: store.tokens[ladders[0].rows], **rungs}


def predictions_of(
    predict: Callable[[np.ndarray], np.ndarray], targets: Sequence[str], parts: Mapping[str, np.ndarray]
) -> Predictions:
    """Return what a function of tokens (n, L) predicts for some parts, (n, T), as one model with a mean."""
    values = {name: predict(tokens)[None].astype(np.float32) for name, tokens in parts.items()}
    return Predictions(values, Heads(("mean",), tuple(targets)), [-1])


def write_shift_predictions(predictions: Predictions, path: Path, digest: str) -> None:
    """Write predictions for the rungs, with the digest of the store that they are made of."""
    with write_hdf5(path) as file:
        put_predictions(predictions, file, digest)


def read_shift_predictions(path: str | Path, digest: str, ladders: Sequence[Ladder]) -> Predictions:
    """Read what models predict for the rungs of some shifts.

    Raises
    ------
    DeguError
        If the file is damaged, belongs to another store, or lacks a rung.
    """
    names = [part_name(ladder, number) for ladder in ladders for number in range(len(ladder.levels))]
    return read_parts(path, digest, [UNSHIFTED, *names])


def read_parts(path: str | Path, digest: str, parts: Iterable[str]) -> Predictions:
    """Read what models predict for some parts; it raises what `read_shift_predictions` raises."""
    with read_hdf5(path, "file of predictions for shifted sequences", digest=digest) as file:
        return get_predictions(file, parts)


def means_of(predictions: Predictions) -> dict[str, np.ndarray]:
    """Return the mean activity that models predict together for each part, float64 (n, T)."""
    return {part: predictions.heads.select(predictions.mean(part), "mean") for part in predictions.values}
