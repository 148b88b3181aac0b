"""Files of predictions: written row by row, whole or not at all, with a line that says what made them."""

import contextlib
import gzip
import io
import json
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import numpy as np

from degu.errors import DeguError
from degu.formats.files import write_aside

if TYPE_CHECKING:
    # It is needed for one format only.
    import pyarrow.parquet as pq

# Columns of rows that come together, each a list or an array of n values.
Columns = Mapping[str, Sequence[Any] | np.ndarray]
_DIGITS = 6
BIGWIG = ".bw"


class Writer(ABC):
    """A file of predictions that is open for writing."""

    @abstractmethod
    def write(self, columns: Columns) -> None:
        """Append rows."""


class TextWriter(Writer):
    """Text with a separator; the first line, which begins with #, says what made it.

    Parameters
    ----------
    file
        The open file.
    origin
        What made it.
    separator
        What stands between two fields.
    """

    def __init__(self, file: IO[str], origin: Mapping[str, Any], separator: str) -> None:
        self._file, self._separator, self._begun = file, separator, False
        file.write(f"# {json.dumps(origin)}\n")

    def write(self, columns: Columns) -> None:
        """Append rows."""
        if not self._begun:
            self._file.write(self._separator.join(columns) + "\n")
            self._begun = True
        self._file.write(_lines(columns, self._separator, quoted=True))


class BedWriter(Writer):
    """BED with the columns of the prediction behind the sixth; regions of a genome are needed for it.

    Parameters
    ----------
    file
        The open file.
    origin
        What made it.
    """

    FIRST = ("chromosome", "start", "end", "name", "score", "strand")

    def __init__(self, file: IO[str], origin: Mapping[str, Any]) -> None:
        self._file, self._begun = file, False
        file.write(f"# {json.dumps(origin)}\n")

    def write(self, columns: Columns) -> None:
        """Append rows; the score is 1000 times the quantile."""
        rows = len(columns["name"])
        scores = np.rint(1000 * np.asarray(columns.get("quantile", np.zeros(rows)))).astype(int)
        words = {name: _without_blanks(columns[name]) for name in ("name", "chromosome")}
        whole = {**columns, **words, "score": scores}
        ordered = {name: whole[name] for name in (*self.FIRST, *(set_ for set_ in columns if set_ not in self.FIRST))}
        if not self._begun:
            self._file.write("#" + "\t".join(ordered) + "\n")
            self._begun = True
        self._file.write(_lines(ordered, "\t", quoted=False))


class ParquetWriter(Writer):
    """Parquet; what made it stands in the metadata of its schema, under `degu`.

    Parameters
    ----------
    path
        The file.
    origin
        What made it.
    """

    def __init__(self, path: Path, origin: Mapping[str, Any]) -> None:
        self._path, self._origin = path, json.dumps(origin)
        self._writer: pq.ParquetWriter | None = None

    def write(self, columns: Columns) -> None:
        """Append rows."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pa.table({name: pa.array(values) for name, values in columns.items()})
        if self._writer is None:
            schema = table.schema.with_metadata({"degu": self._origin})
            self._writer = pq.ParquetWriter(self._path, schema)
        self._writer.write_table(table.cast(self._writer.schema))

    def close(self) -> None:
        """Finish the file."""
        if self._writer is not None:
            self._writer.close()


SUFFIXES = {".tsv": "\t", ".csv": ",", ".bed": "", ".parquet": "", BIGWIG: ""}
# These may be packed by gzip.
_TEXT = (".tsv", ".csv", ".bed")


def format_of(path: Path, known: Sequence[str] = tuple(SUFFIXES)) -> str:
    """Return the format of a file of predictions, which the end of its name tells: one of those that are known.

    Raises
    ------
    DeguError
        If the name ends in another way.
    """
    if str(path) == "-":
        return ".tsv"
    suffix = Path(path.name.lower().removesuffix(".gz")).suffix
    if suffix not in known or (suffix not in _TEXT and path.name.lower().endswith(".gz")):
        text = ", ".join(name for name in known if name in _TEXT)
        raise DeguError(
            "the end of the name tells no format",
            where=path,
            expected=f"a name that ends in {', '.join(known)}; {text} may have .gz behind it",
        )
    return suffix


@contextlib.contextmanager
def open_writer(path: Path, origin: Mapping[str, Any]) -> Iterator[Writer]:
    """Open a file of predictions, which gets its name when the block ends without an error; `-` is standard output.

    Raises
    ------
    DeguError
        If the end of the name tells no format, or the file cannot be written.
    """
    suffix = format_of(path)
    if str(path) == "-":
        yield TextWriter(sys.stdout, origin, "\t")
        sys.stdout.flush()
        return
    with write_aside(path) as aside:
        if suffix == ".parquet":
            writer = ParquetWriter(aside, origin)
            yield writer
            writer.close()
            return
        with _open_for_writing(aside, packed=path.name.lower().endswith(".gz")) as file:
            yield BedWriter(file, origin) if suffix == ".bed" else TextWriter(file, origin, SUFFIXES[suffix])


def _without_blanks(names: Sequence[Any] | np.ndarray) -> Sequence[Any] | np.ndarray:
    """Return names with underscores for blanks and tabs, which would move the columns of BED that follow."""
    # Hardly any file has such names, and they are told from all letters together in no time.
    if not any(map(str.isspace, set("".join(names)))):
        return names
    return ["_".join(name.split()) for name in names]


@contextlib.contextmanager
def _open_for_writing(path: Path, *, packed: bool) -> Iterator[IO[str]]:
    if not packed:
        with path.open("w", encoding="utf-8", newline="") as file:
            yield file
        return
    # Without a name and a date, equal contents are equal files.
    with (
        path.open("wb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as zipped,
        io.TextIOWrapper(cast("IO[bytes]", zipped), encoding="utf-8", newline="") as text,
    ):
        yield text


def _lines(columns: Columns, separator: str, *, quoted: bool) -> str:
    """Return the lines of rows; numbers with a fraction have six digits."""
    formats, values = [], []
    for column in columns.values():
        known = column.tolist() if isinstance(column, np.ndarray) else list(column)
        formats.append(_format_of_values(column))
        values.append(_quoted(known, separator) if quoted and known and isinstance(known[0], str) else known)
    # One format for a whole row is several times as fast as one for each value.
    row = separator.join(formats) + "\n"
    return "".join([row % own for own in zip(*values, strict=True)])


def _format_of_values(column: Sequence[Any] | np.ndarray) -> str:
    return f"%.{_DIGITS}g" if isinstance(column, np.ndarray) and column.dtype.kind == "f" else "%s"


def as_text(values: np.ndarray) -> list[str]:
    """Return values as text; numbers with a fraction have six significant digits."""
    pattern = _format_of_values(values)
    return [pattern % value for value in values.tolist()]


def _quoted(texts: list[str], separator: str) -> list[str]:
    """Return texts as CSV has them: in quotation marks if they hold the separator, a quotation mark or a new line."""
    special = {separator, '"', "\n", "\r"}
    if special.isdisjoint("".join(texts)):
        return texts
    return [text if special.isdisjoint(text) else '"' + text.replace('"', '""') + '"' for text in texts]
