"""What stands beside windows."""

import numpy as np
import pytest

from degu.data.context import context, with_context, without_context


def test_a_context_is_what_stands_beside_the_window():
    values = np.arange(24).reshape(2, 12)
    assert without_context(values, 3).tolist() == [list(range(3, 9)), list(range(15, 21))]
    assert context(values, 3).tolist() == [[0, 1, 2, 9, 10, 11], [12, 13, 14, 21, 22, 23]]
    np.testing.assert_array_equal(without_context(values, 0), values)
    assert context(values, 0) is None


@pytest.mark.parametrize("jitter", [1, 2, 3])
def test_what_was_taken_off_is_put_back_up_to_a_distance(jitter):
    values = np.arange(24).reshape(2, 12)
    expected = [list(range(3 - jitter, 9 + jitter)), list(range(15 - jitter, 21 + jitter))]
    assert with_context(without_context(values, 3), context(values, 3), jitter).tolist() == expected
