"""Source tables are read in every format, and damaged ones are reported."""

import csv
import datetime
import decimal
import gzip
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from degu.errors import DeguError
from degu.formats.source_tables import labels, numeric, read_sheet, read_table

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
    with pytest.raises(DeguError, match="not a readable table") as caught:
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


def test_numbers_are_in_the_order_of_the_columns_and_empty_cells_are_missing():
    frame = pd.DataFrame({"x": [1, 2, 3], "y": ["0.5", None, "-1e-3"]}, dtype=object)
    values = numeric(frame, ["y", "x"], where="t")
    assert values.dtype == np.float64
    np.testing.assert_array_equal(values, [[0.5, 1], [np.nan, 2], [-0.001, 3]])


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        *((text, np.nan) for text in ("", " ", "NA", "N/A", "#N/A", "nan", "NaN", "null", "None", "<NA>", None)),
        *((text, np.inf) for text in ("inf", "Infinity", "+INF", float("inf"))),
        *((text, 1.5) for text in ("1.5", " 1.5 ", "+1.5", "15e-1", "1.5E0", decimal.Decimal("1.5"), 1.5)),
        *((text, 0.5) for text in (".5", "0.5")),
        *((text, 2.0) for text in ("2.", "2", 2)),
        ("-inf", -np.inf),
    ],
)
def test_what_is_a_number(cell, number):
    frame = pd.DataFrame({"x": pd.Series([cell], dtype=object)})
    np.testing.assert_array_equal(numeric(frame, ["x"], where="t"), [[number]])


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("high", "'high'"),
        ("1,5", r"'1,5'.*\n.*\n  remedy:   write decimal numbers with a point"),
        ("1_000", "'1_000'"),
        ("0x1A", "'0x1A'"),
        ("5 %", "'5 %'"),
        ("#DIV/0!", "'#DIV/0!'"),
        ("\uff11", "'\uff11'"),
        ("1 2", "'1 2'"),
        ("TRUE", "'TRUE'"),
        (True, "'True'"),
        (datetime.datetime(2026, 3, 1), "the date or time 2026-03-01"),
        (datetime.time(1, 30), "the date or time 01:30"),
        (datetime.timedelta(1), "the date or time 1 day"),
    ],
)
def test_what_is_no_number_is_reported_with_its_column_and_row(cell, told):
    frame = pd.DataFrame({"x": pd.Series(["1", None, cell], [2, 3, 7], dtype=object)})
    with pytest.raises(DeguError, match=f"column 'x' holds {told}") as caught:
        numeric(frame, ["x"], where="t")
    assert "in row 7\n  expected: a number or an empty cell" in str(caught.value)


@pytest.mark.parametrize("name", ["table.parquet", "table.xlsx"])
def test_a_column_of_dates_is_neither_numbers_nor_labels(tmp_path, name):
    days = pd.date_range("2026-03-01", periods=3)
    path = write_frame(FRAME.assign(activity=days, name=days), tmp_path / name)
    table = read_table(path)
    with pytest.raises(DeguError, match=r"column 'activity' holds the date or time 2026-03-01.* in row 2"):
        numeric(table, ["activity"], where=path)
    with pytest.raises(DeguError, match=r"column 'name' holds the date or time 2026-03-01.* in row 2"):
        labels(table, "name", where=path)


# Tables as people may have them: what is read equals what was written, or an error says what is wrong.

letters = st.characters(codec="utf-8", exclude_characters="\r\n\0\ufeff", exclude_categories=["Cs", "Cc"])
words = st.text(letters | st.sampled_from("\t,;\"' |#"), max_size=6)
labels_written = words | st.sampled_from(["NA", "0001", "12E5", "None", '"', '""', "a,b", "a\tb", "TRUE", "-"])
numbers_written = st.floats(allow_nan=False, allow_infinity=False, width=32)


@st.composite
def tables(draw):
    """Draw a table of text and numbers: its header, and rows that are not all empty."""
    names = draw(st.lists(words.filter(str.strip), min_size=2, max_size=4, unique=True))
    kinds = [labels_written, numbers_written]
    cells = st.tuples(*(kinds[index % 2] for index in range(len(names))))
    return names, draw(st.lists(cells, min_size=1, max_size=6))


