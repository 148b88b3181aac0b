"""HDF5 files that appear whole or not at all, also where the disk is full."""

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

import h5py

from degu.formats.files import write_aside


class _Sink(io.RawIOBase):
    """A file that takes whatever is written, and keeps the first error.

    A write that fails while HDF5 closes a file ends the process, without a word to a person.
    """

    def __init__(self, file: io.RawIOBase) -> None:
        self._file = file
        self.error: OSError | None = None

    def write(self, data: memoryview) -> int:
        """Write all of some bytes, or nothing more once that has failed."""
        size, written = len(data), 0
        try:
            while written < size and self.error is None:
                written += self._file.write(data[written:])
        except OSError as error:
            self.error = error
        return size

    def readinto(self, buffer: memoryview) -> int:
        return self._file.readinto(buffer)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def truncate(self, size: int | None = None) -> int:
        return self._file.truncate(size)


@contextlib.contextmanager
def write_hdf5(path: str | Path) -> Iterator[h5py.File]:
    """Give a new HDF5 file that takes the place of `path` when the block ends well.

    Raises
    ------
    DeguError
        If the folder cannot be written, or has no space left.
    """
    with write_aside(path) as aside, aside.open("w+b", buffering=0) as raw:
        sink = _Sink(raw)
        try:
            with h5py.File(sink, "w") as file:
                yield file
        except Exception:
            # What could not be written cannot be read back: then this error is the first's consequence.
            if sink.error is None:
                raise
        if sink.error is not None:
            raise sink.error
