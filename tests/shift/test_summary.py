"""The table of shifts and its claims, against the tables that they come from."""

import numpy as np
import pandas as pd
import pytest

from degu.shift.assessment import CIRCULAR, TRUTH, assess_shifts
from degu.shift.comparison import compare_with_members
from degu.shift.summary import CLAIM_COLUMNS, check_shift_claims, summarize_shifts
from tests.shift.ladders import populations
from tests.shift.test_assessment import SETTINGS


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    own, members, students = populations(tmp_path_factory.mktemp("ladders"))
    found = [
        assess_shifts(own, *models, SETTINGS, model=kind, family="normal")
        for models, kind in ((members, "member"), (students, "student"))
    ]
    scores, intervals = (
        pd.concat(
            [getattr(one, name).assign(method=method) for one, method in zip(found, ("small", "degu"), strict=True)]
        )
        for name in ("scores", "intervals")
    )
    return scores, intervals, compare_with_members(own, students[1], members[1]).assign(method="degu")


def test_the_table_has_the_means_over_seeds_of_each_rung(tables):
    scores, _, _ = tables
    summary = summarize_shifts(scores)
    row = summary.query("shift == 'mutated' and rung == 2 and model == 'member'").iloc[0]
    own = scores.query("shift == 'mutated' and rung == 2 and model == 'member'")
    for column, metric, reference, uncertainty in (
        ("mse", "mse", TRUTH, ""),
        ("mse_as_published", "mse", CIRCULAR, ""),
        ("epistemic_std", "mean_std", "", "epistemic"),
        ("auroc_of_large_errors", "auroc_of_large_errors", TRUTH, "epistemic"),
    ):
        kinds = own[["metric", "reference", "uncertainty"]].eq([metric, reference, uncertainty]).all(axis=1)
        assert row[column] == pytest.approx(own.loc[kinds, "value"].mean())
    assert (row["seeds"], row["reference"]) == (5, TRUTH)
    assert len(summary) == (4 + 2) * 3


def verdicts(claims, shift="mutated"):
    own = claims[claims["shift"] == shift]
    return dict(zip(own["claim"], own["verdict"], strict=True))


def test_claims_are_judged_by_intervals_at_the_largest_shift(tables):
    scores, intervals, comparisons = tables
    claims = check_shift_claims(scores, comparisons, intervals)
    assert list(claims) == CLAIM_COLUMNS
    known = verdicts(claims)
    # Students err half as much as members here, and a little more than a mean of five.
    assert known["student errs less than its members against the truth"] == "holds"
    against = next(name for name in known if "its ensemble against the truth" in name)
    assert known[against] in ("does not hold", "undecided")
    row = claims[(claims["shift"] == "mutated") & claims["claim"].str.contains("its members against the truth")].iloc[0]
    last = comparisons[(comparisons["shift"] == "mutated") & (comparisons["rung"] == 3)]
    last = last[(last["reference"] == TRUTH) & (last["against"] == "member")].iloc[0]
    assert (row["effect"], row["low"], row["high"]) == (last["ratio"], last["low"], last["high"])


@pytest.mark.parametrize(
    ("low", "high", "verdict"), [(0.5, 0.9, "holds"), (1.1, 1.3, "does not hold"), (0.9, 1.1, "undecided")]
)
def test_an_interval_that_holds_1_leaves_it_open(tables, low, high, verdict):
    scores, intervals, comparisons = tables
    changed = comparisons.assign(low=low, high=high)
    known = verdicts(check_shift_claims(scores, changed, intervals))
    assert known["student errs less than its members against the truth"] == verdict


def test_the_std_is_compared_with_the_error_from_rung_to_rung(tables):
    scores, intervals, comparisons = tables

    def with_stds(values):
        changed = scores.copy()
        kinds = (changed["metric"] == "mean_std") & (changed["uncertainty"] == "epistemic")
        changed.loc[kinds, "value"] = changed.loc[kinds, "rung"].map(dict(enumerate(values)))
        errors = (changed["metric"] == "mse") & (changed["reference"] == TRUTH)
        changed.loc[errors, "value"] = changed.loc[errors, "rung"].map({0: 1.0, 1: 2.0, 2: 4.0, 3: 3.0})
        claims = check_shift_claims(changed, comparisons, intervals)
        name = "epistemic std rises where the error does"
        return claims[(claims["shift"] == "mutated") & (claims["claim"] == name)].iloc[0]

    assert (with_stds([0.1, 0.2, 0.4, 0.3])[["effect", "verdict"]] == [1.0, "holds"]).all()
    assert (with_stds([0.4, 0.3, 0.1, 0.2])[["effect", "verdict"]] == [-1.0, "does not hold"]).all()


def test_intervals_that_cover_too_little_do_not_hold(tables):
    scores, intervals, comparisons = tables
    name = "90 % intervals of the method split cover as much at the largest shift"
    assert verdicts(check_shift_claims(scores, comparisons, intervals.assign(coverage=0.7)))[name] == "does not hold"
    assert verdicts(check_shift_claims(scores, comparisons, intervals.assign(coverage=0.89)))[name] == "holds"
    assert name not in verdicts(check_shift_claims(scores, comparisons, intervals.iloc[:0]))
    assert np.isfinite(check_shift_claims(scores, comparisons, intervals)["effect"]).all()


@pytest.mark.parametrize(
    ("ends", "verdict"), [((0.1, 0.3), "holds"), ((-0.3, -0.1), "does not hold"), ((-0.1, 0.1), "undecided")]
)
def test_the_std_rises_with_the_shift_if_the_interval_of_its_trend_does(tables, ends, verdict):
    scores, intervals, comparisons = tables
    known = {"trend": np.mean(ends), "trend_low": ends[0], "trend_high": ends[1]}
    changed = scores.assign(value=scores["metric"].map(known).fillna(scores["value"]))
    assert (
        verdicts(check_shift_claims(changed, comparisons, intervals))["epistemic std rises with the shift"] == verdict
    )
