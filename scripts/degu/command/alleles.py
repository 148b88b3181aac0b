"""The two sequences of a variant: whether its reference allele stands in a genome, and windows with either allele."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from degu.errors import DeguError
from degu.formats.genome import SEVERAL, Genome
from degu.formats.vcf import Variant

# Letters of a genome that stand for several bases. VCF writes the first of these bases where one of them is the
# reference allele.
_TO_FIRST = str.maketrans(SEVERAL, "ACCAGACAAA")
# A message names this many lines.
_MOST_NAMED = 5


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


@dataclass
class Findings:
    """What was found for the variants of a file.

    Attributes
    ----------
    counts
        Number of variants by finding.
    lines
        The lines of the first variants of each finding.
    """

    counts: Counter[Finding] = field(default_factory=Counter)
    lines: dict[Finding, list[int]] = field(default_factory=dict)

    def add(self, variant: Variant, finding: Finding) -> None:
        """Count a variant."""
        self.counts[finding] += 1
        named = self.lines.setdefault(finding, [])
        if len(named) < _MOST_NAMED:
            named.append(variant.line)

    def told(self, finding: Finding) -> str:
        """Return what a message says of the variants of a finding, as in `2 of 5 alleles: ... (lines 3, 8)`."""
        number, named = self.counts[finding], self.lines[finding]
        more = f" and {number - len(named):,} more" if number > len(named) else ""
        lines = f"line{'s' * (number > 1)} {', '.join(map(str, named))}{more}"
        return f"{number:,} of {self.counts.total():,} alleles: {finding.value} ({lines})"


def refuse_mismatches(findings: Findings, where: object, genome: Genome) -> None:
    """Raise a DeguError if a reference allele is not what the genome has."""
    wrong = [findings.told(finding) for finding in MISMATCHES if findings.counts[finding]]
    if wrong:
        raise DeguError(
            "; ".join(wrong),
            where=where,
            expected=f"variants of the genome {genome.path}",
            remedy="name the genome that the variants were called on, normalise them (bcftools norm --check-ref), or "
            "leave them out with --mismatches skip; no allele is ever swapped",
        )


def refuse_place(variant: Variant, finding: Finding, where: object, genome: Genome) -> None:
    """Raise a DeguError if a variant lies on a chromosome that the genome has not, or beyond its ends."""
    if finding is Finding.ABSENT:
        try:
            genome.length_of(variant.chromosome)
        except DeguError as error:
            raise DeguError(
                f"line {variant.line}: {error}",
                where=where,
                remedy="name the genome that the variants were called on, rename its chromosomes (bcftools annotate "
                "--rename-chrs), or leave such variants out with --mismatches skip",
            ) from error
    if finding is Finding.BEYOND:
        raise DeguError(
            f"line {variant.line} lies at {variant.position + 1:,}, and '{variant.chromosome}' has "
            f"{genome.lengths[variant.chromosome]:,} bases",
            where=where,
            expected="the genome that the variants were called on, and positions that are counted from 1",
            remedy="name that genome, or leave such variants out with --mismatches skip",
        )


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
    places = [min(max((length - 1) // 2 + shift, 0), length - 1) for shift in shifts]
    after = variant.position + len(variant.ref)
    left = genome.known_bases(variant.chromosome, variant.position - max(places), variant.position)
    right = genome.known_bases(variant.chromosome, after, after + length)
    return [
        [f"{left[len(left) - place :]}{allele}{right}"[:length] for place in places]
        for allele in (variant.ref, variant.alt)
    ]
