"""Expected counts and their standard deviations, against draws."""

import numpy as np
import pytest

from degu.errors import DeguError
from degu.package.expected_counts import CountIntervals, expected_counts, kinds_of
from degu.uncertainty.profile_calibration import LEVELS, ProfileCalibration

RNG = np.random.default_rng(1)
BINS, WIDTH = 3, 4
PROFILE = RNG.dirichlet(np.ones(2 * BINS * WIDTH), size=(2, 2)).reshape(2, 2, 2, BINS * WIDTH)
SHARES = PROFILE.reshape(2, 2, 2, BINS, WIDTH).sum(axis=-1)
HEADS = {
    "mean": np.array([[0.4, 3.0], [2.0, 6.0]]),
    "aleatoric": np.full((2, 2), 0.03),
    "epistemic": np.full((2, 2), 0.02),
    "profile": PROFILE,
    "profile_aleatoric": 0.02 * SHARES * RNG.random(SHARES.shape),
    "profile_epistemic": 0.04 * SHARES * RNG.random(SHARES.shape),
}
# Bounds of intervals by bin, and twice as large ones of simultaneous ones, up to a level of 0.95.
BOUNDS = np.where(LEVELS > 0.95, np.inf, 3 * LEVELS) * np.array([1.0, 2.0])[:, None]
CALIBRATION = ProfileCalibration(
    replicates=4,
    regions=50,
    floor=np.zeros(2),
    factors=np.array([[7.0, 1.5], [8.0, 2.5]]),
    bounds=np.broadcast_to(BOUNDS, (2, 2, 2, len(LEVELS))),
)
KINDS = ["mean", "epistemic", "total", "lower", "upper"]


def drawn(parts, number=20_000):
    """Return the std of the counts, where the logarithm and the bins err by themselves, with a part of the variance."""
    rng = np.random.default_rng(2)
    total, squares = np.zeros(PROFILE.shape), np.zeros(PROFILE.shape)
    center = PROFILE * np.expm1(HEADS["mean"])[..., None, None]
    for _ in range(number):
        log_count, shares = HEADS["mean"], SHARES
        for kind, part in parts.items():
            log_count = log_count + np.sqrt(part) * HEADS[kind] * rng.standard_normal(log_count.shape)
            shares = shares + np.sqrt(part) * HEADS[f"profile_{kind}"] * rng.standard_normal(shares.shape)
        profile = PROFILE * np.repeat(shares / SHARES, WIDTH, axis=-1)
        away = profile * (np.exp(log_count) - 1)[..., None, None] - center
        total, squares = total + away, squares + away**2
    return np.sqrt(squares / number - (total / number) ** 2)


def binned(values):
    return values.reshape(*values.shape[:-1], BINS, WIDTH).sum(axis=-1)


def test_counts_are_the_shares_of_all_counts():
    found = expected_counts(HEADS)["mean"]
    np.testing.assert_allclose(np.log1p(found.sum(axis=(-2, -1))), HEADS["mean"])
    np.testing.assert_allclose(found / found.sum(axis=(-2, -1), keepdims=True), PROFILE)


def test_small_errors_of_both_spread_as_draws_of_them_do():
    found = expected_counts(HEADS, CALIBRATION)
    assert list(found) == KINDS
    np.testing.assert_allclose(found["epistemic"], drawn({"epistemic": 1}), rtol=0.03)
    # Four replicates together have a quarter of the noise of one.
    factors = CALIBRATION.factors[:, 1, None, None]
    np.testing.assert_allclose(found["total"], factors * drawn({"epistemic": 1, "aleatoric": 1 / 4}), rtol=0.03)


def test_the_total_of_the_positions_of_a_bin_is_the_std_of_its_counts():
    found = expected_counts(HEADS, CALIBRATION)
    np.testing.assert_allclose(binned(found["total"]), CALIBRATION.std(HEADS, "counts", calibrated=True))


@pytest.mark.parametrize("intervals", [None, CountIntervals(0.5), CountIntervals(0.8, simultaneous=True)])
def test_the_ends_of_the_positions_of_a_bin_are_those_of_its_counts_and_equal(intervals):
    level, simultaneous = intervals or (0.9, False)
    found = expected_counts(HEADS, CALIBRATION, intervals)
    half = 3 * level * (2 if simultaneous else 1) * CALIBRATION.std(HEADS, "counts")
    center = binned(found["mean"])
    np.testing.assert_allclose(binned(found["lower"]), np.maximum(center - half, 0))
    np.testing.assert_allclose(binned(found["upper"]), center + half)
    for kind in ("lower", "upper"):
        by_bin = found[kind].reshape(*SHARES.shape, WIDTH)
        np.testing.assert_array_equal(by_bin, np.broadcast_to(by_bin[..., :1], by_bin.shape))


def test_a_level_that_cannot_be_had_is_refused():
    with pytest.raises(DeguError, match=r"a level of at most 0\.95"):
        expected_counts(HEADS, CALIBRATION, CountIntervals(0.96))


def test_bins_without_a_share_spread_over_their_positions_alike():
    profile = PROFILE.copy()
    profile[..., :WIDTH] = 0
    found = expected_counts({**HEADS, "profile": profile})["epistemic"][..., :WIDTH]
    of_bin = np.expm1(HEADS["mean"])[..., None, None] * HEADS["profile_epistemic"][..., :1]
    np.testing.assert_allclose(found, np.broadcast_to(of_bin / WIDTH, found.shape))


def test_no_count_and_no_standard_deviation_is_below_zero():
    heads = {**HEADS, "mean": np.full((2, 2), -0.5), "epistemic": np.full((2, 2), -1.0)}
    found = expected_counts({**heads, "profile_epistemic": -HEADS["profile_epistemic"]}, CALIBRATION)
    assert (found["mean"] == 0).all()
    assert (found["lower"] == 0).all()
    assert (found["epistemic"] == 0).all()


@pytest.mark.parametrize(
    ("missing", "kinds"),
    [
        (("profile_epistemic",), ["mean", "total", "lower", "upper"]),
        (("epistemic",), ["mean", "total", "lower", "upper"]),
        (("aleatoric", "profile_aleatoric"), KINDS),
        (("aleatoric", "profile_aleatoric", "profile_epistemic"), ["mean"]),
    ],
)
def test_what_a_student_does_not_predict_is_left_out(missing, kinds):
    heads = {head: values for head, values in HEADS.items() if head not in missing}
    assert list(expected_counts(heads, CALIBRATION)) == kinds_of(list(heads), CALIBRATION) == kinds


def test_what_nothing_has_calibrated_is_left_out():
    assert list(expected_counts(HEADS)) == kinds_of(list(HEADS), None) == ["mean", "epistemic"]
