"""Figures that a command makes beside its table: one in a file, or the pages of a PDF."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from degu.errors import DeguError, installing
from degu.formats.files import write_aside

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SUFFIXES = (".png", ".pdf", ".svg")


def check_figures(path: Path, number: int) -> None:
    """Raise a DeguError if a file cannot hold a number of figures, or if what draws them is not installed."""
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise DeguError("the end of the name tells no format of a figure", where=path,
                        expected=f"a name that ends in {', '.join(_SUFFIXES)}")  # fmt: skip
    if number > 1 and suffix != ".pdf":
        raise DeguError(f"a file of this format holds one figure, and there are {number:,} sequences", where=path,
                        remedy="choose a .pdf, which gets a page for each, or give one sequence")  # fmt: skip
    try:
        import degu.figures.style  # noqa: F401
    except ImportError as error:
        raise DeguError(f"figures cannot be drawn: {error}", remedy=installing("figures")) from error


@contextlib.contextmanager
def open_pages(path: Path) -> Iterator[Callable[["Figure"], None]]:
    """Yield a function that adds a figure to a file, which gets its name when the block ends without an error."""
    from matplotlib import pyplot as plt
    from matplotlib.backends.backend_pdf import PdfPages

    from degu.figures import style

    if path.suffix.lower() != ".pdf":

        def save(figure: "Figure") -> None:
            style.save(figure, [path])
            plt.close(figure)

        yield save
        return
    # Without a date, equal figures are equal files.
    with write_aside(path) as aside, PdfPages(aside, metadata={"CreationDate": None}) as pages:

        def add(figure: "Figure") -> None:
            pages.savefig(figure)
            plt.close(figure)

        yield add
