"""Tables that the pipeline writes and reads."""

import pandas as pd
import pytest

from degu.formats.tables import read_tables, write_table

FRAME = pd.DataFrame({"dataset": ["a", "b"], "seed": [1, 2], "value": [0.1234564, -1e-12]})


def test_a_tsv_file_has_a_header_tabs_and_six_digits(tmp_path):
    write_table(FRAME, tmp_path / "new" / "t.tsv")
    assert (tmp_path / "new" / "t.tsv").read_text() == "dataset\tseed\tvalue\na\t1\t0.123456\nb\t2\t-1e-12\n"


def test_a_parquet_file_keeps_every_digit(tmp_path):
    write_table(FRAME, tmp_path / "t.parquet")
    read = read_tables(tmp_path / "t.parquet")
    assert read["value"].tolist() == FRAME["value"].tolist()
    assert list(read.columns) == list(FRAME.columns)


def test_the_index_is_not_written(tmp_path):
    for name in ("t.tsv", "t.parquet"):
        write_table(FRAME.set_index(pd.Index([7, 9])), tmp_path / name)
        read = read_tables(tmp_path / name)
        assert list(read.columns) == list(FRAME.columns)
        assert list(read.index) == [0, 1]


def test_tables_of_both_formats_are_stacked(tmp_path):
    write_table(FRAME, tmp_path / "a.tsv")
    write_table(FRAME.assign(dataset=["c", "d"]), tmp_path / "b.parquet")
    read = read_tables([tmp_path / "a.tsv", str(tmp_path / "b.parquet")])
    assert read["dataset"].tolist() == ["a", "b", "c", "d"]
    assert read.index.tolist() == [0, 1, 2, 3]


def test_one_path_may_be_text(tmp_path):
    write_table(FRAME, str(tmp_path / "a.tsv"))
    assert read_tables(str(tmp_path / "a.tsv"))["seed"].tolist() == [1, 2]


def test_a_table_that_cannot_be_written_leaves_the_old_one(tmp_path):
    write_table(FRAME, tmp_path / "t.parquet")
    with pytest.raises(Exception, match="mixed"):
        write_table(pd.DataFrame({"mixed": [{"a": 1}, 2]}), tmp_path / "t.parquet")
    assert read_tables(tmp_path / "t.parquet")["seed"].tolist() == [1, 2]
    assert [path.name for path in tmp_path.iterdir()] == ["t.parquet"]


@pytest.mark.parametrize("suffix", [".tsv", ".parquet"])
def test_names_stay_as_they_are(tmp_path, suffix):
    names = ["NA", "None", "nan", "001", "12E5", "null"]
    frame = pd.DataFrame({"target": names, "unit": names[::-1], "value": [1.5, float("nan"), float("inf"), 0, 1, 2]})
    write_table(frame, tmp_path / f"t{suffix}")
    pd.testing.assert_frame_equal(read_tables(tmp_path / f"t{suffix}"), frame, check_dtype=False)


def test_an_empty_cell_is_an_absent_value(tmp_path):
    write_table(pd.DataFrame({"target": ["a", None], "value": [1.0, None]}), tmp_path / "t.tsv")
    read = read_tables(tmp_path / "t.tsv")
    assert read["target"].isna().tolist() == read["value"].isna().tolist() == [False, True]
