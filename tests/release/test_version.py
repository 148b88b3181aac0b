"""The version stands in `degu.__version__`; the package, the citation and the changelog agree with it."""

import re
import subprocess
import sys
import tomllib

import yaml

import degu
from tests.conftest import REPOSITORY

CHANGELOG = (REPOSITORY / "CHANGELOG.md").read_text()


def test_the_version_is_three_numbers() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", degu.__version__)


def test_the_package_takes_its_version_from_the_library() -> None:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    assert "version" not in settings["project"]
    assert settings["project"]["dynamic"] == ["version"]
    assert settings["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "degu.__version__"}


def test_the_citation_has_the_version() -> None:
    assert yaml.safe_load((REPOSITORY / "CITATION.cff").read_text())["version"] == degu.__version__


def test_the_changelog_begins_with_what_is_unreleased_and_then_has_the_version() -> None:
    headings = re.findall(r"^## (.*)$", CHANGELOG, flags=re.MULTILINE)
    assert headings[0] == "[Unreleased]"
    assert re.fullmatch(rf"\[{re.escape(degu.__version__)}\] - \d{{4}}-\d{{2}}-\d{{2}}", headings[1])


def test_the_changelog_lists_versions_and_dates_from_new_to_old() -> None:
    found = re.findall(r"^## \[(\d+)\.(\d+)\.(\d+)\] - (\S+)$", CHANGELOG, flags=re.MULTILINE)
    versions, dates = [tuple(map(int, numbers)) for *numbers, _ in found], [date for *_, date in found]
    assert versions == sorted(set(versions), reverse=True)
    assert dates == sorted(dates, reverse=True)


def test_reading_the_version_imports_nothing_else() -> None:
    program = "import sys; before = set(sys.modules); import degu; print(sorted(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY / "scripts", capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['degu']"
