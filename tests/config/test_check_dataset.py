"""Data sets whose importer cannot read them are refused."""

import pytest
import yaml

from degu.config.check_dataset import check_dataset
from degu.errors import DeguError
from tests.config.conftest import DATASET


def test_a_missing_option_of_an_importer_is_named(configure):
    configure()
    path = configure.folder / "datasets" / "bare.yaml"
    path.write_text(yaml.safe_dump({**DATASET, "options": {}}))
    with pytest.raises(DeguError, match=r"bare\.yaml: options: option 'targets' is missing"):
        configure({"datasets": ["bare"]})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"importer": "tabel"},
            r"mine\.yaml: importer: there is no importer 'tabel'\n.*did you mean 'table'",
        ),
        ({"options": {"sequnce": "x"}}, r"mine\.yaml: options: unknown option 'sequnce'(.|\n)*'sequence'"),
        ({"options": {"sequence": 3}}, r"mine\.yaml: options\.sequence: 3 is not of type str"),
        ({"options": {"drop_bad_rows": True}}, "unknown option 'drop_bad_rows'"),
    ],
)
def test_an_importer_or_option_that_does_not_exist_is_named(configure, changes, message):
    with pytest.raises(DeguError, match=message):
        configure(dataset=changes)


def test_the_settings_of_a_data_set_are_returned_as_they_are():
    settings = {"importer": "table", "options": DATASET["options"], "title": "Mine"}
    assert check_dataset(settings, "mine.yaml") is settings
