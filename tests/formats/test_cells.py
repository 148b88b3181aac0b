"""Cells become numbers and labels, and what is neither is reported."""

import datetime
import decimal

import numpy as np
import pandas as pd
import pytest

from degu.errors import DeguError
from degu.formats.cells import labels, numeric, stripped
from degu.formats.look_alikes import tidy


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
        ("0,123", r"'0,123'.*\n.*\n  remedy:   write decimal numbers with a point"),
        ("1,2345", r"'1,2345'.*\n.*\n  remedy:   write decimal numbers with a point"),
        ("-1,234", r"'-1,234'.*\n.*\n.* write -1\.234 if the comma is a decimal comma, and -1234 if it separates"),
        ("1,234,567", r"'1,234,567'.*\n.*\n  remedy:   write 1234567, with nothing between"),
        ("1,234.5", r"'1,234\.5'.*\n.*\n  remedy:   write 1234\.5, with nothing between"),
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


def column(*cells):
    return pd.DataFrame({"x": pd.Series(cells, range(2, len(cells) + 2), dtype=object)})


def test_labels_are_text_to_the_letter_and_stripped_ones_have_no_blanks_around_them():
    frame = column(" a ", "0001", 7, 2.0, None, float("nan"), "  ", "b\u00a0")
    assert labels(frame, "x", where="t") == [" a ", "0001", "7", "2", None, None, "  ", "b\u00a0"]
    assert stripped(frame, "x", where="t") == ["a", "0001", "7", "2", None, None, None, "b"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("p", "p\u200b"),
        ("p", "\ufeffp"),
        ("p1", "p\u20601"),
        ("p", " \u200b p\ufeff \u2060"),
        ("caf\u00e9", "cafe\u0301"),
        ("caf\u00e9 x", "cafe\u200b\u0301 x "),
        ("\u212b", "A\u030a"),
    ],
)
def test_labels_that_look_alike_are_equal(one, other):
    assert len(set(stripped(column(one, other), "x", where="t"))) == 1
    assert tidy(one) == tidy(other)
    # Names are text to the letter.
    assert labels(column(one, other), "x", where="t") == [one, other]


@pytest.mark.parametrize(
    ("one", "other"), [("p", "P"), ("p q", "pq"), ("p", "\u0440"), ("2", "\u00b2"), ("e", "\u00e9")]
)
def test_labels_that_differ_stay_different(one, other):
    assert len(set(stripped(column(one, other), "x", where="t"))) == 2


def test_a_cell_of_characters_without_a_width_is_empty():
    assert stripped(column("\u200b", " \ufeff\u2060 "), "x", where="t") == [None, None]


@pytest.mark.parametrize("cell", ["a\0b", "ab\0", "\0"])
@pytest.mark.parametrize("read", [labels, stripped])
def test_a_byte_of_zero_in_a_label_is_told(cell, read):
    with pytest.raises(DeguError, match="t: column 'x' holds a byte of zero within text in row 3"):
        read(column("a", cell), "x", where="t")


@pytest.mark.parametrize("cell", [["a"], {"a": 1}])
def test_a_list_is_no_label(cell):
    with pytest.raises(DeguError, match=r"column 'x' holds a list, .* in row 2\n  expected: text"):
        labels(column(cell), "x", where="t")


@pytest.mark.parametrize("read", [labels, lambda frame, column, where: numeric(frame, [column], where=where)])
def test_advice_about_dates_fits_every_kind_of_file(read):
    with pytest.raises(DeguError, match=r"the date or time 2026-03-01(.|\n)*store .*; if a spreadsheet made dates of"):
        read(column(datetime.date(2026, 3, 1)), "x", where="t")
