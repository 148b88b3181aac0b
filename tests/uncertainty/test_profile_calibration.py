"""The calibration of profiles, against definitions by loops and the calibration of numbers."""

from fractions import Fraction

import numpy as np
import pytest

from degu.errors import DeguError
from degu.uncertainty.bin_stds import counts_std, expected_shares, expected_total, log_count_std, share_std
from degu.uncertainty.conformal import normalized, weighted
from degu.uncertainty.profile_calibration import (
    LEVELS,
    QUANTITIES,
    ProfileCalibration,
    bounds_of,
    group_weights,
    interval_about,
    measured_in_bins,
    predicted_in_bins,
    scores_of,
)
from degu.uncertainty.rows import Rows
from tests.uncertainty.drawn_windows import BINS, REPLICATES, STRANDS, WIDTH, Drawn, drawn_windows


def made(groups=25, targets=2, seed=1) -> tuple[Drawn, ProfileCalibration, Drawn]:
    rng = np.random.default_rng(seed)
    known, others = (drawn_windows(rng, groups, targets=targets) for _ in range(2))
    calibration = ProfileCalibration.of_predictions(known.counts, known.group, known.heads, others.heads)
    return known, calibration, drawn_windows(rng, 10, targets=targets)


def bound_by_definition(scores, group, level, *, simultaneous):
    """Return the least score up to which the groups, and a new one at infinity, have `level` of the weight."""
    groups = set(group.tolist())
    if simultaneous:
        scores = scores.max(axis=(1, 2), keepdims=True)
    for candidate in sorted(scores.ravel()):
        parts = [Fraction(int((scores[group == name] <= candidate).sum()), int((group == name).sum()) * scores[0].size)
                 for name in groups]  # fmt: skip
        if sum(parts) >= Fraction(str(level)) * (len(groups) + 1):
            return candidate
    return np.inf


@pytest.mark.parametrize("simultaneous", [False, True])
@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.99])
def test_bounds_are_those_of_their_definition(level, simultaneous):
    rng = np.random.default_rng(3)
    group = np.array([4, 4, 4, 7, 1, 1, 9, 2, 3, 3, 5, 6, 6])
    scores = rng.exponential(size=(len(group), STRANDS, BINS))
    found = bounds_of(scores, group, level, simultaneous=simultaneous)
    assert found == bound_by_definition(scores, group, level, simultaneous=simultaneous)


@pytest.mark.parametrize("level", [0.5, 0.9])
def test_windows_that_do_not_overlap_are_the_rows_of_the_usual_methods(level):
    rng = np.random.default_rng(4)
    group = np.arange(60)
    measured, mean, std = rng.normal(size=(60, 1, 1)), rng.normal(size=(60, 1, 1)), rng.uniform(1, 2, (60, 1, 1))
    rows = {
        "calibration": Rows(measured.ravel(), mean.ravel(), {"total": std.ravel()}, weights=group_weights(group)),
        "test": Rows(np.zeros(1), np.zeros(1), {"total": np.ones(1)}, weights=np.ones(1)),
    }
    for simultaneous in (False, True):
        found = bounds_of(scores_of(measured, mean, std), group, level, simultaneous=simultaneous)
        for method in (normalized.intervals(rows, level), weighted.intervals(rows, level, std="total")):
            np.testing.assert_allclose(found, method[0, 1])


def test_windows_without_a_value_are_left_out_and_too_few_have_no_bound():
    scores = np.full((4, 1, 2), np.nan)
    assert np.isinf(bounds_of(scores, np.arange(4), LEVELS, simultaneous=False)).all()
    scores[1] = [[1, 3]]
    group = np.array([0, 0, 0, 1])
    assert bounds_of(scores, group, 0.25, simultaneous=False) == 1
    assert bounds_of(scores, group, 0.5, simultaneous=False) == 3
    assert bounds_of(scores, group, 0.25, simultaneous=True) == 3
    assert np.isinf(bounds_of(scores, group, 0.51, simultaneous=False))


def test_an_error_where_the_std_is_zero_is_infinite():
    found = scores_of(np.array([1.0, 2, np.nan, 4]), np.array([1.0, 1, 1, 1]), np.array([0.0, 0, 1, 2]))
    np.testing.assert_array_equal(found, [0, np.inf, np.nan, 1.5])


def test_every_group_has_the_same_weight():
    np.testing.assert_allclose(group_weights(np.array([5, 2, 5, 5, 2, 9])), [1 / 3, 1 / 2, 1 / 3, 1 / 3, 1 / 2, 1])


def test_what_is_measured_is_that_of_all_replicates_together():
    known, _, _ = made()
    counts = known.counts.astype(float).sum(axis=2).reshape(*known.counts.shape[:2], STRANDS, BINS, WIDTH).sum(axis=-1)
    np.testing.assert_allclose(measured_in_bins(known.counts, known.heads, "counts"), counts)
    share = measured_in_bins(known.counts, known.heads, "share")
    np.testing.assert_allclose(share, counts / counts.sum(axis=(2, 3), keepdims=True))
    predicted = predicted_in_bins(known.heads, "counts")
    np.testing.assert_allclose(predicted.sum(axis=(2, 3)), np.expm1(known.heads["mean"]), rtol=1e-5)
    empty = np.zeros_like(known.counts)
    assert np.isnan(measured_in_bins(empty, known.heads, "share")).all()


