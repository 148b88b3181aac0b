"""Letters of sequences that are no bases, of which the first is told with its row."""

from collections.abc import Collection, Iterable
from itertools import compress

import numpy as np

from degu.config.bases import LETTERS, other_letter
from degu.errors import name_rows


def check_letters(sequences: Collection[str], *, where: object, rows: Iterable[int], or_else: str = "") -> None:
    """Check that sequences, which may differ in length, hold no other letters than ACGTN; see `encode`.

    Raises
    ------
    DeguError
        If one holds another letter. The message names its position.
    """
    held = [not LETTERS.issuperset(sequence) for sequence in sequences]
    refuse_letters(sequences, held, np.asarray(rows), "row", where, or_else)


def refuse_letters(
    sequences: Iterable[str], held: list[bool] | np.ndarray, rows: np.ndarray, word: str, where: object, or_else: str
) -> None:
    """Raise an error about the first bad letter of the sequences that hold one, if any does."""
    held = np.asarray(held)
    if held.any():
        sequence = next(compress(sequences, held))
        position = next(place for place, letter in enumerate(sequence) if letter not in LETTERS)
        found = f"{name_rows(rows[held], word=word)} ({held.sum():,} of {len(held):,})"
        raise other_letter(sequence[position], position, found, where=where, or_else=or_else)
