import gzip
import logging
import zipfile

import numpy as np
import pandas as pd
import pytest

from degu.errors import DeguError
from degu.records import Records, find_bad_rows, numeric, read_table, replicate_mean_and_std, usable_rows

FRAME = pd.DataFrame({"name": ["a", "b", "c"], "sequence": ["ACGT", "TTTT", "GGCA"], "activity": [0.5, -1.25, 3.0]})


def write_frame(frame, path):
    """Write a table by its suffix."""
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


def test_number_of_records_is_the_number_of_sequences():
    records = Records(np.zeros((3, 5), dtype=np.uint8), np.array(["a"] * 3), np.zeros((3, 1)), ["x"], [""])
    assert len(records) == 3


@pytest.mark.parametrize("name", KINDS)
def test_table_of_every_kind_comes_back(tmp_path, name):
    assert_same_values(read_table(write_frame(FRAME, tmp_path / name)), FRAME)


@pytest.mark.parametrize("name", KINDS)
def test_rows_of_a_table_have_their_numbers_in_the_file(tmp_path, name):
    assert read_table(write_frame(FRAME[1:], tmp_path / name)).index.tolist() == [2, 3]


@pytest.mark.parametrize("name", KINDS)
def test_kind_is_read_off_the_content_not_off_the_name(tmp_path, name):
    path = write_frame(FRAME, tmp_path / name).rename(tmp_path / "table")
    assert_same_values(read_table(path), FRAME)


@pytest.mark.parametrize("name", KINDS)
def test_just_the_named_columns_are_read_each_once(tmp_path, name):
    path = write_frame(FRAME, tmp_path / name)
    assert_same_values(read_table(path, columns=["activity", "name", "activity"]), FRAME[["activity", "name"]])


@pytest.mark.parametrize("name", KINDS)
def test_missing_column_is_named_with_the_nearest(tmp_path, name):
    path = write_frame(FRAME, tmp_path / name)
    with pytest.raises(DeguError, match="no column 'sequences'\n  expected: did you mean 'sequence'") as caught:
        read_table(path, columns=["name", "sequences"])
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("name", KINDS)
def test_table_without_rows_is_refused(tmp_path, name):
    with pytest.raises(DeguError, match="the table has no rows"):
        read_table(write_frame(FRAME[:0], tmp_path / name))


def test_sheet_is_the_first_or_the_named_one(tmp_path):
    with pd.ExcelWriter(tmp_path / "book.xlsx") as book:
        FRAME.to_excel(book, sheet_name="first", index=False)
        FRAME[1:].to_excel(book, sheet_name="second", index=False)
    assert_same_values(read_table(tmp_path / "book.xlsx"), FRAME)
    assert_same_values(read_table(tmp_path / "book.xlsx", sheet="second"), FRAME[1:])
    with pytest.raises(DeguError, match="third"):
        read_table(tmp_path / "book.xlsx", sheet="third")


def test_absent_table_is_told(tmp_path):
    with pytest.raises(DeguError, match="not a readable table") as caught:
        read_table(tmp_path / "absent.tsv")
    assert str(tmp_path / "absent.tsv") in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\n", b"   \n"])
def test_table_without_a_header_is_told(tmp_path, content):
    (tmp_path / "table.tsv").write_bytes(content)
    with pytest.raises(DeguError, match="the table has no header"):
        read_table(tmp_path / "table.tsv")


def test_random_bytes_are_no_table(tmp_path):
    (tmp_path / "table.tsv").write_bytes(b"\xff\xfe\x80" + np.random.default_rng(0).bytes(2000))
    with pytest.raises(DeguError):
        read_table(tmp_path / "table.tsv")


def test_ragged_table_is_told(tmp_path):
    (tmp_path / "table.tsv").write_text("a\tb\n1\t2\n1\t2\t3\n")
    with pytest.raises(DeguError, match="not a readable table"):
        read_table(tmp_path / "table.tsv")


def test_truncated_gzip_is_told(tmp_path):
    content = gzip.compress(("a\tb\n" + "1\t2\n" * 5000).encode())
    (tmp_path / "table.tsv.gz").write_bytes(content[: len(content) // 2])
    with pytest.raises(DeguError, match="not a readable table"):
        read_table(tmp_path / "table.tsv.gz")


def test_damaged_gzip_is_told(tmp_path):
    rng = np.random.default_rng(0)
    content = bytearray(gzip.compress(b"a\tb\n" + "\n".join(map(str, rng.integers(0, 9**9, 9000))).encode()))
    content[200:300] = bytes(100)
    (tmp_path / "table.tsv.gz").write_bytes(bytes(content))
    with pytest.raises(DeguError, match="not a readable table"):
        read_table(tmp_path / "table.tsv.gz")


def test_truncated_parquet_is_told(tmp_path):
    path = write_frame(FRAME, tmp_path / "table.parquet")
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DeguError, match="not a readable table"):
        read_table(path)


def test_truncated_workbook_is_told(tmp_path):
    path = write_frame(FRAME, tmp_path / "table.xlsx")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DeguError, match="not a readable table"):
        read_table(path)


def test_archive_that_is_no_workbook_is_told(tmp_path):
    with zipfile.ZipFile(tmp_path / "table.xlsx", "w") as archive:
        archive.writestr("a.txt", "b")
    with pytest.raises(DeguError, match="not a readable table"):
        read_table(tmp_path / "table.xlsx")


