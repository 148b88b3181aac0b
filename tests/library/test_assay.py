"""An assay in memory, against the store that the importer of tables makes of the same rows."""

import numpy as np
import pandas as pd
import pytest

from degu.data.build import build_store
from degu.data.sequences import decode, encode, one_hot, reverse_complement
from degu.data.splits import CODE, SPLITS
from degu.data.store import write_store
from degu.errors import DeguError
from degu.library.assay import Assay
from degu.library.recipes import recommended
from degu.package.construct import Construct

RNG = np.random.default_rng(3)
TOKENS = RNG.integers(0, 4, size=(300, 12), dtype=np.uint8)
# Relatives: equal sequences and reverse complements.
TOKENS[7], TOKENS[8] = TOKENS[3], reverse_complement(TOKENS[5])
SEQUENCES = decode(TOKENS)
REPLICATES = RNG.normal(size=(300, 3)) + (TOKENS == 0).mean(axis=1)[:, None]
REPLICATES[11, 1] = np.nan
GROUPS = np.arange(300) // 2


def settings_of(options: dict) -> dict:
    split = {"method": "random", "fractions": recommended()["fractions"], "labels": {}}
    return {
        "importer": "table",
        "options": {"sequence": "sequence", "targets": {"activity": {"replicates": ["a", "b", "c"]}}, **options},
        "labels": False,
        "bad_rows": "stop",
        "leaks": "stop",
        "standardize_batches": False,
        "split": split,
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_it_is_the_store_that_the_pipeline_makes_of_a_table(tmp_path, seed):
    frame = pd.DataFrame(REPLICATES, columns=["a", "b", "c"]).assign(sequence=SEQUENCES, element=GROUPS)
    path = tmp_path / "assay.tsv"
    frame.to_csv(path, sep="\t", index=False, float_format="%.17g")
    settings = settings_of({"group": "element", "left_flank": "ACG", "right_flank": "TT"})
    expected = build_store(settings, {"table": path}, seed, where="assay")
    write_store(expected, tmp_path / "store.h5")
    found = Assay(SEQUENCES, None, REPLICATES, groups=GROUPS, flanks=("acg", "tt")).store(seed)
    for name in ("tokens", "split", "group"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    for name in ("targets", "replicate_std", "replicates"):
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name), rtol=1e-6)
    assert found.attributes["flanks"] == expected.attributes["flanks"] == [3, 2]
    assert found.digest == expected.digest


def test_relatives_share_a_split():
    store = Assay(SEQUENCES, REPLICATES[:, 0], groups=GROUPS).store(4)
    # Sequences 2, 3, 6 and 7 are linked, and so are 4, 5, 8 and 9.
    for rows in ([2, 3, 6, 7], [4, 5, 8, 9]):
        assert len(set(store.group[rows].tolist())) == len(set(store.split[rows].tolist())) == 1
    assert len(set(store.split.tolist())) == 4


def test_splits_that_are_named_are_kept_for_every_seed():
    labels = [SPLITS[index % 4] for index in range(300)]
    labels[7], labels[8] = labels[3], labels[5]
    assay = Assay(one_hot(TOKENS), REPLICATES[:, [0, 2]], split=labels, targets=["Dev", "Hk"], units=["log2", ""])
    assert assay.named_splits
    for seed in (1, 2):
        store = assay.store(seed)
        np.testing.assert_array_equal(store.split, [CODE[label] for label in labels])
        assert (store.target_names, store.units) == (["Dev", "Hk"], ["log2", ""])
    assert not Assay(SEQUENCES, REPLICATES[:, 0]).named_splits


def test_columns_of_a_table_name_the_targets():
    table = pd.DataFrame({"Dev": REPLICATES[:, 0], "Hk": REPLICATES[:, 2]})
    assert Assay(SEQUENCES, table).targets == ["Dev", "Hk"]
    assert Assay(SEQUENCES, table, targets=["a", "b"]).targets == ["a", "b"]
    assert Assay(SEQUENCES, table["Dev"]).targets == ["activity"]


def test_flanks_stand_around_each_sequence():
    assay = Assay(["ACGT"] * 3, [1, 2, 3], flanks=("GG", "c"))
    np.testing.assert_array_equal(assay.tokens, encode(["GGACGTC"] * 3))
    assert assay.construct == Construct(7, "GG", "C")


def test_relatives_in_different_splits_are_refused():
    labels = [SPLITS[index % 4] for index in range(300)]
    labels[7] = labels[3]
    told = "split: 1 sequences have an equal one(?s:.*)sequence 9 is in train, its relative, sequence 6, in validation"
    with pytest.raises(DeguError, match=told):
        Assay(SEQUENCES, REPLICATES[:, 0], split=labels).store(1)


def test_a_split_without_sequences_is_refused():
    with pytest.raises(DeguError, match=r"split: no sequence is in the split '\w+' \(4 sequences in 4 groups"):
        Assay(["ACGTA", "CCCCC", "GGATC", "TTACG"], [1, 2, 3, 4]).store(1)
    with pytest.raises(DeguError, match=r"no sequence is in the split 'test'(?s:.*)name it for some"):
        Assay(["ACGTA", "CCCCC", "GGATC"], [1, 2, 3], split=["train", "validation", "calibration"]).store(1)
