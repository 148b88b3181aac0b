"""Source tables are read in every format, and damaged ones are reported."""

import gzip
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from degu.errors import DeguError
from degu.formats.cells import labels, numeric
from degu.formats.source_tables import LARGE, is_large, read_sheet, read_table

FRAME = pd.DataFrame({"name": ["a", "b", "c"], "sequence": ["ACGT", "TTTT", "GGCA"], "activity": [0.5, -1.25, 3.0]})
KINDS = ["table.tsv", "table.tsv.gz", "table.csv", "table.csv.gz", "table.parquet", "table.xlsx"]
TEXT = KINDS[:4]


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


def assert_read(path, **changes):
    """Check that a file holds `FRAME`, but for some columns."""
    table, expected = read_table(path), {**FRAME.to_dict("list"), **changes}
    assert list(table.columns) == list(expected)
    for column, values in expected.items():
        if isinstance(values[0], float):
            assert numeric(table, [column], where=path)[:, 0].tolist() == values
        else:
            assert labels(table, column, where=path) == values


@pytest.mark.parametrize("name", KINDS)
def test_a_table_of_every_format_is_read(tmp_path, name):
    assert_read(write_frame(FRAME, tmp_path / name))


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("most", [1, 2, 3, 4])
def test_the_first_rows_alone_are_read(tmp_path, name, most):
    path = write_frame(FRAME, tmp_path / name)
    assert labels(read_table(path, most=most), "name", where=path) == FRAME["name"].tolist()[:most]
    with pytest.raises(DeguError, match="there is no column 'nam'"):
        read_table(path, columns=["nam"], most=most)


@pytest.mark.parametrize("name", KINDS)
def test_a_table_is_large_by_the_bytes_of_its_format(tmp_path, name, monkeypatch):
    path = write_frame(FRAME, tmp_path / name)
    kind = {"parquet": "parquet", "xlsx": "workbook", "gz": "gzip"}.get(path.suffix[1:], "text")
    assert not is_large(path)
    for other in LARGE.keys() - {kind}:
        monkeypatch.setitem(LARGE, other, 0)
    monkeypatch.setitem(LARGE, kind, path.stat().st_size)
    assert not is_large(path)
    monkeypatch.setitem(LARGE, kind, path.stat().st_size - 1)
    assert is_large(path)


@pytest.mark.parametrize("name", KINDS)
def test_labels_are_the_text_that_was_written(tmp_path, name):
    names = ["0001", "12E5", "NA"]
    assert_read(write_frame(FRAME.assign(name=names), tmp_path / name), name=names)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("text", ["None", "nan", "", "True", "1.0", "1e5", " x ", "n/a", "2026-03-01", "µ", "'"])
def test_a_label_is_empty_only_where_its_cell_is(tmp_path, name, text):
    path = write_frame(FRAME.assign(name=[text, "b", "c"]), tmp_path / name)
    assert_read(path, name=[text or None, "b", "c"])


@pytest.mark.parametrize("name", ["table.parquet", "table.xlsx"])
def test_numbers_that_are_labels_are_written_as_people_write_them(tmp_path, name):
    path = write_frame(FRAME.assign(name=[1, 20, 300], sequence=[1.0, None, 2.5]), tmp_path / name)
    assert_read(path, name=["1", "20", "300"], sequence=["1", None, "2.5"])


@pytest.mark.parametrize("name", KINDS)
def test_numbers_are_read_to_the_last_digit(tmp_path, name):
    values = np.random.default_rng(0).standard_normal(3) * [1e-30, 1.0, 1e30]
    path = write_frame(FRAME.assign(activity=values), tmp_path / name)
    tolerance = {"rtol": 1e-15} if name.endswith("xlsx") else {"rtol": 0}
    np.testing.assert_allclose(numeric(read_table(path), ["activity"], where=path)[:, 0], values, **tolerance)


@pytest.mark.parametrize("name", KINDS)
def test_the_index_holds_the_row_numbers_of_the_file(tmp_path, name):
    assert read_table(write_frame(FRAME[1:], tmp_path / name)).index.tolist() == [2, 3]


@pytest.mark.parametrize("name", KINDS)
def test_rows_that_are_all_empty_are_left_out_and_counted(tmp_path, name):
    empty = pd.DataFrame({column: [None] for column in FRAME}, dtype=object)
    path = write_frame(pd.concat([FRAME[:1], empty, FRAME[1:]]), tmp_path / name)
    assert_read(path)
    assert read_table(path).index.tolist() == [2, 4, 5]


@pytest.mark.parametrize("name", KINDS)
def test_the_format_is_taken_from_the_content_and_not_from_the_name(tmp_path, name):
    assert_read(write_frame(FRAME, tmp_path / name).rename(tmp_path / "table"))


