"""Lists of keys and options, as the generated references show them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import yaml
from docutils import nodes


class Key(NamedTuple):
    """A key of the configuration, or an option of a plugin.

    Attributes
    ----------
    name
        The key as it is written.
    anchor
        What links lead to.
    facts
        In words, with codes in backticks: what values are allowed, and what holds where there is none.
    """

    name: str
    anchor: str
    facts: str


def inline(text: str) -> list[nodes.Node]:
    """Return text whose parts in backticks are shown as code."""
    parts = enumerate(text.split("`"))
    return [nodes.literal("", part) if index % 2 else nodes.Text(part) for index, part in parts]


def value(content: object) -> str:
    """Return a value as YAML writes it on one line, in backticks."""
    text = yaml.safe_dump(content, default_flow_style=True, width=10_000, sort_keys=False)
    return f"`{text.removesuffix(chr(10)).removesuffix(chr(10) + '...')}`"


def either(options: Sequence[str]) -> str:
    """Return options as a sentence lists them: `a, b or c`."""
    return " or ".join(filter(None, [", ".join(options[:-1]), options[-1]]))


def section(document: nodes.document, name: str, anchor: str) -> nodes.section:
    """Return a section headed by a name, which links in other pages can lead to."""
    result = nodes.section("", nodes.title("", "", nodes.literal("", name)), ids=[anchor], names=[anchor])
    document.note_explicit_target(result)
    return result


def entry(document: nodes.document, keys: Sequence[Key], meaning: Iterable[nodes.Node]) -> nodes.definition_list_item:
    """Return the entry of one key, or of several that share one meaning."""
    terms = []
    for key in keys:
        link = nodes.reference("", "", nodes.literal("", key.name), refid=key.anchor, classes=["entry-name"])
        facts = nodes.inline("", "", *inline(key.facts), classes=["entry-facts"])
        term = nodes.term("", "", link, nodes.Text(" "), facts, ids=[key.anchor], names=[key.anchor])
        document.note_explicit_target(term)
        terms.append(term)
    return nodes.definition_list_item("", *terms, nodes.definition("", *meaning))


def entries(items: Iterable[nodes.definition_list_item]) -> nodes.definition_list:
    """Return a list of entries."""
    return nodes.definition_list("", *items, classes=["entries"])
