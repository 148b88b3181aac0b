"""Sites of motifs that become sites of other motifs."""

from typing import NamedTuple

import numpy as np

from degu.config.values import check_within
from degu.data.motifs import Motif, read_jaspar, scan
from degu.data.sequences import reverse_complement
from degu.errors import DeguError

LEVELS = (0.25, 0.5, 1.0)
LEVEL = "share of the sites that become sites of other motifs"
RANGES = {"level": {"at_least": 0, "at_most": 1}, "stringency": {"above": 0, "at_most": 1}}
NOT_EMPTY = ("motifs",)
FILES = ("motifs",)


class _Site(NamedTuple):
    """A site: its motif, its first base and its strand, 0 or 1."""

    motif: Motif
    start: int
    strand: int


def shift(
    tokens: np.ndarray,
    rng: np.random.Generator,
    *,
    level: float,
    motifs: str = "resources/jaspar_motifs.txt",
    stringency: float = 0.8,
) -> np.ndarray:
    """Return sequences, uint8 (n, L), in which sites of motifs are replaced by sites of other motifs.

    Sites are windows whose log odds are at least `stringency` times those of the consensus, on either strand. Of sites
    that overlap, the one with the highest share of its consensus counts. A site becomes an instance of another motif,
    drawn base by base, on the same strand and about the same middle. A wider motif is written over the bases beside the
    site. So the composition changes little, and the grammar a lot. A sequence without sites stays as it is.

    Parameters
    ----------
    tokens
        Sequences, uint8 (n, L).
    rng
        Source of draws.
    level
        Share of the sites of a sequence that are replaced, from 0 to 1, rounded up to whole sites.
    motifs
        A file of position frequency matrices in JASPAR format, with two motifs or more.
    stringency
        Share of the log odds of the consensus that makes a window a site, above 0 and at most 1.

    Raises
    ------
    DeguError
        If an option is out of range, the file is not in JASPAR format, or fewer than two motifs fit into a sequence.
    """
    check_within(level, RANGES["level"], where="level")
    known = [motif for motif in read_jaspar(motifs).values() if motif.width <= tokens.shape[1]]
    if len(known) < 2:
        raise DeguError(
            f"{len(known)} motifs fit into {tokens.shape[1]} bases",
            where=motifs,
            expected="two or more, so that a site can become one of another motif",
        )
    result = tokens.copy()
    for row, sites in enumerate(find_sites(tokens, known, stringency)):
        number = int(np.ceil(level * len(sites)))
        for index in rng.permutation(len(sites))[:number]:
            _replace(result[row], sites[index], known, rng)
    return result


def find_sites(tokens: np.ndarray, motifs: list[Motif], stringency: float) -> list[list[_Site]]:
    """Return the sites of each sequence, from the best one on, none of which overlap."""
    found: list[list[tuple[float, _Site]]] = [[] for _ in tokens]
    for motif in motifs:
        share = scan(tokens, motif) / motif.highest_score
        for row, strand, start in np.argwhere(share >= stringency):
            found[row].append((float(share[row, strand, start]), _Site(motif, int(start), int(strand))))
    return [_without_overlaps([site for _, site in sorted(own, key=lambda pair: -pair[0])]) for own in found]


def _without_overlaps(sites: list[_Site]) -> list[_Site]:
    kept: list[_Site] = []
    for site in sites:
        end = site.start + site.motif.width
        if all(end <= other.start or other.start + other.motif.width <= site.start for other in kept):
            kept.append(site)
    return kept


def _replace(sequence: np.ndarray, site: _Site, motifs: list[Motif], rng: np.random.Generator) -> None:
    """Write an instance of another motif about the middle of a site."""
    others = [motif for motif in motifs if motif.name != site.motif.name]
    other = others[rng.integers(len(others))]
    instance = other.sample(1, rng)[0]
    if site.strand:
        instance = reverse_complement(instance)
    start = site.start + (site.motif.width - other.width) // 2
    start = min(max(start, 0), len(sequence) - other.width)
    sequence[start : start + other.width] = instance
