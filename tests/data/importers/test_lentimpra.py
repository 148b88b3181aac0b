import logging

import numpy as np
import pandas as pd
import pytest

from degu.data.build import build_store
from degu.data.importers.lentimpra import element_name, load
from degu.data.sequences import decode
from degu.errors import DeguError

SEQUENCE = "230nt sequence (15nt 5' adaptor - 200nt element - 15nt 3' adaptor)"
LEFT, RIGHT = "AGGACCGGATCAACT", "CATTGCGTGAACCGA"
REPLICATES = [f"replicate {number} [log2(rna/dna)]" for number in (1, 2, 3)]
COMPLEMENT = str.maketrans("ACGT", "TGCA")
REVERSED = ("_Reversed", "_Reversed_0", "_Reversed:")


def published(elements=30, singles=10, seed=0):
    """Return the sequences and the activities of elements measured in both orientations, and of some in one.

    The reverse rows carry each of the published suffixes in turn.
    """
    rng = np.random.default_rng(seed)
    names, sequences = [], []
    for index in range(elements + singles):
        insert = "".join(rng.choice(list("ACGT"), size=200))
        names.append(f"peak{index}")
        sequences.append(LEFT + insert + RIGHT)
        if index < elements:
            names.append(f"peak{index}{REVERSED[index % 3]}")
            sequences.append(LEFT + insert.translate(COMPLEMENT)[::-1] + RIGHT)
    values = rng.normal(size=(len(names), 3)).round(4)
    table = pd.DataFrame(
        {
            "name": names,
            "category": "potential enhancer",
            "chr.hg38": [f"chr{1 + index % 9}" for index in range(len(names))],
            "start.hg38": 100,
            SEQUENCE: sequences,
        }
    )
    activities = pd.DataFrame({"name": names, **dict(zip(REPLICATES, values.T, strict=True))})
    activities["mean"] = values.mean(axis=1)
    return table, activities


def write_books(folder, table, activities):
    """Write both workbooks in the published layout, with another cell type's sheets beside."""
    other = pd.DataFrame({"name": ["x"], SEQUENCE: ["A" * 230]})
    with pd.ExcelWriter(folder / "table_3.xlsx") as book:
        pd.DataFrame({"about": ["designed libraries"]}).to_excel(book, sheet_name="README", index=False)
        for sheet, frame in (("HepG2 large-scale", table), ("K562 large-scale", other)):
            frame.to_excel(book, sheet_name=sheet, index=False, startrow=1)
            book.sheets[sheet].cell(1, 1, "Supplementary Table 3: designed sequences")
    with pd.ExcelWriter(folder / "table_4.xlsx") as book:
        for sheet, frame in (("HepG2_summary_data", activities), ("K562_summary_data", activities[:1])):
            frame.to_excel(book, sheet_name=sheet, index=False, startrow=1)
            book.sheets[sheet].cell(1, 1, "Supplementary Table 4: activities")
    return {"sequences": folder / "table_3.xlsx", "activities": folder / "table_4.xlsx"}


def write_csv(folder, table, activities):
    """Write both sheets as csv; the activities then have a column `std`."""
    table.to_csv(folder / "sequences.csv", index=False)
    std = activities[REPLICATES].std(axis=1, ddof=1)
    activities.assign(std=std).to_csv(folder / "activities.csv", index=False)
    return {"sequences": folder / "sequences.csv", "activities": folder / "activities.csv"}


def load_hepg2(files, **options):
    return load(files, **{"drop_bad_rows": False, "cell_type": "HepG2", **options})


@pytest.mark.parametrize("write", [write_books, write_csv])
def test_published_layout_is_read(tmp_path, write):
    table, activities = published()
    records = load_hepg2(write(tmp_path, table, activities))
    assert decode(records.tokens) == table[SEQUENCE].tolist()
    assert records.names.tolist() == table["name"].tolist()
    np.testing.assert_allclose(records.targets[:, 0], activities["mean"], rtol=1e-12)
    np.testing.assert_allclose(records.replicates[:, 0], activities[REPLICATES], rtol=1e-12)
    np.testing.assert_allclose(records.replicate_std[:, 0], activities[REPLICATES].to_numpy().std(axis=1, ddof=1))
    assert records.chromosome.tolist() == table["chr.hg38"].tolist()
    assert records.flanks == (15, 15)
    assert records.target_names == ["activity"]
    assert records.dropped == {}


