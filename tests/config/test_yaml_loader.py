"""YAML is refused where it reads something else than a person does."""

import pytest
import yaml

from degu.config.schemas import read_yaml
from degu.config.yaml_loader import StrictLoader
from degu.errors import DeguError


def load(text):
    return yaml.load(text, Loader=StrictLoader)


@pytest.mark.parametrize(
    ("number", "reading"),
    [("010", "8"), ("-010", "-8"), ("0_7", "7"), ("1:30", "90"), ("1:30.5", "90.5"), ("190:20:30", "685230")],
)
def test_a_number_in_base_8_or_60_is_refused_with_its_line(tmp_path, number, reading):
    (tmp_path / "a.yaml").write_text(f"a: 1\nb: {number}\n")
    with pytest.raises(DeguError) as caught:
        read_yaml(tmp_path / "a.yaml")
    assert str(caught.value).startswith(f"{tmp_path / 'a.yaml'}: line 2: YAML reads {number} as the number {reading}\n")


def test_a_number_in_base_8_or_60_is_refused_in_lists_and_as_a_key():
    for text in ("[010]", "{010: a}", "a: {b: [1, 1:30]}"):
        with pytest.raises(yaml.YAMLError, match="YAML reads"):
            load(text)


def test_other_numbers_are_read_as_ever():
    text = "[0, 10, -3, +4, 1_000, 0x1F, 0b11, 0.5, 01.5, 1.0e-3, .5, '010', \"1:30\", 08, chr1:5]"
    assert load(text) == [0, 10, -3, 4, 1000, 31, 3, 0.5, 1.5, 1e-3, 0.5, "010", "1:30", "08", "chr1:5"]


def test_a_date_is_text_whether_it_exists_or_not():
    assert load("a: 2024-13-45\nb: 2024-01-02\nc: 2024-01-02 10:00:00") == {
        "a": "2024-13-45",
        "b": "2024-01-02",
        "c": "2024-01-02 10:00:00",
    }
    assert yaml.safe_load("2024-01-02") != "2024-01-02"


@pytest.mark.parametrize("text", ["a: !!timestamp 2024-13-45", "a: !!int many", "a: !!float x"])
def test_a_value_that_its_tag_does_not_allow_is_reported(tmp_path, text):
    (tmp_path / "a.yaml").write_text(text)
    with pytest.raises(DeguError, match=r"a\.yaml: not readable as YAML: "):
        read_yaml(tmp_path / "a.yaml")
