"""HDF5 files: one is written whole or not at all, even on a full disk, and a damaged one is reported to its reader."""

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import h5py

from degu.errors import REMAKE, DeguError
from degu.formats.files import write_aside

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from typing_extensions import Buffer

# h5py raises these errors when it reads a file that is damaged or has another layout than the reader expects.
_UNREADABLE = (OSError, KeyError, ValueError, TypeError, AttributeError, RuntimeError)
# h5py ends its messages so where the operating system, and not the content of the file, is the cause.
_OF_SYSTEM = "errno = "


class _Sink(io.RawIOBase):
    """A file that accepts every write and keeps the first error.

    HDF5 ends the process without a message when a write fails while it closes a file, so no error may reach it.
    """

    def __init__(self, file: io.FileIO) -> None:
        self._file = file
        self.error: OSError | None = None

    def write(self, data: "Buffer") -> int:
        """Write all bytes of `data`, or nothing if an earlier write has failed."""
        view = memoryview(data)
        size, written = len(view), 0
        try:
            while written < size and self.error is None:
                written += self._file.write(view[written:]) or 0
        except OSError as error:
            self.error = error
        return size

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
        return self._file.readinto(buffer)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def truncate(self, size: int | None = None) -> int:
        return self._file.truncate(size)


@contextlib.contextmanager
def write_hdf5(path: str | Path) -> Iterator[h5py.File]:
    """Open a new HDF5 file for writing; it replaces `path` when the block ends without an error.

    Raises
    ------
    DeguError
        If the folder cannot be written or has no space left.
    """
    with write_aside(path) as aside, aside.open("w+b", buffering=0) as raw:
        sink = _Sink(raw)
        try:
            with h5py.File(sink, "w") as file:
                yield file
        except Exception:
            # If an earlier write has failed, the block fails too when it reads back what was never written.
            if sink.error is None:
                raise
        if sink.error is not None:
            raise sink.error


@contextlib.contextmanager
def read_hdf5(path: str | Path, what: str, *, digest: str | None = None) -> Iterator[h5py.File]:
    """Open an HDF5 file for reading.

    Parameters
    ----------
    path
        The HDF5 file.
    what
        The kind of file in the singular, for error messages, such as `file of predictions`.
    digest
        The digest of the sequence store that the file must belong to, or None if any store will do. It is compared
        with the file's attribute `store_digest`.

    Raises
    ------
    DeguError
        If the file is absent or cannot be read, is damaged or has another layout than the block expects, or if it
        belongs to another store. Only what was read and found wrong is proposed to be deleted.
    """
    try:
        # Files get their names when they are complete (`write_aside`), so a reader needs no lock. Some network file
        # systems have none.
        with h5py.File(path, locking=False) as file:
            if digest is not None and file.attrs["store_digest"] != digest:
                raise DeguError(f"this {what} is of another version of the data set", where=path, remedy=REMAKE)
            yield file
    except _UNREADABLE as error:
        if isinstance(error, OSError) and (error.errno is not None or _OF_SYSTEM in str(error)):
            raise DeguError(f"the {what} cannot be read: {error}", where=path) from error
        raise DeguError(f"not a readable {what}: {error}", where=path, remedy=REMAKE) from error