def test_activities_are_joined_to_sequences_by_name(tmp_path):
    table, activities = published()
    shuffled = activities.sample(frac=1, random_state=1)
    records = load_hepg2(write_csv(tmp_path, table, shuffled))
    sequence_of = dict(zip(table["name"], table[SEQUENCE], strict=True))
    assert records.names.tolist() == shuffled["name"].tolist()
    assert decode(records.tokens) == [sequence_of[name] for name in shuffled["name"]]
    chromosome_of = dict(zip(table["name"], table["chr.hg38"], strict=True))
    assert records.chromosome.tolist() == [chromosome_of[name] for name in shuffled["name"]]


@pytest.mark.parametrize(
    ("name", "element"),
    [
        ("peak1", "peak1"),
        ("peak1_Reversed", "peak1"),
        ("peak1_Reversed_0", "peak1"),
        ("peak1_Reversed:", "peak1"),
        ("peak1:", "peak1"),
        # str.strip(suffix) of the published code takes these for one element.
        ("DNasePeakNoPromoter10_Reversed_0", "DNasePeakNoPromoter10"),
        ("DNasePeakNoPromoter100_Reversed_0", "DNasePeakNoPromoter100"),
        ("Reversed_0_Reversed", "Reversed_0"),
        ("seeds", "seeds"),
    ],
)
def test_element_is_the_name_without_its_suffix(name, element):
    assert element_name(name) == element


def test_both_orientations_of_an_element_are_one_group_and_stratum(tmp_path):
    table, activities = published()
    records = load_hepg2(write_csv(tmp_path, table, activities))
    assert len(set(records.group)) == 40
    assert (records.group[:60:2] == records.group[1:60:2]).all()
    assert records.stratum.tolist() == ["pair"] * 60 + ["other"] * 10


def test_orientation_measured_alone_is_no_pair(tmp_path):
    table, activities = published(elements=3, singles=0)
    # The forward row of the first and the reverse row of the second element have no activity.
    records = load_hepg2(write_csv(tmp_path, table, activities.drop(index=[0, 3])))
    assert records.names.tolist() == ["peak0_Reversed", "peak1", "peak2", "peak2_Reversed:"]
    assert records.stratum.tolist() == ["other", "other", "pair", "pair"]


def test_elements_whose_names_differ_by_a_trailing_zero_stay_apart(tmp_path):
    table, activities = published(elements=2, singles=0)
    for frame in (table, activities):
        frame["name"] = [
            f"DNasePeakNoPromoter{number}{suffix}" for number in (10, 100) for suffix in ("", "_Reversed_0")
        ]
    records = load_hepg2(write_csv(tmp_path, table, activities))
    assert records.group.tolist() == ["DNasePeakNoPromoter10"] * 2 + ["DNasePeakNoPromoter100"] * 2


def test_activity_without_a_sequence_is_dropped_and_counted(tmp_path, caplog):
    table, activities = published()
    with caplog.at_level(logging.WARNING):
        records = load_hepg2(write_csv(tmp_path, table.drop(index=[1, 4]), activities))
    assert records.names.tolist() == activities["name"].drop(index=[1, 4]).tolist()
    assert records.dropped == {"no sequence of that name": 2}
    assert "dropped 2 rows whose name has no sequence" in caplog.text


def test_row_without_an_activity_stops_the_import_or_is_dropped(tmp_path):
    table, activities = published()
    activities.loc[3, "mean"] = np.nan
    files = write_csv(tmp_path, table, activities)
    with pytest.raises(DeguError, match=r"missing or not finite: row 5 \(1 of 70"):
        load_hepg2(files)
    records = load_hepg2(files, drop_bad_rows=True)
    assert records.dropped == {"a target that is missing or not finite": 1}
    assert records.names.tolist() == activities["name"].drop(index=3).tolist()
    np.testing.assert_allclose(records.replicates[3, 0], activities[REPLICATES].to_numpy()[4])


