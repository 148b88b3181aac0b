"""Substitutions of single bases, against all that can be written down."""

import numpy as np

from degu.data.sequences import N_TOKEN, decode, encode
from degu.design.substitutions import substitutions


def by_hand(text: str) -> set[str]:
    """Return all sequences that differ from one in one base."""
    return {
        text[:place] + base + text[place + 1 :] for place in range(len(text)) for base in "ACGT" if base != text[place]
    }


def test_all_substitutions_are_there_once():
    tokens = encode(["ACGTT", "GGGCA"])
    changed = substitutions(tokens, np.random.default_rng(1), None)
    assert changed.shape == (2, 15, 5) and changed.dtype == np.uint8
    for text, own in zip(decode(tokens), changed, strict=True):
        assert sorted(decode(own)) == sorted(by_hand(text))


def test_as_many_different_ones_are_drawn_as_are_asked_for_and_all_are_as_likely():
    tokens = encode(["ACGTT"] * 4000)
    changed = substitutions(tokens, np.random.default_rng(1), 4)
    assert changed.shape == (4000, 4, 5)
    texts = [decode(own) for own in changed]
    assert all(len(set(own)) == 4 and set(own) <= by_hand("ACGTT") for own in texts)
    counts = np.unique([text for own in texts for text in own], return_counts=True)[1]
    # 16,000 draws of 15 kinds: five standard deviations of a share of 4 in 15.
    assert len(counts) == 15
    assert np.abs(counts - 4000 * 4 / 15).max() < 5 * np.sqrt(4000 * 4 / 15 * 11 / 15)


def test_more_than_there_are_stand_for_all():
    tokens = encode(["ACG"])
    for number in (9, 100):
        assert set(decode(substitutions(tokens, np.random.default_rng(1), number)[0])) == by_hand("ACG")


def test_an_unknown_base_stays():
    tokens = encode(["ANG"])
    changed = substitutions(tokens, np.random.default_rng(1), None)[0]
    assert (changed[:, 1] == N_TOKEN).all()
    assert set(decode(changed)) == {"ANG", *(f"{base}NG" for base in "CGT"), *(f"AN{base}" for base in "ACT")}
