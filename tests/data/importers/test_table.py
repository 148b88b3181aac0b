import logging

import numpy as np
import pandas as pd
import pytest

from degu.data.importers.table import load
from degu.data.sequences import decode
from degu.errors import DeguError

FRAME = pd.DataFrame(
    {
        "label": ["a", "b", "c", "d"],
        "sequence": ["ACGT", "ttnn", "GGCA", "CCCC"],
        "parent": ["p", "p", "q", "r"],
        "set": ["Train", "Train", "Val", "Test"],
        "chromosome": ["chr1", "chr1", "chr2", "chr3"],
        "library": [1, 1, 2, 2],
        "activity": [0.5, -1.25, 3.0, 2.0],
        "spread": [0.1, 0.0, 0.3, 0.4],
        "rep1": [1.0, 2.0, 3.0, 4.0],
        "rep2": [3.0, 2.0, 6.0, np.nan],
        "rep3": [5.0, 5.0, np.nan, 5.0],
    }
)
MEAN = {"activity": {"mean": "activity"}}
REPLICATES = {"activity": {"replicates": ["rep1", "rep2", "rep3"], "unit": "log2"}}
KINDS = ["t.tsv", "t.tsv.gz", "t.csv", "t.parquet", "t.xlsx"]


def write(frame, path):
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    elif path.suffix == ".xlsx":
        frame.to_excel(path, index=False)
    else:
        frame.to_csv(path, index=False, sep="," if path.suffix == ".csv" else "\t")
    return path


@pytest.fixture
def read(tmp_path):
    """Return a function that writes a table and loads it."""

    def call(frame=FRAME, name="t.tsv", targets=MEAN, drop=False, **options):
        path = write(frame, tmp_path / name)
        return load({"table": path}, drop_bad_rows=drop, targets=targets, **options)

    call.folder = tmp_path
    return call


def changed(column, row, value):
    frame = FRAME.astype({column: object}) if isinstance(value, str) else FRAME.copy()
    frame.loc[row, column] = value
    return frame


@pytest.mark.parametrize("name", KINDS)
def test_table_of_every_kind_is_read(read, name):
    records = read(name=name, targets={"activity": {"mean": "activity", "std": "spread", "unit": "log2"}})
    assert decode(records.tokens) == ["ACGT", "TTNN", "GGCA", "CCCC"]
    assert records.targets.tolist() == [[0.5], [-1.25], [3.0], [2.0]]
    assert records.replicate_std.tolist() == [[0.1], [0.0], [0.3], [0.4]]
    assert (records.target_names, records.units) == (["activity"], ["log2"])
    assert records.replicates is None
    assert records.dropped == {}


@pytest.mark.parametrize("name", KINDS)
def test_mean_and_std_are_computed_from_replicates(read, name):
    records = read(FRAME[:3], name=name, targets=REPLICATES)
    # (1, 3, 5), (2, 2, 5) and (3, 6) by hand.
    np.testing.assert_allclose(records.targets, [[3], [3], [4.5]])
    np.testing.assert_allclose(records.replicate_std, [[2], [3**0.5], [4.5**0.5]])
    np.testing.assert_array_equal(records.replicates, FRAME[["rep1", "rep2", "rep3"]][:3].to_numpy()[:, None, :])


def test_named_mean_overrules_the_mean_of_the_replicates(read):
    records = read(FRAME[:3], targets={"y": {"mean": "activity", "replicates": ["rep1", "rep2"]}})
    assert records.targets.tolist() == [[0.5], [-1.25], [3.0]]
    np.testing.assert_allclose(records.replicate_std, [[2**0.5], [0], [4.5**0.5]])


def test_targets_come_in_the_order_they_are_named(read):
    records = read(targets={"spread": {"mean": "spread"}, "activity": {"mean": "activity", "unit": "log2"}})
    assert records.target_names == ["spread", "activity"]
    assert records.units == ["", "log2"]
    assert records.targets.tolist() == FRAME[["spread", "activity"]].to_numpy().tolist()


