"""Strategies beside random choice."""

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from degu.acquisition.summary import (
    CHOICE,
    DISTILLATION,
    TRAINING,
    break_even,
    check_claims,
    compare,
    costs_of_strategies,
    curves,
    interval,
    labels_needed,
    mean_height,
)

LABELS = [100, 200, 400]
SEEDS = [1, 2, 3, 4]
STRATEGIES = ["random", "student_epistemic", "ensemble_epistemic"]
KNOWN = {"dataset": "mine", "teacher": "big", "student": "plain", "target": "activity", "head": "mean"}


def scores(seed=0, ahead=0.0, references=("measured", "truth")):
    """Return scores of each strategy; all but random choice are ahead by about the same."""
    rng = np.random.default_rng(seed)
    keys = itertools.product(STRATEGIES, SEEDS, LABELS, ("ensemble", "student"), references, ("pearson", "mse"))
    rows = []
    for strategy, number, labels, model, reference, metric in keys:
        known = {"strategy": strategy, "seed": number, "round": LABELS.index(labels) + 1, "labels": labels}
        value = 0.5 + 0.001 * labels + 0.01 * rng.standard_normal() + ahead * (strategy != "random")
        value = value if metric == "pearson" else 1 - value
        rows.append({**KNOWN, **known, "model": model, "reference": reference, "metric": metric, "value": value})
    return pd.DataFrame(rows)


def costs(strategies=STRATEGIES):
    passes = {"random": 0, "student_epistemic": 1, "ensemble_epistemic": 5, "total": 1}
    flops = {"random": 0, "student_epistemic": 30, "ensemble_epistemic": 50, "total": 30}
    rows = []
    for strategy, seed, number in itertools.product(strategies, (1, 2), (1, 2, 3)):
        candidates = 1000 - 100 * number
        asked = candidates * (number < 3)
        known = {**KNOWN, "strategy": strategy, "seed": seed, "round": number, "candidates": candidates}
        rows += [
            {**known, "work": TRAINING, "passes": 0, "flops": 7000.0 * number},
            {**known, "work": DISTILLATION, "passes": 0, "flops": 4000.0 * number},
            {**known, "work": CHOICE, "passes": passes[strategy] * asked, "flops": float(flops[strategy] * asked)},
        ]
    return pd.DataFrame(rows)


def test_the_interval_is_that_of_a_t_test():
    values = [0.3, 0.5, 0.45, 0.7]
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    np.testing.assert_allclose(interval(values), [np.mean(values), *expected])
    assert np.isnan(interval([0.3])[1:]).all()


def test_a_curve_holds_the_mean_of_each_number_of_labels_with_its_interval():
    table, own = curves(scores()), scores()
    assert len(table) == 3 * 3 * 2 * 2 * 2
    query = "strategy == 'random' and labels == 200 and model == 'student' and reference == 'truth' and metric == 'mse'"
    (row,) = table.query(query).to_dict("records")
    values = own.query(query)["value"]
    np.testing.assert_allclose([row["value"], row["low"], row["high"]], interval(values.to_numpy()))
    assert row["seeds"] == 4


def test_curves_leave_out_other_heads_and_the_comparison_of_a_student_with_its_ensemble():
    own = scores()
    more = pd.concat([own, own.assign(head="epistemic"), own.assign(reference="ensemble")])
    pd.testing.assert_frame_equal(curves(more), curves(own))


def test_the_advantage_is_taken_seed_by_seed_and_positive_where_a_strategy_is_better():
    own = scores(ahead=0.05)
    table = compare(own).query("strategy == 'total' or strategy == 'student_epistemic'")
    for metric, sign in (("pearson", 1), ("mse", -1)):
        known = own.query(f"model == 'ensemble' and reference == 'truth' and metric == '{metric}'")
        areas = []
        for seed in SEEDS:
            one, random = (
                known.query(f"strategy == '{name}' and seed == {seed}").sort_values("labels")["value"].to_numpy()
                for name in ("student_epistemic", "random")
            )
            gain = sign * (one - random)
            # The trapezoids have the widths 100 and 200.
            areas.append((100 * (gain[0] + gain[1]) / 2 + 200 * (gain[1] + gain[2]) / 2) / 300)
        (row,) = table.query(
            f"model == 'ensemble' and reference == 'truth' and metric == '{metric}' and quantity == 'area'"
        ).to_dict("records")
        np.testing.assert_allclose([row["mean"], row["low"], row["high"]], interval(areas))
        assert row["low"] > 0


def test_the_height_of_a_constant_curve_is_its_value_and_that_of_a_line_its_middle():
    table = pd.DataFrame([[2.0, 2.0, 2.0], [0.0, 1.0, 3.0]], columns=[100, 200, 400])
    np.testing.assert_allclose(mean_height(table), [2.0, 1.5])


