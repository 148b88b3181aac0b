"""Source files are checked while a run is planned as they are when they are imported."""

import logging

import pandas as pd
import pytest

from degu.config.plugins import constant, known_names
from degu.data.reading import SourceSize, check_sources, read_records
from degu.errors import DeguError
from degu.formats import source_tables

FRAME = pd.DataFrame(
    {"sequence": ["ACGT", "TTTT", "GGCA"], "activity": [0.5, -1.25, 3.0], "active": [0, 1, 1], "rep1": [1.0, 2.0, None]}
).assign(rep2=[1.0, 2.0, 3.0])


def settings(column="activity", **changes):
    """Return a data set's settings as the schema completes them."""
    return {
        "importer": "table",
        "files": {"table": {"size": None}},
        "options": {"targets": {"y": {"mean": column}}},
        "bad_rows": "stop",
        "labels": False,
        **changes,
    }


@pytest.fixture
def written(tmp_path):
    """Return a function that writes a table, by default `FRAME` with some columns replaced, and returns the files."""

    def write(**columns):
        path = tmp_path / "table.tsv"
        FRAME.assign(**columns).to_csv(path, sep="\t", index=False)
        return {"table": path}

    return write


def test_records_are_those_of_the_importer(written):
    records = read_records(settings(), written(), where="d")
    assert records.targets[:, 0].tolist() == FRAME["activity"].tolist()
    assert read_records(settings("active", labels=True), written(), where="d").targets[:, 0].tolist() == [0, 1, 1]


def test_targets_that_are_no_labels_are_told_by_both(written):
    for read in (read_records, check_sources):
        with pytest.raises(DeguError, match=r"d: y is 0\.5 in row 2 \(3 of 3 targets are no labels"):
            read(settings(labels=True), written(), where="d")


def test_a_good_table_passes(written):
    assert check_sources(settings(), written(), where="d") == SourceSize(rows=3, length=4)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"sequence": ["ACGT", "TXTT", "GGCA"]}, r"table\.tsv: letter 'X' at position 2, row 3"),
        ({"sequence": ["ACGT", "TTT", "GGCA"]}, r"table\.tsv: sequences differ in length: row 3 \(1 of 3\)"),
        ({"activity": [0.5, "high", 3.0]}, r"table\.tsv: column 'activity' holds 'high' in row 3"),
        ({"activity": [0.5, None, 3.0]}, r"a target that is missing or not finite: row 3"),
        ({"activity": [0.5, "1,5", 3.0]}, r"holds '1,5' in row 3\n  expected: a number(.|\n)*with a point"),
    ],
)
def test_what_the_import_would_refuse_is_refused(written, columns, message):
    files = written(**columns)
    for read in (read_records, check_sources):
        with pytest.raises(DeguError, match=message):
            read(settings(), files, where="d")


def test_a_missing_column_is_told_with_the_nearest(written):
    with pytest.raises(DeguError, match="there is no column 'actvity'\n  expected: did you mean 'activity'"):
        check_sources(settings("actvity"), written(), where="d")


def test_bad_rows_may_be_dropped(written):
    files = written(sequence=["ACGT", "TXTT", "GGCA"])
    assert check_sources(settings(bad_rows="drop"), files, where="d") == SourceSize(rows=2, length=4)


def test_warnings_are_left_to_the_import(written, caplog):
    replicates = settings(options={"targets": {"y": {"replicates": ["rep1", "rep2"]}}})
    files = written()
    read_records(replicates, files, where="d")
    assert "1 of 3 rows lack a replicate" in caplog.text
    caplog.clear()
    check_sources(replicates, files, where="d")
    assert caplog.text == ""
    assert logging.getLogger("degu").level == logging.NOTSET


def test_a_file_of_another_size_than_published_is_told(written):
    with pytest.raises(DeguError, match=r"table\.tsv: the file has [0-9]+ bytes\n  expected: 7 bytes"):
        check_sources(settings(files={"table": {"size": 7}}), written(), where="d")


def test_rows_of_a_large_table_are_left_to_the_import_and_its_columns_are_not(written, monkeypatch):
    monkeypatch.setitem(source_tables.LARGE, "text", 10)
    files = written(sequence=["ACGT", "TXTT", "GGCA"])
    assert check_sources(settings(), files, where="d") is None
    options = {"targets": {"y": {"mean": "activity"}}, "rows": {"actve": ["1"]}}
    with pytest.raises(DeguError, match="there is no column 'actve'\n  expected: did you mean 'active'"):
        check_sources(settings(options=options), files, where="d")


def test_other_importers_are_not_called(tmp_path):
    """Only the import job runs a simulation, or reads the large files of publishers."""
    for name in set(known_names("importer")) - {"table"}:
        assert not constant("importer", name, "CHECKED_WHEN_PLANNED", False)
        assert check_sources(settings(importer=name), {"motifs": tmp_path / "absent"}, where="d") is None


def test_a_table_of_a_hundred_thousand_rows_is_not_large():
    """It has about 24 million bytes with sequences of 200 bases and three replicates; DNA in gzip takes a third."""
    row = 200 + len("\tname123456\telement1234") + 3 * len("\t-0.1234") + 1
    assert 100_000 * row < source_tables.LARGE["text"]
    assert 100_000 * row / 3 < source_tables.LARGE["gzip"]
