"""Regions that are left out or refused."""

from pathlib import Path

import numpy as np
import pytest

from degu.data.regions import regions_about
from degu.errors import DeguError
from degu.formats.bed import Region

ENTRIES = [
    Region(1, "chr1", 40, 60, "a", "+"),
    Region(2, "chr1", 40, 60, "b", "-", 0),
    Region(5, "chr2", 0, 21, "c", "+"),
    Region(6, "chr3", 50, 60, "d", "-"),
    Region(7, "chr1", 89, 90, "e", "+"),
]
LENGTHS = {"chr1": 100, "chr2": 100, "chr4": 7}


def regions(length=20, stranded=True, drop=True):
    return regions_about(ENTRIES, length, stranded=stranded, where=Path("peaks.bed"), drop_bad=drop)


def test_windows_stand_about_the_summit_or_the_middle():
    own = regions()
    assert own.windows.starts.tolist() == [40, 30, 0, 45, 79]
    assert own.windows.reverse.tolist() == [False, True, False, True, False]
    assert own.lines.tolist() == [1, 2, 5, 6, 7]
    assert not regions(stranded=False).windows.reverse.any()
    # The middle base of a window of odd length is the summit.
    assert regions(length=21).windows.starts.tolist() == [40, 30, 0, 45, 79]


def test_what_is_left_out_is_counted_by_reason():
    own = regions()
    assert own.leave_out("first", np.array([True, False, False, False, False])).tolist() == [False, *[True] * 4]
    assert own.leave_out("none", np.zeros(4, dtype=bool)).all()
    own.leave_out("second", np.array([False, True, True, False]))
    assert own.dropped == {"first": 1, "second": 2}
    assert own.lines.tolist() == [2, 7]
    assert own.windows.names.tolist() == ["chr1:30-50(-)", "chr1:79-99(+)"]


def test_where_no_region_is_left_all_reasons_are_told():
    own = regions()
    own.leave_out("first", np.array([True, True, False, False, False]))
    with pytest.raises(DeguError, match=r"peaks\.bed: no region is left; left out: 2 for first, 3 for second"):
        own.leave_out("second", np.ones(3, dtype=bool))


def test_a_region_that_cannot_be_used_stops_unless_it_is_to_be_dropped():
    mask = np.array([False, True, False, True, False])
    with pytest.raises(DeguError) as caught:
        regions(drop=False).refuse("odd", mask, "even ones")
    message = str(caught.value)
    assert message.startswith("peaks.bed: odd: lines 2, 6 (2 of 5), the first with the window chr1:30-50(-)\n")
    assert "expected: even ones\n" in message
    assert "`bad_rows: drop`" in message
    own = regions()
    own.refuse("odd", mask, "even ones")
    assert own.dropped == {"odd": 2}
    assert regions(drop=False).refuse("odd", np.zeros(5, dtype=bool), "even ones").all()


def test_places_that_are_not_there_are_counted_each_under_its_reason():
    own = regions()
    own.check_places(LENGTHS, [["chr1", "chr2", "chr3"], ["chr1"]], margin=2)
    assert own.dropped == {
        "a chromosome that the genome lacks": 1,
        "a chromosome that a track lacks": 1,
        "a window that reaches beyond the end of its chromosome": 1,
    }
    assert own.lines.tolist() == [1, 2]


@pytest.mark.parametrize(("margin", "beyond"), [(0, 0), (1, 2), (2, 2)])
def test_windows_need_their_margins_within_the_chromosome(margin, beyond):
    own = regions()
    own.check_places({**LENGTHS, "chr3": 100}, [["chr1", "chr2", "chr3"]], margin)
    assert sum(own.dropped.values()) == beyond - (margin == 1)
