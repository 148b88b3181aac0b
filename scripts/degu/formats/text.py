"""Text files: they are UTF-8, gzipped or not, and whatever else is found is named."""

import codecs
import contextlib
import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from degu.errors import DeguError

# What a file is whose first bytes are these, if it is no text in UTF-8. The mark of UTF-32 begins with that of UTF-16.
_MARKS = {
    codecs.BOM_UTF32_LE: "text in UTF-32",
    codecs.BOM_UTF32_BE: "text in UTF-32",
    codecs.BOM_UTF16_LE: "text in UTF-16",
    codecs.BOM_UTF16_BE: "text in UTF-16",
    b"BZh": "a file compressed by bzip2",
    b"\xfd7zXZ": "a file compressed by xz",
    b"\x28\xb5\x2f\xfd": "a file compressed by zstd",
    b"PK\x03\x04": "a ZIP archive",
    b"\xd0\xcf\x11\xe0": "a file of an old version of Excel or Word",
    b"\x89HDF": "an HDF5 file",
}
_GZIP = b"\x1f\x8b"
# A block of bgzip has this extra field in its header, and the last block of a file is empty (SAM specification 4.1).
_BGZIP = b"BC"
_END_OF_BGZIP = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")


def is_gzipped(path: str | Path) -> bool:
    """Return whether the first bytes of a file are those of gzip."""
    with Path(path).open("rb") as handle:
        return handle.read(2) == _GZIP


def is_bgzipped(path: str | Path) -> bool:
    """Return whether a file is packed by bgzip, whose blocks can be read one by one."""
    with Path(path).open("rb") as handle:
        start = handle.read(14)
    return start.startswith(_GZIP) and start[12:] == _BGZIP


def check_whole(path: str | Path) -> None:
    """Check that a file of bgzip has its last block; one that is cut off between two blocks reads like a whole one.

    Raises
    ------
    DeguError
        If it has not.
    """
    if not is_bgzipped(path):
        return
    with Path(path).open("rb") as handle:
        handle.seek(max(Path(path).stat().st_size - len(_END_OF_BGZIP), 0))
        if handle.read() != _END_OF_BGZIP:
            raise DeguError(
                "the file is cut off: the block that ends a file of bgzip is missing",
                where=path,
                remedy="copy the file again; if it is known to be whole, pack it anew: gunzip -c FILE | bgzip",
            )


@contextlib.contextmanager
def open_text(path: str | Path) -> Iterator[IO[str]]:
    r"""Open a text file in UTF-8, gzipped or not, for reading; every end of a line (\n, \r\n or \r) becomes \n.

    Raises
    ------
    DeguError
        If the file holds anything but text in UTF-8, when it is opened or while it is read, or is cut off. The message
        says what it holds, and in which line.
    """
    path = Path(path)
    check_whole(path)
    _check_mark(path)
    try:
        with io.TextIOWrapper(_open_bytes(path), encoding="utf-8-sig") as handle:
            yield handle
    except UnicodeDecodeError as error:
        raise _not_utf8(path) from error


def _check_mark(path: Path) -> None:
    with _open_bytes(path) as handle:
        start = handle.read(4096)
    found = next((kind for mark, kind in _MARKS.items() if start.startswith(mark)), None) or _by_zeros(start)
    if found is not None:
        remedy = f"save it as UTF-8, such as by: iconv -f {found[8:]} -t UTF-8" if "UTF" in found else None
        raise DeguError(f"the file is {found}", where=path, expected="text in UTF-8, gzipped or not", remedy=remedy)


def _by_zeros(start: bytes) -> str | None:
    """Return what a file is that has no mark but bytes of zero among its first ones, which no text in UTF-8 has."""
    if 0 not in start:
        return None
    first, second = start[::2], start[1::2]
    # Every second byte of letters of English is zero in UTF-16.
    if 0 not in first and second.count(0) > len(second) / 2:
        return "text in UTF-16LE"
    if 0 not in second and first.count(0) > len(first) / 2:
        return "text in UTF-16BE"
    return "no text, since it holds bytes of zero"


def _open_bytes(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb") if is_gzipped(path) else path.open("rb"))


def _not_utf8(path: Path) -> DeguError:
    """Return an error that names the first line of a file that is not UTF-8."""
    with _open_bytes(path) as handle:
        for number, line in enumerate(handle.read().splitlines(), 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                byte = line[error.start : error.start + 1]
                likely = byte.decode("cp1252", "replace")
                return DeguError(
                    f"line {number} holds the byte 0x{byte.hex().upper()}, which is no UTF-8 (it is '{likely}' in "
                    "cp1252, the encoding of Windows)",
                    where=path,
                    expected="text in UTF-8",
                    remedy="save it as UTF-8, such as by: iconv -f CP1252 -t UTF-8",
                )
    return DeguError("the file is no text in UTF-8", where=path)
