"""The two sequences of a variant, and what a student predicts for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from degu.data.sequences import encode
from degu.errors import DeguError, name_rows
from degu.formats.genome import Genome
from degu.formats.vcf import Variant


@dataclass
class ReferenceCheck:
    """How the reference alleles of variants compare with a genome.

    Attributes
    ----------
    right
        Number of variants whose reference allele stands in the genome.
    wrong
        Records of the others.
    swapped
        Number of those whose alternative allele stands there instead.
    """

    right: int = 0
    wrong: list[int] = field(default_factory=list)
    swapped: int = 0

    def refuse(self, path: Path, genome: Path) -> None:
        """Raise a DeguError if a reference allele is wrong."""
        if not self.wrong:
            return
        swapped = f", and of {self.swapped:,} of them the alternative allele stands there" if self.swapped else ""
        total = self.right + len(self.wrong)
        raise DeguError(
            f"the reference alleles of {len(self.wrong):,} of {total:,} variants are not what the genome has there"
            f"{swapped}: {name_rows(self.wrong, word='record')}",
            where=path,
            expected=f"variants of the genome {genome}",
            remedy="name the genome that the variants were called on, normalise them (bcftools norm --check-ref), or "
            "leave them out with --mismatches skip; no allele is ever swapped",
        )


def check_references(variants: Iterable[Variant], genome: Genome) -> ReferenceCheck:
    """Compare the reference allele of each variant with the genome.

    Raises
    ------
    DeguError
        If the genome has no such chromosome, or a variant lies beyond its end.
    """
    check = ReferenceCheck()
    for variant in variants:
        if matches(variant, genome):
            check.right += 1
            continue
        check.wrong.append(variant.record)
        end = variant.position + len(variant.alt)
        check.swapped += genome.read(variant.chromosome, variant.position, end).upper() == variant.alt
    return check


def matches(variant: Variant, genome: Genome) -> bool:
    """Return whether the reference allele of a variant is what the genome has at its position."""
    length = genome.length_of(variant.chromosome)
    end = variant.position + len(variant.ref)
    if end > length:
        raise DeguError(
            f"record {variant.record} lies at {variant.position + 1:,}, and '{variant.chromosome}' has {length:,} bases",
            where=genome.path,
            expected="the genome that the variants were called on",
        )
    return genome.read(variant.chromosome, variant.position, end).upper() == variant.ref


def allele_windows(variant: Variant, genome: Genome, length: int, shifts: Sequence[int] = (0,)) -> np.ndarray:
    """Return windows of a genome with the reference and with the alternative allele.

    The first base of the variant stands in the middle of the window, or `shift` bases right of it. All bases left of it
    are the same in both; an insertion pushes bases out at the right end, and a deletion brings some in.

    Parameters
    ----------
    variant, genome
        The variant, and the genome that it is of.
    length
        Number of bases of a window.
    shifts
        A pair of windows is made for each of them.

    Returns
    -------
    uint8 array of shape (2, number of shifts, length); beyond the ends of a chromosome there is N
    """
    pairs = []
    for shift in shifts:
        before = min(max((length - 1) // 2 + shift, 0), length - 1)
        start = variant.position - before
        left = genome.read(variant.chromosome, start, variant.position)
        pair = []
        for allele in (variant.ref, variant.alt):
            after = variant.position + len(variant.ref)
            missing = max(length - before - len(allele), 0)
            right = genome.read(variant.chromosome, after, after + missing)
            pair.append(f"{left}{allele}{right}"[:length])
        pairs.append(encode(pair))
    return np.stack(pairs, axis=1)