def test_target_with_fewer_replicates_is_filled_with_missing_ones(read):
    frame = FRAME.assign(rep4=FRAME["rep1"], rep5=FRAME["rep2"])
    targets = {"one": {"replicates": ["rep4", "rep5"]}, "two": {"replicates": ["rep1", "rep2", "rep3"]}}
    records = read(frame[:3], targets=targets)
    assert records.replicates.shape == (3, 2, 3)
    np.testing.assert_array_equal(records.replicates[:, 0], [[1, 3, np.nan], [2, 2, np.nan], [3, 6, np.nan]])
    np.testing.assert_array_equal(records.replicates[:, 1], FRAME[["rep1", "rep2", "rep3"]][:3])


def test_std_is_left_out_unless_every_target_has_one(read):
    records = read(targets={"one": {"mean": "activity", "std": "spread"}, "two": {"mean": "rep1"}})
    assert records.replicate_std is None


def test_labels_come_from_the_named_columns(read):
    records = read(name="t.csv", group="parent", split="set", chromosome="chromosome", batch="library")
    assert records.group.tolist() == ["p", "p", "q", "r"]
    assert records.published_split.tolist() == ["Train", "Train", "Val", "Test"]
    assert records.chromosome.tolist() == ["chr1", "chr1", "chr2", "chr3"]
    assert records.batch.tolist() == ["1", "1", "2", "2"]


def test_labels_that_are_not_named_are_absent(read):
    records = read()
    assert records.group is records.published_split is records.chromosome is records.batch is None


def test_names_are_those_of_the_table_or_its_row_numbers(read):
    assert read().names.tolist() == ["row2", "row3", "row4", "row5"]
    frame = FRAME.rename(columns={"sequence": "dna"})
    assert read(frame, sequence="dna").tokens.shape == (4, 4)


def test_names_come_from_the_named_column(tmp_path):
    path = write(FRAME, tmp_path / "t.tsv")
    records = load({"table": path}, drop_bad_rows=False, targets=MEAN, name="label")
    assert records.names.tolist() == ["a", "b", "c", "d"]


def test_row_numbers_stay_those_of_the_file_when_rows_are_dropped(read):
    records = read(changed("activity", 1, np.nan), drop=True)
    assert records.names.tolist() == ["row2", "row4", "row5"]


def test_dropped_rows_are_gone_from_every_array_and_counted(read):
    frame = FRAME[:3].copy()
    frame.loc[1, "sequence"] = "TTXN"
    records = read(frame, targets=REPLICATES, drop=True, group="parent", batch="library")
    assert decode(records.tokens) == ["ACGT", "GGCA"]
    np.testing.assert_allclose(records.targets, [[3], [4.5]])
    np.testing.assert_allclose(records.replicate_std, [[2], [4.5**0.5]])
    np.testing.assert_array_equal(records.replicates[:, 0, 0], [1, 3])
    assert records.group.tolist() == ["p", "q"]
    assert records.batch.tolist() == ["1", "2"]
    assert records.dropped == {"letters outside ACGTN": 1}


def test_flanks_are_added_to_every_sequence_and_their_lengths_told(read):
    records = read(left_flank="AGgA", right_flank="CN")
    assert decode(records.tokens) == ["AGGAACGTCN", "AGGATTNNCN", "AGGAGGCACN", "AGGACCCCCN"]
    assert records.flanks == (4, 2)
    assert read().flanks == (0, 0)
    assert decode(read(right_flank="T").tokens)[0] == "ACGTT"


def test_flank_of_other_letters_is_refused(read):
    with pytest.raises(DeguError, match=r"options\.left_flank: letter 'X'"):
        read(left_flank="AXA")


def test_blanks_around_flanks_and_sequences_are_no_bases(read):
    records = read(
        FRAME.assign(sequence=["ACGT ", " ttnn", "GGCA", "CCCC\u00a0"]), left_flank="AGgA ", right_flank="\n"
    )
    assert decode(records.tokens) == ["AGGAACGT", "AGGATTNN", "AGGAGGCA", "AGGACCCC"]
    assert records.flanks == (4, 0)


