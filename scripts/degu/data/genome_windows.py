"""Windows of one length along a genome: their sequences, their counts, and which of them overlap."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from degu.data.sequences import encode
from degu.formats.bigwig import BigWig
from degu.formats.genome import Genome

# The ends of intervals of each chromosome, starts (n,) and ends (n,), sorted and disjoint.
Intervals = Mapping[str, tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class GenomeWindows:
    """N windows of one length along a genome.

    Attributes
    ----------
    chromosomes
        Names, object (N,).
    starts
        The first position of each window on the forward strand, counted from 0, int64 (N,).
    reverse
        Whether a window is on the reverse strand, bool (N,).
    length
        Number of bases of a window.
    """

    chromosomes: np.ndarray
    starts: np.ndarray
    reverse: np.ndarray
    length: int

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def ends(self) -> np.ndarray:
        """The positions behind the last ones, (N,)."""
        return self.starts + self.length

    @property
    def names(self) -> np.ndarray:
        """The names of the windows by their places, str (N,).

        They are `chromosome:start-end(strand)`, where the start counts from 0 as in BED.
        """
        places = zip(self.chromosomes, self.starts.tolist(), self.reverse.tolist(), strict=True)
        return np.array([f"{name}:{start}-{start + self.length}({'+-'[back]})" for name, start, back in places])

    def chosen(self, rows: np.ndarray) -> "GenomeWindows":
        """Return some of the windows, by a mask or by their numbers."""
        return GenomeWindows(self.chromosomes[rows], self.starts[rows], self.reverse[rows], self.length)

    def followed_by(self, others: "GenomeWindows") -> "GenomeWindows":
        """Return these windows and others of the same length behind them."""
        chromosomes = np.concatenate([self.chromosomes, others.chromosomes])
        starts = np.concatenate([self.starts, others.starts])
        return GenomeWindows(chromosomes, starts, np.concatenate([self.reverse, others.reverse]), self.length)

    def resized(self, length: int) -> "GenomeWindows":
        """Return windows of another length about the same middles; the lengths must both be even or both be odd."""
        return GenomeWindows(self.chromosomes, self.starts + (self.length - length) // 2, self.reverse, length)

    def tokens(self, genome: Genome) -> np.ndarray:
        """Return the sequences, uint8 (N, length): those on the reverse strand are not turned round.

        N stands where a window reaches beyond the end of its chromosome.
        """
        places = zip(self.chromosomes, self.starts.tolist(), self.ends.tolist(), strict=True)
        return encode([genome.known_bases(*place) for place in places], where=genome.path)

    def counts(self, bigwig: BigWig) -> np.ndarray:
        """Return the counts, uint16 (N, length), from left to right on the forward strand."""
        return bigwig.counts(self.chromosomes, self.starts, self.length)

    def overlap(self, intervals: Intervals) -> np.ndarray:
        """Return which windows share a base with one of some intervals, bool (N,)."""
        found = np.zeros(len(self), dtype=bool)
        for name in np.unique(self.chromosomes):
            if name in intervals:
                rows = self.chromosomes == name
                starts, ends = intervals[name]
                # The first interval that ends behind the start of the window is the only one to look at.
                first = np.searchsorted(ends, self.starts[rows], side="right")
                found[rows] = np.append(starts, np.iinfo(np.int64).max)[first] < self.ends[rows]
        return found

    def clusters(self) -> np.ndarray:
        """Return a number for each window, int64 (N,), equal for windows that a chain of overlaps links."""
        code = np.unique(self.chromosomes, return_inverse=True)[1]
        order = np.lexsort((self.starts, code))
        starts, code = self.starts[order], code[order]
        # Windows of one length end in the order in which they start.
        new = np.ones(len(self), dtype=bool)
        new[1:] = (code[1:] != code[:-1]) | (starts[1:] >= starts[:-1] + self.length)
        clusters = np.empty(len(self), dtype=np.int64)
        clusters[order] = np.cumsum(new) - 1
        return clusters


def joined(places: Iterable[tuple[str, int, int]], margin: int = 0) -> Intervals:
    """Return intervals, sorted and disjoint, that cover what some places cover.

    Parameters
    ----------
    places
        Chromosome, start and end of each.
    margin
        Number of bases by which each one is extended to either side.
    """
    by_name: dict[str, list[tuple[int, int]]] = {}
    for name, start, end in places:
        by_name.setdefault(name, []).append((start - margin, end + margin))
    covered = {}
    for name, own in by_name.items():
        starts, ends = np.array(sorted(own), dtype=np.int64).T
        reached = np.maximum.accumulate(ends)
        new = np.append(True, starts[1:] > reached[:-1])
        last = np.append(np.flatnonzero(new)[1:] - 1, len(starts) - 1)
        covered[name] = (starts[new], reached[last])
    return covered
