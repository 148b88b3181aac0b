"""bigWig files of counts, such as those of read ends or cuts at each base, read along many windows."""

from pathlib import Path
from types import TracebackType

import numpy as np
import pybigtools

from degu.errors import DeguError

# Windows that are in memory at a time as 64-bit numbers, which is what the reader gives.
_BLOCK = 2048
_LARGEST = np.iinfo(np.uint16).max


class BigWig:
    """A bigWig file that is open for reading.

    Parameters
    ----------
    path
        The file, by any name.

    Attributes
    ----------
    path
        The file.
    lengths
        Number of bases of each chromosome that the file names.

    Raises
    ------
    DeguError
        If the file is not there, or no bigWig file.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        if not self.path.is_file():
            raise DeguError("there is no such file", where=self.path, expected="a bigWig file")
        # The package tells files by the ends of their names, and takes what is open already by any name.
        self._handle = self.path.open("rb")
        try:
            self._reader = pybigtools.open(self._handle)
            if not self._reader.is_bigwig:
                raise ValueError("it is a bigBed file")
            self.lengths: dict[str, int] = dict(self._reader.chroms())
        except BaseException as error:
            self._handle.close()
            if not _is_of_file(error):
                raise
            raise DeguError(
                f"the file cannot be read as bigWig: {error}",
                where=self.path,
                expected="a bigWig file",
                remedy="make it by bedGraphToBigWig, for example, or fetch it again if it was cut off",
            ) from error

    def counts(self, chromosomes: np.ndarray, starts: np.ndarray, length: int) -> np.ndarray:
        """Return the counts along windows of one length, uint16 (N, length), from left to right.

        Positions without a value, and those beyond the ends of a chromosome, have 0.

        Parameters
        ----------
        chromosomes, starts
            The chromosome and the first position, counted from 0, of each window, (N,).
        length
            Number of positions of a window.

        Raises
        ------
        DeguError
            If the file has no such chromosome, is damaged, or has values in a window that are negative, no whole
            numbers, or above 65,535.
        """
        counts = np.zeros((len(starts), length), dtype=np.uint16)
        # The file is sorted by position, and so a block of it is unpacked only once.
        order = np.lexsort((starts, np.unique(chromosomes, return_inverse=True)[1]))
        for begin in range(0, len(order), _BLOCK):
            rows = order[begin : begin + _BLOCK]
            values = self._values(chromosomes[rows], starts[rows], length)
            self._check(values, chromosomes[rows], starts[rows])
            counts[rows] = values
        return counts

    def _values(self, chromosomes: np.ndarray, starts: np.ndarray, length: int) -> np.ndarray:
        values = np.zeros((len(starts), length))
        for row, chromosome, start in zip(values, chromosomes.tolist(), starts.tolist(), strict=True):
            if chromosome not in self.lengths:
                raise DeguError(f"the file has no chromosome '{chromosome}'", where=self.path)
            try:
                # It writes into the row, which is ten times as fast as an array of its own for each window.
                self._reader.values(chromosome, start, start + length, arr=row, fillna=0.0, oob=0.0)
            except BaseException as error:
                if not _is_of_file(error):
                    raise
                raise DeguError(
                    f"{chromosome}:{start:,}-{start + length:,} cannot be read: {error}",
                    where=self.path,
                    remedy="the file is damaged: fetch it or make it again",
                ) from error
        # Some programs write positions without a value as NaN.
        values[np.isnan(values)] = 0
        return values

    def _check(self, values: np.ndarray, chromosomes: np.ndarray, starts: np.ndarray) -> None:
        """Check that values, (n, length), are counts."""
        kinds = {
            "negative": (values < 0, "counts of 0 or more; some files store those of the reverse strand below 0"),
            "no whole number": (
                values != np.floor(values),
                "counts of read ends or cuts, not coverage, fold change or a signal that was scaled",
            ),
            f"above {_LARGEST:,}": (values > _LARGEST, f"counts of at most {_LARGEST:,}, which 16 bits hold"),
        }
        for problem, (bad, expected) in kinds.items():
            if bad.any():
                row, offset = map(int, np.argwhere(bad)[0])
                position = int(starts[row]) + offset
                raise DeguError(
                    f"the value {values[row, offset]:g} at {chromosomes[row]}:{position}-{position + 1} is {problem}",
                    where=self.path,
                    expected=expected,
                )

    def close(self) -> None:
        """Close the file."""
        self._reader.close()
        self._handle.close()

    def __enter__(self) -> "BigWig":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _is_of_file(error: BaseException) -> bool:
    """Return whether an error tells of a file, and not of a signal to end.

    What is damaged within a file makes the package panic, and that is no Exception; its class cannot be imported.
    """
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"
