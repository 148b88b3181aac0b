import logging
import sys
import types

import numpy as np
import pandas as pd
import pytest

from degu.data.build import batch_scale, build_store, check_single_precision, describe_splits, make_split
from degu.data.records import Records
from degu.data.sequences import decode, encode
from degu.data.splits import CODE, SPLITS
from degu.errors import DeguError

FRACTIONS = {"train": 0.5, "validation": 0.2, "calibration": 0.1, "test": 0.2}


def settings(importer="table", options=None, split=None, **changes):
    """Return a data set's settings as the schema completes them."""
    general = {"method": "random", "fractions": FRACTIONS, "labels": {}, "calibration_from_validation": 0.5}
    return {
        "importer": importer,
        "options": options or {},
        "bad_rows": "stop",
        "labels": False,
        "leaks": "stop",
        "standardize_batches": False,
        "split": {**general, **(split or {})},
        **changes,
    }


def random_sequences(number, length=12, seed=0):
    return decode(np.random.default_rng(seed).integers(0, 4, size=(number, length), dtype=np.uint8))


def records(number=100, **changes):
    rng = np.random.default_rng(1)
    parts = {
        "tokens": encode(random_sequences(number)),
        "names": np.array([f"row{index}" for index in range(number)]),
        "targets": rng.normal(5, 2, size=(number, 2)),
        "target_names": ["Dev", "Hk"],
        "units": ["log2", ""],
    }
    return Records(**{**parts, **changes})


@pytest.fixture
def imported(monkeypatch):
    """Return a function that makes given records the result of the importer `stub`."""

    def give(value):
        module = types.ModuleType("degu.data.importers.stub")
        module.calls = []

        def load(files, **options):
            module.calls.append((files, options))
            return value

        module.load = load
        monkeypatch.setitem(sys.modules, "degu.data.importers.stub", module)
        return module.calls

    return give


def build(value_settings, seed=1):
    return build_store(value_settings, {}, seed, where="d")


def test_importer_gets_the_files_its_options_and_what_to_do_with_bad_rows(imported):
    calls = imported(records())
    build_store(settings("stub", {"depth": 3}, bad_rows="drop"), {"table": "x.tsv"}, 1, where="d")
    assert calls == [({"table": "x.tsv"}, {"depth": 3, "drop_bad_rows": True})]


def test_store_holds_the_records_as_single_precision(imported):
    rng = np.random.default_rng(2)
    source = records(
        replicates=rng.standard_normal((100, 2, 3)),
        replicate_std=rng.uniform(0.1, 1, size=(100, 2)),
        truth={"mean": rng.standard_normal((100, 1))},
        attributes={"motifs": ["A"]},
        dropped={"no sequence": 4},
    )
    imported(source)
    store = build(settings("stub"))
    np.testing.assert_array_equal(store.tokens, source.tokens)
    for name in ("targets", "replicates", "replicate_std"):
        np.testing.assert_array_equal(getattr(store, name), getattr(source, name).astype(np.float32))
        assert getattr(store, name).dtype == np.float32
    np.testing.assert_array_equal(store.truth["mean"], source.truth["mean"])
    assert store.names.tolist() == source.names.tolist()
    assert (store.target_names, store.units) == (["Dev", "Hk"], ["log2", ""])
    assert store.attributes["motifs"] == ["A"]
    assert store.attributes["dropped"] == {"no sequence": 4}
    assert store.attributes["groups"] == 100
    assert store.attributes["split_rows"] == {"train": 50, "validation": 20, "calibration": 10, "test": 20}


