"""The sequences that a person gives a command: those of a FASTA file, of a table, or of regions of a genome."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from degu.data.sequences import encode, reverse_complement
from degu.errors import DeguError, name_rows
from degu.formats.bed import Region, is_bed, read_bed
from degu.formats.fasta import is_fasta, read_fasta
from degu.formats.genome import Genome
from degu.outputs.heads import PROFILE

if TYPE_CHECKING:
    from degu.package.folder import ModelFolder

_LETTERS = b"ACGTNacgtn"


class Record(NamedTuple):
    """One sequence.

    Attributes
    ----------
    name
        Its name.
    sequence
        Its bases as they are in the file or in the genome, whatever the strand.
    chromosome, start
        Where it begins in a genome, counted from 0; without a genome they are its name and 0.
    strand
        `-` if the reverse complement is meant, else `+`.
    path, line
        The file it comes from, and its line there, for messages.
    """

    name: str
    sequence: str
    chromosome: str
    start: int
    strand: str = "+"
    path: Path | None = None
    line: int = 1

    @property
    def tokens(self) -> np.ndarray:
        """The bases on its strand, uint8 (n,).

        Raises
        ------
        DeguError
            If it holds other letters than ACGTN.
        """
        return encode_records([self])[0]


def encode_records(records: Sequence[Record]) -> np.ndarray:
    """Return the bases of records of one length, each on its strand, uint8 (N, n).

    It raises what `Record.tokens` raises.
    """
    lines = [record.line for record in records]
    tokens = encode([record.sequence for record in records], where=records[0].path, rows=lines, word="record in line")
    turned = np.array([record.strand == "-" for record in records])
    if turned.any():
        tokens[turned] = reverse_complement(tokens[turned])
    return tokens


def check_letters(records: Sequence[Record]) -> None:
    """Raise a DeguError if a record holds other letters than ACGTN; the records may have different lengths."""
    if "".join([record.sequence for record in records]).encode("utf-8").translate(None, _LETTERS):
        for record in records:
            encode_records([record])


def bases_about_regions(model: "ModelFolder", stride: int | None = None) -> int:
    """Return the number of bases about the centre of a region that a student takes (see `Sequences`).

    A student of profiles takes one window about the centre of each region, as it was trained, unless windows go along
    the region with a stride. For any other student the number is 0: it takes the region itself.
    """
    return model.construct.length if PROFILE in model.heads and stride is None else 0


class Sequences:
    """Sequences that can be gone through several times, without keeping them in memory.

    Parameters
    ----------
    path
        A FASTA file, a BED file, or a table; the end of its name tells which, and all but a table of FASTA and BED may
        be gzipped.
    genome
        The genome that a BED file's regions are of.
    column, name
        Columns of the sequence and of its name, for a table.
    around
        Number of bases about the centre of each region of a BED file that are taken in its place: half of them lie
        before its summit, or before its middle where it has none. 0 stands for the region itself.

    Raises
    ------
    DeguError
        If the file is not there, or a genome is missing or not needed.
    """

    def __init__(
        self, path: Path, *, genome: Genome | None = None, column: str = "sequence", name: str = "", around: int = 0
    ) -> None:
        if not path.exists():
            raise DeguError("there is no such file", where=path)
        if not (path.is_file() or path.is_dir()):
            raise DeguError(
                "the sequences come from a pipe, and are read twice",
                where=path,
                expected="a file",
                remedy="write them into a file first",
            )
        if is_bed(path) and genome is None:
            raise DeguError("a BED file names regions of a genome", where=path, remedy="give the genome with --genome")
        if genome is not None and not is_bed(path):
            raise DeguError("these sequences need no genome", where=path, remedy="take --genome out")
        self.path, self.genome, self._column, self._name, self._around = path, genome, column, name, around

    def __iter__(self) -> Iterator[Record]:
        """Go through the sequences in the order of the file.

        Raises
        ------
        DeguError
            If the file is damaged. Letters are looked at where a record's `tokens` are asked for.
        """
        if is_fasta(self.path):
            return self._of_fasta()
        return self._of_bed() if is_bed(self.path) else self._of_table()

    def _of_fasta(self) -> Iterator[Record]:
        for record in read_fasta(self.path):
            yield Record(record.name, record.sequence, record.name, 0, path=self.path, line=record.line)

    def _of_bed(self) -> Iterator[Record]:
        assert self.genome is not None
        for region in read_bed(self.path):
            try:
                length = self.genome.length_of(region.chromosome)
            except DeguError as error:
                raise DeguError(f"line {region.line}: {error}", where=self.path) from error
            if region.end > length:
                raise DeguError(
                    f"line {region.line}: the region ends at {region.end:,}, and '{region.chromosome}' has "
                    f"{length:,} bases",
                    where=self.path,
                    expected="regions of this genome, starts counted from 0",
                )
            start, end = self._window(region) if self._around else (region.start, region.end)
            if self._around and not self._is_within(region):
                raise self._beyond(region, length)
            bases = self.genome.known_bases(region.chromosome, start, end)
            yield Record(region.name, bases, region.chromosome, start, region.strand, path=self.path, line=region.line)

    def _window(self, region: Region) -> tuple[int, int]:
        """Return the start and the end of the window about a region."""
        start = region.centre - self._around // 2
        return start, start + self._around

    def _is_within(self, region: Region) -> bool:
        """Return whether the window about a region lies within its chromosome; what is not there is told elsewhere."""
        assert self.genome is not None
        start, end = self._window(region)
        length = self.genome.lengths.get(region.chromosome)
        return length is None or (start >= 0 and end <= length)

    def _beyond(self, region: Region, length: int) -> DeguError:
        """Return the error that names the first window beyond the ends of its chromosome, and all later ones."""
        others = [own.line for own in read_bed(self.path) if own.line > region.line and not self._is_within(own)]
        more = f", and so do those of {name_rows(others, word='line')}" if others else ""
        return DeguError(
            f"line {region.line}: the window of {self._around:,} bases about {region.centre:,} reaches beyond the "
            f"ends of '{region.chromosome}', which has {length:,}{more}",
            where=self.path,
            expected="regions far enough from the ends of their chromosomes",
            remedy="take these regions out" if others else "take the region out",
        )

    def _of_table(self) -> Iterator[Record]:
        # Tables take longer to import than the rest of the command.
        from degu.formats.cells import labels, stripped
        from degu.formats.source_tables import read_table

        columns = [self._column, *([self._name] if self._name else [])]
        remedy = "name the column of the sequences with --column, and that of their names with --name"
        frame = read_table(self.path, columns=columns, remedy=remedy)
        names = labels(frame, self._name, where=self.path) if self._name else [None] * len(frame)
        for row, name, sequence in zip(frame.index, names, stripped(frame, self._column, where=self.path), strict=True):
            if not sequence:
                raise DeguError(f"row {row} has no sequence", where=self.path, remedy="remove the row")
            known = name or f"row{row}"
            yield Record(known, sequence, known, 0, path=self.path, line=row)
