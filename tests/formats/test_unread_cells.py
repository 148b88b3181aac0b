"""Cells of workbooks that seem filled but hold no value are told and not read as empty ones."""

import zipfile

import openpyxl
import pytest

from degu.errors import DeguError
from degu.formats.source_tables import read_sheet, read_table
from degu.formats.unread_cells import check_unread_cells


def write_book(path, rows, change=lambda sheet: None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    change(book.active)
    book.save(path)
    return path


def test_merged_cells_are_told_where_they_are_read(tmp_path):
    rows = [["Table 1"], ["name", "group", "y"], ["a", "g", 1], ["b", None, 2], ["c", "h", 3]]
    write_book(tmp_path / "titled.xlsx", rows, lambda sheet: sheet.merge_cells("B3:B4"))
    with pytest.raises(DeguError, match=r"sheet Sheet: the cells B3:B4 are merged\n.*column 'group'.*\n.*unmerge them"):
        read_sheet(tmp_path / "titled.xlsx", "Sheet", "name")
    path = write_book(tmp_path / "book.xlsx", rows[1:], lambda sheet: sheet.merge_cells("B2:B3"))
    with pytest.raises(DeguError, match="the cells B2:B3 are merged"):
        read_table(path)
    assert len(read_table(path, columns=["name", "y"])) == 3


def test_a_title_of_merged_cells_is_read(tmp_path):
    rows = [["Table 1"], ["name", "y"], ["a", 1]]
    path = write_book(tmp_path / "book.xlsx", rows, lambda sheet: sheet.merge_cells("A1:B1"))
    assert read_sheet(path, "Sheet", "name")["y"].tolist() == [1]


def test_a_formula_that_was_never_computed_is_told_where_it_is_read(tmp_path):
    path = write_book(tmp_path / "book.xlsx", [["name", "y", "z"], ["a", 1, 2], ["b", "=B2*2", 3]])
    with pytest.raises(DeguError, match=r"the formula in cell B3 has no stored value\n.*column 'y'.*\n.*and save it"):
        read_table(path)
    assert read_table(path, columns=["name", "z"])["z"].tolist() == [2, 3]


def test_a_sheet_of_formulas_that_were_never_computed_is_told(tmp_path):
    path = write_book(tmp_path / "book.xlsx", [["name", "y"], ["=A1", "=B1"]])
    with pytest.raises(DeguError, match="the formula in cell A2 has no stored value"):
        read_table(path)


@pytest.mark.parametrize(
    ("merged", "columns", "told"),
    [
        ("B2:B3", {2: "y"}, True),
        ("B2:C2", {2: "y"}, False),
        ("B2:C2", {3: "z"}, True),
        ("B2:C3", {2: "y"}, True),
        ("A1:C1", {1: "x", 2: "y"}, False),
        ("A1:A2", {1: "x"}, True),
        ("A2:A9", {2: "y"}, False),
    ],
)
def test_merged_cells_are_told_where_their_value_would_be_read_as_empty(tmp_path, merged, columns, told):
    path = write_book(tmp_path / "book.xlsx", [["x", "y", "z"]], lambda sheet: sheet.merge_cells(merged))
    if told:
        with pytest.raises(DeguError, match=f"the cells {merged} are merged"):
            check_unread_cells(path, "Sheet", columns, header=1)
    else:
        check_unread_cells(path, "Sheet", columns, header=1)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ('<c r="A2"><f>1+1</f><v></v></c>', True),
        ('<c r="A2"><f>1+1</f></c>', True),
        ("<c><f>1+1</f></c>", True),
        ('<c r="A2"><f t="shared" si="0"/></c>', True),
        ('<c r="A2"><f>1+1</f><v>2</v></c>', False),
        # A formula whose value is empty text, as Excel and LibreOffice write it.
        ('<c r="A2" t="str"><f>""</f><v></v></c>', False),
        ('<c r="A2"><v>2</v></c>', False),
    ],
)
def test_a_formula_is_told_by_its_missing_value(tmp_path, cell, told):
    """The XML of a sheet is written by hand, because openpyxl stores no values of formulas."""
    source = write_book(tmp_path / "source.xlsx", [["x"], [1]])
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(tmp_path / "book.xlsx", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                before, _, after = content.partition(b'<c r="A2"')
                content = before + cell.encode() + after.partition(b"</c>")[2]
            new.writestr(name, content)
    if told:
        with pytest.raises(DeguError, match="the formula in cell A2 has no stored value"):
            check_unread_cells(tmp_path / "book.xlsx", "Sheet", {1: "x"}, header=1)
    else:
        check_unread_cells(tmp_path / "book.xlsx", "Sheet", {1: "x"}, header=1)


def test_merged_cells_are_found_wherever_the_xml_is_cut(tmp_path, monkeypatch):
    path = write_book(tmp_path / "book.xlsx", [["x"], [1], [2], ["=A2"]], lambda sheet: sheet.merge_cells("A2:A3"))
    for block in range(1, 60):
        monkeypatch.setattr("degu.formats.unread_cells._BLOCK", block)
        with pytest.raises(DeguError, match="the cells A2:A3 are merged"):
            check_unread_cells(path, "Sheet", {1: "x"}, header=1)
