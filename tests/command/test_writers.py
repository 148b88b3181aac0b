"""Files of predictions, read back."""

import gzip
import io
import json

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from degu.command.writers import format_of, open_writer
from degu.errors import DeguError

ORIGIN = {"degu": "0.2.0", "model": "abc"}
PARTS = [
    {
        "name": np.array(["a", "b"], dtype=object),
        "chromosome": ["chrI", "chrI"],
        "start": np.array([3, 5]),
        "end": np.array([7, 9]),
        "strand": ["+", "-"],
        "mean": np.array([1.23456789, -1e-9]),
        "quantile": np.array([0.25, 1.0]),
        "unusual": ["", "gc,epistemic"],
    },
    {
        "name": np.array(['c,"d"'], dtype=object),
        "chromosome": ["chrII"],
        "start": np.array([0]),
        "end": np.array([4]),
        "strand": ["+"],
        "mean": np.array([np.nan]),
        "quantile": np.array([0.5]),
        "unusual": [""],
    },
]


def write(path):
    with open_writer(path, ORIGIN) as writer:
        for part in PARTS:
            writer.write(part)


@pytest.mark.parametrize(
    ("name", "separator"), [("a.tsv", "\t"), ("a.csv", ","), ("a.tsv.gz", "\t"), ("A.CSV.GZ", ",")]
)
def test_text_has_its_origin_and_all_rows(tmp_path, name, separator):
    write(tmp_path / name)
    content = (tmp_path / name).read_bytes()
    text = gzip.decompress(content).decode() if name.lower().endswith(".gz") else content.decode()
    first, rest = text.split("\n", 1)
    assert json.loads(first.removeprefix("# ")) == ORIGIN
    table = pd.read_csv(io.StringIO(rest), sep=separator)
    assert list(table) == list(PARTS[0])
    assert table["name"].tolist() == ["a", "b", 'c,"d"']
    np.testing.assert_allclose(table["mean"], [1.23457, -1e-9, np.nan])


def test_parquet_keeps_types_and_all_digits(tmp_path):
    write(tmp_path / "a.parquet")
    table = pq.read_table(tmp_path / "a.parquet")
    assert json.loads(table.schema.metadata[b"degu"]) == ORIGIN
    frame = table.to_pandas()
    np.testing.assert_array_equal(frame["mean"], np.concatenate([part["mean"] for part in PARTS]))
    assert frame["start"].tolist() == [3, 5, 0]


def test_bed_begins_with_its_six_columns(tmp_path):
    write(tmp_path / "a.bed")
    lines = (tmp_path / "a.bed").read_text().splitlines()
    assert lines[1] == "#chromosome\tstart\tend\tname\tscore\tstrand\tmean\tquantile\tunusual"
    assert [line.split("\t")[:6] for line in lines[2:]] == [
        ["chrI", "3", "7", "a", "250", "+"],
        ["chrI", "5", "9", "b", "1000", "-"],
        ["chrII", "0", "4", 'c,"d"', "500", "+"],
    ]


def test_blanks_and_tabs_in_names_move_no_column_of_bed(tmp_path):
    names = {"name": np.array(["a\tdescribed", "b"], dtype=object), "chromosome": ["chr I", "chrI"]}
    with open_writer(tmp_path / "a.bed", ORIGIN) as writer:
        writer.write({**PARTS[0], **names})
    lines = [line.split("\t") for line in (tmp_path / "a.bed").read_text().splitlines()[1:]]
    assert [line[3] for line in lines[1:]] == ["a_described", "b"]
    assert [line[0] for line in lines[1:]] == ["chr_I", "chrI"]
    assert {len(line) for line in lines} == {9}


@pytest.mark.parametrize("name", ["a.tsv", "a.csv.gz", "a.bed", "a.parquet"])
def test_nothing_is_left_of_a_file_that_fails(tmp_path, name):
    with pytest.raises(RuntimeError), open_writer(tmp_path / name, ORIGIN) as writer:
        writer.write(PARTS[0])
        raise RuntimeError
    assert not list(tmp_path.iterdir())


def test_equal_contents_are_equal_files(tmp_path):
    for name in ("a.tsv.gz", "b.tsv.gz"):
        write(tmp_path / name)
    assert (tmp_path / "a.tsv.gz").read_bytes() == (tmp_path / "b.tsv.gz").read_bytes()


@pytest.mark.parametrize("name", ["a", "a.txt", "a.parquet.gz", "a.gz"])
def test_other_names_are_refused(tmp_path, name):
    with pytest.raises(DeguError, match="the end of the name tells no format"):
        format_of(tmp_path / name)