def test_numbers_come_in_the_order_of_the_columns_and_empty_cells_are_missing():
    frame = pd.DataFrame({"x": [1, 2, 3], "y": ["0.5", None, "-1e-3"]})
    values = numeric(frame, ["y", "x"], where="t")
    assert values.dtype == np.float64
    np.testing.assert_array_equal(values, [[0.5, 1], [np.nan, 2], [-0.001, 3]])


def test_text_among_numbers_names_its_column_and_its_row_in_the_file():
    frame = pd.DataFrame({"x": ["1", None, "high"]}, index=[2, 3, 7])
    with pytest.raises(DeguError, match="column 'x' holds 'high' in row 7"):
        numeric(frame, ["x"], where="t")


def test_each_bad_row_is_counted_under_its_first_reason():
    sequences = pd.Series(["ACGT", None, "", "ACG", "AXGT", "acgn", "AX", "ACGT", "ACGT"])
    values = np.array([1, 1, 1, 1, 1, 1, np.nan, np.nan, np.inf])[:, None]
    masks = find_bad_rows(sequences, values)
    assert {kind: np.flatnonzero(mask).tolist() for kind, mask in masks.items()} == {
        "no sequence": [1, 2],
        "sequence of another length": [3, 6],
        "letters outside ACGTN": [4],
        "a target that is missing or not finite": [7, 8],
    }


def test_missing_value_in_any_column_makes_a_row_bad():
    masks = find_bad_rows(pd.Series(["A", "C", "G"]), np.array([[1, 1], [1, np.nan], [np.nan, 1]]))
    assert masks["a target that is missing or not finite"].tolist() == [False, True, True]


def test_bad_rows_are_dropped_and_counted_and_said(caplog):
    sequences = pd.Series(["ACGT", None, "ACG", "AXGT", "ACGT", "TTTT", "GG"])
    values = np.array([1, 1, 1, 1, np.nan, 2, 2])[:, None]
    with caplog.at_level(logging.WARNING):
        keep, dropped = usable_rows(sequences, values, drop=True, where="my.tsv")
    assert keep.tolist() == [True, False, False, False, False, True, False]
    assert dropped == {
        "no sequence": 1,
        "sequence of another length": 2,
        "letters outside ACGTN": 1,
        "a target that is missing or not finite": 1,
    }
    assert len(caplog.records) == 4
    assert "my.tsv: dropped 2 rows: sequence of another length" in caplog.text


@pytest.mark.parametrize("drop", [True, False])
def test_good_rows_are_all_kept_in_silence(drop, caplog):
    keep, dropped = usable_rows(pd.Series(["ACGT", "acgn"]), np.ones((2, 1)), drop=drop, where="t")
    assert keep.tolist() == [True, True]
    assert dropped == {}
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("sequences", "values", "message"),
    [
        (["ACGT", None, "ACGT"], [1, 1, 1], r"no sequence: row 3 \(1 of 3; the file begins with row 1\)"),
        (["ACGT", "ACGT", "ACG"], [1, 1, 1], r"differ in length: row 4 \(1 of 3\), the first with 3 bases"),
        (["AXGT", "ACGT", "AX*T"], [1, 1, 1], r"letter 'X' at position 2, rows 2, 4 \(2 of 3\)"),
        (["ACGT", "ACGT", "ACGT"], [1, np.nan, np.nan], r"missing or not finite: rows 3, 4 \(2 of 3"),
    ],
)
def test_bad_rows_stop_the_import_by_their_number_in_the_file(sequences, values, message):
    with pytest.raises(DeguError, match=message) as caught:
        usable_rows(pd.Series(sequences, index=[2, 3, 4]), np.array(values)[:, None], drop=False, where="my.tsv")
    assert str(caught.value).startswith("my.tsv: ")
    assert "`bad_rows: drop`" in str(caught.value)


def test_table_without_a_usable_row_is_refused():
    with pytest.raises(DeguError, match="no usable row among 2"):
        usable_rows(pd.Series([None, "A"]), np.array([[1], [np.nan]]), drop=True, where="t")


def test_mean_and_std_over_replicates_agree_with_numpy():
    rng = np.random.default_rng(0)
    replicates = rng.normal(100, 3, size=(200, 3, 5))
    replicates[rng.random(replicates.shape) < 0.25] = np.nan
    count = np.isfinite(replicates).sum(axis=2)
    assert set(np.unique(count)) >= {2, 3, 4, 5}
    replicates[count < 2] = 1.0
    mean, std = replicate_mean_and_std(replicates)
    np.testing.assert_allclose(mean, np.nanmean(replicates, axis=2), rtol=1e-12)
    np.testing.assert_allclose(std, np.nanstd(replicates, axis=2, ddof=1), rtol=1e-9, atol=1e-12)


@pytest.mark.filterwarnings("error")
def test_one_replicate_has_a_mean_but_no_std_and_none_has_neither():
    mean, std = replicate_mean_and_std(np.array([[[2.0, np.nan]], [[np.nan, np.nan]], [[1.0, 3.0]]]))
    np.testing.assert_array_equal(mean, [[2.0], [np.nan], [2.0]])
    np.testing.assert_allclose(std, [[np.nan], [np.nan], [2**0.5]])
