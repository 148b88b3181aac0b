"""Tables of variants with comments above their header."""

import gzip

import pytest

from degu.errors import DeguError
from degu.variants.tables import columns_with, read_variant_table

TEXT = "## about\n#Chrom\tPos\tValue\n19\t5\t0.1\n\nX\t6\t\n22\t7\n"


@pytest.mark.parametrize("packed", [False, True])
def test_comments_are_left_out_and_lines_are_those_of_the_file(tmp_path, packed):
    path = tmp_path / "variants.tsv"
    path.write_bytes(gzip.compress(TEXT.encode()) if packed else TEXT.encode())
    frame = read_variant_table(path, ["Value", "Chrom"])
    assert list(frame.index) == [3, 5, 6]
    assert frame["Chrom"].tolist() == ["19", "X", "22"]
    assert frame["Value"].tolist() == ["0.1", None, None]


def test_a_table_without_comments_is_read_as_any_other(tmp_path):
    path = tmp_path / "variants.csv"
    path.write_text("Chrom,Pos\n19,5\n")
    assert read_variant_table(path, ["Pos"])["Pos"].tolist() == ["5"]


def test_a_missing_column_is_named(tmp_path):
    path = tmp_path / "variants.tsv"
    path.write_text(TEXT)
    with pytest.raises(DeguError, match="there is no column 'Confidence'"):
        read_variant_table(path, ["Confidence"])


def test_columns_take_the_place_of_defaults():
    defaults = {"ref": "Ref", "alt": "Alt", "locus": ""}
    assert columns_with(defaults, {"alt": "ALT", "ref": ""}, where="x") == {"alt": "ALT"}
    with pytest.raises(DeguError, match=r"no column for 'value'"):
        columns_with(defaults, {"value": "Value"}, where="x")
