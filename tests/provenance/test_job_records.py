"""The record that a job writes when it succeeds."""

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from degu.errors import DeguError
from degu.provenance import job_records
from degu.provenance.digests import content_digest
from degu.provenance.job_records import note, read_records, write_record
from tests.conftest import REPOSITORY

# A script with the object that Snakemake hands to it.
JOB = """\
import sys
from types import SimpleNamespace

sys.path.insert(0, sys.argv[1])
from _job import job
from degu.errors import DeguError

snakemake = SimpleNamespace(
    rule="train_member",
    wildcards={"dataset": "assay", "seed": "3"},
    params={"recipe": {"epochs": 5}, "seed": 1, "code": "1234"},
    threads=2,
    input=["data.tsv"],
    output=["model.keras", "model.json"],
    log=["logs/train_member/fraction-0.25.log"],
)
with job(snakemake):
    for name in snakemake.output:
        open(name, "w").write("{}")
"""
RECORD = Path("logs/train_member/fraction-0.25.json")


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(job_records, "_notes", {})
    Path("data.tsv").write_text("data")
    return tmp_path


def run_job(end: str = "") -> int:
    """Run a job that writes its outputs and then runs the code `end`, and return its exit status."""
    code = JOB + "".join(f"    {line}\n" for line in end.splitlines())
    return subprocess.run(
        [sys.executable, "-c", code, str(REPOSITORY / "scripts")], capture_output=True, check=False
    ).returncode


def test_a_job_writes_a_record_beside_its_log(folder):
    before = datetime.now(UTC) - timedelta(seconds=1)
    assert run_job("import time; time.sleep(0.5)") == 0
    record = json.loads(RECORD.read_text())
    assert record["rule"] == "train_member"
    assert record["wildcards"] == {"dataset": "assay", "seed": "3"}
    assert record["params"] == {"recipe": {"epochs": 5}, "seed": 1, "code": "1234"}
    assert record["threads"] == 2
    assert record["inputs"] == {"data.tsv": content_digest("data.tsv")}
    assert record["outputs"] == {name: content_digest(name) for name in ("model.keras", "model.json")}
    assert 0.5 <= record["seconds"] < 60
    assert before <= datetime.fromisoformat(record["started"]) <= datetime.fromisoformat(record["finished"])
    assert {"python", "packages", "commit", "platform", "host", "cpu", "gpus", "slurm_job", "variables"} <= set(record)
    assert record["peak_memory_mib"] > 0
    assert record["device"] is None


@pytest.mark.parametrize(
    "end",
    [
        "raise DeguError('bad data')",
        "raise RuntimeError('a mistake')",
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "open('model.json', 'w').write('no JSON')",
    ],
    ids=["bad data", "a mistake", "killed", "an output that is no JSON"],
)
def test_a_job_that_fails_leaves_no_record_not_even_an_older_one(folder, end):
    assert run_job() == 0
    assert RECORD.is_file()
    assert run_job(end) in (1, -signal.SIGKILL)
    assert read_records(Path("logs")) == {}


def recorded(path: str, outputs: list[str], rule: str = "some_rule", **changes: object) -> None:
    arguments = {
        "wildcards": {},
        "params": {},
        "threads": 1,
        "inputs": [],
        "start": datetime.now(UTC),
    }
    write_record(Path(path), rule=rule, outputs=outputs, **{**arguments, **changes})


def test_records_are_found_by_each_file_that_was_made(folder):
    recorded("logs/a/b/one.json", ["data.tsv"], "one")
    Path("second.tsv").write_text("2")
    Path("third.tsv").write_text("3")
    recorded("logs/two.json", ["second.tsv", "third.tsv"], "two")
    records = read_records(Path("logs"))
    assert {file: record["rule"] for file, record in records.items()} == {
        "data.tsv": "one",
        "second.tsv": "two",
        "third.tsv": "two",
    }


def test_the_last_of_two_records_of_a_file_counts(folder):
    recorded("logs/new.json", ["data.tsv"], "new")
    recorded("logs/old.json", ["data.tsv"], "old")
    old = json.loads(Path("logs/old.json").read_text())
    Path("logs/old.json").write_text(json.dumps({**old, "finished": "2020-01-01T00:00:00+00:00"}))
    assert read_records(Path("logs"))["data.tsv"]["rule"] == "new"


def test_facts_that_a_job_notes_are_in_its_record(folder):
    note(device="GPU")
    recorded("logs/one.json", ["data.tsv"])
    assert read_records(Path("logs"))["data.tsv"]["device"] == "GPU"


def test_parameters_of_any_kind_can_be_recorded(folder):
    recorded("logs/one.json", ["data.tsv"], params={"path": Path("a/b"), "space": SimpleNamespace(a=1)})
    assert read_records(Path("logs"))["data.tsv"]["params"]["path"] == "a/b"


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"outputs": {}}'])
def test_a_damaged_record_is_reported(folder, content):
    path = Path("logs/one.json")
    path.parent.mkdir()
    path.write_text(content)
    with pytest.raises(DeguError, match=r"logs/one\.json: not a readable record"):
        read_records(Path("logs"))


def test_a_record_that_was_never_completed_is_ignored(folder):
    Path("logs").mkdir()
    Path("logs/.one-abc.json").write_text("{")
    assert read_records(Path("logs")) == {}