@pytest.mark.parametrize("name", KINDS)
def test_only_the_named_columns_are_read_each_once(tmp_path, name):
    path = write_frame(FRAME, tmp_path / name)
    table = read_table(path, columns=["activity", "name", "activity"])
    assert list(table.columns) == ["activity", "name"]
    assert labels(table, "name", where=path) == ["a", "b", "c"]


@pytest.mark.parametrize("name", KINDS)
def test_a_missing_column_is_reported_with_the_nearest(tmp_path, name):
    path = write_frame(FRAME, tmp_path / name)
    with pytest.raises(DeguError, match="no column 'sequences'\n  expected: did you mean 'sequence'") as caught:
        read_table(path, columns=["name", "sequences"])
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("name", [*TEXT, "table.xlsx"])
def test_two_columns_of_one_name_are_refused_where_it_is_asked_for(tmp_path, name):
    frame = FRAME.set_axis(["name", "sequence", "sequence"], axis=1)
    path = write_frame(frame, tmp_path / name)
    assert labels(read_table(path, columns=["name"]), "name", where=path) == ["a", "b", "c"]
    with pytest.raises(DeguError, match="2 columns are named 'sequence'"):
        read_table(path, columns=["name", "sequence"])


def test_two_columns_of_one_name_in_parquet_are_refused(tmp_path):
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array([1.0]), pa.array([2.0])], ["name", "y", "y"])
    pq.write_table(table, tmp_path / "table.parquet")
    assert read_table(tmp_path / "table.parquet", columns=["name"])["name"].tolist() == ["a"]
    with pytest.raises(DeguError, match="2 columns are named 'y'"):
        read_table(tmp_path / "table.parquet", columns=["y"])


def test_the_index_of_pandas_is_a_column_of_parquet(tmp_path):
    FRAME.set_index("name").to_parquet(tmp_path / "table.parquet")
    assert read_table(tmp_path / "table.parquet", columns=["name"])["name"].tolist() == ["a", "b", "c"]


@pytest.mark.parametrize("name", KINDS)
def test_a_table_without_rows_is_refused(tmp_path, name):
    with pytest.raises(DeguError, match="the table has no rows"):
        read_table(write_frame(FRAME[:0], tmp_path / name))


def test_the_first_or_the_named_sheet_is_read(tmp_path):
    with pd.ExcelWriter(tmp_path / "book.xlsx") as book:
        FRAME.to_excel(book, sheet_name="first", index=False)
        FRAME[1:].to_excel(book, sheet_name="second", index=False)
    assert_read(tmp_path / "book.xlsx")
    assert len(read_table(tmp_path / "book.xlsx", sheet="second")) == 2
    with pytest.raises(DeguError, match="third"):
        read_table(tmp_path / "book.xlsx", sheet="third")


def test_the_sheet_of_a_beginning_is_read_from_its_header_on(tmp_path):
    book = openpyxl.Workbook()
    for row in (["A title"], [], ["name", "y"], ["a", 1], ["b", None]):
        book.active.append(row)
    book.active.title = "K562 large"
    book.save(tmp_path / "book.xlsx")
    table = read_sheet(tmp_path / "book.xlsx", "k562", "name")
    assert table["name"].to_dict() == {4: "a", 5: "b"}
    with pytest.raises(DeguError, match="no row begins with 'names'"):
        read_sheet(tmp_path / "book.xlsx", "k562", "names")
    with pytest.raises(DeguError, match="0 sheets begin with 'HepG2'"):
        read_sheet(tmp_path / "book.xlsx", "HepG2", "name")


def test_cells_beyond_the_header_of_a_sheet_are_refused(tmp_path):
    book = openpyxl.Workbook()
    for row in (["name", "y"], ["a", 1], ["b", 2, "?"]):
        book.active.append(row)
    book.save(tmp_path / "book.xlsx")
    with pytest.raises(DeguError, match="row 3 has cells beyond the last column of the header"):
        read_table(tmp_path / "book.xlsx")


def test_an_absent_table_and_a_folder_are_reported(tmp_path):
    with pytest.raises(DeguError, match="there is no such file") as caught:
        read_table(tmp_path / "absent.tsv")
    assert str(tmp_path / "absent.tsv") in str(caught.value)
    with pytest.raises(DeguError, match="this is a folder"):
        read_table(tmp_path)


def test_random_bytes_are_not_a_table(tmp_path):
    (tmp_path / "table.tsv").write_bytes(b"\xff\xfe\x80" + np.random.default_rng(0).bytes(2000))
    with pytest.raises(DeguError):
        read_table(tmp_path / "table.tsv")


