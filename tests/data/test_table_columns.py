"""Columns are told apart by their cells."""

import datetime

import numpy as np
import pandas as pd
import pytest

from degu.data.table_columns import describe_columns


def column(*cells):
    """Return the one column of a table whose rows are counted as in a file."""
    frame = pd.DataFrame({"x": pd.Series(cells, range(2, len(cells) + 2), dtype=object)})
    return describe_columns(frame)["x"]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["ACGTACGT", "acgtnacgt", "TTTTTTTTT"], "sequences"),
        ([*["ACGTACGT"] * 9, "ACGUACGU"], "sequences"),
        ([*["ACGTACGT"] * 8, "ACGUACGU", None], "labels"),
        # Short words of these letters may be names.
        (["CAT", "TAG", "ACT"], "labels"),
        (["1.5", "-2", "3e-2"], "numbers"),
        ([1, 2.5, None], "numbers"),
        (["1.5", "NA", ""], "numbers"),
        ([*["1.5"] * 8, "high", "low"], "mixed"),
        ([*["1.5"] * 7, "high", "low", "low"], "labels"),
        (["a", "b", None], "labels"),
        ([True, False, True], "labels"),
        ([None, None], "empty"),
        (["NA", "NA"], "empty"),
        ([datetime.date(2024, 1, 1)] * 2, "labels"),
    ],
)
def test_what_a_column_holds(cells, kind):
    assert column(*cells).kind == kind


def test_numbers_and_the_rows_of_text_among_them():
    found = column("1.5", "NA", "high", None, *["2"] * 10, "low")
    np.testing.assert_array_equal(found.numbers, [1.5, np.nan, np.nan, np.nan, *[2] * 10, np.nan])
    assert found.text_cells == {4: "high", 16: "low"}
    # A cell that is empty or stands for that is missing, and text is not.
    assert found.missing == 2


def test_values_of_labels():
    found = column("b", "a", "b ", None)
    assert (found.values, found.missing) == (["b", "a"], 1)
    assert found.is_shared
    assert not found.is_distinct


@pytest.mark.parametrize(
    ("cells", "constant", "distinct", "shared", "coarse"),
    [
        (["a", "a", "a", "a"], True, False, False, True),
        (["a", "b", "c", "d"], False, True, False, False),
        (["a", "a", "b", "b"], False, False, True, True),
        (["a", "a", "b", "c"], False, False, True, False),
        (["a", "b", None, None], False, False, False, True),
        (["1", "1.0", "1", "1"], True, False, True, True),
    ],
)
def test_how_often_values_occur(cells, constant, distinct, shared, coarse):
    found = column(*cells)
    assert (found.is_constant, found.is_distinct, found.is_shared, found.is_coarse) == (
        constant,
        distinct,
        shared,
        coarse,
    )
