"""Paths as a configuration writes them."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from degu.errors import DeguError, did_you_mean


def find_file(folders: Sequence[Path], kind: str, name: str, named: str) -> Path:
    """Return the path of a file of the configuration, from the first of some folders that has it.

    Parameters
    ----------
    folders, kind, name
        The folders, the folder within them, such as `pools`, and the name of the file.
    named
        The place that names it, for error messages.

    Raises
    ------
    DeguError
        If there is no such file. The message names the one with the most similar name.
    """
    for folder in folders:
        path = folder / kind / f"{name}.yaml"
        if path.is_file():
            return path
    known = {path.stem for folder in folders for path in (folder / kind).glob("*.yaml")}
    raise DeguError(
        f"there is no {kind.removesuffix('s')} '{name}'",
        where=named,
        expected=did_you_mean(name, known),
        remedy=f"add {folders[0] / kind / name}.yaml",
    )


def expand_path(path: str, *, where: str) -> str:
    """Return a path with `~` and variables such as `$HOME` in place of what they stand for.

    Raises
    ------
    DeguError
        If there is no such user or variable, or if the path has braces, which mean something else to Snakemake.
    """
    # An empty path stays empty, which `Path` would not leave it.
    expanded = os.path.expanduser(os.path.expandvars(path))  # noqa: PTH111
    if expanded.startswith("~") or re.search(r"\$\w|\$\{", expanded):
        raise DeguError(
            f"'{path}' names a user or a variable that does not exist", where=where, remedy="write the path in full"
        )
    check_braces(expanded, where=where, remedy="rename the file or folder, or name a link to it")
    return expanded


def with_expanded_paths(settings: dict, where: str) -> dict:
    """Return settings with source `files`, in whose paths and names what stands for something is written out."""
    for source, file in settings["files"].items():
        for key in ("path", "name"):
            file[key] = expand_path(file[key], where=f"{where}: files.{source}.{key}")
    return settings


def check_braces(path: str, *, where: str, remedy: str) -> None:
    """Check that a path has no braces.

    Raises
    ------
    DeguError
        If it has braces, which mean something else to Snakemake.
    """
    if "{" in path or "}" in path:
        raise DeguError(
            f"the path '{path}' has braces",
            where=where,
            expected="a path without { and }, since Snakemake reads them as the name of a wildcard",
            remedy=remedy,
        )
