"""bigWig tracks, read back and compared with what was written."""

from pathlib import Path

import numpy as np
import pybigtools
import pytest

from degu.command.bigwig import BigWigWriter, only_target
from degu.errors import DeguError

LENGTHS = {"chrII": 100, "chrI": 200}


def columns(windows, **others):
    """Return the columns of windows (chromosome, start, end), each with rows of two targets."""
    number = len(windows)
    values = np.arange(number, dtype=float) + 0.25
    return {
        "target": ["Dev", "Hk"] * number,
        "chromosome": [window[0] for window in windows for _ in range(2)],
        "start": np.repeat([window[1] for window in windows], 2),
        "end": np.repeat([window[2] for window in windows], 2),
        "mean": np.stack([values, -values], axis=1).ravel(),
        **others,
    }


def written(path, windows, *, stride=0, target="Dev", parts=1):
    writer = BigWigWriter(path, LENGTHS, target=target, column="mean", stride=stride, regions=Path("a.bed"))
    for part in np.array_split(np.arange(len(windows)), parts):
        table = columns(windows)
        writer.write({name: np.asarray(values)[np.repeat(2 * part, 2) + np.tile([0, 1], len(part))]
                      for name, values in table.items()})  # fmt: skip
    writer.close()
    track = pybigtools.open(str(path))
    assert dict(track.chroms()).items() <= LENGTHS.items()
    return {name: [tuple(record) for record in track.records(name)] for name in {window[0] for window in windows}}


def test_whole_windows_hold_the_value_of_the_target(tmp_path):
    windows = [("chrII", 0, 20), ("chrII", 20, 40), ("chrI", 30, 50)]
    assert written(tmp_path / "a.bw", windows) == {"chrII": [(0, 20, 0.25), (20, 40, 1.25)], "chrI": [(30, 50, 2.25)]}
    assert written(tmp_path / "b.bw", windows, target="Hk", parts=3)["chrI"] == [(30, 50, -2.25)]


def test_overlapping_windows_hold_their_middles(tmp_path):
    windows = [("chrI", start, start + 20) for start in (0, 5, 10, 15)]
    found = written(tmp_path / "a.bw", windows, stride=5)
    assert found == {"chrI": [(7, 12, 0.25), (12, 17, 1.25), (17, 22, 2.25), (22, 27, 3.25)]}


def test_the_first_of_two_windows_counts_where_they_meet(tmp_path):
    windows = [("chrI", 0, 20), ("chrI", 12, 32), ("chrI", 14, 30)]
    assert written(tmp_path / "a.bw", windows) == {"chrI": [(0, 20, 0.25), (20, 32, 1.25)]}


@pytest.mark.parametrize(
    "windows",
    [
        [("chrI", 30, 50), ("chrI", 0, 20)],
        [("chrI", 0, 20), ("chrII", 0, 20), ("chrI", 30, 50)],
        # The last one lies in a gap of those before, where its value would be lost.
        [("chrI", 0, 20), ("chrI", 60, 80), ("chrI", 30, 50)],
    ],
)
def test_windows_out_of_order_are_refused(tmp_path, windows):
    with pytest.raises(DeguError, match=r"^a\.bed: a window of 'chrI' .*\n.*\n.*sort -k1,1 -k2,2n"):
        written(tmp_path / "a.bw", windows)


def test_sorted_regions_that_overlap_have_a_value_at_each_base(tmp_path):
    rng = np.random.default_rng(0)
    regions = sorted((start, start + 20 + 5 * int(rng.integers(8))) for start in rng.integers(0, 140, 12).tolist())
    windows = [("chrI", start, start + 20) for begin, end in regions for start in range(begin, end - 19, 5)]
    found = written(tmp_path / "a.bw", windows, stride=5)["chrI"]
    covered = np.zeros(200, dtype=int)
    for start, end, _ in found:
        covered[start:end] += 1
    expected = np.zeros(200, dtype=int)
    for _, start, _ in windows:
        expected[start + 7 : start + 12] = 1
    assert covered.tolist() == expected.tolist()


def test_another_column_is_refused(tmp_path):
    writer = BigWigWriter(tmp_path / "a.bw", LENGTHS, target="Dev", column="std", stride=0, regions=Path("a.bed"))
    with pytest.raises(DeguError, match=r"--track: there is no column of numbers 'std'\n.*mean"):
        writer.write(columns([("chrI", 0, 20)]))


def test_a_track_has_one_target():
    assert only_target(["Dev"], None) == "Dev"
    assert only_target(["Dev", "Hk"], "Hk") == "Hk"
    with pytest.raises(DeguError, match=r"holds one target\n.*--target Dev or --target Hk"):
        only_target(["Dev", "Hk"], None)
    with pytest.raises(DeguError, match="no target 'x'"):
        only_target(["Dev", "Hk"], "x")