@pytest.mark.parametrize(
    ("goal", "expected"), [(0.1, 100), (0.3, 100), (0.4, 150), (0.5, 200), (0.6, 300), (0.7, 400), (0.8, np.inf)]
)
def test_the_labels_that_are_needed_lie_on_the_line_between_two_rounds(goal, expected):
    needed = labels_needed(np.array([100.0, 200.0, 400.0]), np.array([0.3, 0.5, 0.7]), goal)
    assert needed == pytest.approx(expected)


def test_a_curve_that_falls_in_between_reaches_a_goal_where_it_is_first_as_high():
    assert labels_needed(np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.0, 1.0, 0.0, 1.0]), 0.5) == 1.5


def test_the_share_of_labels_is_that_at_which_the_mean_curve_is_as_high_as_random_choice_ends():
    own = scores(ahead=0.1)
    own["value"] = own["value"].round(9)
    table = compare(own).query("quantity == 'labels' and model == 'student' and metric == 'pearson'")
    means = own.query("model == 'student' and metric == 'pearson' and reference == 'truth'")
    means = means.groupby(["strategy", "labels"])["value"].mean()
    expected = np.interp(means["random", 400], means["student_epistemic"], LABELS) / 400
    (share,) = table.query("strategy == 'student_epistemic' and reference == 'truth'")["mean"]
    assert share == pytest.approx(expected)
    late = compare(scores(ahead=-0.1)).query("quantity == 'labels' and metric == 'pearson'")
    assert np.isinf(late["mean"]).all()


@pytest.mark.parametrize(("ahead", "verdict"), [(0.1, "holds"), (-0.1, "does not hold")])
def test_a_claim_holds_where_its_interval_says_so(ahead, verdict):
    own = scores(ahead=ahead)
    claims = check_claims(own, compare(own), costs_of_strategies(costs()))
    ahead_of_random = claims[claims["claim"].str.endswith("ahead of random choice")]
    assert len(ahead_of_random) == 4
    assert set(ahead_of_random["verdict"]) == {verdict}
    np.testing.assert_allclose(ahead_of_random["effect"], ahead, atol=0.02)


def test_a_claim_about_noise_is_undecided():
    own = scores().assign(value=np.random.default_rng(3).standard_normal(len(scores())))
    claims = check_claims(own, compare(own), costs_of_strategies(costs()))
    assert "undecided" in set(claims["verdict"])


def test_measurements_are_the_reference_where_there_is_no_truth():
    own = scores(ahead=0.1, references=("measured",))
    claims = check_claims(own, compare(own), costs_of_strategies(costs()))
    assert claims["claim"].str.endswith("ahead of random choice").sum() == 4


def test_a_student_chooses_as_well_as_its_ensemble_within_a_tolerance():
    own = scores()
    same = own[own["strategy"] == "ensemble_epistemic"]
    for behind, verdict in ((0.0, "holds"), (0.005, "holds"), (0.02, "does not hold")):
        student = same.assign(strategy="student_epistemic", value=same["value"] - behind)
        table = pd.concat([own[own["strategy"] != "student_epistemic"], student])
        claims = check_claims(table, compare(table), costs_of_strategies(costs()))
        (own_verdict,) = claims.query("model == 'student' and claim.str.contains('no more than')")["verdict"]
        assert own_verdict == verdict


def test_costs_are_means_over_the_rounds_in_which_something_is_chosen():
    table = costs_of_strategies(costs()).set_index("strategy")
    assert table["candidates"].tolist() == [850.0] * 3
    assert table["passes_per_candidate"].tolist() == [0.0, 1.0, 5.0]
    assert table["choice_per_candidate"].tolist() == [0.0, 30.0, 50.0]
    assert table["training"].tolist() == [10500.0] * 3
    assert table["distillation"].tolist() == [6000.0] * 3


def test_a_student_is_cheaper_from_the_number_on_at_which_both_ways_cost_the_same():
    table = costs_of_strategies(costs())
    number = break_even(table)
    assert 6000 + 30 * number == pytest.approx(50 * number)
    claims = check_claims(scores(), compare(scores()), table)
    (row,) = claims[claims["quantity"] == "candidates from which on it does"].to_dict("records")
    assert (row["effect"], row["verdict"]) == (300.0, "holds")
    dear = table.assign(choice_per_candidate=[0.0, 50.0, 50.0])
    assert break_even(dear) == np.inf


def test_without_both_of_them_the_student_is_not_compared_with_its_ensemble():
    own = scores().replace({"strategy": {"ensemble_epistemic": "total"}})
    claims = check_claims(own, compare(own), costs_of_strategies(costs(["random", "student_epistemic", "total"])))
    assert claims["claim"].str.endswith("ahead of random choice").all()
