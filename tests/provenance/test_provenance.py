"""Where a result came from, and whether it is the same."""

import ast
import hashlib
import importlib
import json
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from degu.provenance import provenance
from tests.conftest import REPOSITORY


def git(*arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(REPOSITORY), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return done.stdout.strip()


def test_a_run_says_versions_code_time_and_memory():
    run = provenance.describe_run()
    assert set(run) == {"python", "packages", "commit", "platform", "finished", "peak_memory_mib"}
    assert run["python"] == platform.python_version()
    assert run["peak_memory_mib"] > 0


def test_the_time_is_utc_and_now():
    finished = datetime.fromisoformat(provenance.describe_run()["finished"])
    assert finished.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - finished) < timedelta(minutes=5)


def test_versions_are_those_of_the_packages_that_are_loaded(monkeypatch):
    for package in ("numpy", "scipy", "h5py", "keras"):
        module = importlib.import_module(package)
        assert provenance.package_versions()[package] == module.__version__
    importlib.import_module("sklearn")
    assert "scikit-learn" in provenance.package_versions()
    monkeypatch.delitem(sys.modules, "sklearn")
    assert "scikit-learn" not in provenance.package_versions()


def test_a_module_of_no_known_version_is_left_out(monkeypatch):
    monkeypatch.setattr(provenance, "PACKAGES", {"numpy": "numpy", "no-such-package-as-this": "json"})
    assert set(provenance.package_versions()) == {"numpy"}


def test_every_package_of_an_environment_that_can_change_a_result_is_known():
    tree = ast.parse((REPOSITORY / "envs" / "build.py").read_text())
    listed = next(
        node.value for node in tree.body if isinstance(node, ast.Assign) and node.targets[0].id == "ENVIRONMENTS"
    )
    packages = {package.partition("[")[0] for _, names in ast.literal_eval(listed).values() for package in names}
    assert set(provenance.PACKAGES) == packages


def test_a_machine_says_its_processor_gpus_job_and_what_changes_numbers(monkeypatch):
    for name in ("CUDA_VISIBLE_DEVICES", "SLURM_JOB_ID", *provenance.VARIABLES):
        monkeypatch.delenv(name, raising=False)
    machine = provenance.describe_machine()
    assert (machine["gpus"], machine["slurm_job"], machine["variables"]) == (None, None, {})
    assert machine["host"] == platform.node()
    assert machine["cpu"]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2")
    monkeypatch.setenv("SLURM_JOB_ID", "77")
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "0")
    machine = provenance.describe_machine()
    assert (machine["gpus"], machine["slurm_job"]) == ("2", "77")
    assert machine["variables"] == {"TF_ENABLE_ONEDNN_OPTS": "0"}


def test_the_processor_is_that_of_the_kernel(monkeypatch, tmp_path):
    listing = tmp_path / "cpuinfo"
    listing.write_text("processor\t: 0\nmodel name\t: Some CPU: fast\nprocessor\t: 1\nmodel name\t: Some CPU: fast\n")
    monkeypatch.setattr(provenance, "Path", lambda path: listing if path == "/proc/cpuinfo" else Path(path))
    assert provenance.processor() == "Some CPU: fast"
    listing.write_text("processor\t: 0\n")
    assert provenance.processor() == platform.machine()
    listing.unlink()
    assert provenance.processor()


def test_the_digest_of_a_file_is_that_of_its_bytes(tmp_path):
    path = tmp_path / "table.tsv"
    path.write_bytes(b"a\tb\n")
    assert provenance.content_digest(path) == hashlib.sha256(b"a\tb\n").hexdigest()


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
    return provenance.content_digest(path)


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
def test_where_and_when_a_model_was_trained_is_no_part_of_its_description(tmp_path, change):
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
def test_what_a_model_is_changes_the_digest_of_its_description(tmp_path, change):
    path = tmp_path / "model.json"
    assert digest_of_description(path, **change) != digest_of_description(path)


def test_a_digest_of_a_value_is_that_of_any_order_of_its_keys():
    assert provenance.digest_of({"a": 1, "b": [2]}) == provenance.digest_of({"b": [2], "a": 1})
    assert provenance.digest_of({"a": 1}) != provenance.digest_of({"a": 2})


def test_the_commit_is_that_of_the_checkout():
    head = git("rev-parse", "HEAD")
    dirty = bool(git("status", "--porcelain", "--untracked-files=no"))
    assert provenance.code_commit() == head + ("-dirty" if dirty else "")
    assert re.fullmatch(r"[0-9a-f]{40}(-dirty)?", provenance.code_commit())


def test_there_is_no_commit_outside_a_checkout_or_without_git(monkeypatch, tmp_path):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setattr(provenance, "__file__", str(tmp_path / "provenance.py"))
    assert provenance.code_commit() is None
    monkeypatch.undo()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert provenance.code_commit() is None


def test_peak_memory_is_the_kernels_high_water_mark():
    status = Path("/proc/self/status")
    if not status.is_file():
        pytest.skip("no /proc here")
    mark = int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1]) / 1024
    assert provenance.peak_memory_mib() == pytest.approx(mark, rel=0.05)


def test_a_folder_is_told_by_its_files_and_their_names(tmp_path):
    digests = []
    for names in (("a", "b"), ("a", "b"), ("a", "c")):
        folder = tmp_path / str(len(digests))
        (folder / "within").mkdir(parents=True)
        for name in names:
            (folder / "within" / name).write_text("same")
        digests.append(provenance.content_digest(folder))
    assert digests[0] == digests[1] != digests[2]
    (tmp_path / "0" / "within" / "a").write_text("other")
    assert provenance.content_digest(tmp_path / "0") != digests[1]
