"""Files: they are written whole or not at all, and checked when they are downloaded or opened."""

import contextlib
import errno
import hashlib
import http.client
import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from degu.errors import DeguError

BLOCK = 1 << 20
MAKE_SPACE = "make space, then give the same command again"


@contextlib.contextmanager
def write_aside(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`, and rename it to `path` when the block ends without an error.

    The temporary file is removed if the block fails, so `path` never holds half a file. If the process is killed, the
    temporary file stays and the next call overwrites it.

    Raises
    ------
    DeguError
        If the folder cannot be written or has no space left.
    """
    path = Path(path)
    aside = path.with_name(f".{path.stem}.partial{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # An old temporary file is removed first, so that the new one gets the permissions that the umask allows.
        aside.unlink(missing_ok=True)
        aside.touch()
    except OSError as error:
        remedy = MAKE_SPACE if is_full(error) else "choose a folder that exists and is writable"
        raise DeguError(f"cannot be written: {error.strerror}", where=path, remedy=remedy) from error
    try:
        yield aside
        # The content reaches the disk before the file gets its name, so even a power failure leaves no empty file.
        with aside.open("rb") as handle:
            os.fsync(handle.fileno())
        aside.replace(path)
    except OSError as error:
        if is_full(error):
            raise DeguError("there is no space left for it", where=path, remedy=MAKE_SPACE) from error
        raise
    finally:
        aside.unlink(missing_ok=True)


def is_full(error: OSError) -> bool:
    """Return whether a file could not be written because the disk is full; HDF5 gives this reason only as text."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) or os.strerror(errno.ENOSPC) in str(error)


def write_text(path: str | Path, text: str) -> None:
    """Write a text file whole or not at all."""
    with write_aside(path) as aside:
        aside.write_text(text, encoding="utf-8")


def file_digest(path: str | Path, algorithm: str = "sha256") -> str:
    """Return the hexadecimal digest of a file's bytes."""
    with Path(path).open("rb") as handle:
        return hashlib.file_digest(handle, algorithm).hexdigest()


def check_file(path: Path, *, checksum: str | None = None, size: int | None = None) -> None:
    """Compare a file with its published size in bytes and its published checksum (`sha256:...` or `md5:...`).

    Raises
    ------
    DeguError
        If the file is absent or empty, or has another size or checksum.
    """
    if not path.is_file():
        raise DeguError("there is no such file", where=path)
    found = path.stat().st_size
    if found == 0:
        raise DeguError("the file is empty", where=path, remedy="fetch it again")
    if size is not None and found != size:
        raise DeguError(
            f"the file has {found:,} bytes",
            where=path,
            expected=f"{size:,} bytes",
            remedy="it is truncated or another version: fetch it again, or correct `size` in the data set's file",
        )
    if checksum is not None:
        algorithm, _, expected = checksum.partition(":")
        if algorithm not in ("sha256", "md5") or not expected:
            raise DeguError(f"unreadable checksum '{checksum}'", expected="sha256:HEX or md5:HEX")
        digest = file_digest(path, algorithm)
        if digest != expected.lower():
            raise DeguError(
                f"the file's {algorithm} is {digest}",
                where=path,
                expected=expected,
                remedy="it is damaged or another version: fetch it again, or correct `checksum` in the data set's file",
            )


def download(url: str, path: Path, *, by_hand: str, timeout: float = 60) -> None:
    """Download a file.

    Parameters
    ----------
    url
        The address of the file.
    path
        Where the file is stored.
    by_hand
        Advice for a person who fetches the file without this program: where to put it.
    timeout
        The time in seconds after which a server that does not answer is given up.

    Raises
    ------
    DeguError
        If the server cannot be reached or the download breaks off.
    """
    remedy = f"check the network, or fetch the file by hand and {by_hand}"
    try:
        request = urllib.request.Request(url, headers={"User-Agent": "degu-pipeline"})
        with urllib.request.urlopen(request, timeout=timeout) as response, path.open("wb") as handle:
            shutil.copyfileobj(response, handle, BLOCK)
            announced = response.headers.get("Content-Length")
    except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise DeguError(f"the source cannot be reached: {reason}", where=url, remedy=remedy) from error
    received = path.stat().st_size
    if announced is not None and received != int(announced):
        raise DeguError(
            f"the download broke off after {received:,} bytes", where=url, expected=f"{int(announced):,}", remedy=remedy
        )
