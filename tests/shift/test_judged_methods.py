"""Which conformal methods are judged."""

import pytest

from degu.shift.judged_methods import judged_methods


@pytest.mark.parametrize(
    ("names", "judged"),
    [
        (["uncalibrated", "weighted", "mondrian_gc", "split", "split"], ["split", "weighted"]),
        (["uncalibrated", "normalized_total"], ["normalized_total"]),
        (["uncalibrated", "mondrian_gc", "quantile"], ["mondrian_gc", "quantile", "uncalibrated"]),
        (["uncalibrated"], ["uncalibrated"]),
        ([], []),
    ],
)
def test_known_methods_come_first_and_uncalibrated_intervals_last(names, judged):
    assert judged_methods(names) == judged
