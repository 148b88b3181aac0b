"""The roles of columns, by what a person says and by names and cells."""

import numpy as np
import pytest

from degu.data.table_columns import describe_columns
from degu.data.table_roles import KnownColumns, find_roles
from degu.errors import DeguError
from tests.data.tables import REPLICATES, as_read, assay

WITHOUT = dict.fromkeys(REPLICATES)
NUMBERS = np.random.default_rng(5).normal(size=60)


def roles_of(frame, **wishes):
    return find_roles(describe_columns(as_read(frame)), KnownColumns(**wishes), where="table.tsv")


def test_each_column_of_a_usual_table_has_its_role():
    roles = roles_of(assay())
    assert (roles.sequence, roles.name, roles.group, roles.split) == ("sequence", "name", "element", "")
    assert roles.targets == {"activity": {"replicates": ["activity_rep1", "activity_rep2"]}}
    assert roles.notes == []


def test_the_longest_sequences_are_those_of_the_assay():
    roles = roles_of(assay(barcode=["ACGTACGT"] * 60))
    assert roles.sequence == "sequence"
    assert any("'barcode'" in note and "--sequence" in note for note in roles.notes)
    assert roles_of(assay(barcode=["ACGTACGT"] * 60), sequence="barcode").sequence == "barcode"


def test_a_table_without_sequences_is_refused():
    with pytest.raises(DeguError, match=r"table\.tsv: no column holds sequences; the columns are 'name', 'sequence'"):
        roles_of(assay(sequence=["high"] * 60))


# Targets


@pytest.mark.parametrize(
    ("columns", "targets"),
    [
        ({"activity": NUMBERS}, {"activity": {"mean": "activity"}}),
        ({"score": NUMBERS}, {"score": {"mean": "score"}}),
        (
            {"Dev_log2_enrichment": NUMBERS, "Hk_log2_enrichment": -NUMBERS, "gc": NUMBERS},
            {
                "Dev_log2_enrichment": {"mean": "Dev_log2_enrichment"},
                "Hk_log2_enrichment": {"mean": "Hk_log2_enrichment"},
            },
        ),
        (
            {"log2FoldChange": NUMBERS, "padj": NUMBERS**2, "lfc_se": NUMBERS**2},
            {"log2FoldChange": {"mean": "log2FoldChange"}},
        ),
        (
            {"activity_1": NUMBERS, "activity_2": NUMBERS + 1},
            {"activity": {"replicates": ["activity_1", "activity_2"]}},
        ),
        ({"score": NUMBERS, "start": np.arange(60)}, {"score": {"mean": "score"}}),
    ],
)
def test_measurements_are_found_by_their_names(columns, targets):
    assert roles_of(assay(**WITHOUT, **columns)).targets == targets


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"first": NUMBERS, "second": NUMBERS}, "the columns of numbers are 'first', 'second'"),
        ({"gc": NUMBERS}, "the columns of numbers are 'gc'"),
        ({}, "no column has numbers that differ"),
    ],
)
def test_what_could_be_any_column_is_asked_for(columns, told):
    with pytest.raises(DeguError, match=rf"like a measurement; {told}\n(.|\n)*--target COLUMN"):
        roles_of(assay(**WITHOUT, **columns))


def test_counts_of_reads_are_named_and_not_used():
    columns = {name: np.arange(60) for name in ("RNA_rep1", "RNA_rep2", "dna_count")}
    roles = roles_of(assay(**columns))
    assert roles.targets == {"activity": {"replicates": list(REPLICATES)}}
    assert any("'RNA_rep1', 'RNA_rep2', 'dna_count'" in note and "log2(RNA/DNA)" in note for note in roles.notes)
    with pytest.raises(DeguError, match="the columns of numbers look like counts of reads: 'RNA_rep1'"):
        roles_of(assay(**WITHOUT, **columns))


@pytest.mark.parametrize(("shift", "words"), [(0, "is the mean of its replicates"), (1, "is not the mean of")])
def test_a_mean_beside_its_replicates_is_compared_with_them(shift, words):
    frame = assay()
    frame["activity"] = (frame[list(REPLICATES)].mean(axis=1) + shift * NUMBERS).round(3)
    roles = roles_of(frame)
    assert roles.targets == {"activity": {"replicates": list(REPLICATES)}}
    assert any(words in note for note in roles.notes)


