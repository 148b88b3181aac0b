"""Files that cannot be read as what they should be: whatever a reader raises is told to a person."""

import contextlib
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import ParseError

import pyarrow as pa

from degu.errors import DeguError

# The readers raise these errors for damaged files; KeyError comes from a ZIP archive that is not a workbook.
_UNREADABLE = (OSError, ValueError, EOFError, KeyError, zlib.error, zipfile.BadZipFile, ParseError, pa.ArrowException)


@contextlib.contextmanager
def tell_unreadable(path: str | Path, kind: str, *, expected: str) -> Iterator[None]:
    """Read a file in the block, and tell a person if it turns out to be damaged or of another kind.

    Parameters
    ----------
    path
        The file.
    kind
        What it should be, such as `table`.
    expected
        The formats that can be read.

    Raises
    ------
    DeguError
        If there is no such file, it is a folder, or the block raises an error of a reader.
    """
    if Path(path).is_dir():
        raise DeguError("this is a folder", where=path, expected=expected)
    try:
        yield
    except FileNotFoundError as error:
        raise DeguError("there is no such file", where=path, expected=expected) from error
    except _UNREADABLE as error:
        raise DeguError(f"not a readable {kind}: {error}", where=path, expected=expected) from error
