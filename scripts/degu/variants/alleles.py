"""The two alleles of a variant: whether the reference allele stands in a genome, and windows with either of them."""

from collections.abc import Sequence
from enum import Enum

from degu.formats.genome import SEVERAL, Genome
from degu.formats.vcf import Variant
from degu.variants.windows import columns_of, edited

# Letters of a genome that stand for several bases. VCF writes the first of these bases where one of them is the
# reference allele.
_TO_FIRST = str.maketrans(SEVERAL, "ACCAGACAAA")


class Finding(Enum):
    """What is at the position of a variant in a genome; the value is what a message says of such variants."""

    REFERENCE = "the genome has the reference allele"
    OTHER = "the genome has other bases than the reference allele"
    ALTERNATIVE = "the genome has the alternative allele instead of the reference allele"
    BEYOND = "they lie beyond the ends of their chromosome"
    ABSENT = "the genome has no such chromosome"


# Other findings can only be another genome, or a damaged file.
MISMATCHES = (Finding.OTHER, Finding.ALTERNATIVE)


def look_up(variant: Variant, genome: Genome) -> Finding:
    """Return what a genome has at the position of a variant."""
    if variant.chromosome not in genome.lengths:
        return Finding.ABSENT
    end = variant.position + len(variant.ref)
    if variant.position < 0 or end > genome.lengths[variant.chromosome]:
        return Finding.BEYOND
    if _has(genome, variant, variant.ref):
        return Finding.REFERENCE
    # A genome that has a longer allele always has its beginning, too, so that only alleles of one length can be told.
    swapped = len(variant.alt) == len(variant.ref) and _has(genome, variant, variant.alt)
    return Finding.ALTERNATIVE if swapped else Finding.OTHER


def _has(genome: Genome, variant: Variant, allele: str) -> bool:
    there = genome.read(variant.chromosome, variant.position, variant.position + len(allele)).upper()
    return allele in (there, there.translate(_TO_FIRST))


def allele_windows(variant: Variant, genome: Genome, length: int, shifts: Sequence[int] = (0,)) -> list[list[str]]:
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
    For the reference and for the alternative allele, the windows by shift; beyond the ends of a chromosome there is N
    """
    after = variant.position + len(variant.ref)
    left = genome.known_bases(variant.chromosome, variant.position - max(columns_of(length, shifts)), variant.position)
    right = genome.known_bases(variant.chromosome, after, after + length)
    return [edited(left, allele, right, length, shifts) for allele in (variant.ref, variant.alt)]
