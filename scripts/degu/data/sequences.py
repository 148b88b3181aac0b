"""DNA as tokens: A0 C1 G2 T3, N4.

Sequences are stored and passed as `uint8` tokens of shape (N, L); one-hot arrays of shape (..., L, 4),
in the order ACGT with N all zero, are made per batch and never stored.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from degu.errors import DeguError, name_rows

ALPHABET = "ACGTN"
N_TOKEN = 4
_UNKNOWN = 255
# The letters of IUPAC for one of several bases, and X, which some programs write for any.
_AMBIGUOUS = "RYSWKMBDHVX"
_INVISIBLE = {" ": "a blank", "\t": "a tab", "\n": "a line break", "\r": "a line break", "\u00a0": "a blank (no-break)"}
# Sequences joined at a time, to keep memory flat.
_BLOCK = 1 << 15

_TOKEN_OF_BYTE = np.full(256, _UNKNOWN, dtype=np.uint8)
for _token, _letter in enumerate(ALPHABET):
    _TOKEN_OF_BYTE[ord(_letter)] = _TOKEN_OF_BYTE[ord(_letter.lower())] = _token
_BYTE_OF_TOKEN = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)
_ONE_HOT = np.eye(5, 4, dtype=np.float32)
_COMPLEMENT = np.array([3, 2, 1, 0, 4], dtype=np.uint8)


def encode(
    sequences: Sequence[str], *, where: object = None, rows: Iterable[int] | None = None, or_else: str = ""
) -> np.ndarray:
    """Turn sequences of one length into tokens.

    Parameters
    ----------
    sequences
        N strings of the letters ACGTN, upper or lower case.
    where, rows
        The file they come from and their row numbers in it, for error messages. Without rows, the sequences are
        counted from 1 on.
    or_else
        What else a person can do about a bad sequence than to correct it.

    Returns
    -------
    uint8 array of shape (N, L)

    Raises
    ------
    DeguError
        If there are none, their lengths differ, or one holds another letter.
    """
    if len(sequences) == 0:
        raise DeguError("there are no sequences", where=where)
    word = "sequence" if rows is None else "row"
    rows = np.arange(1, len(sequences) + 1) if rows is None else np.asarray(rows)
    lengths = np.fromiter((len(sequence) for sequence in sequences), dtype=np.int64, count=len(sequences))
    length = int(np.bincount(lengths).argmax())
    if length == 0:
        raise DeguError("the sequences are empty", where=where)
    odd = np.flatnonzero(lengths != length)
    if odd.size:
        _refuse_invisible(sequences, rows, word, where, or_else)
        raise DeguError(
            f"sequences differ in length: {name_rows(rows[odd], word=word)} "
            f"({odd.size:,} of {len(sequences):,}), the first with {lengths[odd[0]]} bases",
            where=where,
            expected=f"{length} bases, as most have",
            remedy=f"trim or pad them to one length{or_else}",
        )
    tokens = np.empty((len(sequences), length), dtype=np.uint8)
    for start in range(0, len(sequences), _BLOCK):
        block = sequences[start : start + _BLOCK]
        letters = np.frombuffer("".join(block).encode("latin-1", "replace"), dtype=np.uint8)
        tokens[start : start + _BLOCK] = _TOKEN_OF_BYTE[letters].reshape(-1, length)
    bad = np.flatnonzero(tokens.max(axis=1) == _UNKNOWN)
    if bad.size:
        row = int(bad[0])
        position = int(np.argmax(tokens[row] == _UNKNOWN))
        letter = next(iter(sequences[row : row + 1]))[position]
        found = f"{name_rows(rows[bad], word=word)} ({bad.size:,} of {len(sequences):,})"
        raise _other_letter(letter, position, found, where, or_else)
    return tokens


def _is_invisible(letter: str) -> bool:
    return letter.isspace() or not letter.isprintable()


def _refuse_invisible(sequences: Iterable[str], rows: np.ndarray, word: str, where: object, or_else: str) -> None:
    """Raise an error if sequences of several lengths hold blanks or the like, since those may be all that differs."""
    held = [not sequence.isalpha() and any(map(_is_invisible, sequence)) for sequence in sequences]
    if any(held):
        sequence = next(sequence for sequence, bad in zip(sequences, held, strict=True) if bad)
        position = next(place for place, letter in enumerate(sequence) if _is_invisible(letter))
        found = f"{name_rows(rows[held], word=word)} ({sum(held):,} of {len(held):,})"
        raise _other_letter(sequence[position], position, found, where, or_else)


def _other_letter(letter: str, position: int, found: str, where: object, or_else: str) -> DeguError:
    """Return the error for a letter outside the alphabet, with advice that changes no base that is known."""
    name = f"letter '{letter}'"
    if _is_invisible(letter):
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


def as_tokens(sequences: Any) -> np.ndarray:
    """Return the sequences that a person gives as tokens, uint8 (N, L).

    Parameters
    ----------
    sequences
        N strings of one length, or an array of tokens, integers from 0 to 4 of shape (N, L).

    Raises
    ------
    DeguError
        If they are anything else: one string, one-hot arrays, other letters, or tokens out of range.
    """
    if isinstance(sequences, str | bytes):
        raise DeguError("one string was given", expected="a list of strings", remedy="write [sequence]")
    array = np.asarray(sequences)
    if array.dtype.kind in "iu":
        return _checked_tokens(array)
    if array.ndim > 1:
        raise DeguError(
            f"an array of {array.dtype} and shape {array.shape} was given",
            expected="a list of strings, or tokens (integers from 0 to 4 for A, C, G, T and N) of shape (N, L)",
            remedy="turn one-hot arrays x into tokens: np.where(x.any(axis=-1), x.argmax(axis=-1), 4)",
        )
    given = list(sequences)
    for number, sequence in enumerate(given, 1):
        if not isinstance(sequence, str):
            raise DeguError(f"sequence {number} is {sequence!r}", expected="strings of the letters ACGTN")
    return encode(given)


def _checked_tokens(array: np.ndarray) -> np.ndarray:
    if array.ndim != 2:
        one = array.ndim == 1
        raise DeguError(
            f"tokens of shape {array.shape} were given",
            expected="(N, L), one row for each sequence",
            remedy="write tokens[None] for one sequence" if one else "turn one-hot arrays x into x.argmax(axis=-1)",
        )
    bad = (array < 0) | (array > N_TOKEN)
    if bad.any():
        row, position = map(int, np.argwhere(bad)[0])
        raise DeguError(
            f"token {array[row, position]} at position {position + 1}, sequence {row + 1}",
            expected="0, 1, 2, 3 and 4 for A, C, G, T and N",
        )
    return array.astype(np.uint8)


def decode(tokens: np.ndarray) -> list[str]:
    """Turn tokens of shape (N, L) into N strings."""
    letters = np.ascontiguousarray(_BYTE_OF_TOKEN[tokens])
    return [row.tobytes().decode() for row in letters]


def one_hot(tokens: np.ndarray) -> np.ndarray:
    """Turn tokens of shape (..., L) into a float32 one-hot array of shape (..., L, 4), N all zero."""
    return _ONE_HOT[tokens]


def reverse_complement(tokens: np.ndarray) -> np.ndarray:
    """Return the reverse complement of tokens of shape (..., L)."""
    return _COMPLEMENT[tokens[..., ::-1]]


def gc_content(tokens: np.ndarray) -> np.ndarray:
    """Return the fraction of G and C among the known bases, shape (N,), from tokens of shape (N, L).

    A sequence of N alone has 0.5.
    """
    known = (tokens != N_TOKEN).sum(axis=-1)
    strong = ((tokens == 1) | (tokens == 2)).sum(axis=-1)
    return np.where(known > 0, strong / np.maximum(known, 1), 0.5)


def canonical(tokens: np.ndarray) -> np.ndarray:
    """Return a key per sequence, shape (N,), equal for a sequence and its reverse complement."""
    forward = np.ascontiguousarray(tokens)
    reverse = np.ascontiguousarray(reverse_complement(tokens))
    # Tokens are moved off zero, since NumPy's byte strings drop trailing zeros.
    keys: list[np.ndarray] = [(part + 1).view(f"S{tokens.shape[1]}").ravel() for part in (forward, reverse)]
    return np.where(keys[0] <= keys[1], *keys)