@pytest.mark.parametrize("name", ["table.tsv.gz", "table.parquet", "table.xlsx"])
def test_a_truncated_file_is_reported(tmp_path, name):
    frame = pd.concat([FRAME] * 2000)
    path = write_frame(frame, tmp_path / name)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DeguError, match="not a readable table"):
        read_table(path)


def test_a_damaged_gzip_file_is_reported(tmp_path):
    rng = np.random.default_rng(0)
    content = bytearray(gzip.compress(b"a\tb\n" + "\n".join(map(str, rng.integers(0, 9**9, 9000))).encode()))
    content[200:300] = bytes(100)
    (tmp_path / "table.tsv.gz").write_bytes(bytes(content))
    with pytest.raises(DeguError):
        read_table(tmp_path / "table.tsv.gz")


def test_an_archive_that_is_not_a_workbook_is_reported(tmp_path):
    with zipfile.ZipFile(tmp_path / "table.xlsx", "w") as archive:
        archive.writestr("a.txt", "b")
    with pytest.raises(DeguError, match="a ZIP archive, but no workbook"):
        read_table(tmp_path / "table.xlsx")


@pytest.mark.parametrize("name", ["table.parquet", "table.xlsx"])
def test_a_column_of_dates_is_neither_numbers_nor_labels(tmp_path, name):
    days = pd.date_range("2026-03-01", periods=3)
    path = write_frame(FRAME.assign(activity=days, name=days), tmp_path / name)
    table = read_table(path)
    with pytest.raises(DeguError, match=r"column 'activity' holds the date or time 2026-03-01.* in row 2"):
        numeric(table, ["activity"], where=path)
    with pytest.raises(DeguError, match=r"column 'name' holds the date or time 2026-03-01.* in row 2"):
        labels(table, "name", where=path)


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.binary(4)])
def test_bytes_of_parquet_are_text(tmp_path, kind):
    names = pa.array(["afé".encode(), b"ACGT", None], kind)
    table = pa.table({"name": names, "y": pa.array([b"1.5", b"2", b"NA"])})
    pq.write_table(table, tmp_path / "table.parquet")
    read = read_table(tmp_path / "table.parquet")
    assert labels(read, "name", where="t") == ["af\xe9", "ACGT", None]
    np.testing.assert_array_equal(numeric(read, ["y"], where="t")[:, 0], [1.5, 2, np.nan])


def test_bytes_of_parquet_that_are_no_text_are_told(tmp_path):
    pq.write_table(pa.table({"name": pa.array([b"ok", b"\xff\x00"])}), tmp_path / "table.parquet")
    with pytest.raises(DeguError, match=r"column 'name' holds bytes that are no text, b'\\xff\\x00', in row 3"):
        read_table(tmp_path / "table.parquet")


def test_a_hidden_sheet_is_read_only_by_its_name(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "old"
    book.active.sheet_state = "hidden"
    for sheet, value in ((book.active, 1), (book.create_sheet("new"), 2)):
        sheet.append(["y"])
        sheet.append([value])
    book.active = 1
    book.save(tmp_path / "book.xlsx")
    assert read_table(tmp_path / "book.xlsx")["y"].tolist() == [2]
    assert read_table(tmp_path / "book.xlsx", sheet="old")["y"].tolist() == [1]


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("# made by hand\nname\ty\na\t1\n", "the header belongs in line 1: delete all lines above line 2"),
        ("Table 4: activities, of all\nname,y\na,1\n", "the header belongs in line 1: delete all lines above line 2"),
        ("name y\na 1\n", "the header belongs in line 1: separate the columns by tabs"),
    ],
)
def test_a_header_that_is_not_in_the_first_line_is_told(tmp_path, text, remedy):
    (tmp_path / "t").write_text(text)
    for read in (lambda path: read_table(path, columns=["name", "y"]), lambda path: read_sheet(path, "x", "name")):
        with pytest.raises(DeguError, match=rf"there is no column 'name'(.|\n)*remedy:   {remedy}"):
            read(tmp_path / "t")


@pytest.mark.parametrize("name", ["table.tsv", "table.parquet"])
def test_a_sheet_of_a_file_that_is_no_workbook_is_refused(tmp_path, name):
    path = tmp_path / name
    frame = pd.DataFrame({"a": ["x"], "b": ["y"]})
    frame.to_parquet(path) if name.endswith("parquet") else frame.to_csv(path, sep="\t", index=False)
    assert len(read_table(path)) == 1
    with pytest.raises(
        DeguError, match=r"(?s)the file has no sheet 'first', since it is no workbook.*take `sheet` out"
    ):
        read_table(path, sheet="first")
