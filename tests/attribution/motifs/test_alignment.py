"""Patterns aligned with their best matches, by hand."""

import numpy as np
import pytest

from degu.attribution.motifs.alignment import align_patterns, letter_heights
from tests.attribution.motifs.small_patterns import DATABASE, aligned, matches_of, pattern


def test_a_pattern_is_aligned_by_its_core_with_its_best_match():
    first, second = aligned(ensemble=2)["Dev", "ensemble"]
    np.testing.assert_array_equal(first.contributions, pattern().contributions[3:7])
    assert (first.seqlets, second.seqlets) == (50, 49)
    assert (first.start, first.name, first.q, first.significant) == (-1, "FIRST", 0.01, True)
    # A base that is certain has two bits.
    for own in (first, second):
        np.testing.assert_allclose(own.match, 2 * np.eye(4)[[0, 1, 2, 3, 0, 0]])


def test_a_pattern_of_the_other_strand_is_turned_to_that_of_the_match():
    _, second = aligned(ensemble=2)["Dev", "ensemble"]
    # The reverse complement of ACGT is ACGT, with its contributions the other way round.
    np.testing.assert_allclose(second.contributions, -np.eye(4) * [0.3, 0.4, 0.4, 0.2])
    # ACGTAA turned begins one before the core and ends one behind it.
    assert second.start == -1
    longer = {("MA1.1", "FIRST"): np.concatenate([DATABASE["MA1.1", "FIRST"], np.eye(4)[[2, 2]]])}
    matches = matches_of(("Dev", "ensemble", 0, 1, "MA1.1", "FIRST", 0.01, -1, True))
    (own,) = align_patterns({"ensemble": {"Dev": [pattern()]}}, matches, longer, 0.05)["Dev", "ensemble"]
    # The motif has eight bases from -1 on and the core four: three lie behind the core, and come first when turned.
    assert own.start == -3


@pytest.mark.parametrize(("q", "significant"), [(0.01, True), (0.05, True), (0.3, False)])
def test_a_match_counts_up_to_the_highest_q_value(q, significant):
    matches = matches_of(("Dev", "ensemble", 0, 1, "MA2.1", "SECOND", q, 0, False))
    (own,) = align_patterns({"ensemble": {"Dev": [pattern()]}}, matches, DATABASE, 0.05)["Dev", "ensemble"]
    assert (own.name, own.q, own.significant) == ("SECOND", q, significant)


def test_every_target_and_model_has_its_own_patterns():
    patterns = {
        "ensemble": {"Dev": [pattern(seqlets=9)], "Hk": []},
        "student": {"Dev": [], "Hk": [pattern(seqlets=7)]},
    }
    rows = [(*key, 0, 1, "MA1.1", "FIRST", 0.01, 0, False) for key in (("Dev", "ensemble"), ("Hk", "student"))]
    result = align_patterns(patterns, matches_of(*rows), DATABASE, 0.05)
    assert {key: [one.seqlets for one in own] for key, own in result.items()} == {
        ("Dev", "ensemble"): [9],
        ("Hk", "ensemble"): [],
        ("Dev", "student"): [],
        ("Hk", "student"): [7],
    }


def test_letters_are_as_high_as_frequencies_times_information():
    values = np.array([[1, 0, 0, 0], [0.5, 0.5, 0, 0], [0.25] * 4, [0.7, 0.1, 0.1, 0.1]])
    entropy = -(0.7 * np.log2(0.7) + 0.3 * np.log2(0.1))
    expected = values * np.array([[2], [1], [0], [2 - entropy]])
    np.testing.assert_allclose(letter_heights(values), expected, atol=1e-12)
