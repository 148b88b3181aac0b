"""What a person is told of bad tables and splits, which leave nothing half-made behind."""

import gzip
import random

import pytest
import yaml

from tests.workflow.cases import SPLIT_LABELS, STORE, assert_told

pytestmark = pytest.mark.system


def test_the_cases_themselves_are_good(case):
    """If they were not, every other test of bad input could pass for another reason than its own."""
    case.write()
    case.split_by_column()
    case.options["group"] = "element"
    (case.folder / "config" / "datasets" / "published.yaml").write_text(yaml.safe_dump(case.dataset))
    case.simulate()
    del case.dataset["split"]
    (case.folder / "config" / "datasets" / "simulated.yaml").write_text(yaml.safe_dump(case.dataset))
    names = ["assay", "published", "simulated"]
    (case.folder / "bad.yaml").write_text(yaml.safe_dump({**case.config, "datasets": names}))
    stores = [f"results/{name}/store.h5" for name in names]
    case.command = ("--", *stores)
    assert case.run().returncode == 0
    assert [path for path in stores if (case.folder / path).stat().st_size == 0] == []


# The table


def assert_told_when_planned(case, *expected):
    """Require that a dry run tells what is wrong with the table, and which data set reads it."""
    case.command = ("-n",)
    assert_told(case, *expected, "data set: config/datasets/assay.yaml")


def test_missing_column(case):
    case.options["targets"]["activity"]["mean"] = "actvity"
    assert_told_when_planned(case, "table.tsv: there is no column 'actvity'", "did you mean 'activity'?")


def test_wrong_alphabet(case):
    case.rows[3]["sequence"] = "ACGTXCGTACGTACGTACGT"
    assert_told_when_planned(
        case, "table.tsv", "letter 'X' at position 5, row 5", "expected: letters ACGTN", "bad_rows: drop"
    )


def test_unequal_lengths(case):
    case.rows[5]["sequence"] = "ACGT"
    assert_told_when_planned(case, "table.tsv", "row 7", "with 4 bases", "expected: 20 bases", "bad_rows: drop")


def test_missing_target(case):
    case.rows[2]["activity"] = ""
    assert_told_when_planned(case, "table.tsv", "missing or not finite: row 4", "bad_rows: drop")


def test_infinite_target(case):
    case.rows[9]["activity"] = "inf"
    assert_told_when_planned(case, "table.tsv", "missing or not finite: row 11", "bad_rows: drop")


def test_text_in_a_column_of_numbers(case):
    case.rows[7]["activity"] = "high"
    assert_told_when_planned(
        case, "table.tsv", "column 'activity' holds 'high' in row 9", "expected: a number or an empty cell"
    )


def test_one_replicate(case):
    case.options["targets"] = {"activity": {"replicates": ["rep1"]}}
    assert_told(case, "options.targets.activity.replicates: 1 replicate", "expected: two or more", "under `mean`")


def test_no_row_with_two_replicates(case):
    for number, row in enumerate(case.rows):
        row["rep1" if number % 2 else "rep2"] = ""
    case.options["targets"] = {"activity": {"replicates": ["rep1", "rep2"]}}
    assert_told(case, "60 rows have no standard deviation", "two replicates", "rows 2, 3, 4", "bad_rows: drop")


def test_empty_replicate(case):
    for row in case.rows:
        row["rep2"] = ""
    case.options["targets"] = {"activity": {"replicates": ["rep1", "rep2"]}}
    assert_told_when_planned(case, "table.tsv: the column 'rep2' of replicates is empty in all rows", "or leave it out")


def test_negative_standard_deviation(case):
    case.rows[4]["std"] = -0.1
    case.options["targets"]["activity"]["std"] = "std"
    assert_told_when_planned(case, "table.tsv", "column 'std' is -0.1 in row 6", "expected: >= 0")


def test_table_without_rows(case):
    case.table.write_text("sequence\tactivity\n")
    assert_told_when_planned(case, "table.tsv: the table has no rows")


def test_empty_file(case):
    case.table.write_text("")
    assert_told_when_planned(case, "table.tsv: the file is empty", "fetch it again")


def test_corrupt_gzip(case):
    case.table.write_bytes(gzip.compress(b"sequence\tactivity\n" + b"ACGTACGTAC\t0.5\n" * 50000)[:-40])
    assert_told_when_planned(
        case, "table.tsv: not a readable table", "expected: a file of tab- or comma-separated text"
    )


def test_binary_file(case):
    case.table.write_bytes(random.Random(3).randbytes(5000))
    assert_told_when_planned(
        case, "table.tsv: the file is no text, since it holds bytes of zero", "expected: text in UTF-8"
    )


def test_workbook_that_is_none(case):
    case.table.write_bytes(b"PK\x03\x04" + random.Random(4).randbytes(5000))
    assert_told_when_planned(case, "table.tsv: not a readable table", "tab- or comma-separated text, parquet or xlsx")


