"""DNA as tokens: A0 C1 G2 T3, N4.

Sequences are stored and passed as `uint8` tokens of shape (N, L); one-hot arrays of shape (..., L, 4),
in the order ACGT with N all zero, are made per batch and never stored.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from degu.config.bases import ALPHABET, is_invisible
from degu.data.letters import refuse_letters
from degu.errors import DeguError, name_rows

N_TOKEN = 4
_UNKNOWN = 255
# Sequences joined at a time, to keep memory flat.
_BLOCK = 1 << 15
_EXPECTED = "a list of strings, or tokens (integers from 0 to 4 for A, C, G, T and N) of shape (N, L)"

_TOKEN_OF_BYTE = np.full(256, _UNKNOWN, dtype=np.uint8)
for _token, _letter in enumerate(ALPHABET):
    _TOKEN_OF_BYTE[ord(_letter)] = _TOKEN_OF_BYTE[ord(_letter.lower())] = _token
_BYTE_OF_TOKEN = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)
_ONE_HOT = np.eye(5, 4, dtype=np.float32)
_COMPLEMENT = np.array([3, 2, 1, 0, 4], dtype=np.uint8)


def encode(
    sequences: Sequence[str],
    *,
    where: object = None,
    rows: Iterable[int] | None = None,
    word: str = "row",
    or_else: str = "",
) -> np.ndarray:
    """Turn sequences of one length into tokens.

    Parameters
    ----------
    sequences
        N strings of the letters ACGTN, upper or lower case.
    where, rows
        The file they come from and their row numbers in it, for error messages. Without rows, the sequences are
        counted from 1 on.
    word
        What a message calls a row of the file.
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
    word = "sequence" if rows is None else word
    rows = np.arange(1, len(sequences) + 1) if rows is None else np.asarray(rows)
    lengths = np.fromiter((len(sequence) for sequence in sequences), dtype=np.int64, count=len(sequences))
    length = int(np.bincount(lengths).argmax())
    if length == 0:
        raise DeguError("the sequences are empty", where=where)
    odd = np.flatnonzero(lengths != length)
    if odd.size:
        # Blanks or the like may be all that differs.
        held = [not sequence.isalpha() and any(map(is_invisible, sequence)) for sequence in sequences]
        refuse_letters(sequences, held, rows, word, where, or_else)
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
    refuse_letters(sequences, tokens.max(axis=1) == _UNKNOWN, rows, word, where, or_else)
    return tokens


def as_tokens(sequences: Any, *, check_lengths: Callable[[np.ndarray], None] | None = None) -> np.ndarray:
    """Return the sequences that a person gives as tokens, uint8 (N, L).

    Parameters
    ----------
    sequences
        N strings of one length, or an array of tokens, integers from 0 to 4 of shape (N, L).
    check_lengths
        Is called with the lengths of strings, and may refuse them with a message of its own.

    Raises
    ------
    DeguError
        If they are anything else: one string, a set, one-hot arrays, other letters, or tokens out of range.
    """
    if isinstance(sequences, np.ndarray) and sequences.ndim == 0:
        sequences = sequences.item()
    if isinstance(sequences, str | bytes):
        raise DeguError("one string was given", expected="a list of strings", remedy="write [sequence]")
    if isinstance(sequences, set | frozenset | Mapping):
        raise _without_order(sequences)
    if not isinstance(sequences, Iterable):
        raise DeguError(f"{sequences!r} was given", expected=_EXPECTED)
    array = _as_array(sequences)
    if array.size == 0:
        raise DeguError(f"there are no sequences in what was given, of shape {array.shape}", expected=_EXPECTED)
    if array.dtype.kind in "iu":
        return _checked_tokens(array)
    if array.ndim > 1:
        raise DeguError(
            f"an array of {array.dtype} and shape {array.shape} was given",
            expected=_EXPECTED,
            remedy=_advice(array, table=hasattr(sequences, "columns")),
        )
    given = list(sequences)
    for number, sequence in enumerate(given, 1):
        if not isinstance(sequence, str):
            remedy = "write sequence.decode() for each" if isinstance(sequence, bytes) else None
            raise DeguError(
                f"sequence {number} is {sequence!r}", expected="strings of the letters ACGTN", remedy=remedy
            )
    if check_lengths is not None and given:
        check_lengths(np.array([len(sequence) for sequence in given]))
    return encode(given)


def _without_order(sequences: set | frozenset | Mapping) -> DeguError:
    named = isinstance(sequences, Mapping)
    return DeguError(
        f"a {type(sequences).__name__} was given",
        expected="a list of strings, in whose order the predictions come",
        remedy="write list(x.values()), if its values are the sequences" if named else "write sorted(x), and keep it",
    )


