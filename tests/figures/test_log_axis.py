"""Logarithmic axes."""

import numpy as np
import pytest

from degu.figures import log_axis, style
from tests.figures.panels import texts_that_overlap, tick_labels


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ((0.5, 2000), [1, 10, 100, 1000]),
        ((0.55, 0.95), [0.6, 0.7, 0.8, 0.9]),
        ((600, 50000), [1000, 10000]),
        ((0.9, 11), [1, 2, 5, 10]),
    ],
)
def test_ticks_are_round_numbers_far_from_one_another(ends, expected):
    found = log_axis.LogTicks().tick_values(*ends)
    assert set(expected) <= set(np.round(found, 12))
    assert len(found) <= log_axis.MOST


@pytest.mark.parametrize("low", [1e-7, 0.0031, 0.5, 7, 1234, 8e8])
@pytest.mark.parametrize("ratio", [1.05, 1.5, 2, 3.3, 7, 12, 40, 300, 1e5, 1e12])
def test_an_axis_of_any_range_has_two_to_four_ticks_apart(low, ratio):
    ticks = np.array(log_axis.LogTicks().tick_values(low, low * ratio))
    assert 2 <= len(ticks) <= 4
    assert (np.diff(np.log(ticks)) / np.log(ratio)).min() > 0.15
    assert low <= ticks.min() and ticks.max() <= low * ratio * (1 + 1e-9)


@pytest.mark.parametrize("ends", [(0.0, 1.0), (-1.0, 1.0), (2.0, 2.0)])
def test_ends_that_have_no_logarithm_do_no_harm(ends):
    assert len(log_axis.LogTicks().tick_values(*ends)) == 1


@pytest.mark.parametrize("ends", [(5e3, 4.5e4), (0.6, 0.9), (1e-5, 3e-3)])
def test_labels_are_plain_numbers_that_do_not_overlap(ends):
    figure, axes = style.panels(1, 1)
    panel = axes[0, 0]
    log_axis.set_log_scale(panel, "x")
    panel.set_xlim(ends)
    figure.draw_without_rendering()
    assert all(float(label.get_text()) > 0 for label in tick_labels(panel))
    assert texts_that_overlap(figure) == []
    assert panel.get_xscale() == "log"