@pytest.mark.parametrize(("write", "row"), [(write_csv, 42), (write_books, 43)])
def test_bad_row_is_named_by_its_number_in_the_file_of_activities(tmp_path, write, row):
    table, activities = published()
    activities.loc[40, "mean"] = np.nan
    # A row before it that has no sequence, and another order of sequences, change no number.
    files = write(tmp_path, table.drop(index=7)[::-1], activities)
    with pytest.raises(DeguError, match=rf"missing or not finite: row {row} \(1 of 69") as caught:
        load_hepg2(files)
    assert str(files["activities"]) in str(caught.value)


def test_row_of_one_replicate_has_no_std(tmp_path):
    table, activities = published()
    activities.loc[5, REPLICATES[:2]] = np.nan
    activities.loc[6, REPLICATES[0]] = np.nan
    std = load_hepg2(write_books(tmp_path, table, activities)).replicate_std[:, 0]
    assert np.flatnonzero(np.isnan(std)).tolist() == [5]
    assert std[6] == pytest.approx(activities.loc[6, REPLICATES[1:]].astype(float).std(ddof=1))


def test_without_std_there_are_no_replicates(tmp_path):
    records = load_hepg2(write_csv(tmp_path, *published()), without_std=True)
    assert records.replicates is records.replicate_std is None


@pytest.mark.parametrize("found", [0, 1])
def test_fewer_than_two_replicate_columns_are_told(tmp_path, found):
    table, activities = published()
    files = write_csv(tmp_path, table, activities)
    activities.drop(columns=REPLICATES[found:]).to_csv(files["activities"], index=False)
    with pytest.raises(DeguError, match=rf"{found} replicate columns(.|\n)*without_std"):
        load_hepg2(files)
    assert len(load_hepg2(files, without_std=True)) == 70


def test_cell_type_picks_the_sheet_whatever_its_case(tmp_path):
    files = write_books(tmp_path, *published())
    assert len(load_hepg2(files, cell_type="hepg2")) == 70


def test_cell_type_without_a_sheet_is_told_with_the_sheets_there_are(tmp_path):
    files = write_books(tmp_path, *published())
    with pytest.raises(DeguError, match=r"0 sheets begin with 'WTC11'(.|\n)*HepG2_summary_data, K562_summary_data"):
        load_hepg2(files, cell_type="WTC11")


def test_tables_of_two_cell_types_are_told(tmp_path):
    table, activities = published()
    files = write_csv(tmp_path, table, activities.assign(name="other_" + activities["name"]))
    with pytest.raises(DeguError, match="expected: the same cell type in both"):
        load_hepg2(files)


def test_two_sheets_of_a_cell_type_are_told(tmp_path):
    files = write_csv(tmp_path, *published())
    with pd.ExcelWriter(tmp_path / "two.xlsx") as book:
        for sheet in ("HepG2 a", "HepG2 b"):
            published()[1].to_excel(book, sheet_name=sheet, index=False)
    with pytest.raises(DeguError, match="2 sheets begin with 'HepG2'"):
        load_hepg2({**files, "activities": tmp_path / "two.xlsx"})


def test_sheet_without_a_header_is_told(tmp_path):
    table, activities = published()
    files = write_books(tmp_path, table, activities.rename(columns={"name": "title"}))
    with pytest.raises(DeguError, match=r"sheet HepG2_summary_data: no row begins with 'name'"):
        load_hepg2(files)


@pytest.mark.parametrize("column", ["name", "mean"])
def test_missing_column_is_named(tmp_path, column):
    table, activities = published()
    files = write_csv(tmp_path, table, activities)
    activities.rename(columns={column: "x"}).to_csv(files["activities"], index=False)
    with pytest.raises(DeguError, match=f"no column '{column}'"):
        load_hepg2(files)