def _as_array(sequences: Iterable) -> np.ndarray:
    try:
        return np.asarray(sequences)
    except ValueError as error:
        raise DeguError(
            "rows of different lengths were given", expected=_EXPECTED, remedy="pad the shorter ones with 4, for N"
        ) from error


def _advice(array: np.ndarray, *, table: bool = False) -> str | None:
    """Return what to do about an array that is no array of tokens (N, L), if it can be told from its values."""
    values = array.ravel()
    if table and array.dtype.kind not in "bf":
        return "give the column that holds the sequences, such as table['sequence']"
    if all(isinstance(value, str) for value in values):
        if all(len(value) == 1 for value in values):
            return "join the letters of each sequence: [''.join(row) for row in x]"
        return "write x.ravel() for the strings in one row after another"
    if array.dtype.kind not in "bfiu":
        return "write x.astype(int), if it holds tokens" if array.ndim == 2 else None
    if array.ndim == 2 and values.max() > 1 and np.isin(values, range(N_TOKEN + 1)).all():
        return "write x.astype(int), if it holds tokens"
    axis = -1 if array.shape[-1] == 4 else -2
    if array.shape[axis] == 4:
        one = "[None]" if array.ndim == 2 else ""
        return f"turn one-hot arrays x into tokens: np.where(x.any(axis={axis}), x.argmax(axis={axis}), 4){one}"
    return None


def _checked_tokens(array: np.ndarray) -> np.ndarray:
    if array.ndim != 2:
        raise DeguError(
            f"tokens of shape {array.shape} were given",
            expected="(N, L), one row for each sequence",
            remedy="write tokens[None] for one sequence" if array.ndim == 1 else _advice(array),
        )
    bad = (array < 0) | (array > N_TOKEN)
    if bad.any():
        row, position = map(int, np.argwhere(bad)[0])
        raise DeguError(
            f"token {array[row, position]} at position {position + 1}, sequence {row + 1}",
            expected="0, 1, 2, 3 and 4 for A, C, G, T and N",
        )
    axes = [axis for axis in (0, 1) if array.shape[axis] == 4 and array.sum(axis=axis).max() <= 1]
    if axes and array.max() <= 1:
        raise DeguError(
            f"zeros and ones of shape {array.shape} were given, which may be one one-hot sequence or {len(array)} of "
            "tokens",
            expected=_EXPECTED,
            remedy=f"{_advice(array)}; or give the sequences as strings, if there are {len(array)}",
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


def other_strand(tokens: np.ndarray, flanks: Sequence[int] = (0, 0)) -> np.ndarray:
    """Return sequences, (N, L), whose insert is its reverse complement; the constant flanks (left, right) stay."""
    within = slice(flanks[0], tokens.shape[1] - flanks[1])
    turned = tokens.copy()
    turned[:, within] = reverse_complement(tokens[:, within])
    return turned


def other_strand_of_values(values: np.ndarray, flanks: Sequence[int] = (0, 0)) -> np.ndarray:
    """Return one-hot values, (N, L, 4), whose insert is its reverse complement; the constant flanks stay."""
    within = slice(flanks[0], values.shape[1] - flanks[1])
    turned = values.copy()
    # Turned round, the channels A, C, G, T are those of the complements.
    turned[:, within] = values[:, within][:, ::-1, ::-1]
    return turned


def gc_content(tokens: np.ndarray) -> np.ndarray:
    """Return the fraction of G and C among the known bases, shape (N,), from tokens of shape (N, L).

    A sequence of N alone has 0.5.
    """
    known = (tokens != N_TOKEN).sum(axis=-1)
    strong = ((tokens == 1) | (tokens == 2)).sum(axis=-1)
    return np.where(known > 0, strong / np.maximum(known, 1), 0.5)


def canonical(tokens: np.ndarray) -> np.ndarray:
    """Return a key per sequence, shape (N,), equal for a sequence and its reverse complement.

    N at the ends does not count, since it may fill up a shorter sequence on one side.
    """
    # Tokens are moved off zero, since NumPy's byte strings drop trailing zeros.
    keys: list[np.ndarray] = [
        (_moved_to_the_left(part) + 1).view(f"S{tokens.shape[1]}").ravel()
        for part in (tokens, reverse_complement(tokens))
    ]
    return np.where(keys[0] <= keys[1], *keys)


def _moved_to_the_left(tokens: np.ndarray) -> np.ndarray:
    """Return a copy of sequences, (N, L), whose N at the left end has been moved to the right end."""
    moved = np.array(tokens, order="C")
    first = (tokens != N_TOKEN).argmax(axis=1)
    for shift in np.unique(first[first > 0]):
        rows = first == shift
        moved[rows] = np.roll(tokens[rows], -shift, axis=1)
    return moved