def test_stds_are_those_of_bins_with_a_floor_from_other_windows():
    _, calibration, new = made()
    floor = 0.01 * np.median(share_std(made()[2].heads, REPLICATES))
    assert (np.abs(calibration.floor / floor - 1) < 0.2).all()
    zero = {head: np.zeros_like(values) if head != "profile" else values for head, values in new.heads.items()}
    np.testing.assert_allclose(
        calibration.std(zero, "share")[..., 0, 0], np.tile(calibration.floor, (len(new.group), 1))
    )
    of_shares = share_std(new.heads, REPLICATES)
    np.testing.assert_allclose(calibration.std(new.heads, "share"), of_shares)
    expected = counts_std(new.heads, of_shares, log_count_std(new.heads, REPLICATES))
    np.testing.assert_allclose(calibration.std(new.heads, "counts"), expected)
    for number, quantity in enumerate(QUANTITIES):
        plain, scaled = (calibration.std(new.heads, quantity, calibrated=wanted) for wanted in (False, True))
        np.testing.assert_allclose(
            scaled / plain, np.broadcast_to(calibration.factors[:, number, None, None], plain.shape)
        )


@pytest.mark.parametrize(("number", "quantity"), list(enumerate(QUANTITIES)))
def test_the_factor_is_the_root_mean_square_of_the_standardised_errors(number, quantity):
    known, calibration, _ = made()
    errors = measured_in_bins(known.counts, known.heads, quantity) - predicted_in_bins(known.heads, quantity)
    z = errors / calibration.std(known.heads, quantity)
    np.testing.assert_allclose(calibration.factors[:, number], np.sqrt((z**2).mean(axis=(0, 2, 3))), rtol=1e-6)


@pytest.mark.parametrize("simultaneous", [False, True])
@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize(("level", "kept"), [(0.5, 0.5), (0.9, 0.9), (0.8765, 0.877)])
def test_intervals_are_as_wide_as_the_scores_of_calibration_windows_say(level, kept, quantity, simultaneous):
    known, calibration, new = made()
    found = calibration.intervals(new.heads, level, quantity, simultaneous=simultaneous)
    assert found.shape == (len(new.group), 2, STRANDS, BINS, 2)
    for target in range(2):
        own = [
            values[:, target]
            for values in (
                measured_in_bins(known.counts, known.heads, quantity),
                predicted_in_bins(known.heads, quantity),
                calibration.std(known.heads, quantity),
            )
        ]
        bound = bound_by_definition(scores_of(*own), known.group, kept, simultaneous=simultaneous)
        center = predicted_in_bins(new.heads, quantity)[:, target]
        half = bound * calibration.std(new.heads, quantity)[:, target]
        np.testing.assert_allclose(found[:, target, ..., 0], np.maximum(center - half, 0))
        top = np.minimum(center + half, 1) if quantity == "share" else center + half
        np.testing.assert_allclose(found[:, target, ..., 1], top)


def test_a_window_does_not_depend_on_the_others_of_its_batch():
    _, calibration, new = made()
    together = calibration.intervals(new.heads, 0.8, "counts")
    alone = calibration.intervals({head: values[3:4] for head, values in new.heads.items()}, 0.8, "counts")
    np.testing.assert_allclose(together[3:4], alone)


def test_ends_stay_within_what_is_possible():
    ends = interval_about(np.array([0.1, 0.9]), np.array([0.3, 0.3]), "share")
    np.testing.assert_allclose(ends, [[0, 0.4], [0.6, 1]])
    np.testing.assert_allclose(interval_about(np.array([2.0]), np.array([3.0]), "counts"), [[0, 5]])


def test_levels_that_cannot_be_had_are_refused():
    _, calibration, new = made(groups=9)
    assert calibration.check(0.9, simultaneous=True) == 899
    for level, told in ((0.91, "a level of at most 0.9"), (0.9995, "a level of at most 0.9"), (1.0, "between 0 and 1")):
        with pytest.raises(DeguError, match=told):
            calibration.intervals(new.heads, level, simultaneous=True)
    with pytest.raises(DeguError, match="between 0 and 1"):
        calibration.check(0)
    with pytest.raises(DeguError, match="unknown quantity 'shares'"):
        calibration.intervals(new.heads, 0.5, "shares")


def test_windows_without_any_count_leave_nothing_to_calibrate_shares_by():
    known, _, new = made(targets=1)
    calibration = ProfileCalibration.of_predictions(0 * known.counts, known.group, known.heads, known.heads)
    assert calibration.factors[0, 0] == 1
    with pytest.raises(DeguError, match="too few for intervals of profiles"):
        calibration.intervals(new.heads, 0.5)


def test_it_is_read_back_as_it_was():
    _, calibration, _ = made()
    again = ProfileCalibration.from_arrays(calibration.to_arrays())
    assert (again.replicates, again.regions) == (REPLICATES, calibration.regions)
    for name, values in calibration.to_arrays().items():
        np.testing.assert_array_equal(again.to_arrays()[name], values)


def test_expected_totals_and_shares_make_the_counts():
    known, _, _ = made()
    expected = expected_total(known.heads) * expected_shares(known.heads)
    np.testing.assert_allclose(predicted_in_bins(known.heads, "counts"), expected)
