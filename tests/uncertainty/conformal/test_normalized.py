import numpy as np
import pytest

from degu.uncertainty.conformal import absolute
from degu.uncertainty.conformal.normalized import intervals, scales
from degu.uncertainty.rows import FLOOR, Inapplicable, Rows


def random_rows(n, seed, std=None):
    rng = np.random.default_rng(seed)
    std = rng.uniform(0.5, 2, n) if std is None else std
    return Rows(measured=rng.standard_normal(n), mean=rng.standard_normal(n), std={"total": std, "epistemic": std**2})


@pytest.mark.parametrize("kind", ["total", "epistemic"])
def test_agrees_with_a_sorted_list_of_scores(kind):
    rows = {"calibration": random_rows(59, 0), "test": random_rows(7, 1)}
    calibration, test = rows["calibration"], rows["test"]
    scores = sorted(
        abs(y - mean) / std
        for y, mean, std in zip(calibration.measured, calibration.mean, calibration.std[kind], strict=True)
    )
    quantile = scores[48 - 1]  # 0.8 * 60
    expected = [[mean - quantile * s, mean + quantile * s] for mean, s in zip(test.mean, test.std[kind], strict=True)]
    np.testing.assert_allclose(intervals(rows, 0.8, std=kind), expected)


def test_std_of_one_gives_the_absolute_method():
    rows = {"calibration": random_rows(40, 0, np.ones(40)), "test": random_rows(7, 1, np.ones(7))}
    np.testing.assert_allclose(intervals(rows, 0.8), absolute.intervals(rows, 0.8))


def test_unit_of_the_std_does_not_matter():
    std, test_std = np.linspace(0, 2, 40), np.linspace(-0.1, 3, 7)
    rows = {"calibration": random_rows(40, 0, std), "test": random_rows(7, 1, test_std)}
    scaled = {"calibration": random_rows(40, 0, 1000 * std), "test": random_rows(7, 1, 1000 * test_std)}
    np.testing.assert_allclose(intervals(rows, 0.8), intervals(scaled, 0.8))


def test_std_of_zero_or_less_is_raised_to_a_part_of_the_median():
    calibration, test = np.array([0.0, -3.0, 2.0, 1.0]), np.array([0.001, 4.0, 2.0])
    rows = {"calibration": random_rows(4, 0, calibration), "test": random_rows(3, 1, test)}
    raised, test_raised = scales(rows, "total")
    np.testing.assert_allclose(raised, [2 * FLOOR, 2 * FLOOR, 2, 1])
    np.testing.assert_allclose(test_raised, [2 * FLOOR, 4, 2])
    assert np.isfinite(intervals(rows, 0.5)).all()


def test_model_without_the_std_is_refused_by_name():
    with pytest.raises(Inapplicable, match="no std 'aleatoric'"):
        intervals({"calibration": random_rows(9, 0), "test": random_rows(9, 1)}, 0.5, std="aleatoric")


def test_std_that_is_zero_everywhere_is_refused():
    rows = {"calibration": random_rows(9, 0, np.zeros(9)), "test": random_rows(5, 1, np.zeros(5))}
    with pytest.raises(Inapplicable, match="'total' is zero for most rows"):
        intervals(rows, 0.5)
