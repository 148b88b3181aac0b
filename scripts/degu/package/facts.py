"""The file `package.json` of a student's folder: what it tells, checked before anything else is read."""

import hashlib
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from degu.errors import DeguError

# The number of the layout, which grows when an older reader could no longer read a folder.
LAYOUT = 1
FACTS = "package.json"
# The head for the uncertainty of a difference, without the end of its file's name.
DIFFERENCE = "difference"
COPY_AGAIN = "copy the folder again from where it was made, or make it again"
_DIGEST = "digest"
# What each entry has to be.
_KINDS = {
    "layout": int,
    "files": dict,
    "students": list,
    "construct": dict,
    "targets": list,
    "units": list,
    "heads": list,
    "title": str,
}
_OF_TEXT = ("targets", "units", "heads")


def write_facts(path: Path, content: Mapping[str, Any]) -> None:
    """Write the file, with a digest of all that it tells."""
    told = {**content, _DIGEST: _digest(content)}
    path.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def read_facts(path: Path) -> dict[str, Any]:
    """Read the file.

    Raises
    ------
    DeguError
        If it is not there, is damaged, was changed, is of another layout, or lacks something.
    """
    if not path.is_file():
        raise DeguError(
            "this is not the folder of a student" if path.parent.is_dir() else "there is no such folder",
            where=path.parent,
            expected=f"a folder with the file {FACTS}, as a run writes it beside its students",
        )
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DeguError(f"the file is damaged: {error}", where=path, remedy=COPY_AGAIN) from error
    _check_kinds(facts, path)
    if facts["layout"] != LAYOUT:
        raise DeguError(
            f"the folder has the layout {facts['layout']}, and this version reads layout {LAYOUT}",
            where=path,
            remedy="install the version of degu that made it, which its card names",
        )
    if facts.get(_DIGEST) != _digest(facts):
        raise DeguError("the file was changed after it was written", where=path, remedy=COPY_AGAIN)
    return facts


def _digest(content: Mapping[str, Any]) -> str:
    """Return the sha256 of all that a file tells but for this digest."""
    # Keys that are numbers are text once they are written.
    told = json.loads(json.dumps({key: value for key, value in content.items() if key != _DIGEST}))
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _check_kinds(facts: Any, path: Path) -> None:
    """Check that all is there that the folder is read by, and that it is of the right kind."""
    if not isinstance(facts, dict):
        raise DeguError("the file holds no mapping", where=path, remedy=COPY_AGAIN)
    for key, kind in _KINDS.items():
        if key not in facts:
            raise DeguError(f"it does not tell '{key}'", where=path, remedy=COPY_AGAIN)
        if not isinstance(facts[key], kind):
            raise DeguError(f"'{key}' is {facts[key]!r}", where=path, expected=f"a {kind.__name__}", remedy=COPY_AGAIN)
    for key in _OF_TEXT:
        if not all(isinstance(value, str) for value in facts[key]):
            raise DeguError(f"'{key}' is {facts[key]!r}", where=path, expected="a list of text", remedy=COPY_AGAIN)
    if len(facts["units"]) != len(facts["targets"]):
        raise DeguError("there are not as many units as targets", where=path, remedy=COPY_AGAIN)
    seeds = facts["students"]
    if not seeds or not all(f"student-{seed}.json" in facts["files"] for seed in seeds):
        raise DeguError(f"'students' is {seeds!r}", where=path, expected="seeds of students in the folder",
                        remedy=COPY_AGAIN)  # fmt: skip
    _check_factors(facts, path)


def difference_factors(facts: Mapping[str, Any]) -> list[float]:
    """Return what the predictions of the head for differences are multiplied by, for each target."""
    return [float(target["factor"]) for target in facts["difference"]["calibration"]["head"]]


def _check_factors(facts: Mapping[str, Any], path: Path) -> None:
    """Check the factors of the head for differences, one for each target."""
    if f"{DIFFERENCE}.keras" not in facts["files"]:
        return
    try:
        factors = difference_factors(facts)
    except (KeyError, TypeError, ValueError):
        factors = []
    if len(factors) != len(facts["targets"]) or not all(math.isfinite(factor) and factor > 0 for factor in factors):
        raise DeguError("the factors of the head for differences are missing or no numbers above 0", where=path,
                        remedy=COPY_AGAIN)  # fmt: skip


def check_descriptions(folder: Path, facts: Mapping[str, Any]) -> None:
    """Check that the heads, their shapes and the targets are those of each student.

    Raises
    ------
    DeguError
        If a student has others.
    """
    for seed in facts["students"]:
        path = folder / f"student-{seed}.json"
        try:
            own = json.loads(path.read_text(encoding="utf-8"))["outputs"]["heads"]
            found = [own["heads"], own["targets"], own.get("shapes", {})]
        except (KeyError, TypeError, ValueError) as error:
            raise DeguError(f"the file does not describe a student: {error}", where=path, remedy=COPY_AGAIN) from error
        told = [facts["heads"], facts["targets"], facts.get("shapes", {})]
        if found != told:
            raise DeguError(
                f"the student has the heads, targets and shapes {found}",
                where=path,
                expected=f"those that {FACTS} tells: {told}",
                remedy=COPY_AGAIN,
            )
