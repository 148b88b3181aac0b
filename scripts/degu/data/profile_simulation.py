"""Open chromatin of known truth: the expected cuts at each position of any sequence, and counts of replicates.

Occupied sites open the chromatin around them, and are protected themselves (a footprint). The enzyme cuts some short
words more readily than others. Everything follows from the sequence alone, so that it can be asked of any other one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats
from scipy.ndimage import gaussian_filter1d, uniform_filter1d
from scipy.special import expit

from degu.data.motifs import Motif, scan
from degu.data.sequences import one_hot

# Number of sequences that are computed together.
_BLOCK = 256
# The noise of replicates is computed for this number of means.
_MEANS = 64
# A site counts as occupied from this probability on.
_OCCUPIED = 0.5
# Gaussians end at this number of standard deviations.
_TRUNCATED = 4.0


@dataclass(frozen=True)
class Chromatin:
    """Expected cuts as a function of the sequence.

    A site is occupied with probability `1 / (1 + exp(-(score - threshold) / temperature))`, as in
    `degu.data.simulation.Grammar`. With o_k(c) the occupancies of sites of motif k about the centre c, the expected
    number of cuts at position x is

        (background + sum_k e_k sum_c o_k(c) exp(-(x - c)^2 / (2 reach^2))) (1 - footprint o(x)) exp(bias(x))

    where o(x) is the highest occupancy of a site over x, and bias(x) the preference of the enzyme for the word about x.

    Attributes
    ----------
    motifs, effects
        The factors and their effects e_k, 0 or more, by name.
    background
        Expected cuts at a position of closed chromatin, above 0.
    reach
        How far chromatin is open about a site, in bases (standard deviation).
    footprint
        Part of the cuts that an occupied site prevents, from 0 to 1.
    preference
        Logarithm of the enzyme's preference for each base at each position of a word of odd width, (W, 4).
    stringency, temperature
        Numbers of the formula of occupancy.
    strands
        1 if cuts of both strands are counted together, 2 if each strand has its own.
    """

    motifs: Mapping[str, Motif]
    effects: Mapping[str, float]
    background: float
    reach: float
    footprint: float
    preference: np.ndarray
    stringency: float
    temperature: float
    strands: int

    @property
    def margin(self) -> int:
        """Number of bases beside a position that its expected cuts depend on."""
        widest = max(motif.width for motif in self.motifs.values())
        return round(_TRUNCATED * self.reach) + widest

    def rates(self, tokens: np.ndarray) -> np.ndarray:
        """Return the expected cuts, float64 (N, S, L), at each position of sequences, (N, L).

        Those within `margin` of an end lack what lies beyond.
        """
        return np.concatenate(
            [self._block(tokens[start : start + _BLOCK]) for start in range(0, max(len(tokens), 1), _BLOCK)]
        )

    def sites(self, tokens: np.ndarray, middles: slice) -> np.ndarray:
        """Return which motif occupies each base of sequences, uint8 (N, L): 1 plus its index, or 0 for none.

        Sites count that are occupied with a probability of one half or more, whether they were planted or arose by
        chance. Where some overlap, a base has the one that is most likely to be occupied.

        Parameters
        ----------
        tokens
            Sequences, (N, L).
        middles
            Positions at which the middle of a site may lie; all other sites are left out.
        """
        found: list[tuple] = []
        for index, motif in enumerate(self.motifs.values()):
            for start in range(0, len(tokens), _BLOCK):
                occupancy = self._occupancy(tokens[start : start + _BLOCK], motif)[:, middles]
                rows, places = np.nonzero(occupancy >= _OCCUPIED)
                first = places + middles.indices(tokens.shape[1])[0] - motif.width // 2
                found += zip(occupancy[rows, places], rows + start, first, np.full(len(rows), index), strict=True)
        codes, widths = np.zeros(tokens.shape, dtype=np.uint8), [motif.width for motif in self.motifs.values()]
        for _, row, first, index in sorted(found):
            codes[row, first : first + widths[index]] = 1 + index
        return codes

    def _block(self, tokens: np.ndarray) -> np.ndarray:
        opened = np.full(tokens.shape, self.background, dtype=np.float64)
        protected = np.zeros(tokens.shape)
        for name, motif in self.motifs.items():
            occupancy = self._occupancy(tokens, motif)
            # A Gaussian of area 1 is brought to a height of 1.
            height = self.reach * np.sqrt(2 * np.pi)
            opened += (
                self.effects[name]
                * height
                * gaussian_filter1d(occupancy, self.reach, axis=1, mode="constant", truncate=_TRUNCATED)
            )
            # A site of even width has one base more before its middle than from it on.
            origin = -1 if motif.width % 2 == 0 else 0
            covered = motif.width * uniform_filter1d(occupancy, motif.width, axis=1, mode="constant", origin=origin)
            protected = np.maximum(protected, np.minimum(covered, 1))
        rates = opened * (1 - self.footprint * protected)
        forward = np.exp(_word_scores(tokens, self.preference))
        if self.strands == 1:
            return (rates * forward)[:, None]
        # The word on the other strand is read from its other end, and its bases are the complements.
        reverse = np.exp(_word_scores(tokens, self.preference[::-1, ::-1]))
        return np.stack([rates * forward, rates * reverse], axis=1)

    def _occupancy(self, tokens: np.ndarray, motif: Motif) -> np.ndarray:
        """Return the probability, (N, L), that a site on either strand is occupied whose middle is at a position."""
        score = scan(tokens, motif) - self.stringency * motif.highest_score
        sites = np.minimum(expit(score / self.temperature).sum(axis=1), 1)
        occupancy = np.zeros(tokens.shape)
        occupancy[:, motif.width // 2 : motif.width // 2 + sites.shape[1]] = sites
        return occupancy


def _word_scores(tokens: np.ndarray, preference: np.ndarray) -> np.ndarray:
    """Return the sum over the word about each position, (N, L), of preferences (W, 4); beyond the ends they are 0."""
    half = len(preference) // 2
    padded = np.pad(one_hot(tokens), ((0, 0), (half, half), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, len(preference), axis=1)
    return np.einsum("nlbw,wb->nl", windows, preference)


def draw_preference(width: int, std: float, rng: np.random.Generator) -> np.ndarray:
    """Return preferences of an enzyme, (width, 4), whose mean over the bases is 0 at each position."""
    drawn = rng.normal(0, std, (width, 4))
    return drawn - drawn.mean(axis=1, keepdims=True)


def draw_counts(rates: np.ndarray, replicates: int, overdispersion: float, rng: np.random.Generator) -> np.ndarray:
    """Return the counts of replicates, int64 (N, R, S, P), which share the expected cuts, (N, S, P).

    Each replicate is expected to have the same part of them. The total of a region is gamma distributed about that,
    with a squared coefficient of variation of `overdispersion`, and counts are Poisson given this, so that the total of
    a replicate has the mean m and the variance m + overdispersion m^2 (negative binomial).
    """
    factor = np.ones((len(rates), replicates))
    if overdispersion > 0:
        factor = rng.gamma(1 / overdispersion, overdispersion, factor.shape)
    return rng.poisson(rates[:, None] / replicates * factor[:, :, None, None])


def replicate_noise(totals: np.ndarray, replicates: int, overdispersion: float) -> np.ndarray:
    """Return the standard deviation of log(1 + R n), (N,), of the count n of one of R replicates.

    It is summed over the distribution of n for some means, and interpolated between these.

    Parameters
    ----------
    totals
        Expected counts of all replicates together, (N,), above 0.
    replicates, overdispersion
        As `draw_counts` takes them.
    """
    means = totals / replicates
    known = np.geomspace(means.min(), means.max(), _MEANS)
    stds = [_std_of_logarithm(mean, replicates, overdispersion) for mean in known]
    return np.interp(np.log(means), np.log(known), stds)


def _std_of_logarithm(mean: float, replicates: int, overdispersion: float) -> float:
    """Return the standard deviation of log(1 + R n) for a count n of one mean."""
    if overdispersion > 0:
        size = 1 / overdispersion
        distribution: Any = stats.nbinom(size, size / (size + mean))
    else:
        distribution = stats.poisson(mean)
    # What is left out beyond these ends has no weight.
    counts = np.arange(distribution.ppf(1e-12), distribution.isf(1e-12) + 1)
    weights = distribution.pmf(counts)
    logarithms = np.log1p(replicates * counts)
    return float(np.sqrt(np.average(np.square(logarithms - np.average(logarithms, weights=weights)), weights=weights)))
