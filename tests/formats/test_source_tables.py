"""Source tables are read in every format, and damaged ones are reported."""

import gzip
import zipfile

import numpy as np
import pandas as pd
import pytest

from degu.data.records import usable_rows
from degu.errors import DeguError
from degu.formats.source_tables import numeric, read_table

FRAME = pd.DataFrame({"name": ["a", "b", "c"], "sequence": ["ACGT", "TTTT", "GGCA"], "activity": [0.5, -1.25, 3.0]})


def write_frame(frame, path):
    """Write a table in the format that the suffix names."""
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    elif path.suffix == ".xlsx":
        frame.to_excel(path, index=False)
    elif ".csv" in path.suffixes:
        frame.to_csv(path, index=False)
    else:
        frame.to_csv(path, sep="\t", index=False)
    return path


def assert_same_values(found, expected):
    assert list(found.columns) == list(expected.columns)
    for column in expected.columns:
        assert found[column].tolist() == expected[column].tolist()


KINDS = ["table.tsv", "table.tsv.gz", "table.csv", "table.csv.gz", "table.parquet", "table.xlsx"]


@pytest.mark.parametrize("name", KINDS)
def test_a_table_of_every_format_is_read(tmp_path, name):
    assert_same_values(read_table(write_frame(FRAME, tmp_path / name)), FRAME)


@pytest.mark.parametrize("name", KINDS)
def test_the_index_holds_the_row_numbers_of_the_file(tmp_path, name):
    assert read_table(write_frame(FRAME[1:], tmp_path / name)).index.tolist() == [2, 3]


@pytest.mark.parametrize("name", KINDS)
def test_the_format_is_taken_from_the_content_and_not_from_the_name(tmp_path, name):
    path = write_frame(FRAME, tmp_path / name).rename(tmp_path / "table")
    assert_same_values(read_table(path), FRAME)


@pytest.mark.parametrize("name", KINDS)
def test_only_the_named_columns_are_read_each_once(tmp_path, name):
    path = write_frame(FRAME, tmp_path / name)
    assert_same_values(read_table(path, columns=["activity", "name", "activity"]), FRAME[["activity", "name"]])


@pytest.mark.parametrize("name", KINDS)
def test_a_missing_column_is_reported_with_the_nearest(tmp_path, name):
    path = write_frame(FRAME, tmp_path / name)
    with pytest.raises(DeguError, match="no column 'sequences'\n  expected: did you mean 'sequence'") as caught:
        read_table(path, columns=["name", "sequences"])
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("name", KINDS)
def test_a_table_without_rows_is_refused(tmp_path, name):
    with pytest.raises(DeguError, match="the table has no rows"):
        read_table(write_frame(FRAME[:0], tmp_path / name))


def test_the_first_or_the_named_sheet_is_read(tmp_path):
    with pd.ExcelWriter(tmp_path / "book.xlsx") as book:
        FRAME.to_excel(book, sheet_name="first", index=False)
        FRAME[1:].to_excel(book, sheet_name="second", index=False)
    assert_same_values(read_table(tmp_path / "book.xlsx"), FRAME)
    assert_same_values(read_table(tmp_path / "book.xlsx", sheet="second"), FRAME[1:])
    with pytest.raises(DeguError, match="third"):
        read_table(tmp_path / "book.xlsx", sheet="third")


def test_an_absent_table_is_reported(tmp_path):
    with pytest.raises(DeguError, match="not a readable table") as caught:
        read_table(tmp_path / "absent.tsv")
    assert str(tmp_path / "absent.tsv") in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\n", b"   \n"])
def test_a_table_without_a_header_is_reported(tmp_path, content):
    (tmp_path / "table.tsv").write_bytes(content)
    with pytest.raises(DeguError, match="the table has no header"):
        read_table(tmp_path / "table.tsv")


def test_random_bytes_are_not_a_table(tmp_path):
    (tmp_path / "table.tsv").write_bytes(b"\xff\xfe\x80" + np.random.default_rng(0).bytes(2000))
    with pytest.raises(DeguError):
        read_table(tmp_path / "table.tsv")


def test_a_ragged_table_is_reported(tmp_path):
    (tmp_path / "table.tsv").write_text("a\tb\n1\t2\n1\t2\t3\n")
    with pytest.raises(DeguError, match="not a readable table"):
        read_table(tmp_path / "table.tsv")


def test_a_truncated_gzip_file_is_reported(tmp_path):
    content = gzip.compress(("a\tb\n" + "1\t2\n" * 5000).encode())
    (tmp_path / "table.tsv.gz").write_bytes(content[: len(content) // 2])
    with pytest.raises(DeguError, match="not a readable table"):
        read_table(tmp_path / "table.tsv.gz")


def test_a_damaged_gzip_file_is_reported(tmp_path):
    rng = np.random.default_rng(0)
    content = bytearray(gzip.compress(b"a\tb\n" + "\n".join(map(str, rng.integers(0, 9**9, 9000))).encode()))
    content[200:300] = bytes(100)
    (tmp_path / "table.tsv.gz").write_bytes(bytes(content))
    with pytest.raises(DeguError, match="not a readable table"):
        read_table(tmp_path / "table.tsv.gz")


def test_a_truncated_parquet_file_is_reported(tmp_path):
    path = write_frame(FRAME, tmp_path / "table.parquet")
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DeguError, match="not a readable table"):
        read_table(path)


def test_a_truncated_workbook_is_reported(tmp_path):
    path = write_frame(FRAME, tmp_path / "table.xlsx")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DeguError, match="not a readable table"):
        read_table(path)


def test_an_archive_that_is_not_a_workbook_is_reported(tmp_path):
    with zipfile.ZipFile(tmp_path / "table.xlsx", "w") as archive:
        archive.writestr("a.txt", "b")
    with pytest.raises(DeguError, match="not a readable table"):
        read_table(tmp_path / "table.xlsx")


def test_numbers_are_in_the_order_of_the_columns_and_empty_cells_are_missing():
    frame = pd.DataFrame({"x": [1, 2, 3], "y": ["0.5", None, "-1e-3"]})
    values = numeric(frame, ["y", "x"], where="t")
    assert values.dtype == np.float64
    np.testing.assert_array_equal(values, [[0.5, 1], [np.nan, 2], [-0.001, 3]])


def test_text_among_numbers_is_reported_with_its_column_and_row():
    frame = pd.DataFrame({"x": ["1", None, "high"]}, index=[2, 3, 7])
    with pytest.raises(DeguError, match="column 'x' holds 'high' in row 7"):
        numeric(frame, ["x"], where="t")


def test_a_table_without_a_usable_row_is_refused():
    with pytest.raises(DeguError, match="no usable row among 2"):
        usable_rows(pd.Series([None, "A"]), np.array([[1], [np.nan]]), drop=True, where="t")