def test_named_sheet_is_read(tmp_path):
    with pd.ExcelWriter(tmp_path / "t.xlsx") as book:
        pd.DataFrame({"note": ["nothing"]}).to_excel(book, sheet_name="about", index=False)
        FRAME.to_excel(book, sheet_name="data", index=False)
    files = {"table": tmp_path / "t.xlsx"}
    assert len(load(files, drop_bad_rows=False, targets=MEAN, sheet="data")) == 4
    with pytest.raises(DeguError, match="no column 'sequence'"):
        load(files, drop_bad_rows=False, targets=MEAN)


@pytest.mark.parametrize(
    ("options", "column", "nearest"),
    [
        ({"sequence": "sequences"}, "sequences", "sequence"),
        ({"targets": {"y": {"mean": "activities"}}}, "activities", "activity"),
        ({"targets": {"y": {"mean": "activity", "std": "spreads"}}}, "spreads", "spread"),
        ({"targets": {"y": {"replicates": ["rep1", "rep9"]}}}, "rep9", "rep"),
        ({"group": "parents"}, "parents", "parent"),
        ({"batch": "libary"}, "libary", "library"),
    ],
)
def test_missing_column_is_named_with_the_nearest(read, options, column, nearest):
    with pytest.raises(DeguError, match=f"no column '{column}'\n  expected: did you mean '{nearest}"):
        read(**options)


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        ({}, "no target is named"),
        ({"y": {"replicates": ["rep1"]}}, r"options\.targets\.y\.replicates: 1 replicate\n  expected: two or more"),
        ({"y": {"replicates": []}}, "0 replicate"),
        ({"y": {"std": "spread"}}, r"options\.targets\.y: neither a mean nor replicates are named"),
        ({"y": {"maen": "activity"}}, "unknown key 'maen'\n  expected: did you mean 'mean'"),
        pytest.param(
            {"y": None},
            r"options\.targets\.y",
        ),
        pytest.param(
            {"y": {"replicates": "rep1"}},
            r"options\.targets\.y",
        ),
    ],
)
def test_targets_that_are_not_complete_are_told(read, targets, message):
    with pytest.raises(DeguError, match=message):
        read(targets=targets)


@pytest.mark.parametrize("name", [*KINDS[:3], "t.xlsx"])
def test_text_in_a_column_of_numbers_is_told_with_its_row(read, name):
    with pytest.raises(DeguError, match="column 'activity' holds 'high' in row 4"):
        read(changed("activity", 2, "high"), name=name)


def test_negative_std_is_told_with_its_row(read):
    with pytest.raises(DeguError, match=r"column 'spread' is -0\.5 in row 5\n  expected: >= 0"):
        read(changed("spread", 3, -0.5), targets={"y": {"mean": "activity", "std": "spread"}})


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("activity", np.nan, "missing or not finite: row 3 "),
        ("activity", np.inf, "missing or not finite: row 3 "),
        ("sequence", "AXGT", "letter 'X' at position 2, row 3 "),
        ("sequence", "ACGTA", r"differ in length: row 3 \(1 of 4\), the first with 5 bases"),
        ("sequence", "", "no sequence: row 3 "),
    ],
)
def test_bad_row_stops_the_import(read, column, value, message):
    with pytest.raises(DeguError, match=message):
        read(changed(column, 1, value), targets={"y": {"mean": "activity", "std": "spread"}})


def test_row_without_any_replicate_stops_the_import(read):
    frame = FRAME[:3].copy()
    frame.loc[0, ["rep1", "rep2", "rep3"]] = np.nan
    with pytest.raises(DeguError, match="missing or not finite: row 2 "):
        read(frame, targets=REPLICATES)


def test_a_replicate_without_a_number_stops_the_import(read):
    with pytest.raises(DeguError, match="the column 'rep2' of replicates is empty in all rows"):
        read(FRAME.assign(rep2=np.nan), targets=REPLICATES)


