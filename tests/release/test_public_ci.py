"""The public continuous integration calls what the Makefile has, on every Python that the package supports."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.conftest import REPOSITORY

PATH = REPOSITORY / ".github" / "workflows" / "ci.yml"
JOBS = yaml.safe_load(PATH.read_text())["jobs"]
FORMS = sorted((REPOSITORY / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z][\w-]*):", (REPOSITORY / "Makefile").read_text(), flags=re.MULTILINE))


def commands(job: str) -> list[str]:
    return [step["run"] for step in JOBS[job]["steps"] if "run" in step]


@pytest.mark.parametrize("job", JOBS)
def test_each_job_runs_the_target_of_its_name(job: str) -> None:
    assert commands(job) == [f"make {job}"]
    assert job in TARGETS


def test_lint_tests_and_documentation_are_checked() -> None:
    assert set(JOBS) == {"lint", "test", "test-system", "docs"}


def test_the_tests_run_on_every_supported_python() -> None:
    supported = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["requires-python"]
    first, end = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", supported).groups()
    assert JOBS["test"]["strategy"]["matrix"]["python"] == [f"3.{minor}" for minor in range(int(first), int(end))]


def test_actions_are_pinned_to_a_commit_and_say_its_version() -> None:
    used = [line.strip().removeprefix("- ") for line in PATH.read_text().splitlines() if "uses:" in line]
    assert used
    for line in used:
        assert re.fullmatch(r"uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_issue_forms_have_a_name_and_fields_with_labels(path: Path) -> None:
    form = yaml.safe_load(path.read_text())
    assert form["name"]
    assert form["description"]
    identifiers = [field["id"] for field in form["body"]]
    assert len(set(identifiers)) == len(identifiers)
    for field in form["body"]:
        assert field["type"] in {"textarea", "input", "dropdown"}
        assert field["attributes"]["label"]
