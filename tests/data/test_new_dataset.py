"""Settings of a data set follow from its table."""

from pathlib import Path

import numpy as np
import pytest

from degu.data.new_dataset import dataset_settings, flanks_in_words, groups_in_words, length_in_words
from degu.data.table_columns import describe_columns
from degu.data.table_findings import find_oddities
from degu.data.table_roles import Wishes, find_roles
from tests.data.tables import REPLICATES, as_read, assay


def settings_of(frame):
    """Return the settings and comments for a table, and what was found."""
    table = as_read(frame)
    columns = describe_columns(table)
    roles = find_roles(columns, Wishes(), where="t.tsv")
    findings = find_oddities(table, columns, roles)
    return *dataset_settings(Path("t.tsv"), "mine", columns, roles, findings), findings


def test_a_usual_table():
    settings, comments, _ = settings_of(assay())
    assert settings == {
        "title": "mine",
        "importer": "table",
        "files": {"table": {"path": "t.tsv"}},
        "options": {
            "sequence": "sequence",
            "name": "name",
            "group": "element",
            "targets": {"activity": {"replicates": list(REPLICATES), "unit": ""}},
        },
        "split": {"fractions": {"train": 0.7, "validation": 0.1, "calibration": 0.1, "test": 0.1}},
        "study": {"teachers": ["motif_cnn_small_assay"]},
    }
    assert comments["options.sequence"] == "The column of the sequence: all have 20 bases."
    assert comments["options.group"] == "Rows of one value share a split: 20 groups, the largest of 3 rows."
    # A comment stands above a key that is there.
    for place in comments:
        part = settings
        for key in place.split("."):
            part = part[key]


@pytest.mark.parametrize(
    ("rows", "teacher", "divided"),
    [
        (1999, "motif_cnn_small_assay", True),
        (2000, "motif_cnn_small_assay", False),
        (4999, "motif_cnn_small_assay", False),
        (5000, "motif_cnn_noise", False),
    ],
)
def test_the_number_of_rows_decides_on_network_and_calibration(rows, teacher, divided):
    settings, _, _ = settings_of(assay(rows=rows))
    assert settings["study"]["teachers"] == [teacher]
    assert ("split" in settings) == divided


def test_rows_that_cannot_be_used_are_left_out_and_named():
    frame = assay(rows=400)
    frame.loc[[3, 5], "sequence"] = "ACGTXCGTACGTACGTACGT"
    settings, comments, _ = settings_of(frame)
    assert settings["bad_rows"] == "drop"
    assert comments["bad_rows"].endswith("letters outside ACGTN: rows 5, 7")


def test_a_split_of_the_table_is_followed():
    settings, comments, _ = settings_of(assay(part=["train"] * 40 + ["valid"] * 10 + ["test"] * 10))
    assert settings["options"]["split"] == "part"
    labels = {"train": ["train"], "validation": ["valid"], "test": ["test"]}
    assert settings["split"] == {"method": "column", "labels": labels}
    assert settings["leaks"] == "drop"
    assert "Half of the validation rows" in comments["split"]


def test_lengths_in_words():
    frame = assay(rows=400)
    frame.loc[0, "sequence"] = "ACGT"
    assert length_in_words(settings_of(frame)[2]) == "all but 1 have 20 bases"
    frame.loc[np.arange(0, 400, 10), "sequence"] = "ACGTACGTACGT"
    settings, _, findings = settings_of(frame)
    assert length_in_words(findings) == "they have 12 to 20 bases"
    assert settings["options"]["pad"] == "right"


def test_flanks_and_groups_in_words():
    frame = assay()
    frame["sequence"] = "ACGGT" + frame["sequence"]
    _, comments, findings = settings_of(frame)
    assert flanks_in_words(findings).startswith("All sequences begin with ACGGT. ")
    assert "name them as left_flank:" in flanks_in_words(findings)
    assert "begin with ACGGT" in comments["options.sequence"]
    assert groups_in_words(findings) == "20 groups, the largest of 3 rows"
