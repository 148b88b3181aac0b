"""What augmentations share: checks of their options, draws of lengths, and sequences that are put together anew."""

import numpy as np

from degu.errors import DeguError

# The place of a new random base in an index map.
RANDOM = -1


def check_lengths(minimum: int, maximum: int, length: int, *, where: str) -> None:
    """Check the smallest and the largest number of bases of a segment.

    Parameters
    ----------
    minimum, maximum
        The numbers of bases.
    length
        The number L of bases of a sequence without its flanks.
    where
        The augmentation, for error messages.

    Raises
    ------
    DeguError
        If not 0 <= minimum <= maximum <= L.
    """
    if minimum < 0:
        raise DeguError(f"{minimum} bases", where=f"{where}.minimum", expected="0 or more", remedy="write 0 for none")
    if maximum < minimum:
        raise DeguError(
            f"at most {maximum} bases, and at least {minimum}",
            where=f"{where}.maximum",
            expected=f"{minimum} or more, as `minimum` says",
            remedy="raise `maximum`, or lower `minimum`",
        )
    if maximum > length:
        raise DeguError(
            f"at most {maximum} bases, and the sequences have {length} that may change",
            where=f"{where}.maximum",
            expected=f"{length} or fewer",
            remedy="lower `maximum`",
        )


def draw_lengths(count: int, minimum: int, maximum: int, rng: np.random.Generator) -> np.ndarray:
    """Return one number of bases a sequence, int64 (count, 1), each from minimum to maximum equally likely."""
    return rng.integers(minimum, maximum, size=(count, 1), endpoint=True)


def random_bases(tokens: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return bases A, C, G and T, each equally likely, of the shape and type of tokens."""
    return rng.integers(0, 4, size=tokens.shape, dtype=np.uint8).astype(tokens.dtype, copy=False)


def assemble(tokens: np.ndarray, source: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return sequences that are put together anew.

    Parameters
    ----------
    tokens
        Sequences, (n, L).
    source
        Index map, int (n, L): the position in its sequence that each base comes from, or `RANDOM` for a new base.
    rng
        Source of the new bases; N is never among them.

    Returns
    -------
    array of the shape and type of tokens
    """
    moved = np.take_along_axis(tokens, np.maximum(source, 0), axis=1)
    return np.where(source == RANDOM, random_bases(tokens, rng), moved)
