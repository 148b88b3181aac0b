"""Verdicts on claims, and the table of all of them."""

import numpy as np
import pandas as pd
import pytest

from degu.evaluation.claims import (
    COLUMNS,
    collect_claims,
    count_verdicts,
    covering,
    verdict,
    verdict_on_coverage,
    verdict_without_interval,
)

NAN = float("nan")


@pytest.mark.parametrize(
    ("low", "high", "above", "below"),
    [
        (1.5, 2.5, "holds", "does not hold"),
        (0.2, 0.8, "does not hold", "holds"),
        (0.9, 1.3, "undecided", "undecided"),
        # The border itself counts for either claim.
        (1.0, 2.0, "holds", "undecided"),
        (0.0, 1.0, "undecided", "holds"),
        (1.0, 1.0, "holds", "holds"),
        # An interval that could not be made decides nothing.
        (NAN, NAN, "undecided", "undecided"),
    ],
)
def test_a_claim_holds_if_the_whole_interval_says_so(low, high, above, below):
    assert verdict(low, high, 1.0) == above
    assert verdict(low, high, 1.0, above=False) == below


def test_claims_without_intervals_are_decided_by_the_effect():
    words = [verdict_without_interval(effect, 1.0) for effect in (1.2, 1.0, 0.8, NAN)]
    assert words == ["holds", "holds", "does not hold", "undecided"]
    words = [verdict_without_interval(effect, 1.0, above=False) for effect in (1.2, 1.0, 0.8)]
    assert words == ["does not hold", "holds", "holds"]


def test_intervals_keep_their_level_up_to_a_tolerance():
    ends = [(0.8, 0.84), (0.84, 0.92), (0.86, 0.92), (0.95, 1.0), (NAN, NAN)]
    assert [verdict_on_coverage(*each, 0.9) for each in ends] == [
        *("does not hold", "undecided", "holds", "holds", "undecided")
    ]
    assert covering(0.9) == "cover at least 85 %"


def test_a_true_claim_at_the_border_is_refused_once_in_forty_times():
    draws = np.random.default_rng(1).standard_normal(20_000)
    words = [verdict(value - 1.959964, value + 1.959964, 0.0) for value in draws]
    # Four standard deviations of a share of 20,000 draws.
    for word in ("holds", "does not hold"):
        assert words.count(word) / 20_000 == pytest.approx(0.025, abs=4 * np.sqrt(0.025 * 0.975 / 20_000))


def test_tables_of_other_columns_are_put_into_one():
    common = {"target": "activity", "claim": "it is so", "quantity": "r", "effect": 1.0, "verdict": "holds"}
    shift = pd.DataFrame([{**common, "student": "degu", "shift": "mutation", "low": 0.5, "high": 1.5}])
    plain = pd.DataFrame([{**common, "student": "degu", "value": 2.0}])
    empty = shift.iloc[:0]
    labels = {"dataset": "mine", "teacher": "small"}
    first, second, third = ({**labels, "topic": topic} for topic in ("shift", "shift", "a"))
    claims = collect_claims([(first, shift), (second, empty), (third, plain)])
    assert list(claims) == COLUMNS
    assert claims["case"].tolist() == ["mutation", ""]
    assert claims["topic"].tolist() == ["shift", "a"]
    assert claims["low"].isna().tolist() == [False, True]
    assert (claims[["dataset", "teacher", "student"]] == ["mine", "small", "degu"]).all(axis=None)
    assert collect_claims([(first, empty)]).empty
    assert collect_claims([]).empty


def test_verdicts_are_counted_in_words():
    claims = pd.DataFrame({"verdict": ["holds", "undecided", "holds"]})
    assert count_verdicts(claims) == "of 3 claims: 2 holds, 0 does not hold, 1 undecided"