def test_label_that_is_neither_0_nor_1(case):
    case.dataset["labels"] = True
    case.config["study"] = {"teachers": ["cnn_dist_relu"], "students": [], "members": 2}
    case.config["overrides"] = {}
    for number, row in enumerate(case.rows):
        row["activity"] = number % 3
    assert_told_when_planned(case, "assay: activity is 2 in row 4 (20 of 60 targets are no labels)", "expected: 0 or 1")


def test_size_that_is_not_the_published_one(case):
    case.source["size"] = 12
    assert_told_when_planned(case, "table.tsv: the file has", "expected: 12 bytes", "truncated or another version")


def test_bad_rows_that_are_dropped_stop_no_plan(case):
    case.rows[3]["sequence"], case.rows[5]["sequence"] = "ACGTXCGTACGTACGTACGT", "ACGT"
    case.dataset["bad_rows"] = "drop"
    case.command = ("-n",)
    case.write()
    done = case.run()
    assert done.returncode == 0, done.stdout
    # The import tells of them, and keeps it in its log.
    assert "dropped 1 rows" not in done.stdout


def test_rows_of_a_large_table_are_left_to_the_import(case):
    """Its columns are checked all the same."""
    case.rows[3]["sequence"] = "ACGTXCGTACGTACGTACGT"
    case.write()
    with case.table.open("a") as table:
        table.write("\n" * 50_000_001)
    case.command = ("-n",)
    done = case.run()
    assert done.returncode == 0, done.stdout
    assert (
        "table.tsv: the columns are there; the rows of so large a table are checked when it is imported" in done.stdout
    )
    case.command = ("-n", "--config", "overrides.datasets.assay.options.group=elemnt")
    assert_told(case, "table.tsv: there is no column 'elemnt'", "did you mean 'element'?")
    case.command = ("--", STORE)
    assert_told(
        case, "sources/table: letter 'X' at position 5, row 5", "source:   results/assay/sources/table is table.tsv"
    )


# Splits


def test_empty_split(case):
    case.dataset["split"]["fractions"] = {"train": 0.7999, "validation": 0.0001, "calibration": 0.1, "test": 0.1}
    assert_told(case, "assay: the validation split is empty", "remedy:   give it a larger fraction")


def test_group_across_published_splits(case):
    case.rows[1]["element"] = case.rows[0]["element"]
    case.options["group"] = "element"
    case.split_by_column()
    assert_told(
        case, "row 2 is in train", "row 3, in validation", "expected: every group within one split", "leaks: drop"
    )


def test_duplicate_across_published_splits(case):
    case.rows[7]["sequence"] = case.rows[4]["sequence"]
    case.split_by_column()
    assert_told(case, "row 6 is in train", "row 9, in test", "expected: every group within one split", "leaks: drop")


def test_reverse_complement_across_published_splits(case):
    complement = str.maketrans("ACGT", "TGCA")
    case.rows[7]["sequence"] = case.rows[4]["sequence"].translate(complement)[::-1]
    case.split_by_column()
    assert_told(case, "row 6 is in train", "row 9, in test", "expected: every group within one split", "leaks: drop")


def test_unknown_split_label(case):
    case.rows[6]["split"] = "holdout"
    case.split_by_column()
    assert_told(case, "assay: split.labels: split label 'holdout' belongs to no split", "'*' for all others")


def test_split_label_that_does_not_occur(case):
    case.split_by_column()
    case.dataset["split"]["labels"] = {**SPLIT_LABELS, "test": ["tset"]}
    assert_told(case, "assay: split.labels: no row has split label 'tset'", "did you mean 'test'?")


def test_split_by_a_column_that_is_not_named(case):
    case.split_by_column()
    del case.options["split"]
    case.command = ("-n",)
    assert_told(case, "assay.yaml: split.method: `options.split` names no column", "expected: the column of the split")


def test_split_by_chromosome_without_chromosomes(case):
    labels = {"test": ["chr7"], "validation": ["chr8"], "train": ["*"]}
    case.dataset["split"] = {"method": "chromosome", "labels": labels}
    case.command = ("-n",)
    assert_told(case, "assay.yaml: split.method: `options.chromosome` names no column", "{chromosome: COLUMN}")


def test_column_of_a_split_that_is_drawn_at_random(case):
    case.options["split"] = "split"
    case.command = ("-n",)
    assert_told(case, "assay.yaml: options.split: the column 'split' has no effect", "set `split.method: column`")


def test_batches_that_are_not_named(case):
    case.dataset["standardize_batches"] = True
    case.command = ("-n",)
    assert_told(case, "assay.yaml: standardize_batches: `options.batch` names no column", "{batch: COLUMN}")


def test_flank_of_rna(case):
    case.options["left_flank"] = "ACGU"
    case.command = ("-n",)
    assert_told(case, "assay.yaml: options.left_flank: letter 'U' at position 4", "write T in place of U")


def test_column_of_two_uses(case):
    case.options["group"] = "activity"
    case.command = ("-n",)
    assert_told(case, "assay.yaml: options: the column 'activity' is named twice", "under group")


def test_fractions_that_do_not_sum_to_one(case):
    case.dataset["split"]["fractions"]["train"] = 0.5
    assert_told(case, "split.fractions: the fractions sum to 1.1", "expected: 1")
