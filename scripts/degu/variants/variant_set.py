"""A set of variants whose effects were measured, and its file."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from degu.errors import DeguError
from degu.formats.hdf5 import read_hdf5, write_hdf5

_FILE = "file of measured variants"
_TEXTS = ("loci", "names", "groups", "parts", "reference", "alternative")
_CONTEXT = ("left", "right")


@dataclass(frozen=True)
class VariantSet:
    """Variants whose effects were measured.

    Attributes
    ----------
    loci
        The locus of each variant, str (n,).
    names
        A name for each, str (n,).
    groups
        Variants of one group are not independent, such as those of one position, str (n,).
    parts
        The published part that each belongs to, such as `train` or `challenge`, str (n,); empty where there is none.
    reference, alternative
        The alleles, or whole sequences with the one and with the other allele, str (n,).
    effect
        Measured effect: activity with the alternative allele less that with the reference allele, float64 (n,).
    left, right
        The bases before and after the alleles, str (n,), with N beyond what is known; None for whole sequences.
    confidence
        How certain it is that a variant has an effect, float64 (n,); None if it was not published.
    replicates
        The effect in each replicate, float64 (n, R), NaN where it is missing; None if there are none.
    """

    loci: np.ndarray
    names: np.ndarray
    groups: np.ndarray
    parts: np.ndarray
    reference: np.ndarray
    alternative: np.ndarray
    effect: np.ndarray
    left: np.ndarray | None = None
    right: np.ndarray | None = None
    confidence: np.ndarray | None = None
    replicates: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.effect)

    @property
    def are_whole(self) -> bool:
        """Whether the alleles are whole sequences, and no windows can be cut around them."""
        return self.left is None


def check_variants(variants: VariantSet, *, where: object) -> None:
    """Check a set of variants.

    Raises
    ------
    DeguError
        If there are no variants, an effect or a confidence is no number, two alleles are the same, or one variant
        stands twice.
    """
    if not len(variants):
        raise DeguError("there are no variants", where=where)
    same = np.flatnonzero(variants.reference == variants.alternative)
    if same.size:
        raise DeguError(
            f"{same.size:,} of {len(variants):,} variants have two equal alleles, the first {variants.names[same[0]]}",
            where=where,
            expected="an alternative allele that differs from the reference",
            remedy="take these rows out",
        )
    confidence = np.zeros(0) if variants.confidence is None else variants.confidence
    unknown = np.flatnonzero(~np.isfinite(confidence))
    if unknown.size:
        raise DeguError(
            f"{len(unknown):,} of {len(variants):,} confidences are no numbers, the first that of "
            f"{variants.names[unknown[0]]}",
            where=where,
            expected="a number for each variant, or none for all",
            remedy="take these rows out, or do not name the column",
        )
    wrong = np.flatnonzero(~np.isfinite(variants.effect))
    if wrong.size:
        raise DeguError(
            f"{wrong.size:,} of {len(variants):,} measured effects are no numbers, the first that of "
            f"{variants.names[wrong[0]]}",
            where=where,
            expected="a number for each variant",
            remedy="take these rows out",
        )
    seen: dict[tuple, str] = {}
    for key, name in zip(_identities(variants), variants.names, strict=True):
        if key in seen:
            raise DeguError(
                f"{name} stands twice, the first time as {seen[key]}",
                where=where,
                expected="each variant once",
                remedy="take one of the rows out, or put both measurements into one",
            )
        seen[key] = name


def _identities(variants: VariantSet) -> Iterator[tuple]:
    """Yield what tells variants apart; groups name positions, and equal pairs of sequences may have several names."""
    own = variants.names if variants.are_whole else variants.groups
    return zip(own, variants.reference, variants.alternative, strict=True)


def write_variants(variants: VariantSet, path: str | Path) -> None:
    """Write a set of variants, whole or not at all.

    Raises
    ------
    DeguError
        As `check_variants` raises it.
    """
    check_variants(variants, where=path)
    text = h5py.string_dtype()
    with write_hdf5(path) as file:
        for name, values in vars(variants).items():
            if values is None:
                continue
            if name in (*_TEXTS, *_CONTEXT):
                file.create_dataset(name, data=np.asarray(values, dtype=object), dtype=text, compression="gzip")
            else:
                file.create_dataset(name, data=values)


def read_variants(path: str | Path) -> VariantSet:
    """Read a set of variants.

    Raises
    ------
    DeguError
        If the file is damaged.
    """
    with read_hdf5(path, _FILE) as file:
        texts = {name: file[name].asstr()[:] for name in (*_TEXTS, *(key for key in _CONTEXT if key in file))}
        numbers = {name: file[name][:] for name in ("effect", "confidence", "replicates") if name in file}
        return VariantSet(**texts, **numbers)
