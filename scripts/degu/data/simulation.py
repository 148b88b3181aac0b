"""A regulatory grammar with a known mean and a known noise for any sequence.

The mean activity and the noise of a measurement are functions of the sequence alone (not of what was planted
in it), so that they can be asked of mutated and shuffled sequences as well.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from degu.data.motifs import Motif, scan
from degu.data.sequences import gc_content, reverse_complement

# Number of sequences that are scanned at a time.
_BLOCK = 1024


@dataclass(frozen=True)
class Interaction:
    """Two factors that act together when their sites lie at a preferred distance.

    Attributes
    ----------
    first, second
        Names of the motifs.
    distance
        Preferred distance in bases from the first site's begin to the second's, either order.
    width
        Standard deviation of the preference, in bases.
    effect
        Added activity of the fully occupied pair.
    """

    first: str
    second: str
    distance: float
    width: float
    effect: float


@dataclass(frozen=True)
class Grammar:
    """A regulatory grammar: activity and noise as functions of a sequence.

    A site is occupied with probability `1 / (1 + exp(-(score - threshold) / temperature))`, where the score is
    the log2 odds of its window and the threshold is `stringency` times the consensus score. A factor's occupancy
    saturates as `1 - exp(-sum over sites)`. With o_k the occupancies and I_p those of the pairs,

        mean  = ceiling * tanh((baseline + sum_k e_k o_k + sum_p e_p I_p + gc_effect * (gc - 0.5)) / ceiling)
        noise = noise_std * exp(sum_k n_k o_k + gc_noise * (gc - 0.5))

    Attributes
    ----------
    motifs
        The factors, by name.
    effects, noise_effects
        e_k and n_k, by name; a factor not named has none.
    interactions
        The pairs.
    baseline, ceiling, gc_effect, noise_std, gc_noise, stringency, temperature
        Numbers of the formulas above.
    """

    motifs: dict[str, Motif]
    effects: dict[str, float]
    noise_effects: dict[str, float]
    interactions: tuple[Interaction, ...]
    baseline: float
    ceiling: float
    gc_effect: float
    noise_std: float
    gc_noise: float
    stringency: float
    temperature: float

    def mean_and_noise(self, tokens: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the mean activity and the noise std of one measurement, each (N,), of tokens (N, L)."""
        parts = [self._block(tokens[start : start + _BLOCK]) for start in range(0, len(tokens), _BLOCK)]
        mean, noise = (np.concatenate(values) for values in zip(*parts, strict=True))
        return mean, noise

    def _block(self, tokens: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        sites = {name: self._occupancy(tokens, motif) for name, motif in self.motifs.items()}
        factors = {name: 1 - np.exp(-occupancy.sum(axis=(1, 2))) for name, occupancy in sites.items()}
        gc = gc_content(tokens) - 0.5
        linear = self.baseline + self.gc_effect * gc
        linear = linear + sum(effect * factors[name] for name, effect in self.effects.items())
        for pair in self.interactions:
            linear = linear + pair.effect * _pair_occupancy(sites[pair.first], sites[pair.second], pair)
        noise = self.gc_noise * gc + sum(effect * factors[name] for name, effect in self.noise_effects.items())
        return self.ceiling * np.tanh(linear / self.ceiling), self.noise_std * np.exp(noise)

    def _occupancy(self, tokens: np.ndarray, motif: Motif) -> np.ndarray:
        """Return the probability, (N, 2, positions), that the site beginning there is occupied."""
        score = scan(tokens, motif) - self.stringency * motif.highest_score
        return expit(score / self.temperature)


def _pair_occupancy(first: np.ndarray, second: np.ndarray, pair: Interaction) -> np.ndarray:
    """Return the saturating occupancy of a pair, (N,), over all placements on either strand and in either order."""
    first, second = first.sum(axis=1), second.sum(axis=1)
    total = np.zeros(len(first), dtype=np.float32)
    reach = round(3 * pair.width)
    for distance in range(max(1, round(pair.distance) - reach), round(pair.distance) + reach + 1):
        weight = np.exp(-0.5 * ((distance - pair.distance) / pair.width) ** 2)
        for left, right in ((first, second), (second, first)):
            starts = min(left.shape[1], right.shape[1] - distance)
            if starts > 0:
                total += weight * (left[:, :starts] * right[:, distance : distance + starts]).sum(axis=1)
    return 1 - np.exp(-total)


@dataclass(frozen=True)
class Planting:
    """The sites at which motifs were planted.

    Attributes
    ----------
    row, start, motif, strand
        (S,) each: for each site its sequence, its first base, the index of its motif and its strand, +1 or -1.
    """

    row: np.ndarray
    start: np.ndarray
    motif: np.ndarray
    strand: np.ndarray


@dataclass(frozen=True)
class Family:
    """Sequences that are made alike.

    Attributes
    ----------
    share
        The part of all sequences that belong to the family, above 0 and at most 1.
    gc_low, gc_high
        The GC content of the background of each is uniform between these.
    mean_sites
        The mean number of single sites that are planted in each, 0 or more.
    """

    share: float
    gc_low: float
    gc_high: float
    mean_sites: float


def draw_background(
    number: int, length: int, gc_range: tuple[float | np.ndarray, float | np.ndarray], rng: np.random.Generator
) -> np.ndarray:
    """Draw sequences, (number, length), each of a GC content uniform over `gc_range`.

    The lower and the upper end of the range are numbers, or arrays (number, 1).
    """
    low, high = gc_range
    gc = rng.uniform(low, high, size=(number, 1))
    strong = rng.random((number, length)) < gc
    second = rng.random((number, length)) < 0.5
    return np.where(strong, np.where(second, 1, 2), np.where(second, 0, 3)).astype(np.uint8)


def plant(
    tokens: np.ndarray,
    motifs: list[Motif],
    mean_count: float | np.ndarray,
    interactions: tuple[Interaction, ...],
    pair_probability: float,
    rng: np.random.Generator,
    weights: np.ndarray | None = None,
) -> Planting:
    """Plant motif instances into sequences, in place; sites never overlap.

    Parameters
    ----------
    tokens
        (N, L), changed in place.
    motifs
        Motifs that are planted.
    mean_count
        Mean number of single sites in a sequence, which is drawn from a Poisson distribution: one for all sequences, or
        one for each, (N,).
    interactions, pair_probability
        Pairs, and the probability that a sequence gets a pair, at a distance drawn around the preferred one.
    rng
        Source of all random draws.
    weights
        Probabilities of the motifs of single sites; None stands for equal ones.
    """
    names = [motif.name for motif in motifs]
    sites = []
    counts = rng.poisson(mean_count, size=len(tokens))
    for row, sequence in enumerate(tokens):
        free = np.ones(len(sequence), dtype=bool)
        for pair in interactions:
            if rng.random() < pair_probability:
                distance = max(1, round(rng.normal(pair.distance, pair.width)))
                wanted = [(names.index(pair.first), 0), (names.index(pair.second), distance)]
                sites += _place(sequence, row, wanted, free, motifs, rng)
        if weights is None:
            drawn = rng.integers(len(motifs), size=counts[row])
        else:
            drawn = rng.choice(len(motifs), size=counts[row], p=weights)
        for index in drawn:
            sites += _place(sequence, row, [(int(index), 0)], free, motifs, rng)
    columns = np.array(sites, dtype=np.int64).reshape(-1, 4).T
    return Planting(*columns)


def _place(
    sequence: np.ndarray,
    row: int,
    wanted: list[tuple[int, int]],
    free: np.ndarray,
    motifs: list[Motif],
    rng: np.random.Generator,
) -> list[tuple[int, int, int, int]]:
    """Plant motifs at given offsets from one drawn start, if there is room within a few tries."""
    reach = max(offset + motifs[index].width for index, offset in wanted)
    for _ in range(8):
        start = int(rng.integers(0, len(sequence) - reach + 1)) if reach <= len(sequence) else -1
        windows = [slice(start + offset, start + offset + motifs[index].width) for index, offset in wanted]
        taken = np.zeros(len(sequence), dtype=int)
        for window in windows:
            taken[window] += 1
        if start < 0 or taken.max() > 1 or not free[taken > 0].all():
            continue
        placed = []
        for (index, _), window in zip(wanted, windows, strict=True):
            instance = motifs[index].sample(1, rng)[0]
            strand = 1 if rng.random() < 0.5 else -1
            sequence[window] = instance if strand > 0 else reverse_complement(instance)
            free[window] = False
            placed.append((row, window.start, index, strand))
        return placed
    return []
