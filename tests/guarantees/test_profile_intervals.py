"""Coverage of intervals of profiles over many draws of windows in groups, of a deliberately wrong model.

The bins of a window depend on each other, and so do the windows of a group. Larger groups are predicted worse. Bands
are four standard errors wide; every draw is seeded.
"""

import functools

import numpy as np
import pytest

from degu.uncertainty.profile_calibration import QUANTITIES, ProfileCalibration, group_weights, measured_in_bins
from tests.uncertainty.drawn_windows import drawn_windows

DRAWS, GROUPS, NEW = 300, 19, 10
ERRORS = 4.0


@functools.cache
def draws(most):
    """Return pairs of a calibration and new windows."""
    rng = np.random.default_rng(2026)
    others = drawn_windows(rng, 30, most=most).heads
    result = []
    for _ in range(DRAWS):
        known, new = drawn_windows(rng, GROUPS, most=most), drawn_windows(rng, NEW, most=most)
        result.append((ProfileCalibration.of_predictions(known.counts, known.group, known.heads, others), new))
    return result


def rates(most, quantity, level, *, simultaneous):
    """Return the coverage of each draw, in which every new group counts alike."""
    found = []
    for calibration, new in draws(most):
        ends = calibration.intervals(new.heads, level, quantity, simultaneous=simultaneous)
        measured = measured_in_bins(new.counts, new.heads, quantity)
        inside = ((ends[..., 0] <= measured) & (measured <= ends[..., 1]))[:, 0]
        by_window = inside.all(axis=(1, 2)) if simultaneous else inside.mean(axis=(1, 2))
        found.append(np.average(by_window, weights=group_weights(new.group)))
    return np.array(found)


@pytest.mark.parametrize("simultaneous", [False, True])
@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("level", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("most", [1, 4])
def test_windows_of_new_groups_are_covered_at_the_level_and_little_more(most, level, quantity, simultaneous):
    found = rates(most, quantity, level, simultaneous=simultaneous)
    error = found.std() / np.sqrt(DRAWS)
    # The new group counts at infinity, which adds its weight at most, and the last score adds that of another one.
    more = 2 / (GROUPS + 1)
    assert level - ERRORS * error < found.mean() < min(level + more, 1) + ERRORS * error
    assert ERRORS * error < 0.05


@pytest.mark.parametrize("level", [0.5, 0.8])
def test_simultaneous_intervals_of_single_windows_cover_exactly(level):
    found = rates(1, "share", level, simultaneous=True)
    assert abs(found.mean() - level) < ERRORS * found.std() / np.sqrt(DRAWS)


def test_intervals_by_bin_hold_whole_windows_far_more_rarely():
    by_bin = []
    for calibration, new in draws(1):
        ends = calibration.intervals(new.heads, 0.8)
        measured = measured_in_bins(new.counts, new.heads, "share")
        by_bin.append(((ends[..., 0] <= measured) & (measured <= ends[..., 1])).all(axis=(1, 2, 3)).mean())
    assert np.mean(by_bin) < 0.6
