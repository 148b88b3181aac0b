"""FASTA files: names and sequences, each with its line."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from degu.errors import DeguError
from degu.formats.text import open_text
from degu.formats.unreadable import tell_unreadable

_SUFFIXES = (".fa", ".fasta", ".fna")


class FastaRecord(NamedTuple):
    """One sequence of a FASTA file.

    Attributes
    ----------
    line
        Number of the line of its name.
    name
        The first word of that line.
    sequence
        Its letters, as they are in the file.
    """

    line: int
    name: str
    sequence: str


def is_fasta(path: str | Path) -> bool:
    """Return whether the name of a file ends as those of FASTA files do, in any case, with or without .gz behind it."""
    return Path(Path(path).name.lower().removesuffix(".gz")).suffix in _SUFFIXES


def read_fasta(path: str | Path) -> Iterator[FastaRecord]:
    """Read the sequences of a FASTA file in their order.

    Raises
    ------
    DeguError
        If the file is a folder, damaged or no text, does not begin with a name, has a name without a sequence, or holds
        no sequence.
    """
    path = Path(path)
    line, name, parts = 0, "", list[str]()
    with tell_unreadable(path, "FASTA file", expected="FASTA, gzipped or not"), open_text(path) as handle:
        for number, text in enumerate((row.strip() for row in handle), 1):
            if text.startswith(">"):
                if line:
                    yield _record(path, line, name, parts)
                line, name, parts = number, _first_word(text[1:]), []
            elif text and not line:
                raise DeguError(
                    f"line {number} comes before the first name", where=path, expected="a line that begins with >"
                )
            elif text:
                parts.append(text)
    if not line:
        raise DeguError("the file has no sequences", where=path, expected="FASTA, whose names begin with >")
    yield _record(path, line, name, parts)


def _first_word(text: str) -> str:
    """Return what stands before the first blank or tab; it is empty if one of them comes first."""
    return re.split(r"\s", text, maxsplit=1)[0]


def _record(path: Path, line: int, name: str, parts: list[str]) -> FastaRecord:
    if not parts:
        raise DeguError(f"'{name}' in line {line} has no sequence", where=path, remedy="remove its line")
    return FastaRecord(line, name, "".join(parts))
