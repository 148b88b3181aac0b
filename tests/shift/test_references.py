"""References of errors."""

import pytest

from degu.shift.references import CIRCULAR, REFERENCE, TRUTH, best_reference


@pytest.mark.parametrize(
    ("names", "best"),
    [
        ([CIRCULAR, "", TRUTH, REFERENCE], TRUTH),
        ([CIRCULAR, REFERENCE, "measured"], REFERENCE),
        ([CIRCULAR, CIRCULAR, "measured"], CIRCULAR),
    ],
)
def test_the_truth_is_better_than_another_ensemble_and_that_than_the_own_one(names, best):
    assert best_reference(names) == best
