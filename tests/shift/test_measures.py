"""What is measured of one model, against closed forms and many draws."""

import numpy as np
import pytest
from scipy import stats

from degu.data.sequences import gc_content
from degu.outputs.heads import Heads
from degu.prediction.ensemble import Predictions
from degu.shift.measures import (
    calibration_scores,
    error_scores,
    interval_rows,
    rows_of_part,
    uncertainty_scores,
)
from degu.uncertainty.predictive import predictives
from degu.uncertainty.rows import Rows

HEADS = Heads(("mean", "aleatoric", "epistemic"), ("a", "b"))


def rows(n, seed, bias=0.0, std=1.0, gc=0.5):
    """Return rows that err by a normal deviate of twice the predicted total std, and their sequences."""
    rng = np.random.default_rng(seed)
    mean = rng.normal(size=n)
    tokens = np.where(rng.random((n, 40)) < gc, 1 + rng.integers(2, size=(n, 40)), 3 * rng.integers(2, size=(n, 40)))
    tokens = tokens.astype(np.uint8)
    stds = {"epistemic": np.full(n, 0.6 * std), "aleatoric": np.full(n, 0.8 * std), "total": np.full(n, std)}
    measured = mean + bias + 2 * std * rng.standard_normal(n)
    return Rows(measured, mean, stds, covariates={"gc": gc_content(tokens)}), tokens


def value(found, **labels):
    chosen = [row for row in found if all(row[name] == wanted for name, wanted in labels.items())]
    assert len(chosen) == 1, labels
    return chosen[0]["value"]


def test_rows_are_those_of_one_target_and_part():
    values = np.random.default_rng(1).uniform(1, 2, size=(3, 7, 6)).astype(np.float32)
    ensemble = list(predictives(Predictions({"x": values}, HEADS, [1, 2, 3]), "member"))[-1]
    tokens = np.zeros((7, 9), dtype=np.uint8)
    found = rows_of_part(ensemble, "x", 1, tokens, None)
    np.testing.assert_allclose(found.mean, values[:, :, 1].mean(axis=0), rtol=1e-6)
    aleatoric = np.sqrt(np.square(values[:, :, 3]).mean(axis=0))
    epistemic = np.sqrt(values[:, :, 1].var(axis=0) + np.square(values[:, :, 5]).mean(axis=0))
    np.testing.assert_allclose(found.std["total"], np.hypot(aleatoric, epistemic), rtol=1e-5)
    np.testing.assert_allclose(found.members, values[:, :, 1])
    assert np.isnan(found.measured).all()
    np.testing.assert_array_equal(rows_of_part(ensemble, "x", 0, tokens, np.arange(7.0)).measured, np.arange(7.0))


def test_errors_come_by_each_reference():
    own, _ = rows(200, 1, bias=0.5)
    found = list(error_scores(own, {"measured": own.measured, "itself": own.mean}))
    assert value(found, reference="itself", metric="mse") == 0
    assert value(found, reference="measured", metric="pearson") == pytest.approx(
        stats.pearsonr(own.mean, own.measured).statistic
    )


def test_a_larger_std_detects_the_shift():
    plain, _ = rows(100, 1)
    own, _ = rows(150, 2, std=1.5)
    found = list(uncertainty_scores(own, plain, "measured", own.measured))
    for kind, factor in (("epistemic", 0.6), ("aleatoric", 0.8), ("total", 1.0)):
        assert value(found, uncertainty=kind, metric="auroc_of_shift") == 1
        assert value(found, uncertainty=kind, metric="mean_std") == pytest.approx(1.5 * factor)
        # A constant std has the mean squared error of all rows.
        risk = value(found, uncertainty=kind, metric="risk_coverage_area")
        assert risk == pytest.approx(np.mean((own.mean - own.measured) ** 2))
        assert value(found, uncertainty=kind, metric="auroc_of_large_errors") == 0.5


def test_scaling_repairs_a_std_that_is_half_of_what_it_should_be():
    calibration, _ = rows(3000, 1)
    own, _ = rows(3000, 2)
    found = list(calibration_scores(calibration, own, ["coverage"], "normal"))
    before = value(found, uncertainty="total", recalibration="none")
    after = value(found, uncertainty="total", recalibration="std_scaling")
    assert before == pytest.approx(stats.norm.cdf(1.96 / 2) * 2 - 1, abs=0.03)
    assert after == pytest.approx(0.95, abs=0.015)


def test_weights_by_gc_repair_the_coverage_of_sequences_of_another_gc_content():
    """The error grows with the GC content, so that split intervals cover too little where it is high."""
    settings = {
        "features": ["gc"],
        "conformal": {"split": {"method": "absolute"}, "weighted": {"method": "weighted"}},
        "level": 0.9,
    }
    found: dict[str, list[float]] = {"split": [], "weighted": []}
    for seed in range(40):
        parts = []
        for number, gc in ((0, 0.5), (1, 0.6)):
            own, tokens = rows(600, 2 * seed + number, gc=gc)
            rng = np.random.default_rng([seed, number])
            noise = np.exp(6 * (own.covariates["gc"] - 0.5)) * rng.standard_normal(600)
            parts.append((Rows(own.mean + noise, own.mean, own.std, covariates=own.covariates), tokens))
        for row in interval_rows(*parts, settings, "normal"):
            if row["conformal"] in found:
                found[row["conformal"]].append(row["coverage"])
    assert np.mean(found["split"]) < 0.8
    assert np.mean(found["weighted"]) == pytest.approx(0.9, abs=0.02)
