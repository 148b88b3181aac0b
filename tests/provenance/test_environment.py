"""The environment of a job: versions, commit, machine, time and memory."""

import ast
import importlib
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from degu.provenance import environment
from tests.conftest import REPOSITORY


def git(*arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(REPOSITORY), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return done.stdout.strip()


def test_a_run_is_described_by_versions_commit_time_and_memory():
    run = environment.describe_run()
    assert set(run) == {"python", "packages", "commit", "platform", "finished", "peak_memory_mib"}
    assert run["python"] == platform.python_version()
    assert run["peak_memory_mib"] > 0


def test_the_time_is_the_present_in_utc():
    finished = datetime.fromisoformat(environment.describe_run()["finished"])
    assert finished.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - finished) < timedelta(minutes=5)


def test_versions_are_given_for_the_packages_that_are_loaded(monkeypatch):
    for package in ("numpy", "scipy", "h5py", "keras"):
        module = importlib.import_module(package)
        assert environment.package_versions()[package] == module.__version__
    importlib.import_module("sklearn")
    assert "scikit-learn" in environment.package_versions()
    monkeypatch.delitem(sys.modules, "sklearn")
    assert "scikit-learn" not in environment.package_versions()


def test_a_package_without_a_known_version_is_left_out(monkeypatch):
    monkeypatch.setattr(environment, "PACKAGES", {"numpy": "numpy", "no-such-package-as-this": "json"})
    assert set(environment.package_versions()) == {"numpy"}


def test_every_package_of_the_conda_environments_is_known():
    tree = ast.parse((REPOSITORY / "envs" / "build.py").read_text())
    listed = next(
        node.value for node in tree.body if isinstance(node, ast.Assign) and node.targets[0].id == "ENVIRONMENTS"
    )
    packages = {package.partition("[")[0] for _, names in ast.literal_eval(listed).values() for package in names}
    assert set(environment.PACKAGES) == packages


def test_a_machine_is_described_by_its_processor_gpus_job_and_variables(monkeypatch):
    for name in ("CUDA_VISIBLE_DEVICES", "SLURM_JOB_ID", *environment.VARIABLES):
        monkeypatch.delenv(name, raising=False)
    machine = environment.describe_machine()
    assert (machine["gpus"], machine["slurm_job"], machine["variables"]) == (None, None, {})
    assert machine["host"] == platform.node()
    assert machine["cpu"]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2")
    monkeypatch.setenv("SLURM_JOB_ID", "77")
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "0")
    machine = environment.describe_machine()
    assert (machine["gpus"], machine["slurm_job"]) == ("2", "77")
    assert machine["variables"] == {"TF_ENABLE_ONEDNN_OPTS": "0"}


def test_the_processor_is_the_one_that_the_kernel_names(monkeypatch, tmp_path):
    listing = tmp_path / "cpuinfo"
    listing.write_text("processor\t: 0\nmodel name\t: Some CPU: fast\nprocessor\t: 1\nmodel name\t: Some CPU: fast\n")
    monkeypatch.setattr(environment, "Path", lambda path: listing if path == "/proc/cpuinfo" else Path(path))
    assert environment.processor() == "Some CPU: fast"
    listing.write_text("processor\t: 0\n")
    assert environment.processor() == platform.machine()
    listing.unlink()
    assert environment.processor()


def test_the_commit_is_the_one_that_is_checked_out():
    head = git("rev-parse", "HEAD")
    dirty = bool(git("status", "--porcelain", "--untracked-files=no"))
    assert environment.code_commit() == head + ("-dirty" if dirty else "")
    assert re.fullmatch(r"[0-9a-f]{40}(-dirty)?", environment.code_commit())


def test_there_is_no_commit_outside_a_checkout_or_without_git(monkeypatch, tmp_path):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setattr(environment, "__file__", str(tmp_path / "environment.py"))
    assert environment.code_commit() is None
    monkeypatch.undo()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert environment.code_commit() is None


def test_peak_memory_is_the_high_water_mark_of_the_kernel():
    status = Path("/proc/self/status")
    if not status.is_file():
        pytest.skip("no /proc here")
    mark = int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1]) / 1024
    assert environment.peak_memory_mib() == pytest.approx(mark, rel=0.05)
