"""The values that choose rows are checked when a run is planned, and when the table is read."""

import pytest
import yaml

from degu.config.column_rows import check_rows
from degu.errors import DeguError
from tests.config.conftest import DATASET

EXPECTED = r"\n  expected: a mapping from a column to a value or a non-empty list of values, as in `rows: {medium: \["
IN_QUOTES = r".*\n  remedy:   write it in quotes, as it stands in the table$"


@pytest.mark.parametrize(
    "text",
    [
        "null",
        "{}",
        "{medium: YPD}",
        "{medium: [YPD, SD], library: 2, dose: 0.5}",
        "{ok: 'TRUE', more: ['yes', 1]}",
    ],
)
def test_good_rows_pass(text):
    check_rows(yaml.safe_load(text), "here")


WRONG = [
    ("[medium]", rf"rows: \['medium'\] is no mapping{EXPECTED}"),
    ("[]", rf"rows: \[\] is no mapping{EXPECTED}"),
    ("abc", rf"rows: 'abc' is no mapping{EXPECTED}"),
    ("''", rf"rows: '' is no mapping{EXPECTED}"),
    ("{medium: []}", rf"rows\.medium: the list of values is empty{EXPECTED}"),
    ("{medium: null}", rf"rows\.medium: None is neither text nor a number{EXPECTED}"),
    ("{medium: [YPD, null]}", rf"rows\.medium: None is neither text nor a number{EXPECTED}"),
    ("{medium: {a: 1}}", rf"rows\.medium: {{'a': 1}} is neither text nor a number{EXPECTED}"),
    ("{medium: [[YPD]]}", rf"rows\.medium: \['YPD'\] is neither text nor a number{EXPECTED}"),
    ("{ok: TRUE}", rf"rows\.ok: True is a truth value{EXPECTED}{IN_QUOTES}"),
    ("{set: a, ok: [b, no]}", rf"rows\.ok: False is a truth value{EXPECTED}{IN_QUOTES}"),
    ("{1: a}", rf"rows: the column 1 is not text{EXPECTED}{IN_QUOTES}"),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_rows_of_a_wrong_form_are_refused(text, message):
    with pytest.raises(DeguError, match=f"^{message}"):
        check_rows(yaml.safe_load(text), "rows")


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_the_file_of_the_data_set_is_named(configure, text, message):
    configure()
    path = configure.folder / "datasets" / "other.yaml"
    options = {**DATASET["options"], "rows": yaml.safe_load(text)}
    path.write_text(yaml.safe_dump({**DATASET, "options": options}))
    # The type of an option is checked first.
    message = message.replace(f"is no mapping{EXPECTED}", "is not of type dict\n")
    with pytest.raises(DeguError, match=rf"other\.yaml: options\.{message}"):
        configure({"datasets": ["other"]})
