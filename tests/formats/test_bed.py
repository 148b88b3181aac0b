"""BED files."""

import gzip

import pytest

from degu.errors import DeguError
from degu.formats.bed import Region, is_bed, read_bed

TEXT = """track name=peaks
# a comment
chr1\t0\t10\tfirst\t0\t-\tmore\tand more

chr2\t5\t9
chr3 7 12 . 3 .
"""
REGIONS = [
    Region(3, "chr1", 0, 10, "first", "-"),
    Region(5, "chr2", 5, 9, "chr2:5-9", "+"),
    Region(6, "chr3", 7, 12, "chr3:7-12", "+"),
]


def test_regions_come_with_their_lines(tmp_path):
    (tmp_path / "a.bed").write_text(TEXT)
    with gzip.open(tmp_path / "a.bed.gz", "wt") as file:
        file.write(TEXT.replace("\n", "\r\n"))
    assert list(read_bed(tmp_path / "a.bed")) == list(read_bed(tmp_path / "a.bed.gz")) == REGIONS


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("a.bed", True), ("a.BED.GZ", True), ("a.narrowPeak", True), ("a.bed.txt", False), ("bed", False)],
)
def test_files_are_told_by_their_names(name, is_one):
    assert is_bed(name) is is_one


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("chr1\t5", "line 2 has 2 columns"),
        ("chr1\t1,000\t2,000", "line 2 has the start '1,000'"),
        ("chr1\t-5\t10", "line 2 has the start '-5'"),
        ("chr1\t1.5\t10", "line 2 has the start '1.5'"),
        ("chr1\t10\t10", "line 2 ends at 10, where it begins at 10"),
        ("chr1\t10\t5", "line 2 ends at 5, where it begins at 10"),
        (f"chr1\t5\t{1 << 32}", "line 2 ends at 4,294,967,296"),
        ("chr1\t1\t5\tname\t0\tminus", "line 2 has the strand 'minus'"),
    ],
)
def test_a_line_that_is_no_region_is_told(tmp_path, line, told):
    (tmp_path / "a.bed").write_text(f"chr1\t0\t10\n{line}\n")
    with pytest.raises(DeguError, match=rf"a\.bed: {told}"):
        list(read_bed(tmp_path / "a.bed"))


@pytest.mark.parametrize(
    ("columns", "summit", "centre"),
    [
        ("100\t200\tname\t0\t+\t3.5\t-1\t-1\t70", 70, 170),
        ("100\t200\tname\t0\t-\t3.5\t-1\t-1\t0", 0, 100),
        ("100\t201\tname\t0\t.\t3.5\t-1\t-1\t-1", None, 150),
        ("100\t200", None, 150),
        # The tenth column of BED with twelve columns, and one behind text, is no summit.
        ("100\t200\tname\t0\t+\t100\t200\t0\t1\t100\t100\t0", None, 150),
        ("100\t200\tname\t0\t+\tleft\tright\t5\t7", None, 150),
    ],
)
def test_the_centre_is_the_summit_of_narrowpeak_or_the_middle(tmp_path, columns, summit, centre):
    (tmp_path / "a.bed").write_text(f"chr1\t{columns}\n")
    region = next(read_bed(tmp_path / "a.bed"))
    assert (region.summit, region.centre) == (summit, centre)


@pytest.mark.parametrize("summit", ["100", "-2", "1.5"])
def test_a_summit_outside_of_its_region_is_told(tmp_path, summit):
    (tmp_path / "a.bed").write_text(f"chr1\t100\t200\tname\t0\t+\t3.5\t-1\t-1\t{summit}\n")
    with pytest.raises(DeguError, match=rf"a\.bed: line 1 has the summit '{summit}' in a region of 100 bases"):
        list(read_bed(tmp_path / "a.bed"))


def test_a_file_without_regions_is_refused(tmp_path):
    (tmp_path / "a.bed").write_text("# nothing\n\n")
    with pytest.raises(DeguError, match="the file has no regions"):
        list(read_bed(tmp_path / "a.bed"))
