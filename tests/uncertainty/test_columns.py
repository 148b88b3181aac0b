"""The declared columns are those of the tables that an assessment makes, and of tables without rows."""

import pandas as pd
import pytest

from degu.uncertainty.columns import LABELS, TABLES, empty_table, read_coverage
from tests.uncertainty.test_assessment import QUICK, assessed, noisy_store, predictions_of


@pytest.fixture(scope="module")
def tables():
    found = assessed(noisy_store(), predictions_of(noisy_store(), "mean", "aleatoric"), "member", settings=QUICK)
    return found._asdict()


def test_every_table_is_declared(tables):
    assert list(tables) == list(TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_the_declared_columns_in_their_order(tables, name):
    # The first model has two kinds of uncertainty, and the ensemble three.
    kinds = ["aleatoric", "total", "epistemic"] if name == "predictions" else []
    found = list(tables[name].columns)
    assert [column for column in found if column not in kinds] == [*TABLES[name], *LABELS]
    assert {*found} == {*TABLES[name], *LABELS, *kinds}


@pytest.mark.parametrize("name", TABLES)
def test_the_declared_types_are_those_of_the_values(tables, name):
    for column, declared in {**TABLES[name], **LABELS}.items():
        value = tables[name][column].to_numpy()[0]
        assert isinstance(value.item() if hasattr(value, "item") else value, declared.kind), column


@pytest.mark.parametrize("name", TABLES)
def test_a_table_without_rows_has_the_columns_and_types_of_a_full_one(tables, name):
    empty = empty_table(name)
    assert empty.empty
    assert list(empty.columns) == [*TABLES[name], *LABELS]
    declared = {**TABLES[name], **LABELS}
    numbers = [column for column, (kind, _) in declared.items() if kind is not str]
    assert empty[numbers].dtypes.to_dict() == tables[name][numbers].dtypes.to_dict()


def test_every_column_has_a_meaning():
    for columns in (*TABLES.values(), LABELS):
        assert all(column.meaning for column in columns.values())


def test_coverage_is_that_of_total_intervals_without_recalibration(tmp_path):
    kinds = [
        ("total", "none", "coverage", 0.93),
        ("total", "isotonic", "coverage", 0.1),
        ("total", "none", "crps", 0.2),
        ("epistemic", "none", "coverage", 0.3),
    ]
    table = pd.DataFrame(kinds, columns=["uncertainty", "recalibration", "metric", "value"]).assign(student="degu")
    table.to_csv(tmp_path / "scores.tsv", sep="\t", index=False)
    assert read_coverage([tmp_path / "scores.tsv"])[["student", "value"]].to_numpy().tolist() == [["degu", 0.93]]


def test_without_students_there_is_no_coverage():
    assert read_coverage([]).empty
    assert {"dataset", "teacher", "student", "target", "value"} <= {*read_coverage([]).columns}