def test_rows_that_lack_a_replicate_are_told(read, caplog):
    read(targets=REPLICATES)
    assert "2 of 4 rows lack a replicate; their mean and standard deviation are taken over the others" in caplog.text


def test_rows_without_a_group_are_not_relatives(read):
    frame = changed("parent", 0, np.nan)
    frame.loc[3, "parent"] = np.nan
    group = read(frame, group="parent").group
    assert group[0] != group[3]


@pytest.mark.parametrize("name", KINDS)
def test_names_are_those_of_the_file_to_the_letter(read, name):
    names = ["0001", "12E5", "NA", " padded "]
    path = write(FRAME.assign(label=names), read.folder / name)
    assert load({"table": path}, drop_bad_rows=False, targets=MEAN, name="label").names.tolist() == names


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("kind", ["group", "split", "chromosome", "batch"])
def test_blanks_around_a_label_do_not_count(read, name, kind):
    records = read(FRAME.assign(parent=["p", "p ", " p", "q"]), name=name, **{kind: "parent"})
    found = {"split": "published_split"}.get(kind, kind)
    assert getattr(records, found).tolist() == ["p", "p", "p", "q"]


@pytest.mark.parametrize("name", KINDS)
def test_groups_that_look_alike_are_one_group(read, name):
    group = read(FRAME.assign(parent=["\u00e9", "e\u0301\u200b", "\u2060\u00e9", "q"]), name=name, group="parent").group
    assert group.tolist() == ["\u00e9", "\u00e9", "\u00e9", "q"]


@pytest.mark.parametrize("wanted", ["\u00e9", "e\u0301", ["e\u0301\u200b"]])
def test_rows_are_chosen_by_a_value_that_looks_alike(read, wanted):
    assert read(FRAME.assign(set=["\u00e9", "e\u0301", "q", "e"]), rows={"set": wanted}).rows.tolist() == [2, 3]


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("label", ["NA", "None", "nan", "null", "none"])
def test_a_group_may_have_any_name(read, name, label):
    group = read(FRAME.assign(parent=[label, label, "q", None]), name=name, group="parent").group
    assert group[0] == group[1] == label
    assert len(set(group)) == 3


@pytest.mark.parametrize("name", KINDS)
def test_numbers_of_a_split_are_told_beside_an_empty_cell(read, name):
    records = read(FRAME.assign(set=[1, 2, 3, None]), name=name, split="set")
    expected = ["1.0", "2.0", "3.0"] if name.endswith((".tsv", ".gz", ".csv")) else ["1", "2", "3"]
    assert records.published_split.tolist() == [*expected, "none"]


@pytest.mark.parametrize(
    ("options", "column", "uses"),
    [
        (
            {"targets": {"y": {"replicates": ["rep1", "rep2", "rep1"]}}},
            "rep1",
            "targets.y.replicates and",
        ),
        (
            {"targets": {"y": {"mean": "rep1", "replicates": ["rep1", "rep2"]}}},
            "rep1",
            "targets.y.mean and",
        ),
        ({"targets": {"y": {"mean": "rep1", "std": "rep1"}}}, "rep1", "targets.y.mean and under targets.y.std"),
        (
            {"targets": {"y": {"mean": "rep1"}, "z": {"mean": "rep1"}}},
            "rep1",
            "targets.y.mean and",
        ),
        ({"targets": {"y": {"mean": "sequence"}}}, "sequence", "sequence and under targets.y.mean"),
        ({"group": "activity"}, "activity", "targets.activity.mean and under group"),
        ({"group": "sequence"}, "sequence", "sequence and under group"),
    ],
)
def test_a_column_named_for_two_things_is_told(read, options, column, uses):
    with pytest.raises(DeguError, match=f"options: the column '{column}' is named twice, under {uses}"):
        read(**options)


def test_a_column_may_hold_several_labels(read):
    records = read(group="chromosome", chromosome="chromosome", split="chromosome", batch="chromosome")
    assert records.group.tolist() == records.chromosome.tolist() == ["chr1", "chr1", "chr2", "chr3"]


