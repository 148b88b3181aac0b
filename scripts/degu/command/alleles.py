"""What the command says of variants whose reference allele is not what a genome has."""

from collections import Counter
from dataclasses import dataclass, field

from degu.errors import DeguError
from degu.formats.genome import Genome
from degu.formats.vcf import Variant
from degu.variants.alleles import MISMATCHES, Finding

# A message names this many lines.
_MOST_NAMED = 5


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
