"""Imports that leave out what a package would import for features of no use here."""

import contextlib
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def hidden(*packages: str) -> Iterator[None]:
    """Let packages that are not yet imported look as if they were not installed; afterwards they are there as ever."""
    absent = [name for name in packages if name not in sys.modules]
    # An import of a name that stands for None raises ImportError, as that of a package that is not installed.
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]
