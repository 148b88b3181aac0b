"""Sequences unlike those of an assay: of any GC content, of tandem repeats, or with a stretch of repeats or of N."""

from collections.abc import Sequence

import numpy as np

from degu.config.values import check_within
from degu.data.sequences import N_TOKEN

# A part of the sequences is held out for validation, so one alone is too few.
RANGES = {"number": {"at_least": 2}}
NUMBER = "number"
# Longest unit of a tandem repeat, as those of microsatellites.
_LONGEST_UNIT = 6
# Half of the repeats have changed bases, up to this share of them.
_MOST_CHANGED = 0.1


def draw(training: np.ndarray, flanks: Sequence[int], rng: np.random.Generator, *, number: int) -> np.ndarray:
    """Return sequences that a model meets in a genome, but hardly in an assay.

    About a quarter of them each are random bases of a GC content between 0 and 1, tandem repeats of units of one to six
    bases, training sequences with a stretch of such a repeat, and training sequences with a stretch of N. A stretch is
    a quarter of the sequence or longer.

    Parameters
    ----------
    training
        The training sequences, tokens (n, L).
    flanks
        Numbers of constant bases left and right, which are kept.
    rng
        Source of draws.
    number
        The number of sequences, 2 or more.

    Returns
    -------
    tokens (number, L)

    Raises
    ------
    DeguError
        If the number is below 2.
    """
    check_within(number, RANGES["number"], where="source.number")
    within = slice(flanks[0], training.shape[1] - flanks[1])
    tokens = training[rng.integers(len(training), size=number)]
    own = tokens[:, within]
    repeats = _repeats(own.shape, rng)
    kinds = [
        _random(own.shape, rng),
        repeats,
        _with_stretch(own, repeats, rng),
        _with_stretch(own, np.full_like(own, N_TOKEN), rng),
    ]
    tokens[:, within] = np.stack(kinds)[rng.integers(len(kinds), size=number), np.arange(number)]
    return tokens


def _random(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Return random bases, uint8 (n, L), of a GC content of its own for each sequence."""
    strong = rng.random(shape) < rng.random((shape[0], 1))
    either = rng.integers(2, size=shape)
    # The tokens of A, C, G and T are 0 to 3.
    return np.where(strong, 1 + either, 3 * either).astype(np.uint8)


def _repeats(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Return tandem repeats, uint8 (n, L), with changed bases in half of them."""
    number, length = shape
    units = rng.integers(4, size=(number, _LONGEST_UNIT))
    sizes = rng.integers(1, _LONGEST_UNIT + 1, size=(number, 1))
    repeats = np.take_along_axis(units, np.arange(length) % sizes, axis=1)
    rates = rng.uniform(0, _MOST_CHANGED, size=(number, 1)) * rng.integers(2, size=(number, 1))
    return np.where(rng.random(shape) < rates, rng.integers(4, size=shape), repeats).astype(np.uint8)


def _with_stretch(tokens: np.ndarray, other: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return sequences, (n, L), of which a stretch is that of the other ones."""
    number, length = tokens.shape
    sizes = rng.integers(-(-length // 4), length + 1, size=(number, 1))
    starts = rng.integers(length - sizes + 1)
    place = np.arange(length)
    return np.where((place >= starts) & (place < starts + sizes), other, tokens)