def write_text_table(path, names, rows, separator, end, quoting):
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, delimiter=separator, lineterminator=end, quoting=quoting)
        writer.writerows([names, *rows])


def assert_same_or_refused(path, names, rows):
    """Check that a file holds the rows, or that an error says what is wrong with it."""
    try:
        table = read_table(path)
        found = [
            labels(table, name, where=path) if index % 2 == 0 else numeric(table, [name], where=path)[:, 0].tolist()
            for index, name in enumerate(names)
        ]
    except DeguError as error:
        assert str(path) in str(error)
        return False
    columns = [list(column) for column in zip(*rows, strict=True)]
    assert found == [[value if index % 2 else value or None for value in own] for index, own in enumerate(columns)]
    assert list(table.columns) == names
    return True


# The same tables are drawn each time.
whole = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
dialects = {
    "separator": st.sampled_from("\t,"),
    "end": st.sampled_from(["\n", "\r\n"]),
    "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
}


@whole
@given(table=tables(), **dialects)
def test_any_table_of_text_is_what_was_written_or_is_refused(tmp_path, table, separator, end, quoting):
    names, rows = table
    write_text_table(tmp_path / "t", names, rows, separator, end, quoting)
    assert_same_or_refused(tmp_path / "t", names, rows)


@whole
@given(table=tables(), **dialects)
def test_a_plain_table_of_text_is_never_refused(tmp_path, table, separator, end, quoting):
    names, rows = table
    assume(not any(letter in name for name in names for letter in '\t,;|"'))
    write_text_table(tmp_path / "t", names, rows, separator, end, quoting)
    assert assert_same_or_refused(tmp_path / "t", names, rows)


@whole
@given(table=tables(), kind=st.sampled_from(["xlsx", "parquet"]))
def test_any_table_of_cells_is_what_was_written(tmp_path, table, kind):
    names, rows = table
    path = tmp_path / f"t.{kind}"
    if kind == "xlsx":
        # This is how many digits openpyxl writes.
        rows = [[float(f"{cell:.16g}") if isinstance(cell, float) else cell for cell in row] for row in rows]
        book = openpyxl.Workbook()
        for row in [names, *rows]:
            book.active.append(list(row))
            for cell in book.active[book.active.max_row]:
                # Text that begins with `=` would be a formula.
                cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
        book.save(path)
    else:
        pq.write_table(pa.Table.from_arrays([pa.array(column) for column in zip(*rows, strict=True)], names), path)
    assert assert_same_or_refused(path, names, rows)


@whole
@given(table=tables(), data=st.data(), **dialects)
def test_a_damaged_table_of_text_is_what_was_written_or_is_refused(tmp_path, table, data, separator, end, quoting):
    """A line loses or gains a field, a quote or its end; nothing is read with its columns or rows shifted."""
    names, rows = table
    write_text_table(tmp_path / "t", names, rows, separator, end, quoting)
    lines = (tmp_path / "t").read_text(encoding="utf-8").split("\n")[:-1]
    number = data.draw(st.integers(0, len(lines) - 1))
    damages = ["drop field", "add field", "add separator", "open quote", "cut off", "add blank"]
    damage = data.draw(st.sampled_from(damages))
    line = lines[number].rstrip("\r")
    if damage == "drop field":
        assume(number > 0)
        line = separator.join(line.split(separator)[:-1])
        # What is left may be a blank line, which is no row.
        assume(line.strip())
    elif damage == "add field":
        line = f"{line}{separator}more"
    elif damage == "add separator":
        line = f"{line}{separator}"
    elif damage == "open quote":
        line = f'"{line}'
    elif damage == "cut off":
        line = line[: len(line) // 2]
    lines[number] = line if damage != "add blank" else f"{line}\n"
    (tmp_path / "t").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
    if damage == "cut off":
        # A cell that is cut off may be a cell all the same: nothing else may change.
        try:
            table = read_table(tmp_path / "t")
        except DeguError:
            return
        assert len(table) <= len(rows)
    elif number > 0 or damage == "add blank":
        assert_same_or_refused(tmp_path / "t", names, rows)
