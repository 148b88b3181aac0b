"""Claims about shifts, against the tables that they come from."""

import numpy as np
import pandas as pd
import pytest

from degu.shift import claims as claims_module
from degu.shift.claims import CLAIM_COLUMNS, TRANSFER_CLAIM_COLUMNS, check_shift_claims, check_transfer_claims
from degu.shift.references import TRUTH

ENDS = ("", "_low", "_high")


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


def test_the_std_is_compared_with_the_error_from_rung_to_rung(tables, monkeypatch):
    scores, intervals, comparisons = tables

    def with_stds(values):
        changed = scores.copy()
        kinds = (changed["metric"] == "mean_std") & (changed["uncertainty"] == "epistemic")
        changed.loc[kinds, "value"] = changed.loc[kinds, "rung"].map(dict(enumerate(values)))
        errors = (changed["metric"] == "mse") & (changed["reference"] == TRUTH)
        changed.loc[errors, "value"] = changed.loc[errors, "rung"].map({0: 1.0, 1: 2.0, 2: 4.0, 3: 3.0})
        claims = check_shift_claims(changed, comparisons, intervals)
        name = "epistemic std rises where the error does (exact test, p = 0.083)"
        return claims[(claims["shift"] == "mutated") & (claims["claim"] == name)].iloc[0]

    # Four rungs in the same order are chance once in 24 times, on either side.
    assert (with_stds([0.1, 0.2, 0.4, 0.3])[["effect", "verdict"]] == [1.0, "undecided"]).all()
    assert (with_stds([0.4, 0.3, 0.1, 0.2])[["effect", "verdict"]] == [-1.0, "undecided"]).all()
    monkeypatch.setattr(claims_module, "_SIGNIFICANT", 0.1)
    assert (with_stds([0.1, 0.2, 0.4, 0.3])[["effect", "verdict"]] == [1.0, "holds"]).all()
    assert (with_stds([0.4, 0.3, 0.1, 0.2])[["effect", "verdict"]] == [-1.0, "does not hold"]).all()


def test_intervals_that_cover_too_little_do_not_hold(tables):
    scores, intervals, comparisons = tables
    name = "90 % intervals of the method split at the largest shift cover at least 85 %"
    assert verdicts(check_shift_claims(scores, comparisons, intervals.assign(coverage=0.7)))[name] == "does not hold"
    assert verdicts(check_shift_claims(scores, comparisons, intervals.assign(coverage=0.97)))[name] == "holds"
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


def transfer(error, std, coverage=0.9):
    """Return the verdicts on a transfer with the intervals of two ratios and the coverage of 200 sequences."""
    row = {"transfer": "there", "target": "activity", "method": "degu", "model": "student"}
    for name, ends in (("rmse", error), ("epistemic_std", std)):
        row |= {f"{name}_ratio": np.mean(ends), f"{name}_ratio_low": ends[0], f"{name}_ratio_high": ends[1]}
    intervals = {"population": "other", "calibrated_on": "own", "conformal": "split", "nominal": 0.9}
    intervals |= {"sequences": 200, "coverage": coverage, "infinite": 0.0}
    others = {"population": "own", "coverage": 0.1}, {"calibrated_on": "other", "coverage": 0.1}
    rows = [{**row, **intervals}, *({**row, **intervals, **other} for other in others)]
    claims = check_transfer_claims(pd.DataFrame([row, {**row, "model": "ensemble"}]), pd.DataFrame(rows))
    assert list(claims) == TRANSFER_CLAIM_COLUMNS
    assert set(claims["student"]) == {"degu"} and set(claims["transfer"]) == {"there"}
    return claims.set_index("claim")["verdict"]