def test_split_follows_the_seed(imported):
    imported(records())
    first, again, other = (build(settings("stub"), seed=seed).split for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_relatives_and_labelled_groups_share_a_split(imported):
    sequences = random_sequences(60)
    reverse = encode(sequences)[:, ::-1]
    reverse = np.array([3, 2, 1, 0], dtype=np.uint8)[reverse]
    tokens = np.concatenate([encode(sequences), reverse])
    # Rows 0 to 59 and their reverse complements 60 to 119; every third of the first belongs to one label with the next.
    labels = np.array([f"label{index // 2}" for index in range(60)] + [f"other{index}" for index in range(60)])
    imported(records(120, tokens=tokens, group=labels))
    store = build(settings("stub"))
    assert store.attributes["groups"] == 30
    np.testing.assert_array_equal(store.split[:60], store.split[60:])
    np.testing.assert_array_equal(store.split[:60:2], store.split[1:60:2])


def test_relatives_are_told_by_what_lies_between_the_flanks(imported):
    inserts = random_sequences(40)
    complement = str.maketrans("ACGT", "TGCA")
    pairs = inserts + [insert.translate(complement)[::-1] for insert in inserts]
    tokens = encode([f"AACC{insert}GT" for insert in pairs])
    imported(records(80, tokens=tokens, flanks=(4, 2)))
    store = build(settings("stub"))
    assert store.attributes["groups"] == 40
    assert store.attributes["flanks"] == [4, 2]
    np.testing.assert_array_equal(store.split[:40], store.split[40:])
    # The flanks are part of the sequence all the same.
    assert decode(store.tokens[:1]) == [f"AACC{pairs[0]}GT"]


@pytest.mark.parametrize("side", ["left", "right"])
def test_no_pair_of_a_padded_table_straddles_splits(tmp_path, side):
    rng = np.random.default_rng(3)
    inserts = [sequence[: rng.integers(8, 13)] for sequence in random_sequences(100)]
    complement = str.maketrans("ACGT", "TGCA")
    pairs = inserts + [insert.translate(complement)[::-1] for insert in inserts]
    assert len({len(insert) for insert in inserts}) > 1
    assert len(set(pairs)) == 200
    path = tmp_path / "t.tsv"
    pd.DataFrame({"dna": pairs, "y": np.arange(200)}).to_csv(path, sep="\t", index=False)
    options = {"sequence": "dna", "pad": side, "left_flank": "ACC", "targets": {"y": {"mean": "y"}}}
    store = build_store(settings(options=options), {"table": path}, 1, where="d")
    np.testing.assert_array_equal(store.split[:100], store.split[100:])
    assert store.attributes["groups"] == 100
    # The padding stays in the store.
    padded = [insert.rjust(12, "N") if side == "left" else insert.ljust(12, "N") for insert in pairs]
    assert decode(store.tokens) == [f"ACC{insert}" for insert in padded]


def test_pair_within_flanks_of_a_table_is_one_group(tmp_path):
    inserts = random_sequences(40)
    complement = str.maketrans("ACGT", "TGCA")
    pairs = inserts + [insert.translate(complement)[::-1] for insert in inserts]
    pd.DataFrame({"sequence": pairs, "y": np.arange(80.0)}).to_csv(tmp_path / "t.tsv", sep="\t", index=False)
    options = {"targets": {"y": {"mean": "y"}}, "left_flank": "AGGAC", "right_flank": "CAT"}
    store = build_store(settings(options=options), {"table": tmp_path / "t.tsv"}, 1, where="d")
    assert store.tokens.shape == (80, 20)
    np.testing.assert_array_equal(store.group[:40], store.group[40:])
    np.testing.assert_array_equal(store.split[:40], store.split[40:])


def test_fractions_hold_within_the_importers_strata(imported):
    strata = np.repeat(["pair", "other"], [60, 40])
    imported(records(stratum=strata))
    split = build(settings("stub")).split
    assert [int((split[:60] == code).sum()) for code in CODE.values()] == [30, 12, 6, 12]
    assert [int((split[60:] == code).sum()) for code in CODE.values()] == [20, 8, 4, 8]


def test_rows_with_fewer_than_two_replicates_are_dropped_after_the_split(imported, caplog):
    whole = records()
    imported(whole)
    split = build(settings("stub")).split
    std = np.ones((100, 2))
    missing = [3, 50, 77]
    std[missing, [0, 1, 0]] = np.nan
    imported(records(replicate_std=std))
    with caplog.at_level(logging.WARNING):
        store = build(settings("stub", bad_rows="drop"))
    kept = np.setdiff1d(np.arange(100), missing)
    np.testing.assert_array_equal(store.split, split[kept])
    np.testing.assert_array_equal(store.targets, whole.targets[kept].astype(np.float32))
    assert store.names.tolist() == whole.names[kept].tolist()
    assert store.attributes["dropped"] == {"no standard deviation": 3}
    assert "d: dropped 3 rows with no standard deviation, because fewer than two replicates" in caplog.text
    with pytest.raises(DeguError, match=r"3 rows have no .*: rows 4, 51, 78, the first named 'row3'"):
        build(settings("stub"))


def published_labels(number):
    return np.resize(np.repeat(["Train", "Val", "Test"], [6, 2, 2]), number)


COLUMN = {"method": "column", "labels": {"train": ["Train"], "validation": ["Val"], "test": ["Test"]}}


def test_published_split_is_followed_and_validation_gives_calibration(imported):
    labels = published_labels(100)
    imported(records(published_split=labels))
    store = build(settings("stub", split={**COLUMN, "calibration_from_validation": 0.25}))
    assert store.attributes["split_rows"] == {"train": 60, "validation": 15, "calibration": 5, "test": 20}
    assert set(labels[store.split == CODE["train"]]) == {"Train"}
    assert set(labels[store.split == CODE["calibration"]]) == {"Val"}
    assert set(labels[store.split == CODE["test"]]) == {"Test"}


def test_named_calibration_split_is_left_alone(imported):
    labels = np.resize(["Train", "Val", "Cal", "Test"], 100)
    imported(records(published_split=labels))
    names = {"train": ["Train"], "validation": ["Val"], "calibration": ["Cal"], "test": ["Test"]}
    store = build(settings("stub", split={"method": "column", "labels": names}))
    assert [SPLITS[code] for code in store.split[:4]] == ["train", "validation", "calibration", "test"]
    assert set(store.attributes["split_rows"].values()) == {25}


def test_chromosomes_make_the_split(imported):
    chromosome = np.resize(["chr1", "chr7", "chr8", "chrX", "none"], 100)
    imported(records(chromosome=chromosome))
    names = {"test": ["chr7"], "validation": ["chr8"], "train": ["*"]}
    store = build(settings("stub", split={"method": "chromosome", "labels": names}))
    assert set(chromosome[store.split == CODE["test"]]) == {"chr7"}
    assert set(chromosome[store.split == CODE["train"]]) == {"chr1", "chrX", "none"}
    assert store.attributes["split_rows"] == {"train": 60, "validation": 10, "calibration": 10, "test": 20}


def test_chromosomes_of_a_fold_that_no_row_is_of_are_left_out(imported):
    """An assay of cells without a Y has no region there."""
    chromosome = np.repeat(["chr1", "chr4", "chr22", "chr7", "chr9"], 20)
    imported(records(chromosome=chromosome))
    names = {"train": ["*"], "validation": ["chr22", "chr7"], "test": ["chr4", "chrY"]}
    by_fold = {"method": "chromosome", "labels": names, "fold": "hg38_2"}
    store = build(settings("stub", split=by_fold))
    assert (store.split[20:40] == CODE["test"]).all()
    with pytest.raises(DeguError, match="no row has split label 'chrY'"):
        build(settings("stub", split={**by_fold, "fold": ""}))
    imported(records(chromosome=np.char.replace(chromosome, "chr", "")))
    with pytest.raises(DeguError, match=r"split\.fold: no row is of chr22, chr7, which are the validation chromosomes"):
        build(settings("stub", split=by_fold))


@pytest.mark.parametrize("method", ["column", "chromosome"])
def test_source_without_labels_to_split_by_is_told(imported, method):
    imported(records())
    with pytest.raises(DeguError, match=f"d: split.method: the source has no {method} to split by"):
        build(settings("stub", split={"method": method, "labels": {"train": ["*"]}}))


def test_label_of_no_split_is_told(imported):
    imported(records(published_split=np.array(["Extra", *published_labels(99)])))
    with pytest.raises(DeguError, match=r"d: split\.labels: split label 'Extra' belongs to no split"):
        build(settings("stub", split=COLUMN))


def leaking_records():
    """Row 1 (train) equals row 8 (test), and row 6 (validation) equals row 9 (test)."""
    tokens = encode(random_sequences(100))
    tokens[1], tokens[6] = tokens[8], tokens[9]
    return records(tokens=tokens, published_split=published_labels(100))


def test_leaks_stop_the_import(imported):
    imported(leaking_records())
    with pytest.raises(DeguError, match=r"d: 2 rows have an equal sequence.*rows 2, 7; row 2 is in train, .* in test"):
        build(settings("stub", split=COLUMN))


def test_leaks_are_told_by_the_rows_of_the_file(imported):
    source = leaking_records()
    source.rows = np.arange(100) * 2 + 7
    imported(source)
    with pytest.raises(DeguError, match=r"rows 9, 19; row 9 is in train, its relative, row 23, in test"):
        build(settings("stub", split=COLUMN))


def test_leaks_are_dropped_from_the_earlier_split_with_a_count(imported, caplog):
    imported(leaking_records())
    with caplog.at_level(logging.WARNING):
        store = build(settings("stub", split=COLUMN, leaks="drop"))
    assert store.attributes["dropped"] == {"a relative in a later split": 2}
    assert "d: dropped 2 rows with a relative in a later split" in caplog.text
    assert set(store.names) == {f"row{index}" for index in range(100)} - {"row1", "row6"}
    assert store.attributes["split_rows"]["test"] == 20


def test_empty_split_is_told(imported):
    imported(records(5))
    with pytest.raises(DeguError, match=r"d: the .* split is empty"):
        build(settings("stub", split={"fractions": {"train": 1.0, "validation": 0, "calibration": 0, "test": 0}}))


def batched_records():
    batch = np.resize(["one", "two"], 100)
    scale = np.where(batch == "two", 10.0, 1.0)[:, None]
    rng = np.random.default_rng(3)
    targets = rng.normal(4, 2, size=(100, 2)) * scale + scale
    replicates = targets[:, :, None] + rng.standard_normal((100, 2, 3))
    std = rng.uniform(0.5, 1, size=(100, 2))
    std[7] = np.nan
    return records(targets=targets, replicates=replicates, replicate_std=std, batch=batch)


def test_training_rows_of_each_batch_get_mean_zero_and_std_one(imported):
    source = batched_records()
    imported(source)
    store = build(settings("stub", standardize_batches=True, bad_rows="drop"))
    kept = np.setdiff1d(np.arange(100), [7])
    batch = source.batch[kept]
    for name in ("one", "two"):
        rows = batch == name
        training = store.targets[rows & (store.split == CODE["train"])]
        np.testing.assert_allclose(training.mean(axis=0), 0, atol=1e-6)
        np.testing.assert_allclose(training.std(axis=0), 1, rtol=1e-5)
        # All splits of a batch are on one scale, which is found from the training rows that are kept.
        train_rows = kept[rows & (store.split == CODE["train"])]
        mean, spread = source.targets[train_rows].mean(axis=0), source.targets[train_rows].std(axis=0)
        np.testing.assert_allclose(store.targets[rows], (source.targets[kept][rows] - mean) / spread, atol=1e-5)
        np.testing.assert_allclose(store.replicate_std[rows], source.replicate_std[kept][rows] / spread, rtol=1e-5)
        expected = (source.replicates[kept][rows] - mean[:, None]) / spread[:, None]
        np.testing.assert_allclose(store.replicates[rows], expected, atol=1e-5)
    assert store.units == ["log2, standardised", "standardised"]


def test_batches_keep_their_scale_unless_asked(imported):
    source = batched_records()
    imported(source)
    store = build(settings("stub", bad_rows="drop"))
    np.testing.assert_array_equal(store.targets, np.delete(source.targets, 7, axis=0).astype(np.float32))


def test_source_without_batches_cannot_be_standardised(imported):
    imported(records())
    with pytest.raises(DeguError, match="the source names no batches"):
        build(settings("stub", standardize_batches=True))


def test_batch_without_training_rows_is_told():
    batch = np.array(["one"] * 9 + ["two"])
    source = records(10, batch=batch)
    split = np.zeros(10, dtype=np.uint8)
    with pytest.raises(DeguError, match="batch 'two' has 1 training rows"):
        batch_scale(source, split, np.ones(10, dtype=bool), where="mine")


@pytest.mark.parametrize("value", [5.0, 0.1])
def test_batch_of_equal_targets_is_told_with_its_rows(value):
    """The mean of equal numbers may differ from them in the last digit, and their standard deviation from zero."""
    batch = np.array(["one"] * 7 + ["two"] * 3)
    source = records(10, batch=batch)
    source.targets[7:, 1] = value
    with pytest.raises(DeguError, match=rf"batch 'two' has targets of no spread: Hk is {value:g} in .* rows 8, 9, 10"):
        batch_scale(source, np.zeros(10, dtype=np.uint8), np.ones(10, dtype=bool), where="mine")


@pytest.mark.parametrize("value", [2, 0.5, -1])
def test_labels_are_0_and_1(imported, value):
    labels = np.random.default_rng(0).integers(0, 2, (100, 2)).astype(float)
    imported(records(targets=labels))
    assert set(np.unique(build(settings("stub", labels=True)).targets)) == {0, 1}
    labels[41, 1] = value
    imported(records(targets=labels))
    with pytest.raises(DeguError, match=rf"d: Hk is {value:g} in row 42 \(1 of 200 targets are no labels"):
        build(settings("stub", labels=True))
    build(settings("stub"))


def test_make_split_by_column_does_not_depend_on_the_seed_but_for_calibration():
    source = records(published_split=published_labels(100))
    whole = {**settings(split=COLUMN)["split"]}
    first, other = (make_split(source, np.arange(100), whole, seed, where="d") for seed in (1, 2))
    for name in ("train", "test"):
        np.testing.assert_array_equal(first == CODE[name], other == CODE[name])
    assert (first != other).any()


def test_sizes_of_the_splits_are_described(store):
    assert describe_splits(store) == "train 50, validation 10, calibration 10, test 10"


@pytest.mark.parametrize(
    ("value", "distinct"),
    [(lambda i: 1e9 + i, "40 distinct values, of which [23] stay"), (lambda i: i * 1e-50, "40 distinct .* 1 stay")],
)
def test_numbers_that_single_precision_cannot_tell_apart_are_told(imported, value, distinct):
    targets = np.stack([np.arange(40.0), value(np.arange(40.0))], axis=1)
    source = records(40, targets=targets)
    imported(source)
    with pytest.raises(DeguError, match=f"d: Hk has {distinct} distinct in single precision"):
        build(settings("stub"))
    source.targets = targets[:, :1].repeat(2, axis=1)
    source.replicate_std = 1 + targets
    source.replicate_std[:, 1] = value(np.arange(40.0))
    with pytest.raises(DeguError, match="d: the standard deviation of Hk has 40 distinct"):
        build(settings("stub"))


def test_numbers_that_differ_by_their_rounding_alone_are_not_told():
    rng = np.random.default_rng(0)
    rounded = rng.integers(0, 20, size=(5000, 1)) / 10
    noisy = rounded * (1 + 1e-16 * rng.integers(-4, 5, size=rounded.shape))
    assert len(np.unique(noisy)) > 2 * len(np.unique(rounded))
    for values in (noisy, rng.standard_normal((100_000, 1)), np.zeros((5, 1)), np.full((5, 1), 0.1), 1e-30 * noisy):
        check_single_precision(values, ["y"], where="d")


@pytest.mark.parametrize(("relatives", "warned"), [(4, False), (30, True)])
def test_a_split_that_one_group_dominates_is_warned_of(imported, caplog, relatives, warned):
    group = np.arange(100)
    group[:relatives] = 0
    # The relatives are in the test split, with others.
    labels = np.where(np.arange(100) < 80, "test", np.where(np.arange(100) < 90, "train", "validation"))
    imported(records(group=group, published_split=labels))
    split = {"method": "column", "labels": {name: [name] for name in ("train", "validation", "test")}}
    build(settings("stub", split=split))
    found = [record.getMessage() for record in caplog.records if "one group of relatives" in record.getMessage()]
    assert len(found) == warned
    if warned:
        assert "d: one group of relatives holds 30 of the 80 rows of the test split" in found[0]
