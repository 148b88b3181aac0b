"""The directive `plugins`, which lists the plugins of a kind and their options."""

import inspect
import re
from collections.abc import Mapping
from itertools import groupby
from types import FunctionType, NoneType, UnionType
from typing import Literal, Union, get_args, get_origin

from docutils import nodes
from entries import Key, either, entries, entry, section, value
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from degu.config import plugins
from degu.config.declarations import loss_declaration
from degu.config.values import range_in_words

# Arguments that the library itself gives.
GIVEN = {"drop_bad_rows"}
_NAMES = {
    int: "an integer",
    float: "a number",
    str: "text",
    bool: "`true` or `false`",
    list: "a list",
    tuple: "a list",
    dict: "a mapping",
}


class Plugins(SphinxDirective):
    """Lists every plugin of a kind: its purpose, and the keyword-only arguments of its function: its options."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return a section for each plugin."""
        kind = self.arguments[0]
        return [self._section(kind, name) for name in plugins.known_names(kind)]

    def _section(self, kind: str, name: str) -> nodes.section:
        module = plugins.load(kind, name)
        self.env.note_dependency(module.__file__)
        anchor = f"{kind}-{name}".replace(" ", "-").replace("_", "-")
        result = section(self.state.document, name, anchor)
        result += self._parse(inspect.cleandoc(module.__doc__ or ""))
        if kind == "loss":
            result += self.parse_text_to_nodes(declared(name))
        function = getattr(module, plugins.KINDS[kind].function)
        meanings, ranges = descriptions(function), getattr(module, "RANGES", {})
        options = [
            parameter
            for parameter in inspect.signature(function).parameters.values()
            if parameter.kind is parameter.KEYWORD_ONLY and parameter.name not in GIVEN
        ]
        items = []
        for meaning, group in groupby(options, key=lambda option: meanings.get(option.name, "")):
            keys = [
                Key(
                    option.name, f"{anchor}-{option.name}".replace("_", "-"), facts(option, ranges.get(option.name, {}))
                )
                for option in group
            ]
            items.append(entry(self.state.document, keys, self._parse(meaning)))
        result += entries(items) if items else self.parse_text_to_nodes("It has no options.")
        result += self.parse_text_to_nodes(f"Module: {{py:mod}}`{module.__name__}`")
        return result

    def _parse(self, docstring: str) -> list[nodes.Node]:
        """Read a docstring as a page is read; what it names of the library becomes a link."""
        return self.parse_text_to_nodes(re.sub(r"`(degu\.[\w.]+)`", r"{py:obj}`\1`", docstring))


def facts(option: inspect.Parameter, bounds: Mapping[str, float | str]) -> str:
    """Return in words which values an option takes, in which range, and its default, codes in backticks."""
    kind = kind_in_words(option.annotation)
    if range_in_words(bounds):
        kind += " of numbers " if kind.startswith((_NAMES[dict], _NAMES[list])) else " "
        kind += range_in_words(bounds)
    if option.default is option.empty:
        return f"{kind}; required"
    return f"{kind}; default: {'none' if option.default in ('', None) else value(option.default)}"


def kind_in_words(annotation: object) -> str:
    """Return in words which values an annotation stands for."""
    if get_origin(annotation) is Literal:
        return either([f"`{choice}`" for choice in get_args(annotation)])
    if get_origin(annotation) in (UnionType, Union):
        parts = [kind_in_words(part) for part in get_args(annotation) if part is not NoneType]
        return either(list(dict.fromkeys(parts)))
    return _NAMES.get(get_origin(annotation) or annotation, f"`{annotation}`")


def declared(loss: str) -> str:
    """Return in words what a loss declares about itself."""
    declaration = loss_declaration(loss)
    if not declaration.heads:
        return "It compares each head with its own target."
    heads, targets = (
        either([f"`{name}`" for name in names]).replace(" or ", " and ")
        for names in (declaration.heads, declaration.targets)
    )
    positive = " It needs standard deviations above 0." if declaration.positive else ""
    return f"Heads that it takes together: {heads}. Targets that it reads: {targets}.{positive}"


def descriptions(function: FunctionType) -> dict[str, str]:
    """Return what a docstring says of each parameter."""
    docstring = inspect.cleandoc(function.__doc__ or "")
    found = re.search(r"^Parameters\n-+\n(.*?)(?=\n\n\w+\n-+\n|\Z)", docstring, re.MULTILINE | re.DOTALL)
    described = {}
    blocks = re.findall(r"^(\S[^\n]*)\n((?:[ \t]+[^\n]*\n|\n)+)", found[1] + "\n" if found else "", re.MULTILINE)
    for names, text in blocks:
        described |= dict.fromkeys(re.split(r", *", names.partition(" : ")[0]), inspect.cleandoc(text))
    return described


def setup(app: Sphinx) -> dict:
    """Register the directive."""
    app.add_directive("plugins", Plugins)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
