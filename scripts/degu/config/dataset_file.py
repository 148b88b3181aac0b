"""The file of a data set, written with comments for a person who goes on from there."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from degu.config.configuration import Configuration
from degu.config.schemas import check_spelling
from degu.errors import DeguError


def in_yaml(value: Any) -> str:
    """Return a value as YAML in one line, in quotes where YAML would read it as something else."""
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10**6)
    return text.removesuffix("\n").removesuffix("\n...")


def commented(comment: str, key: str, value: Any, indent: int = 0) -> list[str]:
    """Return the lines of a key in one line of YAML, under a comment that may be empty."""
    lines = [f"# {line}" for line in comment.splitlines()]
    return [" " * indent + line for line in (*lines, f"{key}: {in_yaml(value)}")]


def check_dataset_text(text: str, name: str, folders: Sequence[Path], *, where: Path) -> dict:
    """Check the text of a data set's file as a run of it does, before there is such a file, and return its settings.

    Parameters
    ----------
    text
        The content of the file.
    name
        The name of the data set.
    folders
        The folders that hold teachers, students and schemas.
    where
        The file that is to be written, for error messages.

    Raises
    ------
    DeguError
        If the name cannot be part of a path, or a run of the data set would be refused.
    """
    check_spelling(name, where=str(where))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "datasets" / f"{name}.yaml"
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
        try:
            configuration = Configuration({"datasets": [name]}, [Path(folder), *folders])
        except DeguError as error:
            message = str(error).replace(str(path), str(where)).replace(folder, str(folders[0]))
            raise DeguError(message) from error
    return configuration.datasets[name]


def dataset_lines(settings: Mapping[str, Any], comments: Mapping[str, str]) -> list[str]:
    """Return the lines of a data set's file.

    Parameters
    ----------
    settings
        The settings, in the order of the file. Mappings under `files`, `options`, `targets` and `study` are written in
        several lines, and all else in one.
    comments
        Comments, by the keys with dots, such as `options.sequence`, that they stand above.
    """
    return _lines(settings, comments, "", 0)


def _lines(settings: Mapping[str, Any], comments: Mapping[str, str], path: str, indent: int) -> list[str]:
    lines = []
    for key, value in settings.items():
        place = f"{path}{key}"
        if key in ("files", "options", "targets", "study") and isinstance(value, Mapping) and value:
            above = commented(comments.get(place, ""), in_yaml(key), None, indent)
            lines += [*above[:-1], " " * indent + f"{in_yaml(key)}:"]
            lines += _lines(value, comments, f"{place}.", indent + 2)
        else:
            lines += commented(comments.get(place, ""), in_yaml(key), value, indent)
    return lines
