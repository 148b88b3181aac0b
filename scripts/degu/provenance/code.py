"""A digest of the code that a script runs: a rule reruns if, and only if, this code changes.

Snakemake watches the script of a rule but not the modules that the script imports. The digest covers the script and
every module of this project that it imports, directly or indirectly. Comments, docstrings and layout do not count, nor
do modules that declare `ONLY_TELLS = True`, as what they tell a person changes no result.
"""

import ast
import hashlib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

_SCRIPTS = Path(__file__).parents[2]


@cache
def code_digest(script: str, *modules: str) -> str:
    """Return a digest of `scripts/{script}.py`, of further modules that a recipe names, and of all their imports."""
    digest = hashlib.sha256()
    for path in _imported_files((script, *modules), lambda path: not _read(path).only_tells):
        digest.update(_read(path).code)
    return digest.hexdigest()[:16]


def imported_files(script: str, *modules: str) -> list[Path]:
    """Return the files of this project that a script runs: the script itself and all that it imports."""
    return _imported_files((script, *modules), lambda path: True)


def _imported_files(names: Iterable[str], counts: Callable[[Path], bool]) -> list[Path]:
    """Return the files of named modules and of all that they import, without those that do not count."""
    found: set[Path] = set()
    waiting = [path for path in map(_path_of, names) if path]
    while waiting:
        path = waiting.pop()
        if path not in found and counts(path):
            found.add(path)
            waiting += _read(path).imports
    return sorted(found)


@cache
def _path_of(module: str) -> Path | None:
    """Return the file of a module, or None if the module does not belong to this project."""
    path = _SCRIPTS.joinpath(*module.split("."))
    candidates = (path.with_suffix(".py"), path / "__init__.py")
    return next((candidate for candidate in candidates if candidate.is_file()), None)


class _Module(NamedTuple):
    """A module without its comments, docstrings and layout.

    Attributes
    ----------
    imports
        The files of this project that the module imports.
    code
        The syntax tree of the module as bytes.
    only_tells
        Whether the module declares that it only tells a person something.
    """

    imports: list[Path]
    code: bytes
    only_tells: bool


@cache
def _read(path: Path) -> _Module:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update([node.module, *(f"{node.module}.{alias.name}" for alias in node.names)])
        elif isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
    only_tells = any(ast.unparse(node) == "ONLY_TELLS = True" for node in tree.body)
    return _Module([found for found in map(_path_of, names) if found], ast.dump(tree).encode(), only_tells)
