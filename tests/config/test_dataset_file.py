"""The file of a data set is written as a person would write it, and checked before it is written."""

import re
from pathlib import Path

import pytest
import yaml

from degu.config.dataset_file import check_dataset_text, dataset_lines, in_yaml
from degu.config.yaml_loader import StrictLoader
from degu.errors import DeguError
from tests.config.conftest import CONFIG

WHERE = Path("config/datasets/mine.yaml")
SETTINGS = {
    "title": "My assay: the second",
    "importer": "table",
    "files": {"table": {"path": "a table.tsv"}},
    "options": {
        "sequence": "dna",
        "targets": {"activity": {"replicates": ["rep1", "rep2"], "unit": "log2(RNA/DNA)"}, "no": {"mean": "010"}},
    },
    "split": {"fractions": {"train": 0.7, "validation": 0.1, "calibration": 0.1, "test": 0.1}},
    "study": {"teachers": ["motif_cnn_small_assay"]},
}
COMMENTS = {"options": "The options.", "options.sequence": "The column\nof the sequence.", "study.teachers": "One."}


VALUES = ["a", "010", "1:30", "yes", "2024-01-01", "a: b", "'", "µ", "", 1.5, None, [1, "a,b"], {"a": "x"}]


@pytest.mark.parametrize("value", VALUES)
def test_values_come_back_as_they_were(value):
    text = in_yaml(value)
    assert "\n" not in text
    assert yaml.load(f"key: {text}", Loader=StrictLoader) == {"key": value}


def test_lines_hold_the_settings_and_their_comments():
    lines = dataset_lines(SETTINGS, COMMENTS)
    assert yaml.load("\n".join(lines), Loader=StrictLoader) == SETTINGS
    assert lines[lines.index("options:") - 1] == "# The options."
    place = lines.index("  sequence: dna")
    assert lines[place - 2 : place] == ["  # The column", "  # of the sequence."]
    assert lines[-3:] == ["study:", "  # One.", "  teachers: [motif_cnn_small_assay]"]
    assert "  table: {path: a table.tsv}" in lines


def test_a_text_is_checked_as_a_run_checks_the_file():
    checked = check_dataset_text("\n".join(dataset_lines(SETTINGS, COMMENTS)), "mine", [CONFIG], where=WHERE)
    assert checked["options"] == SETTINGS["options"]
    assert checked["study"]["teachers"] == ["motif_cnn_small_assay"]
    assert checked["bad_rows"] == "stop"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"titel": "x"}, r"^config/datasets/mine\.yaml: unknown key 'titel'\n  expected: did you mean 'title'"),
        ({"options": {"targets": {}}}, r"^config/datasets/mine\.yaml: options\.targets: no target is named"),
        (
            {"study": {"teachers": ["small"]}, "options": {"targets": {"y": {"mean": "a"}}}},
            "'small' is trained on the standard deviation over replicates",
        ),
        ({"study": {"teachers": ["smal"]}}, "there is no teacher 'smal'"),
    ],
)
def test_what_a_run_would_refuse_is_refused(change, message):
    text = "\n".join(dataset_lines({**SETTINGS, **change}, {}))
    with pytest.raises(DeguError, match=message) as caught:
        check_dataset_text(text, "mine", [CONFIG], where=WHERE)
    # The folder in which it was checked is gone.
    assert not re.search(r"tmp\w+/(datasets|teachers)", str(caught.value))


def test_a_name_that_cannot_be_part_of_a_path_is_refused():
    with pytest.raises(DeguError, match=r"config/datasets/mine\.yaml: the name 'my-assay'"):
        check_dataset_text("", "my-assay", [CONFIG], where=WHERE)
