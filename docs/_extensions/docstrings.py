"""What Sphinx has to know of this project's docstrings."""

import collections
import pkgutil
import re

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

log = logging.getLogger(__name__)
_NamedTupleField = type(collections.namedtuple("Pair", "first").first)


def escape_bars(app: Sphinx, kind: str, name: str, value: object, options: object, lines: list[str]) -> None:
    """Let bars stand for themselves: docstrings write absolute values, which Sphinx would take for substitutions."""
    for index, line in enumerate(lines):
        if not line.lstrip().startswith(">>>"):
            parts = re.split(r"(`[^`]*`)", line)
            lines[index] = "".join(part if part.startswith("`") else part.replace("|", r"\|") for part in parts)


def skip_fields(app: Sphinx, kind: str, name: str, value: object, skip: bool, options: object) -> bool | None:
    """Leave out the fields of a named tuple, which the docstring of its class describes."""
    return True if isinstance(value, _NamedTupleField) else None


def warn_of_broken(app: Sphinx, env: BuildEnvironment, node: pending_xref, text: nodes.Element) -> None:
    """Warn of a docstring that names something of this project which does not exist.

    What exists without a page of its own, such as a constant, is shown as code, as everything else in single backticks.
    """
    target = node.get("reftarget", "")
    if not target.startswith("degu.") or node.get("refdomain") != "py":
        return
    try:
        pkgutil.resolve_name(target)
    except (ImportError, AttributeError):
        log.warning("a docstring refers to '%s', which does not exist", target, location=node, type="docstrings")


def setup(app: Sphinx) -> dict:
    """Connect all three."""
    app.connect("autodoc-process-docstring", escape_bars)
    app.connect("autodoc-skip-member", skip_fields)
    app.connect("missing-reference", warn_of_broken)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
