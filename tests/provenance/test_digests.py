"""Digests of files and values."""

import hashlib
import json
from pathlib import Path

import pytest

from degu.provenance.digests import content_digest, digest_of


def test_the_digest_of_a_file_covers_its_bytes(tmp_path):
    path = tmp_path / "table.tsv"
    path.write_bytes(b"a\tb\n")
    assert content_digest(path) == hashlib.sha256(b"a\tb\n").hexdigest()


DESCRIPTION = {
    "recipe": {"epochs": 5},
    "seed": 1,
    "history": [{"epoch": 1, "loss": 0.5, "seconds": 2.0}],
    "device": "CPU, 1 thread",
    "threads": 1,
    "seconds_this_run": 3.0,
    "seconds_training": 2.0,
    "run": {"finished": "2026-01-01T00:00:00+00:00"},
}


def digest_of_description(path: Path, **changes: object) -> str:
    path.write_text(json.dumps({**DESCRIPTION, **changes}))
    return content_digest(path)


@pytest.mark.parametrize(
    "change",
    [
        {"device": "GPU"},
        {"threads": 2},
        {"seconds_this_run": 9.0},
        {"seconds_training": 9.0},
        {"run": {}},
        {"history": [{"epoch": 1, "loss": 0.5, "seconds": 9.0}]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_digest_of_a_description_ignores_where_and_when_a_model_was_trained(tmp_path, change):
    path = tmp_path / "model.json"
    assert digest_of_description(path, **change) == digest_of_description(path)


@pytest.mark.parametrize(
    "change",
    [
        {"recipe": {"epochs": 6}},
        {"seed": 2},
        {"history": [{"epoch": 1, "loss": 0.6, "seconds": 2.0}]},
        {"label": "new"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_digest_of_a_description_changes_with_the_model(tmp_path, change):
    path = tmp_path / "model.json"
    assert digest_of_description(path, **change) != digest_of_description(path)


def test_the_digest_of_a_value_does_not_depend_on_the_order_of_its_keys():
    assert digest_of({"a": 1, "b": [2]}) == digest_of({"b": [2], "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})


def test_the_digest_of_a_folder_covers_its_files_and_their_names(tmp_path):
    digests = []
    for names in (("a", "b"), ("a", "b"), ("a", "c")):
        folder = tmp_path / str(len(digests))
        (folder / "within").mkdir(parents=True)
        for name in names:
            (folder / "within" / name).write_text("same")
        digests.append(content_digest(folder))
    assert digests[0] == digests[1] != digests[2]
    (tmp_path / "0" / ".snakemake_timestamp").touch()
    assert content_digest(tmp_path / "0") == digests[1]
    (tmp_path / "0" / "within" / "a").write_text("other")
    assert content_digest(tmp_path / "0") != digests[1]