def test_numbers_that_are_not_used_are_named():
    notes = roles_of(assay(gc=NUMBERS, activity_std=NUMBERS**2)).notes
    assert any("that are not used: 'gc', 'activity_std'" in note for note in notes)
    assert any("belongs under `std`" in note for note in notes)


@pytest.mark.parametrize(
    ("wishes", "targets"),
    [
        ({"targets": ("gc",)}, {"gc": {"mean": "gc"}}),
        ({"targets": ("activity",)}, {"activity": {"replicates": list(REPLICATES)}}),
        ({"targets": ("activity", "gc")}, {"activity": {"replicates": list(REPLICATES)}, "gc": {"mean": "gc"}}),
        ({"replicates": (("gc", "other"),)}, {"activity": {"replicates": ["gc", "other"]}}),
        ({"targets": ("mine",), "replicates": (("gc", "other"),)}, {"mine": {"replicates": ["gc", "other"]}}),
        ({"targets": ("gc",), "replicates": (REPLICATES,)}, {"gc": {"mean": "gc", "replicates": list(REPLICATES)}}),
    ],
)
def test_a_person_says_what_the_targets_are(wishes, targets):
    assert roles_of(assay(gc=NUMBERS, other=-NUMBERS), **wishes).targets == targets


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        ({"targets": ("actvity",)}, r"no column 'actvity'\n  expected: did you mean 'activity'"),
        ({"sequence": "seqence"}, r"no column 'seqence'\n  expected: did you mean 'sequence'"),
        ({"group": "elemnt"}, "no column 'elemnt'"),
        ({"replicates": (("rep1", "rep2"),)}, "no column 'rep1'"),
        ({"targets": ("a", "b"), "replicates": (REPLICATES,)}, "2 targets and 1 lists of replicates"),
    ],
)
def test_columns_that_do_not_exist_are_told(wishes, message):
    with pytest.raises(DeguError, match=message):
        roles_of(assay(), **wishes)


# Labels


def test_a_published_split_is_found_by_its_values():
    split = ["train"] * 40 + ["val"] * 10 + ["test"] * 10
    roles = roles_of(assay(fold=split))
    assert (roles.split, roles.group) == ("fold", "element")
    assert roles.split_labels == {"train": ["train"], "validation": ["val"], "test": ["test"]}


def test_a_column_that_may_be_a_split_is_told():
    roles = roles_of(assay(fold=np.arange(60) % 5))
    assert roles.split == ""
    assert any("'fold' may be a split, but its values (0, 1, 2, 3, 4)" in note for note in roles.notes)


@pytest.mark.parametrize(
    ("columns", "group"),
    [
        ({"element": None, "gene": ["a", "b"] * 30}, "gene"),
        ({"gene": ["a", "b"] * 30, "chromosome": ["chr1", "chr2"] * 30}, "element"),
        ({"element": None, "chromosome": ["1", "X"] * 30}, "chromosome"),
        ({"element": [f"e{row}" for row in range(60)]}, ""),
        ({"element": None, "medium": ["a", "b"] * 30}, ""),
    ],
)
def test_relatives_are_found_by_the_name_of_their_column(columns, group):
    assert roles_of(assay(**columns)).group == group


def test_other_columns_of_shared_values_are_told():
    notes = roles_of(assay(medium=["a", "b"] * 30)).notes
    assert any("'medium'" in note and "--group" in note for note in notes)
    assert roles_of(assay(medium=["a", "b"] * 30), group="medium").group == "medium"


def test_batches_are_told_with_what_to_write():
    notes = roles_of(assay(library=["a", "b"] * 30)).notes
    assert any("`batch: library`" in note and "standardize_batches: true" in note for note in notes)


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ({"comment": [f"c{row}" for row in range(60)]}, "name"),
        ({"name": None, "comment": [f"c{row}" for row in range(60)]}, "comment"),
        (
            {"name": None, "comment": [f"c{row}" for row in range(60)], "oligo_id": [f"o{row}" for row in range(60)]},
            "oligo_id",
        ),
        ({"name": ["same"] * 60}, ""),
    ],
)
def test_names_differ_in_each_row(columns, name):
    assert roles_of(assay(**columns)).name == name
