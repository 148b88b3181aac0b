"""The windows of sequences that a student predicts: cut, put between flanks, and gathered into batches."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from degu.command.records import Record
from degu.package.construct import Construct

# Constructs that are predicted together.
BATCH = 4096


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
        """Return the windows of one sequence (see `Construct.place`)."""
        starts, constructs = construct.place(record.tokens, stride=stride, shorter=shorter)
        bases = len(record.tokens)
        whole = len(starts) == 1 and bases <= construct.length
        ends = starts + (bases if whole else construct.insert)
        if record.strand == "-":
            starts, ends = bases - ends, bases - starts
        names, chromosomes, strands = (
            np.full(len(starts), text, dtype=object) for text in (record.name, record.chromosome, record.strand)
        )
        return cls(names, chromosomes, strands, record.start + starts, record.start + ends, constructs)


def batches(
    records: Iterable[Record], construct: Construct, *, stride: int = 0, shorter: str = "refuse"
) -> Iterator[Windows]:
    """Yield the windows of sequences in their order, about `BATCH` at a time."""
    parts: list[Windows] = []
    for record in records:
        own = Windows.of_record(record, construct, stride=stride, shorter=shorter)
        # A chromosome has more windows than fit together.
        for start in range(0, len(own), BATCH):
            parts.append(own.part(start, start + BATCH))
            if sum(map(len, parts)) >= BATCH:
                yield Windows.together(parts)
                parts = []
    if parts:
        yield Windows.together(parts)
