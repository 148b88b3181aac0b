"""What a standard deviation of effects is worth, on simulated effects whose uncertainty is known."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from degu.evaluation.bootstrap import GroupBootstrap
from degu.variants.uncertainty import SIZE, factor_of, judge_signs, judge_uncertainty, risk_coverage_curve

ROWS, LEVEL = 4000, 0.9


@pytest.fixture(scope="module")
def simulated():
    """Return measured and predicted effects, and the true standard deviation of the error."""
    rng = np.random.default_rng(6)
    std = rng.uniform(0.1, 1.0, ROWS)
    effect = rng.normal(size=ROWS)
    return effect + std * rng.normal(size=ROWS), effect, std


@pytest.fixture(scope="module")
def bootstrap():
    return GroupBootstrap(np.arange(ROWS), 1)


def judged(measured, effect, std, bootstrap, **options):
    rows = judge_uncertainty(measured, effect, std, bootstrap, level=LEVEL, **options)
    return {(row["recalibration"], row["reference"], row["metric"]): row for row in rows}


def test_the_true_std_covers_as_often_as_it_says(simulated, bootstrap):
    row = judged(*simulated, bootstrap)["none", "measured", "coverage"]
    assert row["low"] < LEVEL < row["high"]
    # The interval is that of a binomial share.
    half = 1.96 * np.sqrt(row["value"] * (1 - row["value"]) / ROWS)
    assert (row["low"], row["high"]) == pytest.approx((row["value"] - half, row["value"] + half), abs=0.003)


def test_too_small_a_std_covers_less_until_it_is_scaled(simulated, bootstrap):
    measured, effect, std = simulated
    factor = factor_of(measured[:2000], effect[:2000], std[:2000] / 3)
    assert factor == pytest.approx(3, rel=0.05)
    found = judged(measured, effect, std / 3, bootstrap, factor=factor)
    z = stats.norm.ppf(0.95)
    assert found["none", "measured", "coverage"]["value"] == pytest.approx(2 * stats.norm.cdf(z / 3) - 1, abs=0.02)
    assert found["std_scaling", "measured", "coverage"]["value"] == pytest.approx(LEVEL, abs=0.015)
    widths = [found[name, "measured", "interval_width"]["value"] for name in ("none", "std_scaling")]
    assert widths[0] == pytest.approx(2 * z * std.mean() / 3)
    assert widths[1] == pytest.approx(factor * widths[0])


def test_few_variants_give_no_factor(simulated):
    assert factor_of(*(values[:19] for values in simulated)) is None


def test_members_are_covered_by_their_std(simulated, bootstrap):
    measured, effect, std = simulated
    members = effect + std * np.random.default_rng(7).normal(size=(200, ROWS))
    found = judged(measured, effect, std, bootstrap, members=members)
    assert found["none", "members", "coverage"]["value"] == pytest.approx(LEVEL, abs=0.005)


def test_the_area_of_risk_falls_with_a_std_that_knows_the_errors(simulated, bootstrap):
    measured, effect, std = simulated
    known, unknown = judged(*simulated, bootstrap), judged(measured, effect, np.ones(ROWS), bootstrap)
    area, risk = (known["none", "measured", name]["value"] for name in ("risk_coverage_area", "mse"))
    order = np.argsort(std)
    squared = (measured - effect)[order] ** 2
    assert area == pytest.approx(np.mean([squared[:kept].mean() for kept in range(1, ROWS + 1)]), rel=1e-6)
    assert area < 0.5 * risk
    # A constant std leaves the risk of all.
    assert unknown["none", "measured", "risk_coverage_area"]["value"] == pytest.approx(risk)
    assert known["none", "measured", "error_correlation"]["value"] == pytest.approx(
        stats.spearmanr(np.abs(measured - effect), std)[0]
    )


def test_wrong_signs_are_named_by_the_ratio(simulated, bootstrap):
    measured, effect, std = simulated
    rows = list(judge_signs(measured, effect, {"head": std}, bootstrap))
    found = {(row["uncertainty"], row["metric"]): row for row in rows}
    wrong = np.sign(measured) != np.sign(effect)
    assert found["", "wrong_signs"]["value"] == wrong.mean()
    scores = {
        (SIZE, "auroc_of_wrong_signs"): -np.abs(effect),
        ("head", "auroc_of_wrong_signs"): std,
        ("head", "auroc_of_wrong_signs_by_ratio"): std / np.abs(effect),
    }
    for key, score in scores.items():
        assert found[key]["value"] == pytest.approx(roc_auc_score(wrong, score))
        assert found[key]["low"] < found[key]["value"] < found[key]["high"]
    size, ratio = (score[None] for score in (scores[SIZE, "auroc_of_wrong_signs"], std / np.abs(effect)))
    gain = found["head", "auroc_gain_by_ratio"]
    assert gain["value"] == pytest.approx(roc_auc_score(wrong, ratio[0]) - roc_auc_score(wrong, size[0]))
    # Both areas are of the same resamples, so their difference varies less than either does.
    paired = stats.bootstrap(
        (*size, *ratio, wrong),
        lambda size, ratio, wrong: roc_auc_score(wrong, ratio) - roc_auc_score(wrong, size),
        **{"paired": True, "vectorized": False, "n_resamples": 300, "method": "percentile", "rng": 1},
    ).confidence_interval
    assert (gain["low"], gain["high"]) == pytest.approx(tuple(paired), abs=0.004)
    # The probability of a wrong sign depends on the ratio alone.
    best = found["head", "auroc_of_wrong_signs_by_ratio"]["value"]
    assert best > max(row["value"] for key, row in found.items() if key[0] and key[1] == "auroc_of_wrong_signs")


def test_without_wrong_signs_there_is_no_area(bootstrap):
    effect = np.ones(ROWS)
    (row,) = judge_signs(effect, effect, {"head": effect}, bootstrap)
    assert (row["metric"], row["value"]) == ("wrong_signs", 0)


def test_a_prediction_of_no_effect_has_the_wrong_sign():
    effect = np.array([0.0, 1.0, 1.0, 1.0])
    rows = list(judge_signs(np.ones(4), effect, {"head": np.ones(4)}, GroupBootstrap(np.arange(4), 1)))
    assert rows[0]["value"] == 0.25
    assert {row["metric"]: row["value"] for row in rows[1:] if row["uncertainty"]}["auroc_of_wrong_signs_by_ratio"] == 1


def test_the_curve_of_risk_and_coverage(simulated):
    measured, effect, std = simulated
    curve = risk_coverage_curve(measured, effect, std)
    squared = (measured - effect) ** 2
    for _, row in curve.iterrows():
        kept = round(row["kept"] * ROWS)
        by_std, by_error = squared[np.argsort(std)][:kept], np.sort(squared)[:kept]
        assert row["error"] == pytest.approx(np.sqrt(by_std.mean() / squared.mean()), rel=0.01)
        assert row["oracle"] == pytest.approx(np.sqrt(by_error.mean() / squared.mean()), rel=0.01)
