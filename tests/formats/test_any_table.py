"""Tables as people may have them: what is read equals what was written, or an error says what is wrong."""

import csv

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from degu.errors import DeguError
from degu.formats.cells import labels, numeric
from degu.formats.source_tables import read_table

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


@whole
@given(
    numbers=st.lists(st.tuples(*[st.integers(0, 99)] * 3), min_size=1, max_size=5),
    number_first=st.booleans(),
    quoted=st.booleans(),
    extra=st.sampled_from(["", ",", ",''"]),
)
def test_a_decimal_comma_in_a_table_of_commas_is_always_refused(tmp_path, numbers, number_first, quoted, extra):
    """Whatever columns there are, and whether or not rows are numbered, no number is read without its fraction."""
    text = '"{}"'.format if quoted else str
    lines = [",".join(map(text, ["id", "activity", "sequence"])) + extra.replace("'", '"')]
    for row, (whole_part, fraction, other) in enumerate(numbers, 1):
        first = text(row if number_first else f"v{other}")
        lines.append(f"{first},{whole_part},{fraction:02},{text('ACGT')}")
    (tmp_path / "t").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(DeguError, match=r"line 2 h.*(.|\n)*decimal comma"):
        read_table(tmp_path / "t", columns=["id", "activity", "sequence"])