@pytest.mark.parametrize("value", [np.inf, -np.inf, 1e25])
def test_an_infinite_replicate_beside_a_named_mean_is_told_with_its_row(read, value):
    targets = {"y": {"mean": "activity", "replicates": ["rep1", "rep2"]}}
    frame = FRAME[:3].copy()
    frame.loc[1, "rep2"] = value
    with pytest.raises(DeguError, match=r"an infinite or extreme replicate: row 3 \(1 of 3"):
        read(frame, targets=targets)
    assert read(frame, targets=targets, drop=True).dropped == {"an infinite or extreme replicate": 1}


@pytest.mark.parametrize("value", [np.inf, 1e25])
def test_an_infinite_standard_deviation_is_told_with_its_row(read, value):
    with pytest.raises(DeguError, match=r"an infinite or extreme standard deviation: row 4 "):
        read(changed("spread", 2, value), targets={"y": {"mean": "activity", "std": "spread"}})


@pytest.mark.parametrize("row", range(4))
def test_an_extreme_activity_is_told_with_its_row(read, row):
    with pytest.raises(DeguError, match=rf"so extreme that it would spoil every score: row {row + 2} "):
        read(changed("activity", row, 1e25))


@pytest.mark.parametrize("name", KINDS)
def test_records_know_their_rows_in_the_file(read, name):
    frame = changed("activity", 1, np.nan)
    assert read(frame, name=name, drop=True).rows.tolist() == [2, 4, 5]


def test_names_with_several_values_are_told(read, caplog):
    frame = FRAME.assign(label=["a", "b", "a", "b"], activity=[1.0, 2.0, 1.5, 2.0])
    path = write(frame, read.folder / "t.tsv")
    with caplog.at_level(logging.WARNING):
        load({"table": path}, drop_bad_rows=False, targets=MEAN, name="label")
    assert "1 names stand in more than one row with different values, the first, 'a', in rows 2, 4" in caplog.text


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        ({"library": 2}, "cd"),
        ({"library": [1, 2]}, "abcd"),
        ({"library": "1", "set": ["Train"]}, "ab"),
        ({}, "abcd"),
        ({"activity": {"at_least": 0.5}}, "acd"),
        ({"activity": {"above": 0.5, "at_most": 3}}, "cd"),
        ({"activity": {"above": -2, "below": 3}, "library": 1}, "ab"),
        ({"activity": {"at_most": "0.5"}}, "ab"),
    ],
)
def test_rows_are_chosen_by_values_and_keep_their_numbers(read, name, rows, kept):
    records = read(name=name, rows=rows)
    numbers = ["abcd".index(letter) for letter in kept]
    np.testing.assert_array_equal(records.targets[:, 0], FRAME["activity"].to_numpy(np.float32)[numbers])
    assert records.rows.tolist() == [number + 2 for number in numbers]


def test_rows_without_a_number_are_in_no_range_and_are_told(read, caplog):
    assert read(rows={"rep3": {"at_most": 5}}).rows.tolist() == [2, 3, 5]
    assert "1 of 4 rows have no number in the column 'rep3', and are left out" in caplog.text
    with pytest.raises(DeguError, match="no row that is left has a number above 1 in the column 'empty'"):
        read(FRAME.assign(empty=np.nan), rows={"empty": {"above": 1}})


def test_a_bad_row_that_is_not_chosen_does_not_matter(read):
    assert len(read(changed("sequence", 0, "AC"), rows={"set": ["Val", "Test"]}).targets) == 2


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"set": "train"}, "no row that is left has 'train' in the column 'set'.*did you mean 'Train'"),
        ({"set": "Train", "library": 2}, "no row that is left has '2' in the column 'library'"),
        ({"sets": "Train"}, "'sets'"),
        (
            {"library": 1, "activity": {"above": 1}},
            "no row that is left has a number above 1 in the column 'activity'.*some of its numbers from -1.25 to 0.5",
        ),
        ({"parent": {"at_least": 1}}, "column 'parent' holds 'p' in row 2.*a number or an empty cell"),
    ],
)
def test_rows_that_are_not_there_are_told(read, rows, message):
    with pytest.raises(DeguError, match=f"(?s){message}"):
        read(rows=rows)


