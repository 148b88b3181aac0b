"""What the command says of variants that a genome has not."""

import numpy as np
import pytest

from degu.command.alleles import Findings, refuse_mismatches, refuse_place
from degu.errors import DeguError
from degu.formats.genome import Genome
from degu.formats.vcf import Variant
from degu.variants.alleles import Finding, look_up

BASES = "".join(np.random.default_rng(3).choice(list("ACGT"), 300))


@pytest.fixture(scope="module")
def genome(tmp_path_factory):
    path = tmp_path_factory.mktemp("genome") / "genome.fa"
    path.write_text(f">chrI\n{BASES}\n>chrII\nACGT\n")
    with Genome(path) as opened:
        yield opened


def variant(position, ref, alt, chromosome="chrI", line=1):
    return Variant(line, 0, chromosome, position, "v", ref, alt)


def other(base: str) -> str:
    return "CGTA"["ACGT".index(base)]


def test_wrong_references_are_counted_and_named(genome):
    findings = Findings()
    variants = [variant(position, other(BASES[position]), "A" * 9, line=position) for position in range(8)]
    swapped = variant(30, other(BASES[30]), BASES[30], line=90)
    right = variant(40, BASES[40], "ACGT", line=95)
    for one in (*variants, swapped, right):
        findings.add(one, look_up(one, genome))
    assert findings.counts == {Finding.OTHER: 8, Finding.ALTERNATIVE: 1, Finding.REFERENCE: 1}
    with pytest.raises(DeguError) as error:
        refuse_mismatches(findings, "a.vcf", genome)
    for told in (
        "a.vcf: 8 of 10 alleles: the genome has other bases than the reference allele (lines 0, 1, 2, 3, 4 and 3 more)",
        "1 of 10 alleles: the genome has the alternative allele instead of the reference allele (line 90)",
        "no allele is ever swapped",
    ):
        assert told in str(error.value)


def test_right_references_are_not_refused(genome):
    findings = Findings()
    findings.add(variant(40, BASES[40], "A"), Finding.REFERENCE)
    findings.add(variant(400, "A", "A"), Finding.BEYOND)
    refuse_mismatches(findings, "a.vcf", genome)


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (variant(3, "A", "C", "I", line=7), ["line 7", "no chromosome 'I'", "calls it 'chrI'", "--rename-chrs"]),
        (variant(3, "A", "C", "scaffold", line=7), ["line 7", "no chromosome 'scaffold'", "known: chrI, chrII"]),
        (variant(299, "AC", "A", line=7), ["line 7 lies at 300, and 'chrI' has 300 bases", "--mismatches skip"]),
        (variant(-1, "A", "C", line=7), ["line 7 lies at 0", "counted from 1"]),
    ],
)
def test_a_variant_beyond_a_genome_is_refused(genome, one, told):
    with pytest.raises(DeguError, match=r"^a\.vcf") as error:
        refuse_place(one, look_up(one, genome), "a.vcf", genome)
    assert all(part in str(error.value) for part in told)


def test_a_variant_within_a_genome_is_not_refused(genome):
    one = variant(3, "A", "C")
    for finding in (Finding.REFERENCE, Finding.OTHER, Finding.ALTERNATIVE):
        refuse_place(one, finding, "a.vcf", genome)
