"""Greedy search, against additive scores, where the best sequence of any number of changes is known."""

import numpy as np

from degu.data.sequences import N_TOKEN
from degu.design.searches.greedy import search
from tests.design.searches.scores import additive, changes, sums

TOKENS = np.random.default_rng(2).integers(0, 4, size=(6, 12), dtype=np.uint8)


def test_each_step_makes_the_substitution_that_gains_most():
    weights, best = additive(12)
    found = dict(enumerate(search(sums(weights), TOKENS, np.random.default_rng(1), steps=range(1, 13)), 1))
    for start, row in zip(TOKENS, range(len(TOKENS)), strict=True):
        gains = weights[np.arange(12), best] - weights[np.arange(12), start]
        order = np.argsort(-gains)
        for steps, designs in found.items():
            expected = start.copy()
            expected[order[:steps]] = best[order[:steps]]
            np.testing.assert_array_equal(designs[row], expected)


def test_a_search_stays_at_the_best_sequence():
    weights, best = additive(12)
    first, second = search(sums(weights), TOKENS, np.random.default_rng(1), steps=[12, 20])
    assert (first == best).all() and (second == best).all()


def test_some_candidates_are_no_better_than_all_and_the_same_seed_finds_the_same():
    weights, _ = additive(12)
    score = sums(weights)
    (every,) = search(score, TOKENS, np.random.default_rng(1), steps=[5])
    (some,) = search(score, TOKENS, np.random.default_rng(1), steps=[5], candidates=6)
    (again,) = search(score, TOKENS, np.random.default_rng(1), steps=[5], candidates=6)
    np.testing.assert_array_equal(some, again)
    assert (score(every) >= score(some)).all() and (score(every) > score(some)).any()
    assert (score(some) >= score(TOKENS)).all()
    assert (changes(some, TOKENS) <= 5).all()


def test_an_unknown_base_stays():
    weights, best = additive(12)
    tokens = TOKENS.copy()
    tokens[:, 3] = N_TOKEN
    (found,) = search(sums(weights), tokens, np.random.default_rng(1), steps=[15])
    assert (found[:, 3] == N_TOKEN).all()
    assert (np.delete(found, 3, axis=1) == np.delete(best, 3)).all()
