"""What the models of a recipe predict for shifted sequences."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from degu.data.store import SequenceStore
from degu.formats.hdf5 import read_hdf5
from degu.outputs.heads import Heads
from degu.prediction.ensemble import Predictions, get_predictions
from degu.shift.ladder import Ladder

# The part of the sequences as they are.
UNSHIFTED = "unshifted"


def part_name(ladder: Ladder, number: int) -> str:
    """Return the name under which the predictions for a rung, counted from 0, are kept."""
    return f"{ladder.name}-{number}"


class Parts(Mapping[str, np.ndarray]):
    """What models predict from, by the name of each part. Only the parts that are asked for are read into memory.

    Parameters
    ----------
    store
        The data set.
    ladders
        The ladders. The first one says which sequences are predicted as they are; all ladders but those that have a
        start share its rows.
    with_values
        Whether parts are one-hot values (n, L, 4) where these are not those of the tokens; else all are tokens (n, L).
    """

    def __init__(self, store: SequenceStore, ladders: Sequence[Ladder], *, with_values: bool = True) -> None:
        self._store, self._rows, self._with_values = store, ladders[0].rows, with_values
        self._rungs = {
            part_name(ladder, number): (ladder, number) for ladder in ladders for number in range(len(ladder.levels))
        }

    def __getitem__(self, part: str) -> np.ndarray:
        """Return the sequences as they are, or those of a rung."""
        if part == UNSHIFTED:
            return self._store.tokens[self._rows]
        ladder, number = self._rungs[part]
        rung = ladder.rung(number)
        return rung.seen if self._with_values else rung.tokens

    def __iter__(self) -> Iterator[str]:
        """Go through the names of the parts."""
        return iter([UNSHIFTED, *self._rungs])

    def __len__(self) -> int:
        """Return the number of parts."""
        return 1 + len(self._rungs)


def predictions_of(
    predict: Callable[[np.ndarray], np.ndarray], targets: Sequence[str], parts: Mapping[str, np.ndarray]
) -> Predictions:
    """Return what a function of tokens (n, L) predicts for some parts, (n, T), as one model with a mean."""
    values = {name: predict(tokens)[None].astype(np.float32) for name, tokens in parts.items()}
    return Predictions(values, Heads(("mean",), tuple(targets)), [-1])


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
