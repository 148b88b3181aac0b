"""The values that choose rows are checked when a run is planned, and when the table is read."""

import pytest
import yaml

from degu.config.column_rows import bounds_of, check_rows
from degu.errors import DeguError
from tests.config.conftest import DATASET

EXPECTED = (
    r"\n  expected: a mapping from a column to a value, a non-empty list of values or a range of numbers, as in "
    r"`rows: {medium: \["
)
IN_QUOTES = r".*\n  remedy:   write it in quotes, as it stands in the table$"


@pytest.mark.parametrize(
    "text",
    [
        "null",
        "{}",
        "{medium: YPD}",
        "{medium: [YPD, SD], library: 2, dose: 0.5}",
        "{ok: 'TRUE', more: ['yes', 1]}",
        "{reads: {at_least: 100}, library: 2}",
        "{reads: {at_least: 5, at_most: 5}, dose: {above: -1.5, below: '2'}}",
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
    ("{reads: {}}", rf"rows\.reads: the range has no end{EXPECTED}"),
    ("{reads: {at_leas: 1}}", r"rows\.reads: unknown end 'at_leas' of a range\n  expected: .*did you mean 'at_least'"),
    ("{reads: {above: many}}", rf"rows\.reads\.above: 'many' is no finite number{EXPECTED}"),
    ("{reads: {above: [1, 2]}}", rf"rows\.reads\.above: \[1, 2\] is no finite number{EXPECTED}"),
    ("{reads: {below: true}}", rf"rows\.reads\.below: True is no finite number{EXPECTED}"),
    ("{reads: {at_least: 7, at_most: 5}}", r"rows\.reads: there is no number from 7 to 5\n  expected: a lower end"),
    ("{reads: {at_least: 5, below: 5}}", r"rows\.reads: there is no number of at least 5 and below 5\n"),
    ("{reads: {above: 5, at_most: 5}}", r"rows\.reads: there is no number above 5 and of at most 5\n"),
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


def test_the_ends_of_a_range_are_numbers():
    assert bounds_of({"at_least": "100", "below": 5e3}, "here") == {"at_least": 100, "below": 5000}
    for end in (float("inf"), float("nan")):
        with pytest.raises(DeguError, match=rf"^here\.below: {end} is no finite number{EXPECTED}"):
            bounds_of({"below": end}, "here")
