"""Where a result came from."""

import importlib
import platform
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from conftest import REPOSITORY
from degu import provenance


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


def test_versions_are_those_of_the_imported_packages():
    versions = provenance.package_versions()
    assert set(versions) == set(provenance.PACKAGES)
    for package in ("numpy", "scipy", "h5py", "keras"):
        assert versions[package] == importlib.import_module(package).__version__


def test_a_package_that_is_not_installed_is_left_out(monkeypatch):
    monkeypatch.setattr(provenance, "PACKAGES", ("numpy", "no-such-package-as-this"))
    assert set(provenance.package_versions()) == {"numpy"}


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
