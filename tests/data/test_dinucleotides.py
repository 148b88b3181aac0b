"""Dinucleotide shuffles against counts and against all that there are of a short sequence."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from degu.data import dinucleotides
from degu.data.dinucleotides import shuffle
from degu.data.sequences import decode, encode


def random_tokens(*shape: int, seed: int = 0, letters: int = 5) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, letters, size=shape, dtype=np.uint8)


def steps_of(sequence: str) -> Counter:
    return Counter(pairwise(sequence))


def shuffles_of(sequence: str, number: int, seed: int = 0) -> list[str]:
    return decode(shuffle(encode([sequence]), number, np.random.default_rng(seed))[0])


# Skewed compositions make long runs and letters that are left only once.
@pytest.mark.parametrize(
    "composition", [(0.2, 0.2, 0.2, 0.2, 0.2), (0.25, 0.25, 0.25, 0.25, 0), (0.9, 0.04, 0.02, 0.02, 0.02)]
)
@pytest.mark.parametrize("length", [3, 10, 249])
def test_every_dinucleotide_is_kept_as_often_and_the_first_and_last_base(composition, length):
    rng = np.random.default_rng(1)
    tokens = rng.choice(5, size=(30, length), p=composition).astype(np.uint8)
    shuffles = shuffle(tokens, 5, rng)
    assert shuffles.shape == (30, 5, length) and shuffles.dtype == np.uint8
    for sequence, own in zip(decode(tokens), shuffles, strict=True):
        for other in decode(own):
            assert steps_of(other) == steps_of(sequence)
            assert (other[0], other[-1]) == (sequence[0], sequence[-1])


def every_shuffle_of(sequence: str) -> list[str]:
    """Return all walks over the same steps from the first letter."""

    def walks(begun: str, left: Counter) -> Iterator[str]:
        if not left:
            yield begun
        for step in left:
            if step[0] == begun[-1]:
                yield from walks(begun + step[1], left - Counter([step]))

    return list(walks(sequence[0], steps_of(sequence)))


@pytest.mark.parametrize(
    "sequence",
    [
        "AAACAAAA",
        "ACAGACGA",
        "AACCAACA",
        "ANCANACN",
        # Of the steps that leave C, one leads on to the end and two go back to A: those are drawn again.
        "CACACTCG",
        "CACACGCTGT",
        "CACATACGTGCAAT",
    ],
)
def test_every_sequence_of_the_same_dinucleotides_is_as_likely(sequence):
    possible = every_shuffle_of(sequence)
    assert sequence in possible and len(set(possible)) == len(possible) > 2
    drawn = Counter(shuffles_of(sequence, 100 * len(possible) + 400))
    assert set(drawn) <= set(possible)
    assert stats.chisquare([drawn[other] for other in possible]).pvalue > 1e-4


def test_a_longer_sequence_is_left_in_no_place():
    sequence = "".join(np.random.default_rng(2).choice(list("ACGT"), size=200))
    shuffles = shuffles_of(sequence, 200)
    assert len(set(shuffles)) == 200
    same = np.mean([[a == b for a, b in zip(other, sequence, strict=True)] for other in shuffles], axis=0)
    assert same[5:-5].mean() < 0.3


@pytest.mark.parametrize(
    "sequence",
    ["A" * 249, "A" * 120 + "C" + "A" * 128, "A" * 248 + "C", "C" + "A" * 248, "N" * 249, "AC" * 124 + "A", "ACG" * 83],
)
def test_sequences_of_low_complexity_are_shuffled(sequence):
    assert all(steps_of(other) == steps_of(sequence) for other in shuffles_of(sequence, 400))


def test_a_repeat_that_one_step_leads_out_of_is_shuffled():
    sequence = "CA" * 60 + "CT"
    assert all(steps_of(other) == steps_of(sequence) for other in shuffles_of(sequence, 50))


@pytest.mark.parametrize("sequence", ["A", "N", "AC", "AA", "ACG", "AAA", "ACGTACGTN"])
def test_sequences_that_have_no_other_order_stay_as_they_are(sequence):
    tokens = encode([sequence] * 3)
    shuffles = shuffle(tokens, 4, np.random.default_rng(0))
    np.testing.assert_array_equal(shuffles, np.repeat(tokens[:, None], 4, axis=1))


def test_what_is_shuffled_is_not_changed():
    tokens = random_tokens(10, 30)
    before = tokens.copy()
    shuffle(tokens, 3, np.random.default_rng(0))
    np.testing.assert_array_equal(tokens, before)


def test_shuffles_come_from_the_seed_alone():
    tokens = random_tokens(10, 30)
    first, again, other = (shuffle(tokens, 3, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any(axis=2).all()


@pytest.mark.parametrize("block", [1, 4, 7, 1000])
def test_any_number_of_sequences_and_shuffles_is_made_in_blocks(monkeypatch, block):
    monkeypatch.setattr(dinucleotides, "_BLOCK", block)
    tokens = random_tokens(7, 40)
    shuffles = shuffle(tokens, 3, np.random.default_rng(4))
    for sequence, own in zip(decode(tokens), shuffles, strict=True):
        assert {frozenset(steps_of(other).items()) for other in decode(own)} == {frozenset(steps_of(sequence).items())}
    assert len(set(decode(shuffles.reshape(21, 40)))) == 21


def test_no_sequences_have_no_shuffles():
    assert shuffle(np.empty((0, 9), dtype=np.uint8), 3, np.random.default_rng(0)).shape == (0, 3, 9)
