"""What the tests of augmentations share: sequences whose bases tell where they come from, and checks."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping

import numpy as np
import pytest
from scipy import stats

from degu.errors import DeguError

# Chance that a right augmentation fails a check of its distribution; the seeds are fixed.
SIGNIFICANCE = 1e-4
_FIRST = ord("a")


def lettered(rows: int, length: int) -> np.ndarray:
    """Return equal rows in which each position has a value of its own, which is no base: `abc...`."""
    return np.tile(np.arange(_FIRST, _FIRST + length), (rows, 1))


def patterns(result: np.ndarray) -> list[str]:
    """Return lettered sequences as strings, with `?` in place of each base, which is new."""
    return ["".join("?" if value < 4 else chr(value) for value in row) for row in result]


def random_tokens(rows: int, length: int, *, seed: int = 0, letters: int = 5) -> np.ndarray:
    """Return random sequences, of N too if there are five letters."""
    return np.random.default_rng(seed).integers(0, letters, size=(rows, length), dtype=np.uint8)


def check_distribution(drawn: Iterable[Hashable], probability: Mapping) -> None:
    """Check that nothing else is drawn, and everything as often as it should."""
    counts = Counter(drawn)
    assert set(counts) <= set(probability)
    assert sum(probability.values()) == pytest.approx(1)
    expected = [chance * counts.total() for chance in probability.values()]
    assert min(expected) >= 5
    observed = [counts[outcome] for outcome in probability]
    assert len(observed) == 1 or stats.chisquare(observed, expected).pvalue > SIGNIFICANCE


def check_new_bases(result: np.ndarray) -> None:
    """Check that the new bases among lettered sequences are A, C, G and T alike."""
    check_distribution(result[result < _FIRST].tolist(), dict.fromkeys(range(4), 0.25))


def check_contract(augment: Callable, **options: object) -> None:
    """Check what `degu.data.augmentation` says of every augmentation of tokens."""
    tokens = random_tokens(40, 30)
    before = tokens.copy()
    result = augment(tokens, np.random.default_rng(1), **options)
    np.testing.assert_array_equal(tokens, before)
    assert result.shape == tokens.shape and result.dtype == np.uint8 and result.max() <= 4
    assert not np.shares_memory(result, tokens)
    np.testing.assert_array_equal(augment(tokens, np.random.default_rng(1), **options), result)
    assert (augment(tokens, np.random.default_rng(2), **options) != result).any()
    for dtype in (np.int8, np.int32, np.int64):
        other = augment(tokens.astype(dtype), np.random.default_rng(1), **options)
        assert other.dtype == dtype
        np.testing.assert_array_equal(other, result)
    same = np.repeat(tokens[:1], 40, axis=0)
    assert len(np.unique(augment(same, np.random.default_rng(3), **options), axis=0)) > 1
    assert augment(tokens[:0], np.random.default_rng(4), **options).shape == (0, 30)


def check_refused(augment: Callable, options: Mapping, place: str, *, length: int = 30) -> None:
    """Check that options are refused, and that the message says what, where, what was expected and what to do."""
    with pytest.raises(DeguError) as caught:
        augment(random_tokens(3, length), np.random.default_rng(0), **options)
    first, expected, remedy = str(caught.value).splitlines()
    assert first.startswith(f"augmentations.{place}: ")
    assert expected.startswith("  expected: ") and remedy.startswith("  remedy: ")


# Numbers of bases that are refused for sequences of 30 bases, and the option that is named.
REFUSED_LENGTHS = [
    ({"minimum": -1, "maximum": 5}, "minimum"),
    ({"minimum": 6, "maximum": 5}, "maximum"),
    ({"maximum": -1}, "maximum"),
    ({"maximum": 31}, "maximum"),
]
