"""The index `.fai` of a FASTA file: whether it fits the file that it lies beside."""

from pathlib import Path
from typing import IO, NamedTuple

from degu.formats.text import is_gzipped

# The line of a name is looked for in this number of bytes before the sequence.
_BEFORE = 1 << 16


class _Entry(NamedTuple):
    """One sequence: its name, its length, where its bases begin, and the bases and the bytes of a line."""

    name: str
    length: int
    offset: int
    bases: int
    width: int


def is_index_of(index: Path, path: Path) -> bool:
    """Return whether an index was made of a FASTA file.

    It is not older than the file; and, unless the file is packed, each sequence begins behind its name and ends where
    the next name or the file does. The date alone does not tell: a file that is put in the place of another one may
    keep an older date.
    """
    try:
        if index.stat().st_mtime < path.stat().st_mtime:
            return False
        entries = [_entry(line) for line in index.read_text(encoding="utf-8").splitlines()]
        if not entries or is_gzipped(path):
            return bool(entries)
        with path.open("rb") as file:
            return all(_fits(entry, file) for entry in entries)
    except (OSError, ValueError):
        return False


def _entry(line: str) -> _Entry:
    name, *numbers = line.split("\t")
    length, offset, bases, width = map(int, numbers[:4])
    if not 0 < bases < width or length < 0 or offset < 1:
        raise ValueError(line)
    return _Entry(name, length, offset, bases, width)


def _fits(entry: _Entry, file: IO[bytes]) -> bool:
    file.seek(max(entry.offset - _BEFORE, 0))
    before = file.read(min(_BEFORE, entry.offset))
    line = before.rstrip(b"\r\n").rpartition(b"\n")[2]
    if not before.endswith(b"\n") or line[1:].split(None, 1)[:1] != [entry.name.encode()] or not line.startswith(b">"):
        return False
    last = max(entry.length - 1, 0)
    file.seek(entry.offset + last // entry.bases * entry.width + last % entry.bases + (entry.length > 0))
    behind = file.read(_BEFORE)
    return behind[:1] in (b"", b"\r", b"\n", b">") and behind.lstrip(b"\r\n")[:1] in (b"", b">")
