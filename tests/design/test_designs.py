"""Ladders of designs."""

import numpy as np

from degu.design.designs import draw_designs
from degu.design.searches import greedy

TOKENS = np.random.default_rng(1).integers(0, 4, size=(8, 20), dtype=np.uint8)
SETTINGS = {"name": "mine", "search": "greedy", "designer": "student", "penalty": 0, "target": None, "steps": [1, 4]}


def share_of_a(inserts: np.ndarray) -> np.ndarray:
    return (inserts == 0).mean(axis=1)


def test_a_ladder_begins_with_the_sequences_as_they_are_and_the_flanks_stay():
    start, one, four = draw_designs({**SETTINGS, "candidates": None}, share_of_a, TOKENS, (3, 2), 1)
    assert [rung.level for rung in (start, one, four)] == [0, 1, 4]
    np.testing.assert_array_equal(start.tokens, TOKENS)
    for rung in (one, four):
        np.testing.assert_array_equal(rung.tokens[:, :3], TOKENS[:, :3])
        np.testing.assert_array_equal(rung.tokens[:, -2:], TOKENS[:, -2:])
        others = (TOKENS[:, 3:-2] != 0).sum(axis=1)
        gained = (rung.tokens[:, 3:-2] == 0).sum(axis=1) - (TOKENS[:, 3:-2] == 0).sum(axis=1)
        np.testing.assert_array_equal(gained, np.minimum(rung.level, others))


def test_the_search_has_the_options_and_draws_of_its_own(monkeypatch):
    one, again, other, another = (
        list(draw_designs({**SETTINGS, "name": name, "candidates": 3}, share_of_a, TOKENS, (0, 0), seed))[-1].tokens
        for name, seed in (("mine", 1), ("mine", 1), ("other", 1), ("mine", 2))
    )
    np.testing.assert_array_equal(one, again)
    assert (one != other).any() and (one != another).any()
    known = {}
    monkeypatch.setattr(greedy, "search", lambda *_, **options: known.update(options) or iter([TOKENS, TOKENS]))
    list(draw_designs({**SETTINGS, "candidates": 3}, share_of_a, TOKENS, (0, 0), 1))
    assert known == {"steps": [1, 4], "candidates": 3}
