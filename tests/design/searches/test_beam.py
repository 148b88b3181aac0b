"""Beam search, against all sequences that a few substitutions reach."""

import itertools

import numpy as np
import pytest

from degu.design.searches import beam, greedy
from tests.design.searches.scores import additive, changes, sums

LENGTH = 5
EVERY = np.array(list(itertools.product(range(4), repeat=LENGTH)), dtype=np.uint8)
TOKENS = EVERY[[0, 77, 301, 1000]]
# A score without any order, so that a single best step is a bad guide.
RUGGED = np.random.default_rng(3).standard_normal(len(EVERY))


def rugged(tokens: np.ndarray) -> np.ndarray:
    return RUGGED[tokens.astype(int) @ 4 ** np.arange(LENGTH)[::-1]]


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_wide_beam_finds_the_best_of_all_sequences_within_reach(steps):
    (found,) = beam.search(rugged, TOKENS, np.random.default_rng(1), steps=[steps], width=2000)
    for start, design in zip(TOKENS, found, strict=True):
        near = EVERY[changes(EVERY, start[None]) <= steps]
        np.testing.assert_array_equal(design, near[rugged(near).argmax()])


def test_a_wider_beam_is_no_worse_and_better_at_times():
    tokens = EVERY[::37]
    one, four, many = (
        rugged(next(beam.search(rugged, tokens, np.random.default_rng(1), steps=[4], width=width)))
        for width in (1, 4, 2000)
    )
    assert (many >= one).all() and (many >= four).all()
    assert one.mean() < four.mean() < many.mean()


def test_a_beam_of_one_is_a_greedy_search():
    weights, _ = additive(LENGTH)
    for score in (rugged, sums(weights)):
        own, other = (
            list(search(score, TOKENS, np.random.default_rng(1), steps=[1, 2, 4], **options))
            for search, options in ((beam.search, {"width": 1}), (greedy.search, {}))
        )
        np.testing.assert_array_equal(own, other)


def test_the_score_never_falls_and_no_more_bases_change_than_there_are_steps():
    found = beam.search(rugged, TOKENS, np.random.default_rng(1), steps=[1, 2, 3, 5], width=3, candidates=4)
    before = rugged(TOKENS)
    for steps, designs in zip([1, 2, 3, 5], found, strict=True):
        assert (rugged(designs) >= before).all()
        assert (changes(designs, TOKENS) <= steps).all()
        before = rugged(designs)


def test_results_do_not_depend_on_how_many_sequences_are_scored_together(monkeypatch):
    known = list(beam.search(rugged, TOKENS, np.random.default_rng(1), steps=[3], candidates=4))
    monkeypatch.setattr(beam, "_BASES_AT_ONCE", 1)
    np.testing.assert_array_equal(
        known, list(beam.search(rugged, TOKENS, np.random.default_rng(1), steps=[3], candidates=4))
    )


def test_a_sequence_without_known_bases_stays_as_it_is():
    tokens = np.full((2, LENGTH), 4, dtype=np.uint8)
    (found,) = beam.search(lambda tokens: np.zeros(len(tokens)), tokens, np.random.default_rng(1), steps=[2])
    np.testing.assert_array_equal(found, tokens)
