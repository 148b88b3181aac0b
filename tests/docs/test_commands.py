"""The commands `degu ...` that the pages show have the arguments and options that they name."""

import shlex

import click
import pytest

from degu.command.main import main
from tests.docs.pages import PAGES, REPOSITORY, blocks, tokens

SHOWN = [
    (page, line)
    for page in PAGES
    for block in blocks(page)
    if block.language == "bash"
    for line in block.code.splitlines()
    if line.startswith("degu ")
]
COMMANDS = main.commands


def options_of(command: click.Command) -> set[str]:
    return {name for parameter in command.params for name in parameter.opts if name.startswith("--")}


@pytest.mark.parametrize(("page", "line"), SHOWN, ids=[line[:60] for _, line in SHOWN])
def test_a_command_is_understood(page, line):
    _, name, *arguments = shlex.split(line, comments=True)
    assert COMMANDS[name].make_context(name, arguments, parent=click.Context(main)).params


@pytest.mark.parametrize("name", ["variants", "saturate", "explain"])
def test_every_command_of_effects_and_maps_is_shown(name):
    assert [line for _, line in SHOWN if line.startswith(f"degu {name} ")]


@pytest.mark.parametrize(("page", "names"), [("variants", ["variants", "saturate"]), ("explain", ["explain"])])
def test_options_in_sentences_exist(page, names):
    known = set.union(*(options_of(COMMANDS[name]) for name in names)) | {"--check-ref", "--rename-chrs"}
    path = REPOSITORY / "docs" / "guide" / f"{page}.md"
    spoken = [child.content for token in tokens(path) for child in token.children or () if child.type == "code_inline"]
    found = {word for text in spoken for word in text.split() if word.startswith("--")}
    assert found
    assert found <= known
