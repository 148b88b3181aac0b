"""What the tests of the workflow share: fresh copies of the repository, and one finished run of a small configuration.

The run takes minutes. All processes of pytest share it: the first that needs it makes it, and the others wait for it.
"""

import os
import shutil
from pathlib import Path

import pytest

from tests.debian_packages import take_turns
from tests.workflow.cases import Case
from tests.workflow.checkout import SETTINGS, copy_repository, small_copy
from tests.workflow.command import snakemake, succeed


@pytest.fixture(scope="session")
def copy(tmp_path_factory) -> Path:
    """Return a fresh copy of the repository, which tests leave as it is."""
    return copy_repository(tmp_path_factory.mktemp("copy"))


@pytest.fixture
def case(copy, tmp_path) -> Case:
    """Return a case in a copy of its own."""
    return Case(Path(shutil.copytree(copy, tmp_path / "copy")))


@pytest.fixture(scope="session")
def run(tmp_path_factory) -> Path:
    """Return a copy in which the small configuration has run to the end; tests leave what it made as it is."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, output, code = (shared / name for name in ("run", "run.txt", "run.code"))
    with take_turns(shared / "run.lock"):
        if not code.exists():
            done = snakemake(small_copy(folder), *SETTINGS, "--", "all", "provenance")
            output.write_text(done.stdout)
            code.write_text(f"{done.returncode}")
    assert code.read_text() == "0", output.read_text()
    return folder


@pytest.fixture(scope="session")
def report(run, tmp_path_factory) -> Path:
    """Return the report of the finished run."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    succeed(run, *SETTINGS, "--report", path)
    return path
