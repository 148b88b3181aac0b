"""Sets of variants that a configuration names."""

import pytest
import yaml

from degu.config.configuration import Configuration
from degu.errors import DeguError
from tests.config.conftest import CONFIG

SET = {
    "source": "pairs",
    "files": {"table": {"path": "pairs.tsv"}},
    "options": {"replicates": ["one", "two"]},
}


@pytest.fixture
def read(tmp_path):
    """Return a function that reads a configuration whose study names a set of variants."""

    def configuration(settings, **changed):
        (tmp_path / "variants").mkdir(exist_ok=True)
        (tmp_path / "variants" / "mine.yaml").write_text(yaml.safe_dump(settings))
        config = {"datasets": ["simulated_mpra"], "study": {"variants": ["mine"]}} | changed
        return Configuration(config, [tmp_path, CONFIG])

    return configuration


def test_a_set_is_completed_with_defaults(read):
    found = read(SET).variant_sets["mine"]
    assert found["protocols"] == {"all": {"parts": [], "calibration": []}}
    assert found["confident"] == 0.1
    assert found["files"]["table"]["url"] == ""


def test_settings_of_windows_have_defaults(read):
    found = read(SET, variants={"shifts": 2}).variants
    assert found == {
        "windows": ["native", "construct"],
        "shifts": 2,
        "shift_by": 10,
        "both_strands": False,
        "level": 0.9,
    }


def test_overrides_are_laid_over_a_set(read):
    assert read(SET, overrides={"variants": {"mine": {"confident": 0.9}}}).variant_sets["mine"]["confident"] == 0.9


def test_a_study_without_sets_reads_none():
    assert Configuration({"datasets": ["simulated_mpra"]}, [CONFIG]).variant_sets == {}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"source": "pears"}, "there is no variant source 'pears'"),
        ({"options": {}}, "option 'replicates' is missing"),
        ({"options": {"replicates": []}}, "option 'replicates' is empty"),
        ({"options": {"replicates": ["one"], "published_sign": "other"}}, "there is no published_sign 'other'"),
        ({"files": {"list": {"path": "pairs.tsv"}}}, "the variant source 'pairs' reads no file 'list'"),
        ({"files": {"table": {}}}, "says where the file is"),
        ({"protocols": {"a": {"parts": ["x"], "calibration": ["x"]}}}, "the part 'x' is judged"),
        ({"protocols": {"a": {"calibration": ["x"]}}}, "the part 'x' is judged"),
        ({"protocols": {"a": {"pieces": ["x"]}}}, "pieces"),
    ],
)
def test_wrong_settings_are_named(read, changed, told):
    with pytest.raises(DeguError, match=told):
        read(SET | changed)


def test_a_set_that_is_not_there_is_named():
    with pytest.raises(DeguError, match=r"study\.variants.*there is no variant 'cagi_hepg2'"):
        Configuration({"datasets": ["simulated_mpra"], "study": {"variants": ["cagi_hepg2"]}}, [CONFIG])