@pytest.mark.parametrize("rows", [["set"], "set", {"set": []}, {"set": None}, {"library": {}}, {"set": True}])
def test_rows_of_a_wrong_form_are_refused(read, rows):
    with pytest.raises(DeguError, match=r"^options\.rows(.|\n)*a non-empty list of values or a range of numbers"):
        read(rows=rows)


@pytest.mark.parametrize("name", KINDS)
def test_truth_values_in_quotes_choose_rows(read, name):
    frame = FRAME.assign(set=["TRUE", "FALSE", "TRUE", "TRUE"])
    assert read(frame, name=name, rows={"set": "TRUE"}).rows.tolist() == [2, 4, 5]


@pytest.mark.parametrize(("side", "expected"), [("left", "NNGT"), ("right", "GTNN")])
def test_shorter_sequences_are_filled_up_on_the_side_that_is_named(read, side, expected, caplog):
    caplog.set_level(logging.INFO)
    records = read(changed("sequence", 0, "GT"), pad=side, left_flank="AA")
    assert decode(records.tokens) == [f"AA{expected}", "AATTNN", "AAGGCA", "AACCCC"]
    assert f"filled up 1 of 4 sequences with N on the {side}, from 2 bases or more to 4" in caplog.text


def test_an_empty_sequence_is_not_filled_up(read):
    with pytest.raises(DeguError, match="no sequence: row 3"):
        read(changed("sequence", 1, ""), pad="left")


@pytest.mark.parametrize("side", ["left", "right"])
def test_rows_that_are_dropped_do_not_set_the_length(read, side):
    """The long ones are a cell of text, and a sequence without a measurement."""
    frame = FRAME.assign(sequence=["GT", "see the note on this row", "GGCA", "ACGTACGTA"])
    frame.loc[3, "activity"] = np.nan
    records = read(frame, drop=True, pad=side)
    assert decode(records.tokens) == [{"left": "NNGT", "right": "GTNN"}[side], "GGCA"]
    assert records.dropped == {"letters outside ACGTN": 1, "a target that is missing or not finite": 1}


@pytest.mark.parametrize("side", ["none", "left", "right"])
@pytest.mark.parametrize("empty", [None, " "])
def test_a_column_without_any_sequence_is_told(read, side, empty):
    frame = FRAME.assign(sequence=empty)
    with pytest.raises(DeguError, match=r"t\.parquet: no sequence: rows 2, 3, 4, 5 \(4 of 4"):
        read(frame, name="t.parquet", pad=side)
    with pytest.raises(DeguError, match="no usable row among 4"):
        read(frame, name="t.parquet", pad=side, drop=True)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize(
    ("sequence", "told"), [("GX", "letter 'X' at position 2"), ("AC GTACG", "a blank at position 3")]
)
def test_a_bad_letter_of_a_padded_table_is_told_at_its_position_in_the_file(read, side, sequence, told):
    frame = FRAME.assign(sequence=["ACGT", sequence, "GGCAA", "C"])
    with pytest.raises(DeguError, match=rf"{told}, row 3 \(1 of 4\)(.|\n)*`bad_rows: drop`"):
        read(frame, pad=side)


@pytest.mark.parametrize("side", ["none", "left", "right"])
@pytest.mark.parametrize(
    ("lengths", "warned"), [((3, 9, 4, 5), False), ((3, 10, 4, 5), True), ((8, 8, 8, 4), False), ((1, 1, 3, 3), False)]
)
def test_a_sequence_far_longer_than_most_is_warned_of(read, caplog, side, lengths, warned):
    frame = FRAME.assign(sequence=["A" * length for length in lengths])
    if side == "none":
        frame["sequence"] = "ACGT"
    read(frame, pad=side)
    found = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert len(found) == (warned and side != "none")
    for message in found:
        assert "the longest sequence, in row 3, has 10 bases, more than twice the median length of 4.5" in message
