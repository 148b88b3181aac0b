import numpy as np
import pandas as pd
import pytest

from degu.data.build import build_store
from degu.data.importers.deepstarr import load
from degu.data.sequences import decode
from degu.errors import DeguError

HEADER = ["seqnames", "start", "end", "ID", "set", "Sequence", "Dev_log2_enrichment", "Hk_log2_enrichment"]


def published(windows=40, length=20, seed=0):
    """Return a table in the published layout: the forward strands of all windows, then the reverse strands."""
    rng = np.random.default_rng(seed)
    rows = []
    for strand in "+-":
        for index in range(windows):
            forward = "".join(np.random.default_rng([7, index]).choice(list("ACGT"), size=length))
            sequence = forward if strand == "+" else forward.translate(str.maketrans("ACGT", "TGCA"))[::-1]
            name, start = f"chr{'2LRX'[index % 4]}", 100 * index + 1
            split = ["Train", "Train", "Train", "Val", "Test"][index % 5]
            identifier = f"{name}_{start}_{start + 248}_{strand}_peak"
            activity = rng.normal(size=2).round(6)
            rows.append([name, start, start + 248, identifier, split, sequence, *activity])
    return pd.DataFrame(rows, columns=HEADER)


def write(frame, folder):
    frame.to_csv(folder / "Sequences_activity_all.txt", sep="\t", index=False)
    return {"sequences": folder / "Sequences_activity_all.txt"}


def test_published_layout_is_read(tmp_path):
    frame = published()
    records = load(write(frame, tmp_path), drop_bad_rows=False)
    assert decode(records.tokens) == frame["Sequence"].tolist()
    assert records.names.tolist() == frame["ID"].tolist()
    np.testing.assert_array_equal(records.targets, frame[["Dev_log2_enrichment", "Hk_log2_enrichment"]])
    assert records.target_names == ["Dev", "Hk"]
    assert records.published_split.tolist() == frame["set"].tolist()
    assert records.chromosome.tolist() == frame["seqnames"].tolist()
    assert records.replicates is records.replicate_std is None
    assert records.flanks == (0, 0)


def test_both_strands_of_a_window_are_one_group(tmp_path):
    group = load(write(published(), tmp_path), drop_bad_rows=False).group
    assert len(set(group)) == 40
    assert (group[:40] == group[40:]).all()


def test_windows_that_differ_in_any_coordinate_are_groups_of_their_own(tmp_path):
    frame = published(4)[:4].copy()
    frame["seqnames"] = ["chr1", "chr1", "chr11", "chr1"]
    frame["start"] = [11, 1, 1, 11]
    frame["end"] = [20, 20, 20, 21]
    assert len(set(load(write(frame, tmp_path), drop_bad_rows=False).group)) == 4


def test_columns_may_come_in_another_order_with_others_between(tmp_path):
    frame = published()
    shuffled = frame[HEADER[::-1]].assign(extra=1)
    records = load(write(shuffled, tmp_path), drop_bad_rows=False)
    assert decode(records.tokens) == frame["Sequence"].tolist()
    assert records.targets[0].tolist() == frame.iloc[0, [6, 7]].tolist()


def test_blanks_around_labels_and_sequences_do_not_count(tmp_path):
    frame = published()
    expected = load(write(frame, tmp_path), drop_bad_rows=False)
    for column in ("seqnames", "set", "Sequence"):
        frame.loc[:30, column] = " " + frame.loc[:30, column] + " "
    records = load(write(frame, tmp_path), drop_bad_rows=False)
    for name in ("published_split", "chromosome", "group", "tokens"):
        np.testing.assert_array_equal(getattr(records, name), getattr(expected, name))


@pytest.mark.parametrize("column", HEADER)
def test_missing_column_is_named(tmp_path, column):
    with pytest.raises(DeguError, match=f"no column '{column}'"):
        load(write(published().drop(columns=column), tmp_path), drop_bad_rows=False)


def test_bad_rows_stop_the_import_or_are_dropped_and_counted(tmp_path):
    frame = published()
    frame.loc[2, "Hk_log2_enrichment"] = np.nan
    frame.loc[5, "Sequence"] = "X" * 20
    files = write(frame, tmp_path)
    with pytest.raises(DeguError, match="letter 'X' at position 1, row 7 "):
        load(files, drop_bad_rows=False)
    records = load(files, drop_bad_rows=True)
    kept = frame.drop(index=[2, 5])
    assert records.names.tolist() == kept["ID"].tolist()
    assert decode(records.tokens) == kept["Sequence"].tolist()
    assert records.dropped == {"letters outside ACGTN": 1, "a target that is missing or not finite": 1}
    assert len(records.group) == len(records.chromosome) == len(records.published_split) == 78


def test_store_follows_the_published_split_and_shares_validation_with_calibration(tmp_path):
    frame = published()
    labels = {"train": ["Train"], "validation": ["Val"], "test": ["Test"]}
    settings = {
        "importer": "deepstarr",
        "options": {},
        "bad_rows": "stop",
        "leaks": "stop",
        "labels": False,
        "standardize_batches": False,
        "split": {"method": "column", "labels": labels, "calibration_from_validation": 0.5},
    }
    store = build_store(settings, write(frame, tmp_path), 1, where="deepstarr")
    assert store.attributes["split_rows"] == {"train": 48, "validation": 8, "calibration": 8, "test": 16}
    assert (frame["set"].to_numpy()[store.rows("test")] == "Test").all()
    np.testing.assert_array_equal(store.split[:40], store.split[40:])
