"""Negatives: windows outside of all regions, matched to the regions by their GC content, as ChromBPNet draws them.

The genome is cut into bins of the length of a window at a stride. Those that overlap a region or an excluded place,
each extended by half a window, are left out. The GC content of regions and bins is rounded to 0.01. For each region in
turn, bins of its GC content are drawn without replacement. Where none of them is left, the GC content takes a random
walk in steps of 0.01 until it comes to one with bins left.

ChromBPNet matches within the training, the validation and the test chromosomes. An importer does not know the split,
so bins are matched within the chromosome of the region, which is stricter: any split by chromosome keeps the match.

Source: kundajelab/chrombpnet, helpers/make_gc_matched_negatives.
"""

import logging

import numpy as np

from degu.data.genome_windows import GenomeWindows, Intervals
from degu.data.sequences import N_TOKEN, encode
from degu.formats.genome import Genome

log = logging.getLogger(__name__)

# GC content in hundredths goes from 0 to this.
_WHOLE = 100
# Windows of regions whose sequences are in memory at a time.
_BLOCK = 1 << 15


def draw_negatives(
    genome: Genome, regions: GenomeWindows, blocked: Intervals, *, number: int, stride: int, seed: int, margin: int = 0,
    maximum_unknown: float = 1.0,
) -> GenomeWindows:  # fmt: skip
    """Return windows on the forward strand that are matched to regions by their GC content.

    Parameters
    ----------
    genome
        The genome.
    regions
        The windows of the regions.
    blocked
        What no negative may overlap: the regions and excluded places, extended.
    number
        Number of negatives for each region. There are fewer where a chromosome has no bin left.
    stride
        Bases from one bin to the next.
    seed
        Seed of the draw; each chromosome has draws of its own.
    margin
        Number of bases that have to be there on either side of a bin.
    maximum_unknown
        The largest part of N in a bin.
    """
    drawn = []
    for name in dict.fromkeys(regions.chromosomes):
        own = regions.chosen(regions.chromosomes == name)
        bins, gc = _bins(genome, name, own.length, stride, margin, maximum_unknown)
        free = ~bins.overlap(blocked)
        rng = np.random.default_rng([seed, *name.encode()])
        chosen = match(_gc_of(genome, own), gc[free], number, rng)
        drawn.append(bins.chosen(np.flatnonzero(free)[chosen]))
        missing = number * len(own) - len(chosen)
        if missing:
            log.warning("%s: %s of %s negatives could not be drawn: no bin is left", name, f"{missing:,}",
                        f"{number * len(own):,}")  # fmt: skip
    starts = np.concatenate([part.starts for part in drawn])
    chromosomes = np.concatenate([part.chromosomes for part in drawn])
    return GenomeWindows(chromosomes, starts, np.zeros(len(starts), dtype=bool), regions.length)


def match(wanted: np.ndarray, available: np.ndarray, number: int, rng: np.random.Generator) -> np.ndarray:
    """Draw bins of wanted GC contents without replacement, and return their numbers, (K,), K <= n * number.

    A random walk in steps of one hundredth stops at the nearest value below or above that has bins left. From a value
    that is a steps above the one and b steps below the other, it comes to the upper one first with probability
    a / (a + b), by which it is drawn at once.

    Parameters
    ----------
    wanted, available
        GC contents in hundredths, integers (n,) and (m,).
    number
        Number of bins for each that is wanted.
    rng
        Source of the draws.
    """
    shuffled = rng.permutation(len(available))
    bins = [shuffled[available[shuffled] == value].tolist() for value in range(_WHOLE + 1)]
    chosen = []
    for value in np.repeat(wanted, number).tolist():
        below = next((lower for lower in range(value, -1, -1) if bins[lower]), None)
        above = next((upper for upper in range(value, _WHOLE + 1) if bins[upper]), None)
        if below is None and above is None:
            break
        if below is None or above is None:
            found = above if below is None else below
        elif above == below:
            found = value
        else:
            found = above if rng.random() < (value - below) / (above - below) else below
        assert found is not None
        chosen.append(bins[found].pop())
    return np.array(chosen, dtype=np.int64)


def hundredths(gc: np.ndarray, length: int) -> np.ndarray:
    """Return numbers of G and C among the bases of windows of a length in hundredths of it, int64."""
    return np.rint(_WHOLE * gc / length).astype(np.int64)


def _gc_of(genome: Genome, windows: GenomeWindows) -> np.ndarray:
    """Return the GC content of windows in hundredths; N counts as a base that is neither, as published."""
    counts = []
    for begin in range(0, len(windows), _BLOCK):
        tokens = windows.chosen(np.arange(begin, min(begin + _BLOCK, len(windows)))).tokens(genome)
        counts.append(((tokens == 1) | (tokens == 2)).sum(axis=1))
    return hundredths(np.concatenate(counts), windows.length)


def _bins(
    genome: Genome, name: str, length: int, stride: int, margin: int, maximum_unknown: float
) -> tuple[GenomeWindows, np.ndarray]:
    """Return the bins of a chromosome that lie within it with their margins, and their GC contents in hundredths."""
    end = genome.length_of(name)
    starts = np.arange(0, end - length + 1, stride, dtype=np.int64)
    starts = starts[(starts >= margin) & (starts + length + margin <= end)]
    tokens = encode([genome.known_bases(name, 0, end)], where=genome.path)[0]
    gc = _sums((tokens == 1) | (tokens == 2), starts, length)
    known = _sums(tokens == N_TOKEN, starts, length) <= maximum_unknown * length
    names = np.full(int(known.sum()), name, dtype=object)
    bins = GenomeWindows(names, starts[known], np.zeros(len(names), dtype=bool), length)
    return bins, hundredths(gc[known], length)


def _sums(mask: np.ndarray, starts: np.ndarray, length: int) -> np.ndarray:
    """Return the number of true positions in each window."""
    if not len(starts):
        return np.empty(0, dtype=np.int64)
    # Sums between the ends of windows alone: one up to each base of a chromosome would take gigabytes.
    ends = np.unique(np.concatenate([starts, starts + length]))
    sums = np.add.reduceat(mask[: ends[-1]].view(np.uint8), ends[:-1], dtype=np.int64)
    until = np.append(0, np.cumsum(sums))
    return until[np.searchsorted(ends, starts + length)] - until[np.searchsorted(ends, starts)]
