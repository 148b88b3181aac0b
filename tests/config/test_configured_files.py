"""Files of a configuration, in folders made by hand. The tests of the configuration as a whole cover the rest."""

import pytest

from degu.config.configured_files import ConfiguredFiles
from degu.errors import DeguError

SCHEMA = "type: object\nadditionalProperties: false\nproperties:\n  epochs: {type: integer, default: 3}\n"


@pytest.fixture
def files(tmp_path) -> ConfiguredFiles:
    for folder, epochs in (("first", 1), ("second", 2)):
        (tmp_path / folder / "teachers").mkdir(parents=True)
        (tmp_path / folder / "schemas").mkdir()
        (tmp_path / folder / "teachers" / "both.yaml").write_text(f"epochs: {epochs}\n")
    (tmp_path / "second" / "teachers" / "only.yaml").write_text("{}\n")
    (tmp_path / "second" / "schemas" / "teacher.schema.yaml").write_text(SCHEMA)
    return ConfiguredFiles([tmp_path / "first", tmp_path / "second"])


def test_the_first_folder_that_has_a_file_counts(files, tmp_path):
    assert files.path_of("teachers", "both") == tmp_path / "first" / "teachers" / "both.yaml"
    assert files.path_of("teachers", "only") == tmp_path / "second" / "teachers" / "only.yaml"
    with pytest.raises(DeguError, match=r"mine: there is no teacher 'onle'\n.*did you mean 'only'"):
        files.path_of("teachers", "onle", named="mine")
    with pytest.raises(DeguError, match=r"configuration: the name '\.\./both'"):
        files.path_of("teachers", "../both")


def test_a_file_is_read_with_its_overrides_and_completed(files):
    files.overrides = {"teachers": {"both": {"epochs": 9}}}
    with files.read("teachers", "both", "here") as (settings, where):
        assert settings == {"epochs": 9} and where.endswith("first/teachers/both.yaml")
    with files.read("teachers", "only", "here") as (settings, where):
        assert files.complete(settings, "teacher", where=where) == {"epochs": 3}


def test_an_error_in_a_file_tells_of_its_overrides_alone(files):
    files.overrides = {"teachers": {"both": {"epochs": 9}}}
    note = r"overrides\.teachers\.both` of the configuration is laid over this file"
    with pytest.raises(DeguError, match=note), files.read("teachers", "both", "here") as (_, where):
        raise DeguError("wrong", where=where)
    for name, place in (("only", None), ("both", "elsewhere")):
        with pytest.raises(DeguError) as caught, files.read("teachers", name, "here") as (_, where):
            raise DeguError("wrong", where=place or where)
        assert "laid over" not in str(caught.value)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"both": {"epoch": 1}}, "unknown key 'epoch'"),
        ({"both": {"epochs": "many"}}, "epochs"),
        ({"bothe": {}}, "there is no teacher 'bothe'"),
    ],
)
def test_overrides_are_checked(files, overrides, message):
    files.overrides = {"teachers": {"both": {"epochs": 4}}}
    files.check_overrides()
    files.overrides = {"teachers": overrides}
    with pytest.raises(DeguError, match=message):
        files.check_overrides()
