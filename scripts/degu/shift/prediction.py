"""What the models of a recipe predict for shifted sequences."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from degu.data.splits import SPLITS
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

    They are tokens (n, L), or one-hot values (n, L, 4).
    """
    shifted = {part_name(ladder, number): rung.seen for ladder in ladders for number, rung in enumerate(ladder)}
    return {UNSHIFTED: store.tokens[ladders[0].rows], **shifted}


def predictions_of(
    predict: Callable[[np.ndarray], np.ndarray], store: SequenceStore, ladders: Sequence[Ladder]
) -> tuple[Predictions, Predictions]:
    """Return what a function of tokens (n, L) predicts for the splits and for the rungs, as one model with a mean.

    It sees no noise on the one-hot values.
    """
    heads = Heads(("mean",), tuple(store.target_names))
    splits = {split: store.tokens[store.rows(split)] for split in SPLITS}
    rungs = {part_name(ladder, number): rung.tokens for ladder in ladders for number, rung in enumerate(ladder)}
    parts = {UNSHIFTED: store.tokens[ladders[0].rows], **rungs}
    own, shifted = (
        Predictions({name: predict(tokens)[None].astype(np.float32) for name, tokens in each.items()}, heads, [-1])
        for each in (splits, parts)
    )
    return own, shifted


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
    with read_hdf5(path, "file of predictions for shifted sequences", digest=digest) as file:
        return get_predictions(file, [UNSHIFTED, *names])


def means_of(predictions: Predictions) -> dict[str, np.ndarray]:
    """Return the mean activity that models predict together for each part, float64 (n, T)."""
    return {part: predictions.heads.select(predictions.mean(part), "mean") for part in predictions.values}