@pytest.mark.parametrize(
    ("error", "std", "verdict"),
    [
        ((1.1, 1.3), (1.1, 1.2), "holds"),
        ((1.1, 1.3), (0.8, 0.9), "does not hold"),
        ((1.1, 1.3), (0.999999, 1.000001), "does not hold"),
        ((1.1, 1.3), (0.9, 1.1), "undecided"),
        ((0.7, 0.8), (0.8, 0.9), "holds"),
        ((0.7, 0.8), (1.1, 1.2), "does not hold"),
        ((0.7, 0.8), (1.0, 1.0), "does not hold"),
        ((0.9, 1.1), (1.1, 1.2), "undecided"),
    ],
)
def test_the_std_goes_the_way_of_the_error_if_both_are_shown_to_change_alike(error, std, verdict):
    assert transfer(error, std)["the epistemic std goes the way of the error"] == verdict


def test_the_error_is_no_larger_if_its_ratio_is_not():
    name = "the error is no larger on the other data set"
    assert [transfer(error, (1, 1))[name] for error in ((0.8, 0.9), (1.1, 1.2), (0.9, 1.1))] == [
        *("holds", "does not hold", "undecided")
    ]


def test_intervals_of_the_own_data_set_cover_enough_up_to_a_tolerance():
    name = "90 % intervals of the method split cover at least 85 %"
    for coverage, verdict in ((0.95, "holds"), (0.88, "undecided"), (0.7, "does not hold")):
        assert transfer((1.1, 1.2), (1, 1), coverage)[name] == verdict


def test_models_without_a_std_have_no_claim_about_it():
    claims = transfer((1.1, 1.2), (np.nan, np.nan))
    assert len(claims) == 2


def test_other_conformal_methods_are_judged_where_the_usual_ones_are_not_configured(tables):
    scores, intervals, comparisons = tables
    mine = intervals[intervals["conformal"] == "split"].assign(conformal="mine")
    known = verdicts(check_shift_claims(scores, comparisons, mine))
    assert [name for name in known if "of the method" in name] == [
        "90 % intervals of the method mine at the largest shift cover at least 85 %"
    ]
    row = {"transfer": "there", "target": "activity", "method": "degu", "model": "student"}
    told = pd.DataFrame([row | {f"{name}_ratio{end}": 1.0 for name in ("rmse", "epistemic_std") for end in ENDS}])
    labels = {"population": "other", "calibrated_on": "own", "conformal": "mine", "nominal": 0.9, "sequences": 100}
    labels["infinite"] = 0.0
    claims = check_transfer_claims(told, pd.DataFrame([row | labels | {"coverage": 0.9}]))
    assert claims["claim"].iloc[-1] == "90 % intervals of the method mine cover at least 85 %"


def test_without_students_there_are_no_claims(tables):
    scores, intervals, _ = tables
    claims = check_shift_claims(scores, pd.DataFrame(), intervals)
    assert claims.empty and list(claims) == CLAIM_COLUMNS


def test_intervals_that_are_mostly_infinite_show_nothing(tables):
    scores, intervals, comparisons = tables
    wide = intervals[intervals["conformal"] == "weighted"].assign(coverage=0.99, infinite=0.9)
    known = verdicts(check_shift_claims(scores, comparisons, wide))
    name = "90 % intervals of the method weighted at the largest shift, of which 90% are infinite, cover at least 85 %"
    assert known[name] == "undecided"


def test_students_are_compared_with_ridge_regression_where_it_is_among_the_scores(tables):
    scores, intervals, comparisons = tables
    name = "student errs less than k-mer ridge against the truth"
    assert name not in verdicts(check_shift_claims(scores, comparisons, intervals))
    kinds = (scores["model"] == "student") & (scores["metric"] == "mse")
    for factor, verdict in ((2.0, "holds"), (0.5, "does not hold")):
        ridge = scores[kinds].assign(model="kmer_ridge", method="small", value=factor * scores.loc[kinds, "value"])
        claims = check_shift_claims(pd.concat([scores, ridge]), comparisons, intervals)
        row = claims[(claims["shift"] == "mutated") & (claims["claim"] == name)].iloc[0]
        assert (row["verdict"], row["effect"]) == (verdict, pytest.approx(1 / factor))
