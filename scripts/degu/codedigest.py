"""A digest of the code that a script runs, so that a rule reruns when, and only when, that code changes.

Snakemake watches a rule's script but not the modules it imports. The digest covers a script and every module of this
project that it imports, directly or not; comments, docstrings and layout do not count.
"""

import ast
import hashlib
from functools import cache
from pathlib import Path

_SCRIPTS = Path(__file__).parent.parent


@cache
def code_digest(script: str, *modules: str) -> str:
    """Return a digest of `scripts/{script}.py`, of further modules named in a recipe, and of all they import."""
    digest = hashlib.sha256()
    for path in imported_files(script, *modules):
        digest.update(_code(path).encode())
    return digest.hexdigest()[:16]


def imported_files(script: str, *modules: str) -> list[Path]:
    """Return the files of this project that a script runs: itself and all it imports."""
    found: set[Path] = set()
    for name in (script, *modules):
        _collect(_path_of(name), found)
    return sorted(found)


def _collect(path: Path | None, found: set[Path]) -> None:
    if path is None or path in found:
        return
    found.add(path)
    for name in _imports(path):
        _collect(_path_of(name), found)


def _path_of(module: str) -> Path | None:
    """Return the file of a module of this project, or None for any other module."""
    path = _SCRIPTS.joinpath(*module.split("."))
    candidates = (path.with_suffix(".py"), path / "__init__.py")
    return next((candidate for candidate in candidates if candidate.is_file()), None)


@cache
def _imports(path: Path) -> tuple[str, ...]:
    names = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return tuple(names)


@cache
def _code(path: Path) -> str:
    """Return a module's code without comments, docstrings and layout."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
    return ast.dump(tree)
