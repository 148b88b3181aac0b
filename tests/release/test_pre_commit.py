"""Pre-commit runs the tools of `make lint`, in the versions of the lock file."""

import re

import yaml

from tests.conftest import REPOSITORY

CONFIGURATION = yaml.safe_load((REPOSITORY / ".pre-commit-config.yaml").read_text())
HOOKS = [hook for repository in CONFIGURATION["repos"] for hook in repository["hooks"]]
# The commands of `lint` and of what it calls, such as `lint-rules`.
LINT = "".join(re.findall(r"^lint\b.*\n((?:\t.*\n)+)", (REPOSITORY / "Makefile").read_text(), flags=re.MULTILINE))


def command(text: str) -> tuple[str, ...]:
    """Return a command without the files that it is given."""
    words = [word for word in text.split() if word != "--force-exclude"]
    return tuple(word for word in words if word.startswith((".venv/bin/", "-")) or word in {"check", "format"})


def test_every_hook_is_a_check_of_make_lint() -> None:
    checks = {command(line.strip().replace("$(BIN)", ".venv/bin")) for line in LINT.splitlines()}
    assert HOOKS
    for hook in HOOKS:
        assert command(hook["entry"]) in checks


def test_every_hook_runs_the_tool_that_the_lock_file_gives() -> None:
    locked = set(re.findall(r"^([\w-]+)==", (REPOSITORY / "requirements.lock").read_text(), flags=re.MULTILINE))
    assert {repository["repo"] for repository in CONFIGURATION["repos"]} == {"local"}
    for hook in HOOKS:
        program = hook["entry"].split()[0]
        assert hook["language"] == "system"
        assert program.startswith(".venv/bin/")
        assert program.removeprefix(".venv/bin/") in locked
