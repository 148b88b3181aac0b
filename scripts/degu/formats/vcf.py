"""VCF files: their variants, and copies of them with more INFO fields."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pysam

from degu.errors import DeguError
from degu.formats.unreadable import tell_unreadable

_BASES = frozenset("ACGTNacgtn")


class Variant(NamedTuple):
    """One alternative allele of one line.

    Attributes
    ----------
    record
        Number of the line's record, counted from 1 on without the header.
    alternative
        Number of the allele in its line, counted from 0.
    chromosome, position
        Where it is; the position counts from 0.
    name
        Its identifier; CHROMOSOME:POSITION:REF>ALT, counted from 1, if the file gives none.
    ref, alt
        The alleles, in upper case.
    """

    record: int
    alternative: int
    chromosome: str
    position: int
    name: str
    ref: str
    alt: str


def open_vcf(path: Path) -> pysam.VariantFile:
    """Open a VCF file, gzipped in any way or not, or a BCF file.

    Raises
    ------
    DeguError
        If it is not there or no VCF file.
    """
    if not path.is_file():
        raise DeguError("there is no such file", where=path)
    before = pysam.set_verbosity(0)
    try:
        with tell_unreadable(path, "VCF file", expected="VCF, gzipped or not, with its header"):
            return pysam.VariantFile(str(path))
    finally:
        pysam.set_verbosity(before)


def read_variants(path: Path) -> Iterator[Variant]:
    """Read the alternative alleles of a VCF file in their order, without those that are no bases, such as <DEL> and *.

    Raises
    ------
    DeguError
        If the file is no VCF file, a line is damaged, or there is no variant.
    """
    found = False
    with open_vcf(path) as file:
        for number, record in enumerate(_records(file, path), 1):
            found = True
            for index, alt in enumerate(record.alts or ()):
                if is_bases(alt) and is_bases(record.ref or ""):
                    name = record.id or f"{record.chrom}:{record.pos}:{record.ref}>{alt}"
                    ref = str(record.ref).upper()
                    yield Variant(number, index, record.chrom, record.start, name, ref, alt.upper())
    if not found:
        raise DeguError("the file has no variants", where=path, expected="VCF")


def is_bases(allele: str) -> bool:
    """Return whether an allele is written as bases."""
    return bool(allele) and _BASES.issuperset(allele)


def _records(file: pysam.VariantFile, path: Path) -> Iterator[pysam.VariantRecord]:
    number = 0
    records = iter(file)
    while True:
        try:
            record = next(records)
        except StopIteration:
            return
        except (OSError, ValueError) as error:
            raise DeguError(f"record {number + 1} cannot be read: {error}", where=path, expected="VCF") from error
        number += 1
        yield record
