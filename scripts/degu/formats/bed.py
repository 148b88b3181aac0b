"""BED files: regions of a genome, each with its line."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from degu.errors import DeguError
from degu.formats.text import open_text
from degu.formats.unreadable import tell_unreadable

_SUFFIXES = (".bed", ".narrowpeak", ".broadpeak")
# Lines that begin with one of these are no regions.
_OTHER = ("#", "track", "browser")
# No chromosome is longer: positions have 32 bits in bigWig.
_LARGEST = (1 << 32) - 1


class Region(NamedTuple):
    """One region of a BED file.

    Attributes
    ----------
    line
        Number of its line.
    chromosome, start, end
        Where it is; the start counts from 0, and the end is not part of it.
    name
        Its name; CHROMOSOME:START-END if the file gives none.
    strand
        `-`, or `+`, which also stands for none.
    summit
        Bases from the start to the summit, column 10 of narrowPeak; None if there is none, which narrowPeak writes -1.
    """

    line: int
    chromosome: str
    start: int
    end: int
    name: str
    strand: str
    summit: int | None = None

    @property
    def centre(self) -> int:
        """The position of the summit, or that of the middle where there is none."""
        return (self.start + self.end) // 2 if self.summit is None else self.start + self.summit


def is_bed(path: str | Path) -> bool:
    """Return whether the name of a file ends as those of BED files do, in any case, with or without .gz behind it."""
    return Path(Path(path).name.lower().removesuffix(".gz")).suffix in _SUFFIXES


def read_bed(path: str | Path) -> Iterator[Region]:
    """Read the regions of a BED file in their order; narrowPeak and other forms with more columns are read, too.

    Raises
    ------
    DeguError
        If the file is damaged or no text, holds no region, or a line is none: fewer than three columns, ends that are
        no numbers or in the wrong order, a strand other than +, - and a dot, or a summit outside of the region.
    """
    path, found = Path(path), False
    with tell_unreadable(path, "BED file", expected="BED, gzipped or not"), open_text(path) as handle:
        for number, text in enumerate(handle, 1):
            if text.strip() and not text.startswith(_OTHER):
                found = True
                yield _region(text.rstrip("\n"), path, number)
    if not found:
        raise DeguError("the file has no regions", where=path, expected="BED")


def _region(text: str, path: Path, line: int) -> Region:
    fields = text.split("\t") if "\t" in text else text.split()
    if len(fields) < 3:
        raise DeguError(
            f"line {line} has {len(fields)} column{'s' * (len(fields) > 1)}",
            where=path,
            expected="chromosome, start and end, separated by tabs",
        )
    chromosome, ends = fields[0].strip(), [field.strip() for field in fields[1:3]]
    if not all(end.isascii() and end.isdecimal() for end in ends):
        raise DeguError(f"line {line} has the start '{ends[0]}' and the end '{ends[1]}'", where=path,
                        expected="whole numbers, 0 or more")  # fmt: skip
    start, end = map(int, ends)
    if end > _LARGEST:
        raise DeguError(f"line {line} ends at {end:,}", where=path, expected=f"positions up to {_LARGEST:,}")
    if end <= start:
        raise DeguError(f"line {line} ends at {end:,}, where it begins at {start:,}", where=path,
                        expected="an end beyond the start")  # fmt: skip
    strand = fields[5].strip() if len(fields) > 5 else "."
    if strand not in ("+", "-", "."):
        raise DeguError(f"line {line} has the strand '{strand}'", where=path, expected="+, - or a dot in column 6")
    name = fields[3].strip() if len(fields) > 3 else ""
    name = name if name not in ("", ".") else f"{chromosome}:{start}-{end}"
    summit = _summit(fields, end - start, path, line)
    return Region(line, chromosome, start, end, name, "-" if strand == "-" else "+", summit)


def _summit(fields: list[str], length: int, path: Path, line: int) -> int | None:
    """Return the summit of a line of narrowPeak: it has ten columns, the last four of which are numbers."""
    if len(fields) != 10 or not all(map(_is_number, fields[6:])):
        return None
    text = fields[9].strip()
    if text == "-1":
        return None
    if not (text.isascii() and text.isdecimal() and int(text) < length):
        raise DeguError(
            f"line {line} has the summit '{text}' in a region of {length:,} bases",
            where=path,
            expected="in column 10 of narrowPeak a whole number of bases from the start, within the region, or -1",
        )
    return int(text)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
