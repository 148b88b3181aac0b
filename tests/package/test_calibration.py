"""Intervals of new predictions: their guarantee on many draws, and that no row depends on the others of its batch."""

import numpy as np
import pytest
from scipy import stats

from degu.errors import DeguError
from degu.outputs.heads import standard_deviations
from degu.package.calibration import METHODS, Calibration
from degu.uncertainty.conformal import absolute, mondrian, normalized
from degu.uncertainty.rows import Rows

CONFORMAL = ("normalized", "absolute", "mondrian")


def drawn(number: int, rng: np.random.Generator, *, factor: float = 1.0) -> tuple[dict, np.ndarray]:
    """Return heads of two targets, and measurements whose spread is the predicted one times a factor."""
    mean = rng.normal(size=(number, 2))
    std = rng.uniform(0.5, 2.0, size=(number, 2))
    heads = {"mean": mean, "aleatoric": 0.6 * std, "epistemic": 0.8 * std}
    return heads, mean + factor * std * rng.normal(size=(number, 2))


def calibration_of(number: int, seed: int, **options) -> Calibration:
    rng = np.random.default_rng(seed)
    heads, measured = drawn(number, rng, **options)
    return Calibration.of_predictions(measured, heads, drawn(50, rng)[0])


@pytest.mark.parametrize("method", CONFORMAL)
@pytest.mark.parametrize("level", [0.5, 0.9])
def test_conformal_intervals_cover_what_they_promise_though_the_student_is_wrong(method, level):
    inside = []
    for seed in range(200):
        calibration = calibration_of(119, seed, factor=3)
        heads, measured = drawn(50, np.random.default_rng(10_000 + seed), factor=3)
        ends = calibration.intervals(heads, level, method)
        assert ends.shape == (50, 2, 2)
        inside.append((ends[..., 0] <= measured) & (measured <= ends[..., 1]))
    # A new score is below the k-th of n with probability k / (n + 1); 200 calibration sets leave an error of 0.003.
    rows = 23 if method == "mondrian" else 119
    assert np.mean(inside) == pytest.approx(np.ceil((rows + 1) * level) / (rows + 1), abs=0.012)


@pytest.mark.parametrize(("method", "factor"), [("predicted", 1.0), ("recalibrated", 3.0)])
def test_intervals_of_the_standard_deviation_cover_where_it_is_right(method, factor):
    calibration = calibration_of(5000, 1, factor=factor)
    heads, measured = drawn(20_000, np.random.default_rng(2), factor=factor)
    for level in (0.5, 0.8, 0.95):
        ends = calibration.intervals(heads, level, method)
        assert np.mean((ends[..., 0] <= measured) & (measured <= ends[..., 1])) == pytest.approx(level, abs=0.015)


def test_the_factor_is_the_root_mean_square_of_the_standardised_errors():
    calibration = calibration_of(200, 3, factor=2)
    total = np.sqrt(calibration.std["aleatoric"] ** 2 + calibration.std["epistemic"] ** 2)
    expected = np.sqrt(np.mean(((calibration.measured - calibration.mean) / total) ** 2, axis=0))
    np.testing.assert_allclose(calibration.factors, expected)


@pytest.mark.parametrize("method", METHODS)
def test_a_row_does_not_depend_on_the_others_of_its_batch(method):
    calibration = calibration_of(119, 4)
    heads, _ = drawn(40, np.random.default_rng(5))
    # A row that is far from all others must move no other.
    for values in heads.values():
        values[7] = 1e4
    together = calibration.intervals(heads, 0.8, method)
    alone = [calibration.intervals({name: v[[row]] for name, v in heads.items()}, 0.8, method)[0] for row in range(40)]
    np.testing.assert_allclose(together, alone)


def test_normalized_intervals_are_quantiles_of_scaled_errors():
    calibration = calibration_of(119, 6)
    heads, _ = drawn(10, np.random.default_rng(7))
    score = np.sort(np.abs(calibration.measured - calibration.mean) / calibration.std["total"], axis=0)
    # The 108th of 119 scores: (119 + 1) * 0.9.
    half = score[107] * np.hypot(heads["aleatoric"], heads["epistemic"])
    expected = np.stack([heads["mean"] - half, heads["mean"] + half], axis=-1)
    np.testing.assert_allclose(calibration.intervals(heads, 0.9, "normalized"), expected)


def test_a_standard_deviation_of_zero_is_raised_to_the_floor():
    calibration = calibration_of(119, 8)
    zero = {"mean": np.zeros((1, 2)), "aleatoric": np.full((1, 2), -1.0), "epistemic": np.zeros((1, 2))}
    ends = calibration.intervals(zero, 0.9, "predicted")
    np.testing.assert_allclose(ends[0, :, 1], stats.norm.ppf(0.95) * calibration.floor)
    assert (calibration.floor > 0).all()


@pytest.mark.parametrize(
    ("rows", "level", "method", "most"),
    [(9, 0.91, "absolute", "0.9"), (9, 0.91, "normalized", "0.9"), (49, 0.91, "mondrian", "0.9")],
)
def test_a_level_that_the_number_of_rows_cannot_support_is_refused(rows, level, method, most):
    calibration = calibration_of(rows, 9)
    heads, _ = drawn(3, np.random.default_rng(1))
    with pytest.raises(DeguError, match=rf"too few for the level {level:g}(?s:.*)a level of at most {most}"):
        calibration.intervals(heads, level, method)
    assert np.isfinite(calibration.intervals(heads, 0.9, method)).all()


@pytest.mark.parametrize("level", [0, 1, -0.5, 95])
def test_a_level_that_is_no_probability_is_refused(level):
    with pytest.raises(DeguError, match="between 0 and 1"):
        calibration_of(20, 1).check(level, "predicted")


def test_a_method_that_is_not_there_is_refused():
    with pytest.raises(DeguError, match="unknown method 'normalised'"):
        calibration_of(20, 1).check(0.5, "normalised")


def test_a_student_without_standard_deviations_has_intervals_of_errors_alone():
    rng = np.random.default_rng(1)
    heads = {"mean": rng.normal(size=(60, 1))}
    calibration = Calibration.of_predictions(rng.normal(size=(60, 1)), heads, heads)
    assert np.isfinite(calibration.intervals(heads, 0.5, "absolute")).all()
    for method in ("normalized", "recalibrated", "predicted"):
        with pytest.raises(DeguError, match="choose absolute or mondrian"):
            calibration.check(0.5, method)


def test_it_is_read_back_as_it_was():
    calibration = calibration_of(30, 2)
    again = Calibration.from_arrays(calibration.to_arrays())
    assert again.to_arrays().keys() == calibration.to_arrays().keys()
    for name, values in calibration.to_arrays().items():
        np.testing.assert_array_equal(again.to_arrays()[name], values)


@pytest.mark.parametrize("module", [absolute, mondrian, normalized])
@pytest.mark.parametrize("level", [0.5, 0.8, 0.9])
def test_conformal_intervals_are_those_of_the_pipeline(module, level):
    calibration = calibration_of(119, 12)
    heads, _ = drawn(30, np.random.default_rng(13))
    found = calibration.intervals(heads, level, module.__name__.rpartition(".")[2])
    std = standard_deviations(heads)
    for target in range(2):
        rows = {
            "calibration": Rows(
                measured=calibration.measured[:, target],
                mean=calibration.mean[:, target],
                std={"total": calibration.std["total"][:, target]},
            ),
            "test": Rows(measured=np.zeros(30), mean=heads["mean"][:, target], std={"total": std["total"][:, target]}),
        }
        np.testing.assert_allclose(found[:, target], module.intervals(rows, level))
