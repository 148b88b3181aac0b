"""Stretches that are changed, against slices."""

import numpy as np
import pytest

from degu.shift.stretches import change_stretches


@pytest.mark.parametrize("share", [0, 0.3, 1])
def test_a_stretch_at_a_random_place_is_changed(share):
    tokens = np.zeros((5000, 10), dtype=np.uint8)
    changed = change_stretches(tokens, share, lambda stretches: stretches + 1, np.random.default_rng(1))
    length = round(share * 10)
    starts = np.argmax(changed == 1, axis=1)
    for start, row in zip(starts, changed, strict=True):
        expected = np.zeros(10)
        expected[start : start + length] = 1
        np.testing.assert_array_equal(row, expected)
    if share == 0.3:
        np.testing.assert_allclose(np.bincount(starts) / 5000, 1 / 8, atol=0.02)
    assert not tokens.any()
