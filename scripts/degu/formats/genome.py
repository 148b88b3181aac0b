"""A genome: a FASTA file, gzipped in any way or not, from which pieces are read without reading the rest."""

import gzip
import shutil
import tempfile
import zlib
from pathlib import Path
from types import TracebackType

import pysam

from degu.errors import DeguError, did_you_mean
from degu.formats.genome_index import is_index_of
from degu.formats.text import check_whole, is_bgzipped, is_gzipped

# The letters of the IUPAC code that stand for several bases.
SEVERAL = "RYSWKMBDHV"
_TO_N = str.maketrans(SEVERAL + SEVERAL.lower(), "N" * 2 * len(SEVERAL))


class Genome:
    """A genome that is open for reading; what is written beside it while it is open goes into a temporary folder.

    Parameters
    ----------
    path
        A FASTA file. Without an index `.fai` beside it that fits, a temporary one is made. A file of plain gzip, which
        allows no jumps, is unpacked into a temporary file.

    Raises
    ------
    DeguError
        If the file is not there or no FASTA file.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        if not self.path.is_file():
            raise DeguError("there is no such file", where=self.path, expected="a genome in FASTA")
        self._folder = tempfile.TemporaryDirectory(prefix="degu-genome-")
        try:
            self._file = self._open()
        except (OSError, ValueError, EOFError, zlib.error, pysam.SamtoolsError) as error:
            self._folder.cleanup()
            # What htslib says of a bad file is about the index, and names temporary files.
            is_index = isinstance(error, pysam.SamtoolsError)
            reason = "no index can be made of it" if is_index else str(error).strip().splitlines()[-1]
            raise DeguError(
                f"the file cannot be read as FASTA: {reason}",
                where=self.path,
                expected="lines that begin with > and lines of bases, all of one length but for the last of a sequence",
            ) from error
        self.lengths = dict(zip(self._file.references, self._file.lengths, strict=True))

    def _open(self) -> pysam.FastaFile:
        path = self.path
        check_whole(path)
        if is_gzipped(path) and not is_bgzipped(path):
            path = Path(self._folder.name, "genome.fa")
            with gzip.open(self.path) as packed, path.open("wb") as unpacked:
                shutil.copyfileobj(packed, unpacked, 1 << 20)
        index = path.with_name(f"{path.name}.fai")
        has_blocks = not is_gzipped(path) or Path(f"{path}.gzi").is_file()
        if path == self.path and has_blocks and is_index_of(index, path):
            return pysam.FastaFile(str(path))
        index, blocks = (Path(self._folder.name, f"genome.{suffix}") for suffix in ("fai", "gzi"))
        # What htslib itself says of a bad file would stand on the screen without context.
        before = pysam.set_verbosity(0)
        try:
            pysam.faidx(str(path), "--fai-idx", str(index), "--gzi-idx", str(blocks))
            return pysam.FastaFile(
                str(path),
                filepath_index=str(index),
                filepath_index_compressed=str(blocks) if blocks.is_file() else None,
            )
        finally:
            pysam.set_verbosity(before)

    def length_of(self, chromosome: str) -> int:
        """Return the number of bases of a chromosome.

        Raises
        ------
        DeguError
            If the genome has no chromosome of that name.
        """
        if chromosome not in self.lengths:
            raise DeguError(
                f"the genome has no chromosome '{chromosome}'",
                where=self.path,
                expected=_names(chromosome, self.lengths),
            )
        return self.lengths[chromosome]

    def read(self, chromosome: str, start: int, end: int) -> str:
        """Return the bases from `start` (counted from 0) up to but not including `end`; N stands where there are none.

        Raises
        ------
        DeguError
            If the genome has no chromosome of that name.
        """
        length = self.length_of(chromosome)
        inside = self._file.fetch(chromosome, max(start, 0), min(end, length)) if start < length and end > 0 else ""
        before = min(max(-start, 0), end - start)
        return f"{'N' * before}{inside}{'N' * (end - start - before - len(inside))}"

    def known_bases(self, chromosome: str, start: int, end: int) -> str:
        """Return what `read` does, with N for letters that stand for several bases, such as R and Y."""
        return self.read(chromosome, start, end).translate(_TO_N)

    def close(self) -> None:
        """Close the file and remove what is temporary."""
        self._file.close()
        self._folder.cleanup()

    def __enter__(self) -> "Genome":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _names(chromosome: str, known: dict[str, int]) -> str:
    """Return a hint at the names of the genome; names with and without `chr` are the usual mistake."""
    other = chromosome.removeprefix("chr") if chromosome.startswith("chr") else f"chr{chromosome}"
    if other in known:
        return f"names as in the genome, which calls it '{other}'"
    return did_you_mean(chromosome, known) if len(known) <= 30 else f"one of its {len(known):,} names"
