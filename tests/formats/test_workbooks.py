"""The cells of workbooks are what the person who made them sees."""

import datetime
import zipfile

import openpyxl
import pytest

from degu.errors import DeguError
from degu.formats.workbooks import first_sheet, is_zip, read_rows, sheet_names


def write(path, rows, formats=None):
    """Write a workbook of one sheet; formats are number formats by cell, such as {"A2": "0000"}."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cell, form in (formats or {}).items():
        book.active[cell].number_format = form
    book.save(path)
    return path


def test_a_workbook_is_recognised_by_its_first_bytes(tmp_path):
    (tmp_path / "text.xlsx").write_text("a\tb\n")
    assert is_zip(write(tmp_path / "book.tsv", [["a"]]))
    assert not is_zip(tmp_path / "text.xlsx")


def test_cells_keep_their_kinds(tmp_path):
    day = datetime.datetime(2026, 3, 1)
    path = write(tmp_path / "book.xlsx", [["name", "y"], ["0001", 1], ["NA", 1.5], [True, None], ["x", day]])
    expected = [["name", "y"], ["0001", 1], ["NA", 1.5], [True], ["x", day]]
    assert [list(row) for _, row in read_rows(path)] == expected


def test_rows_have_the_numbers_of_the_sheet_and_empty_ones_are_left_out(tmp_path):
    path = write(tmp_path / "book.xlsx", [["a", "b"], [None, None], [1, 2], [], ["", None], [3, None]])
    assert [number for number, _ in read_rows(path)] == [1, 3, 6]


def test_a_number_that_is_shown_with_leading_zeros_is_text(tmp_path):
    path = write(tmp_path / "book.xlsx", [["name"], [7], [12345], [7]], {"A2": "0000", "A3": "0000", "A4": "0"})
    assert [row[0] for _, row in read_rows(path)] == ["name", "0007", "12345", 7]


def test_the_first_or_the_named_sheet_is_read(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["first"])
    book.create_sheet("other").append(["second"])
    book.save(tmp_path / "book.xlsx")
    assert sheet_names(tmp_path / "book.xlsx") == ["Sheet", "other"]
    assert next(read_rows(tmp_path / "book.xlsx"))[1] == ["first"]
    assert next(read_rows(tmp_path / "book.xlsx", "other"))[1] == ["second"]
    with pytest.raises(DeguError, match="there is no sheet 'othre'\n  expected: did you mean 'other'"):
        read_rows(tmp_path / "book.xlsx", "othre")


def test_a_hidden_sheet_is_not_the_first(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["old"])
    book.active.sheet_state = "veryHidden"
    book.create_sheet("new").append(["new"])
    book.active = 1
    book.save(tmp_path / "book.xlsx")
    assert first_sheet(tmp_path / "book.xlsx") == "new"
    assert next(read_rows(tmp_path / "book.xlsx"))[1] == ["new"]
    assert next(read_rows(tmp_path / "book.xlsx", "Sheet"))[1] == ["old"]


def test_a_sheet_of_a_chart_is_no_sheet_of_cells(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.create_chartsheet("Figure", 0)
    book.save(tmp_path / "book.xlsx")
    assert sheet_names(tmp_path / "book.xlsx") == ["Sheet"]
    assert next(read_rows(tmp_path / "book.xlsx"))[1] == ["a"]


def test_a_workbook_of_hidden_sheets_is_told(tmp_path):
    write(tmp_path / "source.xlsx", [["a"]])
    with zipfile.ZipFile(tmp_path / "source.xlsx") as old, zipfile.ZipFile(tmp_path / "book.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'state="visible"', b'state="hidden"'))
    with pytest.raises(DeguError, match=r"no visible sheet of cells; those that are hidden: Sheet\n"):
        first_sheet(tmp_path / "book.xlsx")


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("mimetype", "a workbook of LibreOffice"),
        ("xl/workbook.bin", r"a binary workbook of Excel \(.xlsb\)"),
        ("word/document.xml", "a document of Word"),
        ("table.csv", "a ZIP archive, but no workbook"),
    ],
)
def test_other_archives_are_named(tmp_path, file, kind):
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w") as archive:
        archive.writestr(file, "content")
    with pytest.raises(DeguError, match=f"the file is {kind}\n  expected: .*\n  remedy:   save the sheet as xlsx"):
        read_rows(tmp_path / "book.xlsx")
