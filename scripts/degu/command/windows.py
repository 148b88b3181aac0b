"""The windows of sequences that a student predicts: cut, put between flanks, and gathered into batches."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from degu.command.records import Record, Sequences, check_letters, encode_records
from degu.errors import DeguError
from degu.package.construct import Construct

# Constructs that are predicted together.
BATCH = 4096
# Bases whose letters are checked together.
_CHUNK = 4_000_000


@dataclass(frozen=True)
class Windows:
    """Windows of some sequences.

    Attributes
    ----------
    names, chromosomes, strands
        What each is a window of, arrays of strings (n,).
    starts, ends
        Where it is in the sequence or in the genome, int64 (n,); starts count from 0.
    constructs
        The windows in their constructs, uint8 (n, L).
    """

    names: np.ndarray
    chromosomes: np.ndarray
    strands: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    constructs: np.ndarray

    def __len__(self) -> int:
        return len(self.constructs)

    def part(self, start: int, end: int) -> "Windows":
        """Return the windows from one place up to, but not including, another."""
        return Windows(**{name: values[start:end] for name, values in vars(self).items()})

    @classmethod
    def together(cls, parts: "list[Windows]") -> "Windows":
        """Return the windows of all parts."""
        return cls(**{name: np.concatenate([vars(part)[name] for part in parts]) for name in vars(parts[0])})

    @classmethod
    def of_record(cls, record: Record, construct: Construct, *, stride: int = 0, shorter: str = "refuse") -> "Windows":
        """Return the windows of one sequence (see `Construct.place`), in their order along the genome."""
        tokens = record.tokens
        starts, constructs = construct.place(tokens, stride=stride, shorter=shorter)
        whole = len(starts) == 1 and len(tokens) <= construct.length
        ends = starts + (len(tokens) if whole else construct.insert)
        if record.strand == "-":
            starts, ends = (len(tokens) - ends)[::-1], (len(tokens) - starts)[::-1]
            constructs = constructs[::-1]
        names, chromosomes, strands = (
            np.full(len(starts), text, dtype=object) for text in (record.name, record.chromosome, record.strand)
        )
        return cls(names, chromosomes, strands, record.start + starts, record.start + ends, constructs)

    @classmethod
    def of_fitting(cls, records: Sequence[Record], construct: Construct) -> "Windows":
        """Return the windows of sequences that are all as long as the insert, or all as long as the whole construct."""
        tokens = encode_records(records)
        starts = np.array([record.start for record in records], dtype=np.int64)
        names, chromosomes, strands = (
            np.array([getattr(record, field) for record in records], dtype=object)
            for field in ("name", "chromosome", "strand")
        )
        whole = tokens if tokens.shape[1] == construct.length else construct.around(tokens)
        return cls(names, chromosomes, strands, starts, starts + tokens.shape[1], whole)


def batches(
    records: Iterable[Record], construct: Construct, *, stride: int = 0, shorter: str = "refuse"
) -> Iterator[Windows]:
    """Yield the windows of sequences in their order, about `BATCH` at a time."""
    parts: list[Windows] = []
    number = 0
    for part in _parts(records, construct, stride, shorter):
        parts.append(part)
        number += len(part)
        if number >= BATCH:
            yield Windows.together(parts)
            parts, number = [], 0
    if parts:
        yield Windows.together(parts)


def _parts(records: Iterable[Record], construct: Construct, stride: int, shorter: str) -> Iterator[Windows]:
    """Yield the windows of sequences in their order, at most `BATCH` at a time."""
    fitting: list[Record] = []
    for record in records:
        length = len(record.sequence)
        if fitting and (length != len(fitting[0].sequence) or len(fitting) == BATCH):
            yield Windows.of_fitting(fitting, construct)
            fitting = []
        if length in (construct.insert, construct.length):
            # Many together take a tenth of the time of one by one.
            fitting.append(record)
            continue
        own = Windows.of_record(record, construct, stride=stride, shorter=shorter)
        # A chromosome has more windows than fit together.
        yield from (own.part(start, start + BATCH) for start in range(0, len(own), BATCH))
    if fitting:
        yield Windows.of_fitting(fitting, construct)


def count_windows(sequences: Sequences, construct: Construct, *, stride: int = 0, shorter: str = "refuse") -> int:
    """Return the number of windows of all sequences.

    Raises
    ------
    DeguError
        If a sequence holds other letters than ACGTN, or is refused because of its length.
    """
    total, known = 0, dict[int, int]()
    for records in _chunks(sequences):
        check_letters(records)
        for record in records:
            length = len(record.sequence)
            if length not in known:
                try:
                    known[length] = construct.number_of_windows(length, stride=stride, shorter=shorter)
                except DeguError as error:
                    raise DeguError(f"'{record.name}': {error}", where=sequences.path) from error
            total += known[length]
    return total


def _chunks(sequences: Sequences) -> Iterator[list[Record]]:
    """Yield records, of which some million bases are together in memory, or one."""
    records: list[Record] = []
    bases = 0
    for record in sequences:
        records.append(record)
        bases += len(record.sequence)
        if bases > _CHUNK:
            yield records
            records, bases = [], 0
    yield records
