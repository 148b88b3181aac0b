"""The variants that are judged together: of a protocol, of a locus, confident ones, and quartiles of the effect."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from degu.variants.variant_set import VariantSet

ALL, CONFIDENT = "all", "confident"
QUARTILES = ("quartile_1", "quartile_2", "quartile_3", "quartile_4")
# Variants of all loci together.
POOLED = "all loci"


class Chosen(NamedTuple):
    """Variants that are judged together.

    Attributes
    ----------
    protocol, locus
        Their protocol and their locus.
    rows
        Their rows, int64 (n,), in ascending order.
    """

    protocol: str
    locus: str
    rows: np.ndarray


def rows_of_parts(parts: np.ndarray, wanted: Sequence[str]) -> np.ndarray:
    """Return the rows of variants that are in wanted parts; without any, all rows."""
    return np.flatnonzero(np.isin(parts, list(wanted))) if wanted else np.arange(len(parts))


def choices(variants: VariantSet, parts: np.ndarray, protocols: Mapping[str, Mapping]) -> Iterator[Chosen]:
    """Yield the variants of each locus of each protocol, and those of several loci together.

    Parameters
    ----------
    variants, parts
        The variants, and the part of each.
    protocols
        By name, which `parts` a protocol takes; all if it names none.
    """
    for protocol, settings in protocols.items():
        rows = rows_of_parts(parts, settings["parts"])
        loci = np.unique(variants.loci[rows])
        for locus in loci:
            yield Chosen(protocol, locus, rows[variants.loci[rows] == locus])
        if len(loci) > 1:
            yield Chosen(protocol, POOLED, rows)


def subsets(effect: np.ndarray, confidence: np.ndarray | None, confident: float) -> dict[str, np.ndarray]:
    """Return which of n variants are in each subset, bool (n,).

    Parameters
    ----------
    effect
        Measured effects, (n,), whose absolute values are divided at their quartiles. Equal values stay together.
    confidence
        How certain each effect is, (n,), or None.
    confident
        From this confidence on a variant is among the confident ones.
    """
    size = np.abs(effect)
    quartile = np.searchsorted(np.quantile(size, [0.25, 0.5, 0.75]), size, side="left")
    found = {ALL: np.ones(len(effect), dtype=bool)}
    if confidence is not None:
        found[CONFIDENT] = confidence >= confident
    return found | {name: quartile == number for number, name in enumerate(QUARTILES)}
