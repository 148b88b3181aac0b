"""The directive `configuration-keys`, which lists the keys of a schema of `config/schemas/`."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import yaml
from docutils import nodes
from docutils.parsers.rst import directives
from entries import Key, either, entries, entry, section, value
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

SCHEMAS = Path(__file__).parents[2] / "config" / "schemas"
_TYPES = {
    "integer": "an integer",
    "number": "a number",
    "string": "text",
    "boolean": "`true` or `false`",
    "null": "`null`",
}


class ConfigurationKeys(SphinxDirective):
    """Lists every key of a schema: what values it takes, its default, its meaning; nested keys with their full path."""

    required_arguments = 1
    option_spec: ClassVar = {"default": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Return the simple keys as one list, and each key that holds others as a section of its own."""
        path = SCHEMAS / f"{self.arguments[0]}.schema.yaml"
        self.env.note_dependency(str(path))
        schema = yaml.safe_load(path.read_text())
        nested = [key for key, part in schema["properties"].items() if "properties" in part]
        result = [entries(self._entry((key,), schema) for key in schema["properties"] if key not in nested)]
        for key in nested:
            part = schema["properties"][key]
            own = section(self.state.document, key, self._anchor((key,)))
            own += self._meaning(part)
            own += entries(self._entry((key, inner), part) for inner in part["properties"])
            result.append(own)
        return result

    def _entry(self, path: tuple[str, ...], parent: Mapping) -> nodes.definition_list_item:
        part = parent["properties"][path[-1]]
        body = self._meaning(part)
        additional = part.get("additionalProperties")
        if "properties" in part:
            body.append(entries(self._entry((*path, key), part) for key in part["properties"]))
        if isinstance(additional, Mapping) and "properties" in additional:
            body.append(entries(self._entry((*path, "NAME", key), additional) for key in additional["properties"]))
        facts = "; ".join(filter(None, [allowed(part), self._default(path[-1], part, parent)]))
        return entry(self.state.document, [Key(".".join(path), self._anchor(path), facts)], body)

    def _default(self, key: str, part: Mapping, parent: Mapping) -> str:
        if key in parent.get("required", ()):
            return "required"
        if "default" in part and "properties" not in part:
            return f"default: {'none' if part['default'] == '' else value(part['default'])}"
        return f"default: {self.options['default']}" if "default" in self.options and "default" not in part else ""

    def _meaning(self, part: Mapping) -> list[nodes.Node]:
        text = part.get("description", "")
        return self.parse_text_to_nodes(text[:1].upper() + text[1:] + ("" if text.endswith(".") else "."))

    def _anchor(self, path: tuple[str, ...]) -> str:
        return "-".join((self.arguments[0], *path)).replace("_", "-").lower()


def allowed(part: Mapping) -> str:
    """Return in words which values a schema allows, codes in backticks."""
    if "anyOf" in part:
        return ", or ".join(allowed(option) for option in part["anyOf"])
    if "const" in part:
        return f"`{part['const']}`"
    if "enum" in part:
        return either([f"`{option}`" for option in part["enum"]])
    kinds = part.get("type", "object")
    return either([_of_kind(kind, part) for kind in ([kinds] if isinstance(kinds, str) else kinds)])


def _of_kind(kind: str, part: Mapping) -> str:
    if kind == "array":
        return ("a list of one or more " if part.get("minItems") else "a list of ") + _items(part["items"])
    if kind == "object":
        inner = part.get("additionalProperties")
        simple = isinstance(inner, Mapping) and "properties" not in inner and inner.get("type") != "object"
        return "a mapping" + (f" of names to {allowed(inner)}" if simple else "")
    limits = _limits(part) if kind in ("integer", "number") else ""
    return " ".join(filter(None, [_TYPES[kind], limits]))


def _items(part: Mapping) -> str:
    if "type" not in part:
        return f"items, each {allowed(part)}"
    plural = {"string": "names", "number": "numbers", "integer": "integers", "object": "mappings"}
    return " ".join(filter(None, [plural[part["type"]], _limits(part)]))


def _limits(part: Mapping) -> str:
    if "minimum" in part and "maximum" in part:
        return f"from {part['minimum']} to {part['maximum']}"
    words = {"exclusiveMinimum": "above", "exclusiveMaximum": "below", "minimum": "of at least", "maximum": "at most"}
    return " and ".join(f"{word} {part[key]}" for key, word in words.items() if key in part)


def setup(app: Sphinx) -> dict:
    """Register the directive."""
    app.add_directive("configuration-keys", ConfigurationKeys)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
