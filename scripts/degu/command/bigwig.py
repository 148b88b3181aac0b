"""bigWig tracks of predictions along windows of a genome."""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

import numpy as np
import pybigtools

from degu.command.writers import Columns, Writer
from degu.errors import DeguError


class BigWigWriter(Writer):
    """One column of the predictions of one target, along a genome.

    The middle of each window has its value, as many bases of it as lie between one window and the next. Where two
    windows meet there, as those of regions that overlap do, the first one counts.

    Parameters
    ----------
    path
        The file.
    lengths
        Number of bases of each chromosome.
    target, column
        What is written.
    stride
        Bases from one window to the next; 0 stands for whole windows.
    regions
        The file that the windows come from, for messages.

    Raises
    ------
    DeguError
        If a window lies before those that come before it, or in a gap between them.
    """

    def __init__(
        self, path: Path, lengths: Mapping[str, int], *, target: str, column: str, stride: int, regions: Path
    ) -> None:
        self._path, self._lengths, self._regions = path, lengths, regions
        self._target, self._column, self._stride = target, column, stride
        # It is closed with the track, and gone then.
        self._rows: IO[str] = tempfile.TemporaryFile("w+", prefix="degu-bigwig-")  # noqa: SIM115
        # The last stretch that has values without a gap.
        self._chromosome, self._start, self._end = "", 0, 0
        self._finished: set[str] = set()

    def write(self, columns: Columns) -> None:
        """Append windows; only rows of the target are taken."""
        numbers = [name for name, values in columns.items() if getattr(values, "dtype", None) == np.float64]
        if self._column not in numbers:
            raise DeguError(
                f"there is no column of numbers '{self._column}'", where="--track", expected=", ".join(numbers)
            )
        names = ("target", "chromosome", "start", "end", self._column)
        for target, chromosome, start, end, value in zip(*(columns[name] for name in names), strict=True):
            if target == self._target:
                self._add(chromosome, int(start), int(end), float(value))

    def _add(self, chromosome: str, start: int, end: int, value: float) -> None:
        if self._stride and self._stride < end - start:
            start = (start + end - self._stride) // 2
            end = start + self._stride
        if chromosome != self._chromosome:
            self._finished.add(self._chromosome)
            self._chromosome, self._start, self._end = chromosome, start, start
        if start < self._start or chromosome in self._finished:
            raise DeguError(
                f"a window of '{chromosome}' at {start:,} comes after one of "
                + ("another chromosome" if chromosome in self._finished else f"{self._start:,}"),
                where=self._regions,
                expected="for bigWig, regions in their order along the genome, without gaps where they overlap",
                remedy="sort the regions and join those that overlap: sort -k1,1 -k2,2n, then bedtools merge",
            )
        if start > self._end:
            self._start = start
        begin, end = max(start, self._end), min(end, self._lengths[chromosome])
        if begin < end:
            self._rows.write(f"{chromosome}\t{begin}\t{end}\t{value!r}\n")
            self._end = end

    def close(self) -> None:
        """Write the file, of what has come."""
        self._rows.seek(0)
        write_bigwig(self._path, self._lengths, self._values())
        self._rows.close()

    def _values(self) -> Iterator[tuple[str, int, int, float]]:
        for line in self._rows:
            chromosome, start, end, value = line.split("\t")
            yield chromosome, int(start), int(end), float(value)


def write_bigwig(path: Path, lengths: Mapping[str, int], values: Iterator[tuple[str, int, int, float]]) -> None:
    """Write a bigWig file.

    Parameters
    ----------
    path
        The file.
    lengths
        Number of bases of each chromosome.
    values
        Chromosome, start, end and value of each interval; those of a chromosome come together and in their order.

    Raises
    ------
    DeguError
        If it cannot be written.
    """
    pybigtools.open(str(path), "w").write(dict(lengths), values)
    try:
        # What goes wrong while it writes is printed and not raised.
        pybigtools.open(str(path)).chroms()
    except Exception as error:
        raise DeguError(f"the bigWig file could not be written: {error}", where=path) from error


def only_target(targets: list[str], wanted: str | None) -> str:
    """Return the target that a track is made of.

    Raises
    ------
    DeguError
        If several are there and none is named, or there is none of that name.
    """
    if wanted is None and len(targets) == 1:
        return targets[0]
    if wanted not in targets:
        problem = "a bigWig file holds one target" if wanted is None else f"there is no target '{wanted}'"
        raise DeguError(problem, expected=f"--target {' or --target '.join(targets)}")
    return wanted
