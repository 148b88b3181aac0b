"""Source files of a data set become records: in the import job and, to check them, while a run is planned."""

import contextlib
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from degu.config.plugins import constant, load
from degu.data.records import Records
from degu.errors import DeguError
from degu.formats.files import check_file


class SourceSize(NamedTuple):
    """The size of what source files hold.

    Attributes
    ----------
    rows, length
        Number of usable rows, and number of bases of a sequence with its flanks.
    """

    rows: int
    length: int


def read_records(settings: Mapping, files: Mapping[str, Path], *, where: object) -> Records:
    """Read the source files of a data set by its importer.

    Parameters
    ----------
    settings
        The data set's settings, as in `config/datasets/*.yaml`.
    files
        Source files, by the names that the importer has for them.
    where
        The data set's name, for error messages.

    Raises
    ------
    DeguError
        If the importer refuses a file, or if the targets should be labels and are not.
    """
    importer = load("importer", settings["importer"])
    records: Records = importer.load(files, drop_bad_rows=settings["bad_rows"] == "drop", **settings["options"])
    if settings["labels"]:
        check_labels(records, where=where)
    return records


def check_sources(settings: Mapping, files: Mapping[str, Path], *, where: object) -> SourceSize | None:
    """Check source files before anything is run, as the import job will, if the importer declares that it can.

    An importer that reads files in seconds declares `CHECKED_WHEN_PLANNED = True`, and has a function
    `check_header(files, **options) -> bool`. It returns whether the files are small enough to be read while a person
    waits, and checks what can be told of larger ones.

    Parameters
    ----------
    settings, files, where
        As for `read_records`.

    Returns
    -------
    The size of what the files hold; None if their rows are left to the import job

    Raises
    ------
    DeguError
        If a file is empty or has another size than was published, or as from `read_records`.
    """
    importer = settings["importer"]
    if not is_checked_when_planned(importer):
        return None
    for name, path in files.items():
        check_file(path, size=settings["files"][name]["size"])
    if not load("importer", importer).check_header(files, **settings["options"]):
        return None
    with without_warnings():
        records = read_records(settings, files, where=where)
    return SourceSize(*records.tokens.shape)


def is_checked_when_planned(importer: str) -> bool:
    """Return whether an importer declares that it can check source files while a run is planned."""
    return constant("importer", importer, "CHECKED_WHEN_PLANNED", False)


@contextlib.contextmanager
def without_warnings() -> Iterator[None]:
    """Silence the warnings of the library in the block: the import job tells them, and its log keeps them."""
    logger = logging.getLogger("degu")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def check_labels(records: Records, *, where: object) -> None:
    """Check that the targets are labels.

    Raises
    ------
    DeguError
        If one is neither 0 nor 1. The message names its row.
    """
    wrong = ~np.isin(records.targets, (0, 1))
    if wrong.any():
        row, target = map(int, np.argwhere(wrong)[0])
        raise DeguError(
            f"{records.target_names[target]} is {records.targets[row, target]:g} in row {records.rows[row]} "
            f"({wrong.sum():,} of {wrong.size:,} targets are no labels)",
            where=where,
            expected="0 or 1, because the data set's file says `labels: true`",
            remedy="write the classes as 0 and 1, or set `labels: false` and use a loss for activities",
        )
