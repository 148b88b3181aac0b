"""Variants looked up in a genome, and windows with their alleles, against edits of strings."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from degu.formats.genome import Genome
from degu.formats.vcf import Variant
from degu.variants.alleles import Finding, allele_windows, look_up
from tests.drawing import same_each_time

BASES = "".join(np.random.default_rng(3).choice(list("ACGT"), 300))
AMBIGUOUS = "acgtRYSWKMBDHVNryN"
PADDING = 500


@pytest.fixture(scope="module")
def genome(tmp_path_factory):
    path = tmp_path_factory.mktemp("genome") / "genome.fa"
    path.write_text(f">chrI\n{BASES}\n>chrII\n{AMBIGUOUS}\n")
    with Genome(path) as opened:
        yield opened


def variant(position, ref, alt, chromosome="chrI", line=1):
    return Variant(line, 0, chromosome, position, "v", ref, alt)


@same_each_time
@given(
    position=st.integers(0, 299),
    size=st.integers(1, 60),
    alt=st.text("ACGTN", min_size=1, max_size=60),
    length=st.integers(1, 50),
    shifts=st.lists(st.integers(-80, 80), min_size=1, max_size=4),
)
def test_windows_are_those_of_the_edited_chromosome(genome, position, size, alt, length, shifts):
    ref = BASES[position : position + size]
    padded = "N" * PADDING + BASES + "N" * PADDING
    at = PADDING + position
    edited = padded[:at] + alt + padded[at + len(ref) :]
    found = allele_windows(variant(position, ref, alt), genome, length, shifts)
    for windows, whole in zip(found, (padded, edited), strict=True):
        expected = []
        for shift in shifts:
            # The variant stands in the middle or `shift` bases right of it, but within the window.
            start = at - min(max((length - 1) // 2 + shift, 0), length - 1)
            expected.append(whole[start : start + length])
        assert windows == expected


@pytest.mark.parametrize(
    ("position", "ref", "alt", "expected"),
    [
        (0, BASES[0], "G", ["NNNNNNNNN" + BASES[:11], "NNNNNNNNNG" + BASES[1:11]]),
        (298, BASES[298:], "G", [BASES[289:] + "N" * 9, BASES[289:298] + "G" + "N" * 10]),
        # No more than its first bases are seen of an allele that is longer than the window.
        (50, BASES[50:90], BASES[50], [BASES[41:61], BASES[41:51] + BASES[90:100]]),
    ],
)
def test_the_ends_of_a_chromosome_and_long_alleles(genome, position, ref, alt, expected):
    windows = allele_windows(variant(position, ref, alt), genome, 20)
    assert [own for (own,) in windows] == expected


def test_other_letters_of_a_genome_are_unknown_bases(genome):
    assert genome.known_bases("chrII", -1, 19) == "NacgtNNNNNNNNNNNNNNN"
    assert allele_windows(variant(3, "T", "A", "chrII"), genome, 6) == [["cgTNNN"], ["cgANNN"]]


@pytest.mark.parametrize(
    ("position", "ref", "alt", "chromosome", "expected"),
    [
        (10, BASES[10:12], "A", "chrI", Finding.REFERENCE),
        (10, BASES[10], f"{BASES[10]}GG", "chrI", Finding.REFERENCE),
        (299, BASES[299], "A", "chrI", Finding.REFERENCE),
        (299, BASES[299] + "A", "A", "chrI", Finding.BEYOND),
        (-1, "N", "A", "chrI", Finding.BEYOND),
        (1000, "A", "C", "chrI", Finding.BEYOND),
        (10, BASES[10], "A", "I", Finding.ABSENT),
        (0, "A", "C", "chrII", Finding.REFERENCE),
        # VCF writes the first base of those that a letter stands for, or the letter is no base of the file.
        (4, "A", "G", "chrII", Finding.REFERENCE),
        (5, "C", "G", "chrII", Finding.REFERENCE),
        (5, "T", "G", "chrII", Finding.OTHER),
        (14, "N", "G", "chrII", Finding.REFERENCE),
        (14, "A", "G", "chrII", Finding.OTHER),
        (1, "A", "C", "chrII", Finding.ALTERNATIVE),
        # That the genome has the first base of a wrong deletion does not mean that the alleles are swapped.
        (10, f"{BASES[10]}{'CGTA'['ACGT'.index(BASES[11])]}", BASES[10], "chrI", Finding.OTHER),
    ],
)
def test_what_a_genome_has_at_a_variant(genome, position, ref, alt, chromosome, expected):
    assert look_up(variant(position, ref, alt, chromosome), genome) is expected


# By the nomenclature of IUPAC.
@pytest.mark.parametrize("letter", ["R AG", "Y CT", "S CG", "W AT", "K GT", "M AC", "B CGT", "D AGT", "H ACT", "V ACG"])
def test_a_letter_of_several_bases_stands_for_the_first_of_them(genome, letter):
    code, bases = letter.split()
    position = AMBIGUOUS.index(code)
    found = {base: look_up(variant(position, base, f"{base}A", "chrII"), genome) for base in "ACGT"}
    assert found == {base: Finding.REFERENCE if base == min(bases) else Finding.OTHER for base in "ACGT"}
