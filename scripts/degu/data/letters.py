"""The letters of DNA, and what is told of others."""

from collections.abc import Collection, Iterable
from itertools import compress

import numpy as np

from degu.errors import DeguError, name_rows

ALPHABET = "ACGTN"
_LETTERS = frozenset(ALPHABET + ALPHABET.lower())
# The letters of IUPAC for one of several bases, and X, which some programs write for any.
_AMBIGUOUS = "RYSWKMBDHVX"
_INVISIBLE = {" ": "a blank", "\t": "a tab", "\n": "a line break", "\r": "a line break", "\u00a0": "a blank (no-break)"}


def check_letters(sequences: Collection[str], *, where: object, rows: Iterable[int], or_else: str = "") -> None:
    """Check that sequences, which may differ in length, hold no other letters than ACGTN; see `encode`.

    Raises
    ------
    DeguError
        If one holds another letter. The message names its position.
    """
    held = [not _LETTERS.issuperset(sequence) for sequence in sequences]
    refuse_letters(sequences, held, np.asarray(rows), "row", where, or_else)


def is_invisible(letter: str) -> bool:
    """Return whether a letter is a blank or the like."""
    return letter.isspace() or not letter.isprintable()


def refuse_letters(
    sequences: Iterable[str], held: list[bool] | np.ndarray, rows: np.ndarray, word: str, where: object, or_else: str
) -> None:
    """Raise an error about the first bad letter of the sequences that hold one, if any does."""
    held = np.asarray(held)
    if held.any():
        sequence = next(compress(sequences, held))
        position = next(place for place, letter in enumerate(sequence) if letter not in _LETTERS)
        found = f"{name_rows(rows[held], word=word)} ({held.sum():,} of {len(held):,})"
        raise _other_letter(sequence[position], position, found, where, or_else)


def _other_letter(letter: str, position: int, found: str, where: object, or_else: str) -> DeguError:
    """Return the error for a letter outside the alphabet, with advice that changes no base that is known."""
    name = f"letter '{letter}'"
    if is_invisible(letter):
        name = _INVISIBLE.get(letter, f"the invisible character U+{ord(letter):04X}")
        remedy = "remove it, because it is no base"
    elif letter in "Uu":
        remedy = "write T in place of U, which stands in RNA"
    elif letter.upper() in _AMBIGUOUS:
        remedy = "replace unknown bases by N"
    else:
        remedy = "N stands for a base that is unknown, and not for one that is absent: correct the sequence"
    return DeguError(
        f"{name} at position {position + 1}, {found}",
        where=where,
        expected=f"letters {ALPHABET}",
        remedy=f"{remedy}{or_else}",
    )
