"""The file `package.json`: what is written is read, and what does not fit is refused."""

import json

import pytest

from degu.errors import DeguError
from degu.package.facts import FACTS, check_descriptions, read_facts, write_facts

TOLD = {
    "layout": 1,
    "files": {"student-1.json": "0"},
    "students": [1],
    "construct": {"length": 20},
    "targets": ["Dev"],
    "units": ["log2"],
    "heads": ["mean"],
    "title": "Ünit",
    "measured": {"r": 0.1 + 0.2, 5: None},
}


@pytest.fixture
def path(tmp_path):
    write_facts(tmp_path / FACTS, dict(TOLD))
    return tmp_path / FACTS


def test_what_is_written_is_read(path):
    facts = read_facts(path)
    assert len(facts.pop("digest")) == 64
    assert facts == json.loads(json.dumps(TOLD))


def test_the_order_of_what_is_told_does_not_matter(path):
    facts = json.loads(path.read_text())
    path.write_text(json.dumps(dict(reversed(facts.items()))))
    assert read_facts(path) == facts


@pytest.mark.parametrize("key", [key for key in TOLD if key != "measured"])
def test_each_entry_is_needed_and_has_its_kind(path, key):
    without = {name: value for name, value in TOLD.items() if name != key}
    write_facts(path, without)
    with pytest.raises(DeguError, match=f"it does not tell '{key}'"):
        read_facts(path)
    write_facts(path, {**TOLD, key: None})
    with pytest.raises(DeguError, match=f"'{key}' is None"):
        read_facts(path)


@pytest.mark.parametrize("text", ["[]", "3", "null", '"text"'])
def test_what_is_no_mapping_is_refused(path, text):
    path.write_text(text)
    with pytest.raises(DeguError, match="the file holds no mapping"):
        read_facts(path)


def test_heads_and_targets_are_those_of_each_student(path):
    for heads, targets, fits in ((["mean"], ["Dev"], True), (["mean"], ["Hk"], False), (["epistemic"], ["Dev"], False)):
        own = {"outputs": {"heads": {"heads": heads, "targets": targets}}}
        (path.parent / "student-1.json").write_text(json.dumps(own))
        if fits:
            check_descriptions(path.parent, TOLD)
        else:
            with pytest.raises(DeguError, match="the student has the heads, targets and shapes"):
                check_descriptions(path.parent, TOLD)
    (path.parent / "student-1.json").write_text("{}")
    with pytest.raises(DeguError, match="does not describe a student"):
        check_descriptions(path.parent, TOLD)
