"""How much the numbers of two files differ."""

import h5py
import numpy as np
import pandas as pd
import pytest

from degu.errors import DeguError
from degu.formats.tables import write_table
from degu.provenance.table_comparison import largest_differences

TABLE = pd.DataFrame(
    {
        "model": ["member", "member", "student", "student"],
        "metric": ["pearson", "mse", "pearson", "mse"],
        "value": [0.5, 200.0, -0.5, 100.0],
        "seeds": [5, 5, 3, 3],
        "holds": [True, False, True, False],
    }
)


@pytest.fixture(params=["tsv", "parquet"])
def differences(request, tmp_path):
    """Return a function that compares two tables by their files."""

    def compare(first, second):
        paths = [tmp_path / f"{name}.{request.param}" for name in ("first", "second")]
        for path, table in zip(paths, (first, second), strict=True):
            write_table(table, path)
        return largest_differences(*paths)

    return compare


def changed(column, row, value, table=TABLE):
    table = table.copy()
    table.loc[row, column] = value
    return table


def test_equal_tables_differ_in_nothing(differences):
    table = changed("value", 1, np.inf, changed("value", 0, np.nan))
    assert differences(table, table) == dict.fromkeys(TABLE, 0.0)
    assert differences(table, changed("value", 3, 101.0, table))["value"] == pytest.approx(1 / 101)


def test_a_difference_is_relative_to_the_larger_value(differences):
    found = differences(TABLE, changed("value", 1, 201.0))
    assert found["value"] == pytest.approx(1 / 201)
    assert {found[name] for name in TABLE if name != "value"} == {0.0}


def test_a_small_value_is_compared_with_the_typical_value_of_its_metric(differences):
    """The difference is relative to 0.5, the median of its metric: neither to 0.001 nor to the errors above 100."""
    more = TABLE[TABLE["metric"] == "mse"]
    first = pd.concat([TABLE[:1].assign(value=0.001), TABLE, more], ignore_index=True)
    assert differences(first, changed("value", 0, 0.002, first))["value"] == pytest.approx(0.001 / 0.5)


def test_a_spread_over_seeds_is_compared_with_the_values_that_spread(differences):
    first = pd.DataFrame({"pearson": [0.5, 0.6, 0.7], "pearson_std": [0.01, 0.02, 0.03], "own_std": [0.01, 0.02, 0.03]})
    found = differences(first, first.assign(pearson_std=[0.02, 0.02, 0.03], own_std=[0.02, 0.02, 0.03]))
    assert found["pearson_std"] == pytest.approx(0.01 / 0.6)
    assert found["own_std"] == pytest.approx(0.5)


def test_a_number_among_zeros_differs_completely(differences):
    first = TABLE.drop(columns="metric").assign(value=[0.0, 0.0, 0.0, 1.0])
    assert differences(first, changed("value", 0, 1e-9, first))["value"] == 1.0


@pytest.mark.parametrize(
    ("column", "value"), [("model", "alone"), ("holds", False), ("value", np.nan), ("value", np.inf)]
)
def test_text_truth_values_and_missing_values_differ_infinitely(differences, column, value):
    assert differences(TABLE, changed(column, 0, value))[column] == np.inf
    assert differences(changed(column, 0, value), TABLE)[column] == np.inf


def test_empty_texts_are_equal(differences):
    table = TABLE.assign(student=["", None, "degu", "degu"])
    assert differences(table, table)["student"] == 0.0
    assert differences(table, table.assign(student="degu"))["student"] == np.inf


def test_rows_and_columns_that_are_missing_are_an_infinite_difference(differences):
    assert set(differences(TABLE, TABLE[:3]).values()) == {np.inf}
    assert differences(TABLE, TABLE.drop(columns="seeds"))["seeds"] == np.inf
    assert differences(TABLE.drop(columns="seeds"), TABLE)["seeds"] == np.inf


def test_tables_without_rows_are_equal(differences):
    assert set(differences(TABLE[:0], TABLE[:0]).values()) == {0.0}


def write_arrays(path, **arrays):
    with h5py.File(path, "w") as file:
        for name, values in arrays.items():
            file.create_dataset(f"group/{name}", data=values)
    return path


def test_arrays_are_compared_each_by_itself(tmp_path):
    first = write_arrays(tmp_path / "first.h5", test=np.full((2, 3), 2.0, np.float32), train=np.ones(3), extra=1.0)
    second = write_arrays(tmp_path / "second.h5", test=np.full((2, 3), 2.5, np.float32), train=np.ones(4))
    assert largest_differences(first, second) == {
        "group/test": pytest.approx(0.2),
        "group/train": np.inf,
        "group/extra": np.inf,
    }


@pytest.mark.parametrize("name", ["table.parquet", "arrays.h5"])
def test_a_damaged_file_is_reported(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"damaged")
    with pytest.raises(DeguError, match="not a readable file of numbers"):
        largest_differences(path, path)