def test_damaged_workbook_is_told(tmp_path):
    files = write_books(tmp_path, *published())
    files["activities"].write_bytes(files["activities"].read_bytes()[:-200])
    with pytest.raises(DeguError):
        load_hepg2(files)


@pytest.mark.parametrize("kind", ["sequences", "activities"])
def test_absent_file_is_told(tmp_path, kind):
    files = write_csv(tmp_path, *published())
    files[kind].unlink()
    with pytest.raises(DeguError):
        load_hepg2(files)


def settings(**options):
    return {
        "importer": "lentimpra",
        "options": {"cell_type": "HepG2", **options},
        "bad_rows": "drop",
        "leaks": "stop",
        "labels": False,
        "standardize_batches": False,
        "split": {
            "method": "random",
            "fractions": {"train": 0.8, "validation": 0.05, "calibration": 0.05, "test": 0.1},
        },
    }


def test_store_splits_pairs_and_others_apart_and_keeps_pairs_together(tmp_path):
    table, activities = published(elements=60, singles=40)
    store = build_store(settings(), write_csv(tmp_path, table, activities), 1, where="d")
    np.testing.assert_array_equal(store.split[:120:2], store.split[1:120:2])
    assert [int((store.split[:120] == code).sum()) for code in range(4)] == [96, 6, 6, 12]
    assert [int((store.split[120:] == code).sum()) for code in range(4)] == [32, 2, 2, 4]


def test_reverse_complement_inserts_within_the_adaptors_are_one_group_whatever_their_names(tmp_path):
    table, activities = published(elements=40, singles=0)
    renamed = [f"element{index}" for index in range(80)]
    table["name"] = activities["name"] = renamed
    store = build_store(settings(), write_csv(tmp_path, table, activities), 1, where="d")
    np.testing.assert_array_equal(store.group[::2], store.group[1::2])
    assert store.attributes["groups"] == 40


def test_split_is_the_same_with_and_without_std(tmp_path):
    table, activities = published(elements=60, singles=40)
    missing = [3, 50, 130]
    activities.loc[missing, REPLICATES[1:]] = np.nan
    files = write_csv(tmp_path, table, activities)
    whole = build_store(settings(without_std=True), files, 1, where="d")
    measured = build_store(settings(), files, 1, where="d")
    assert len(whole) == 160
    assert measured.attributes["dropped"] == {"no standard deviation": 3}
    split_of = dict(zip(whole.names, whole.split, strict=True))
    assert measured.names.tolist() == np.delete(whole.names, missing).tolist()
    assert measured.split.tolist() == [split_of[name] for name in measured.names]


@pytest.mark.parametrize("write", [write_books, write_csv])
@pytest.mark.parametrize("column", ["replicates used", "Replicates", "number of replicate 1"])
def test_columns_that_are_not_named_like_a_replicate_are_none(tmp_path, write, column):
    table, activities = published()
    records = load_hepg2(write(tmp_path, table, activities.assign(**{column: 3})))
    assert records.replicates.shape == (70, 1, 3)
    expected = activities[REPLICATES].std(axis=1, ddof=1)
    np.testing.assert_allclose(records.replicate_std[:, 0], expected, rtol=1e-9)


@pytest.mark.parametrize("write", [write_books, write_csv])
@pytest.mark.parametrize(
    "column",
    ["replicate 1", "replicate 4 [count]", "Replicate 4 [log2(RNA/DNA)]", " replicate 4[log2(rna/dna)]", "replicate A"],
)
def test_a_column_that_is_nearly_named_like_a_replicate_is_told(tmp_path, write, column):
    table, activities = published()
    files = write(tmp_path, table, activities.assign(**{column: 3}))
    with pytest.raises(DeguError) as caught:
        load_hepg2(files)
    assert f"the column '{column}' may be a replicate, but is not named as published" in str(caught.value)
    assert "without_std" not in str(caught.value)
    assert len(load_hepg2(files, without_std=True)) == 70


def test_a_replicate_without_a_number_is_told(tmp_path):
    table, activities = published()
    with pytest.raises(DeguError, match=r"column 'replicate 2 \[log2.* is empty in all rows"):
        load_hepg2(write_csv(tmp_path, table, activities.assign(**{REPLICATES[1]: np.nan})))


