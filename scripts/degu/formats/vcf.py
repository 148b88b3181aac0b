"""VCF files: their records, line by line, and copies of them with more INFO fields.

Lines are kept as text. A library that takes a record apart and puts it together again rounds the numbers of its other
fields.
"""

import contextlib
import gzip
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pysam

from degu.errors import DeguError
from degu.formats.text import is_gzipped, open_text
from degu.formats.unreadable import tell_unreadable

COLUMNS = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO")
_FIRST_LINE = "##fileformat=VCF"
_KIND, _EXPECTED = "VCF file", "VCF, gzipped or not, or BCF"
_BASES = frozenset("ACGTNacgtn")
# What the key of an INFO field may be, by the VCF specification.
_KEY = re.compile(r"[A-Za-z_][0-9A-Za-z_.]*")
_INFO = re.compile(r"##INFO=<(?:[^\">]*,)?ID=([^,>]*)")


class Variant(NamedTuple):
    """One alternative allele of one record, both alleles of which are bases.

    Attributes
    ----------
    line
        Number of the record's line.
    alternative
        Number of the allele in its record, counted from 0.
    chromosome, position
        Where it is; the position counts from 0.
    name
        Its identifier; CHROMOSOME:POSITION:REF>ALT, counted from 1, if the file gives none.
    ref, alt
        The alleles, in upper case.
    """

    line: int
    alternative: int
    chromosome: str
    position: int
    name: str
    ref: str
    alt: str


class VcfRecord(NamedTuple):
    """One record.

    Attributes
    ----------
    line
        Number of its line.
    fields
        Its columns as text: the first eight, and all that follows them as a ninth.
    """

    line: int
    fields: list[str]

    @property
    def alternatives(self) -> list[str]:
        """The alternative alleles as they are written; none for a dot."""
        alt = self.fields[4]
        return [] if alt == "." else alt.split(",")

    @property
    def info_keys(self) -> set[str]:
        """The keys of its INFO fields."""
        return {entry.partition("=")[0] for entry in self.fields[7].split(";")}

    def variants(self) -> list[Variant]:
        """Return the alleles of the record without those that are no bases, such as <DEL>, * and breakends."""
        chromosome, position, identifier, ref = self.fields[:4]
        named = identifier not in (".", "")
        return [
            Variant(
                self.line,
                index,
                chromosome,
                int(position) - 1,
                identifier if named else f"{chromosome}:{position}:{ref}>{alt}",
                ref.upper(),
                alt.upper(),
            )
            for index, alt in enumerate(self.alternatives)
            if is_bases(ref) and is_bases(alt)
        ]

    def with_info(self, values: Mapping[str, Sequence[str]]) -> str:
        """Return the line with more INFO fields; all that it held stays as it was.

        Parameters
        ----------
        values
            By the key of each field, its values, one for each alternative allele.
        """
        own = [] if self.fields[7] in (".", "") else [self.fields[7]]
        added = [f"{key}={','.join(each)}" for key, each in values.items()]
        return "\t".join([*self.fields[:7], ";".join([*own, *added]) or ".", *self.fields[8:]])


class Vcf:
    """A VCF file, gzipped in any way or not, or a BCF file, which can be gone through several times.

    Parameters
    ----------
    path
        The file.

    Attributes
    ----------
    header
        The lines of its header that begin with ##.
    columns
        The line that names its columns.

    Raises
    ------
    DeguError
        If it is not there or has not the header of a VCF file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.exists():
            raise DeguError("there is no such file", where=path, expected=_EXPECTED)
        with _lines_of(path) as lines:
            self.header, self.columns = _read_header(lines, path)

    @property
    def info_keys(self) -> set[str]:
        """The keys of the INFO fields that the header declares."""
        return {match[1] for match in map(_INFO.match, self.header) if match}

    def __iter__(self) -> Iterator[VcfRecord]:
        """Go through the records in the order of the file.

        Raises
        ------
        DeguError
            If a line is damaged.
        """
        with _lines_of(self.path) as lines:
            for number, text in enumerate(lines, 1):
                if number > len(self.header) + 1 and text.strip():
                    yield _record(text.rstrip("\n"), number, self.path)


def is_vcf(path: str | Path) -> bool:
    """Return whether the name of a file ends as those of VCF files do, in any case, with or without .gz behind it."""
    return Path(path).name.lower().removesuffix(".gz").endswith(".vcf")


def is_bases(allele: str) -> bool:
    """Return whether an allele is written as bases."""
    return bool(allele) and _BASES.issuperset(allele)


def is_info_key(key: str) -> bool:
    """Return whether a text may be the key of an INFO field."""
    return _KEY.fullmatch(key) is not None


def as_info_key(text: str) -> str:
    """Return a text with each run of characters that no key of an INFO field may hold replaced by an underscore."""
    return re.sub(r"[^0-9A-Za-z_.]+", "_", text).strip("_")


def quoted(text: str) -> str:
    """Return a text as the value of an entry of a line of the header, such as a description."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


@contextlib.contextmanager
def _lines_of(path: Path) -> Iterator[Iterator[str]]:
    """Open a file for reading, and yield its lines as text; those of BCF are what its records are in VCF."""
    with tell_unreadable(path, _KIND, expected=_EXPECTED):
        if not _is_bcf(path):
            with open_text(path) as text:
                yield text
            return
        # What htslib itself says of a bad file would stand on the screen without context.
        before = pysam.set_verbosity(0)
        try:
            with pysam.VariantFile(str(path)) as file:
                yield itertools.chain(str(file.header).splitlines(), map(str, file))
        finally:
            pysam.set_verbosity(before)


def _is_bcf(path: Path) -> bool:
    with gzip.open(path) if is_gzipped(path) else path.open("rb") as handle:
        return handle.read(3) == b"BCF"


def _read_header(lines: Iterator[str], path: Path) -> tuple[list[str], str]:
    header: list[str] = []
    for text in (line.rstrip("\n") for line in lines):
        if not header and not text.startswith(_FIRST_LINE):
            raise DeguError(
                "the file does not begin as VCF does", where=path, expected=f"a first line {_FIRST_LINE}v4.2"
            )
        if text.startswith("##"):
            header.append(text)
        elif tuple(text.split("\t")[: len(COLUMNS)]) == COLUMNS:
            return header, text
        else:
            raise DeguError(
                f"line {len(header) + 1} is not the line that names the columns",
                where=path,
                expected=f"{' '.join(COLUMNS)}, separated by tabs",
            )
    what = "the header names no columns" if header else "the file is empty"
    raise DeguError(what, where=path, expected=_EXPECTED)


def _record(text: str, line: int, path: Path) -> VcfRecord:
    fields = text.split("\t", len(COLUMNS))
    if len(fields) < len(COLUMNS):
        raise DeguError(
            f"line {line} has {len(fields)} column{'s' * (len(fields) > 1)}",
            where=path,
            expected=f"{len(COLUMNS)} or more, separated by tabs",
        )
    position = fields[1]
    if not (position.isascii() and position.isdecimal()):
        raise DeguError(f"line {line} has the position '{position}'", where=path, expected="a whole number")
    if not all(fields[:5]):
        raise DeguError(f"line {line} has an empty column", where=path, expected="a dot where nothing is known")
    return VcfRecord(line, fields)
