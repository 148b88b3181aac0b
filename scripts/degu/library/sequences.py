"""The sequences that a person gives: strings, tokens or one-hot arrays."""

from typing import Any

import numpy as np

from degu.data.sequences import N_TOKEN, as_tokens
from degu.errors import DeguError
from degu.package.construct import Construct

_ONE_HOT = "a one-hot array of shape (N, L, 4), its last axis in the order A, C, G, T, and all zero for N"


def tokens_of(sequences: Any) -> np.ndarray:
    """Return sequences as tokens, uint8 (N, L).

    Parameters
    ----------
    sequences
        N strings of the letters ACGTN, upper or lower case; or tokens, integers from 0 to 4 of shape (N, L); or a
        one-hot array of shape (N, L, 4), its last axis in the order A, C, G, T, and all zero for N. All
        have one length.

    Raises
    ------
    DeguError
        If they are anything else.
    """
    array = np.asarray(sequences) if hasattr(sequences, "ndim") else None
    if array is None or array.ndim != 3 or array.dtype.kind not in "biuf":
        return as_tokens(sequences)
    return _tokens_of_one_hot(array)


def constructs_of(sequences: Any, construct: Construct) -> np.ndarray:
    """Return the constructs, uint8 (N, L), of sequences that have the length of the insert or of the whole construct.

    Parameters
    ----------
    sequences
        As `tokens_of` takes them.
    construct
        The DNA that a model takes.

    Raises
    ------
    DeguError
        If they are no sequences, or have another length.
    """
    tokens = tokens_of(sequences)
    length = tokens.shape[1]
    if length == construct.length:
        return tokens
    if length == construct.insert:
        return construct.around(tokens)
    flanks = f", or {construct.length} with both flanks" if construct.insert < construct.length else ""
    raise DeguError(
        f"the sequences have {length} bases",
        expected=f"{construct.insert} bases, as in training{flanks}",
        remedy="cut them or take more bases from around them, so that they are like those that were measured",
    )


def _tokens_of_one_hot(array: np.ndarray) -> np.ndarray:
    if array.shape[2] != 4:
        letters_second = array.shape[1] == 4
        raise DeguError(
            f"an array of shape {array.shape} was given",
            expected=_ONE_HOT,
            remedy="write x.transpose(0, 2, 1)" if letters_second else None,
        )
    if array.size == 0:
        raise DeguError(f"there are no sequences in an array of shape {array.shape}", expected=_ONE_HOT)
    sums = array.sum(axis=2)
    bad = ~(np.isin(array, (0, 1)).all(axis=2) & (sums <= 1))
    if bad.any():
        row, position = map(int, np.argwhere(bad)[0])
        values = ", ".join(f"{value:g}" for value in array[row, position])
        uniform = (array[row, position] == array[row, position, 0]).all()
        raise DeguError(
            f"sequence {row + 1} has the values {values} at position {position + 1}",
            expected=_ONE_HOT,
            remedy="write zeros for an unknown base" if uniform else "give bases, and not probabilities of bases",
        )
    return np.where(sums > 0, array.argmax(axis=2), N_TOKEN).astype(np.uint8)