@pytest.mark.parametrize("changed", ["peak3 ", " peak3", "Peak3", "peak 3"])
def test_a_name_that_nearly_equals_that_of_a_sequence_stops_the_import(tmp_path, changed):
    table, activities = published()
    row = activities["name"].tolist().index("peak3")
    activities.loc[row, "name"] = changed
    files = write_csv(tmp_path, table, activities)
    with pytest.raises(DeguError, match=rf"1 names have no sequence, .*: '{changed}' is 'peak3' in .*; row {row + 2}"):
        load_hepg2(files)
    assert load_hepg2(files, drop_bad_rows=True).dropped == {"no sequence of that name": 1}


def test_blanks_around_chromosomes_and_sequences_do_not_count(tmp_path):
    table, activities = published()
    expected = load_hepg2(write_csv(tmp_path, table, activities))
    table[["chr.hg38", SEQUENCE]] = table[["chr.hg38", SEQUENCE]] + " "
    records = load_hepg2(write_csv(tmp_path, table, activities))
    assert records.chromosome.tolist() == expected.chromosome.tolist()
    np.testing.assert_array_equal(records.tokens, expected.tokens)


@pytest.mark.parametrize("kind", ["sequences", "activities"])
def test_a_title_above_the_header_of_a_csv_is_told(tmp_path, kind):
    files = write_csv(tmp_path, *published())
    files[kind].write_text("Supplementary Table 4\n" + files[kind].read_text())
    with pytest.raises(
        DeguError, match=r"no column 'name'(.|\n)*header belongs in line 1: delete all lines above line 2"
    ):
        load_hepg2(files)


@pytest.mark.parametrize("write", [write_books, write_csv])
def test_the_sequence_is_found_by_the_name_of_its_column(tmp_path, write):
    table, activities = published()
    records = load_hepg2(write(tmp_path, table.assign(note="ACGT"), activities))
    assert decode(records.tokens) == table[SEQUENCE].tolist()


@pytest.mark.parametrize("name", ["230nt sequence", "230nt Sequence (of another edition)"])
def test_the_column_of_sequences_may_go_on_in_other_words(tmp_path, name):
    table, activities = published()
    expected = load(write_csv(tmp_path, table, activities), drop_bad_rows=False, cell_type="HepG2")
    found = load(
        write_csv(tmp_path, table.rename(columns={SEQUENCE: name}), activities), drop_bad_rows=False, cell_type="HepG2"
    )
    np.testing.assert_array_equal(found.tokens, expected.tokens)


def test_two_columns_of_sequences_are_told(tmp_path):
    table, activities = published()
    files = write_csv(tmp_path, table.assign(**{"230nt sequence, second": table[SEQUENCE]}), activities)
    with pytest.raises(DeguError, match=r"(?s)2 columns have sequences: .*one column whose name begins with"):
        load(files, drop_bad_rows=False, cell_type="HepG2")


@pytest.mark.parametrize("write", [write_books, write_csv])
def test_a_name_of_two_sequences_is_told_and_one_of_two_equal_ones_is_not(tmp_path, write):
    table, activities = published()
    twice = pd.concat([table, table.iloc[[3]]])
    assert len(load_hepg2(write(tmp_path, twice, activities))) == 70
    twice.iloc[-1, twice.columns.get_loc(SEQUENCE)] = table[SEQUENCE].iloc[5]
    name = table["name"].iloc[3]
    with pytest.raises(DeguError, match=f"1 names have two sequences, the first, '{name}', in rows"):
        load_hepg2(write(tmp_path, twice, activities))


def test_an_element_of_two_activities_is_told(tmp_path, caplog):
    table, activities = published()
    twice = pd.concat([activities, activities.iloc[[3]].assign(mean=9.0)])
    with caplog.at_level("WARNING"):
        records = load_hepg2(write_csv(tmp_path, table, twice))
    assert len(records) == 71
    assert f"the first, '{activities['name'].iloc[3]}', in rows 5, 72" in caplog.text
