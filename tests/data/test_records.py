import logging

import numpy as np
import pandas as pd
import pytest

from degu.data.records import Records, extreme, find_bad_rows, usable_rows
from degu.errors import DeguError


def test_number_of_records_is_the_number_of_sequences():
    records = Records(np.zeros((3, 5), dtype=np.uint8), np.array(["a"] * 3), np.zeros((3, 1)), ["x"], [""])
    assert len(records) == 3


def test_each_bad_row_is_counted_under_its_first_reason():
    sequences = pd.Series(["ACGT", None, "", "ACG", "AXGT", "acgn", "AX", "ACGT", "ACGT"])
    values = np.array([1, 1, 1, 1, 1, 1, np.nan, np.nan, np.inf])[:, None]
    masks = find_bad_rows(sequences, values)
    assert {kind: np.flatnonzero(mask).tolist() for kind, mask in masks.items()} == {
        "no sequence": [1, 2],
        "sequence of another length": [3, 6],
        "letters outside ACGTN": [4],
        "a target that is missing or not finite": [7, 8],
        "a target so extreme that it would spoil every score": [],
    }


def test_sequences_of_other_lengths_are_good_rows_if_they_may_differ():
    sequences = pd.Series(["ACGT", None, "ACG", "AXGTTT", "", "acgnnnn", "TTTT"])
    bad = {kind: np.flatnonzero(mask).tolist() for kind, mask in find_bad_rows(sequences, np.ones((7, 1))).items()}
    assert bad["sequence of another length"] == [2, 3, 5]
    keep, dropped = usable_rows(sequences, np.ones((7, 1)), drop=True, where="t", any_length=True)
    assert keep.tolist() == [True, False, True, False, False, True, True]
    assert dropped == {"no sequence": 2, "letters outside ACGTN": 1}


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
        (["ACGT", None, "ACGT"], [1, 1, 1], r"no sequence: row 3 \(1 of 3; row 1 is the first line of the file\)"),
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


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("tail", ["normal", "lognormal", "cauchy"])
def test_heavy_tails_are_not_extreme_and_one_number_of_another_order_is(scale, tail):
    rng = np.random.default_rng(0)
    draw = {"normal": rng.standard_normal, "lognormal": lambda n: np.exp(3 * rng.standard_normal(n))}
    values = scale * draw.get(tail, rng.standard_cauchy)(100_000)[:, None]
    assert not extreme(values).any()
    values[17] = -1e9 * scale * (100 if tail == "lognormal" else 1)
    assert np.flatnonzero(extreme(values)).tolist() == [17]


def test_numbers_that_are_equal_but_for_one_are_extreme_only_beyond_single_precision():
    values = np.array([0.0, 0.0, 0.0, 0.0, 1e9, np.nan])[:, None]
    assert not extreme(values).any()
    values[3] = 1e25
    assert np.flatnonzero(extreme(values)).tolist() == [3]
    assert not extreme(np.ones((5, 2))).any()


@pytest.mark.parametrize("offset", [0.0, 7.0])
def test_one_number_of_another_order_is_extreme_among_numbers_most_of_which_are_equal(offset):
    rng = np.random.default_rng(0)
    counts = np.where(rng.random(10_000) < 0.9, 0, np.floor(np.exp(2 * rng.standard_normal(10_000)) * 10))
    values = counts[:, None] + offset
    assert not extreme(values).any()
    values[17] = 1e10
    assert np.flatnonzero(extreme(values)).tolist() == [17]


def test_counts_many_of_which_are_zero_are_not_extreme():
    rng = np.random.default_rng(1)
    reads = rng.negative_binomial(0.05, 0.0001, size=(100_000, 1)).astype(float)
    assert (reads == 0).mean() > 0.5
    assert not extreme(reads).any()


def test_the_usual_length_is_that_of_sequences_of_bases():
    masks = find_bad_rows(pd.Series(["AC GT", "AC GT", "AC GT", "ACGT", "TTTT"]), np.ones((5, 1)))
    assert masks["sequence of another length"].tolist() == [True, True, True, False, False]


def test_a_table_without_a_usable_row_is_refused():
    with pytest.raises(DeguError, match="no usable row among 2"):
        usable_rows(pd.Series([None, "A"]), np.array([[1], [np.nan]]), drop=True, where="t")
