"""What is odd about a table is found, and counted by hand here."""

from collections import Counter

import numpy as np
import pytest

from degu.data.table_columns import describe_columns
from degu.data.table_findings import SINGLE, constant_flanks, find_oddities
from degu.data.table_roles import Wishes, find_roles
from degu.errors import DeguError
from tests.data.tables import REPLICATES, as_read, assay

COMPLEMENT = str.maketrans("ACGT", "TGCA")


def found(frame, **wishes):
    table = as_read(frame)
    columns = describe_columns(table)
    return find_oddities(table, columns, find_roles(columns, Wishes(**wishes), where="table"))


def other_strand(sequence):
    return sequence.translate(COMPLEMENT)[::-1]


def with_sequences(change, rows=400, **columns):
    """Return a table whose sequences are changed by a function of all of them."""
    frame = assay(rows=rows, **columns)
    sequences = frame["sequence"].tolist()
    change(sequences)
    return frame.assign(sequence=sequences)


def test_a_good_table_has_nothing_odd():
    findings = found(assay(rows=400))
    assert (findings.rows, findings.usable, findings.length) == (400, 400, 20)
    assert (findings.bad, findings.odd, findings.flanks) == ({}, [], ("", ""))
    assert (findings.duplicates, findings.reverse_complements, findings.is_ragged) == (0, 0, False)
    assert findings.groups == Counter({**{f"e{index}": 3 for index in range(133)}, "e133": 1})


@pytest.mark.parametrize(
    ("sequences", "flanks"),
    [
        (["ACGTAAACCCCC", "ACGTACTCCCCC"], ("ACGTA", "CCCCC")),
        (["ACGTAAACCCCC", "ACGTTACCCCCC"], ("", "CCCCC")),
        # What is shared leaves an insert, and equal sequences have no flanks.
        (["AAAAAAAAAA", "AAAAAAAAAAAA"], ("", "")),
        (["ACGTACGTACGT", "ACGTACGTACGT"], ("", "")),
        ([], ("", "")),
    ],
)
def test_constant_flanks(sequences, flanks):
    assert constant_flanks(sequences) == flanks


def test_repeated_sequences_are_counted_without_flanks():
    """Two rows are equal; one is the reverse complement of another between constant ends; one is both of it."""

    def change(sequences):
        sequences[1] = sequences[0]
        sequences[3] = other_strand(sequences[2])
        sequences[5] = sequences[4]
        sequences[6] = other_strand(sequences[4])
        sequences[:] = [f"ACGGT{sequence.lower()}TTGCA" for sequence in sequences]

    findings = found(with_sequences(change))
    assert findings.flanks == ("ACGGT", "TTGCA")
    assert (findings.duplicates, findings.reverse_complements) == (4, 5)


def test_rows_that_cannot_be_used_are_named_by_their_reason():
    frame = assay(rows=400)
    frame.loc[0, "sequence"] = "ACGTXCGTACGTACGTACGT"
    frame.loc[3, "sequence"] = "ACGT"
    frame.loc[5, list(REPLICATES)] = np.nan
    frame.loc[7, REPLICATES[0]] = np.nan
    findings = found(frame)
    assert {reason: rows.tolist() for reason, rows in findings.bad.items()} == {
        "letters outside ACGTN": [2],
        "sequence of another length": [5],
        SINGLE: [9],
        "a target that is missing or not finite": [7],
    }
    assert findings.usable == 396
    assert not findings.is_ragged


def test_an_assay_of_several_lengths_has_no_rows_of_a_wrong_length():
    def change(sequences):
        sequences[::10] = [sequence[:-2] for sequence in sequences[::10]]

    findings = found(with_sequences(change))
    assert findings.lengths == Counter({20: 360, 18: 40})
    assert findings.is_ragged
    assert findings.bad == {}


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (
            {"quality": ["1"] * 390 + ["high"] * 10},
            "'quality' holds text among numbers, first 'high', in rows 392, 393",
        ),
        ({"medium": ["YPD"] * 400}, "'medium' has the same value, YPD, in all rows"),
        ({"note": [None] * 400}, "'note' is empty"),
        (
            {"element": ["one"] * 50 + [f"e{row}" for row in range(350)]},
            "'one' holds 50 of 400 rows, more than a tenth",
        ),
        ({"activity_rep2": [None] + [0.5, 1.5, 2.5] * 133}, "'activity_rep2' of activity is empty in 1 of 400 rows"),
    ],
)
def test_oddities_of_columns_are_told(columns, words):
    assert any(words in sentence for sentence in found(assay(rows=400, **columns)).odd)


def test_few_rows_are_told():
    assert any("There are 60 rows, which are few" in sentence for sentence in found(assay()).odd)


def test_targets_of_labels_are_told():
    frame = assay(rows=400, **dict.fromkeys(REPLICATES), activity=np.arange(400) % 2)
    assert any("activity has the values 0 and 1 alone" in sentence for sentence in found(frame).odd)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"activity_rep1": [None] * 60, "activity_rep2": [None] * 60}, "no row can be used"),
        ({"gc": [None] * 60}, "is empty"),
    ],
)
def test_a_table_of_no_usable_row_is_refused(columns, message):
    frame = assay(**columns)
    wishes = {"targets": ("activity",), "replicates": (REPLICATES,)} if "gc" not in columns else {"sequence": "gc"}
    with pytest.raises(DeguError, match=message):
        found(frame, **wishes)
