"""Windows with the alleles of a variant, against edits of strings."""

import numpy as np
import pytest

from degu.command.alleles import allele_windows, check_references
from degu.data.sequences import decode
from degu.errors import DeguError
from degu.formats.genome import Genome
from degu.formats.vcf import Variant

BASES = "".join(np.random.default_rng(3).choice(list("ACGT"), 300))


@pytest.fixture
def genome(tmp_path):
    (tmp_path / "genome.fa").write_text(f">chrI\n{BASES}\n")
    with Genome(tmp_path / "genome.fa") as opened:
        yield opened


def variant(position, ref, alt, record=1):
    return Variant(record, 0, "chrI", position, "v", ref, alt)


@pytest.mark.parametrize("alt", ["A", "C", "GATTACA", "ACGTACGTACGTACGTACGTACGTACGTACGTACG", ""])
@pytest.mark.parametrize("size", [1, 3, 12])
@pytest.mark.parametrize("length", [20, 21])
@pytest.mark.parametrize("shift", [0, -4, 7, 40, -40])
def test_windows_are_those_of_the_edited_chromosome(genome, alt, size, length, shift):
    position = 150
    ref = BASES[position : position + size]
    edited = BASES[:position] + alt + BASES[position + size :]
    start = position - min(max((length - 1) // 2 + shift, 0), length - 1)
    windows = allele_windows(variant(position, ref, alt), genome, length, [shift])
    assert windows.shape == (2, 1, length)
    assert decode(windows[:, 0]) == [BASES[start : start + length], edited[start : start + length]]


def test_there_is_n_beyond_the_ends(genome):
    near_start = allele_windows(variant(2, BASES[2], "A"), genome, 20)
    assert decode(near_start[:, 0]) == [f"NNNNNNN{BASES[:13]}", f"NNNNNNN{BASES[:2]}A{BASES[3:13]}"]
    near_end = allele_windows(variant(298, BASES[298:], "G"), genome, 20)
    assert decode(near_end[:, 0]) == [f"{BASES[289:]}{'N' * 9}", f"{BASES[289:298]}G{'N' * 10}"]


def test_wrong_references_are_counted_and_those_that_look_swapped(genome, tmp_path):
    others = {base: other for base, other in zip("ACGT", "CGTA", strict=True)}
    right = variant(10, BASES[10:12], BASES[10], record=1)
    wrong = variant(20, others[BASES[20]], others[others[BASES[20]]], record=2)
    swapped = variant(30, others[BASES[30]], BASES[30], record=3)
    check = check_references([right, wrong, swapped], genome)
    assert (check.right, check.wrong, check.swapped) == (1, [2, 3], 1)
    with pytest.raises(DeguError, match=r"2 of 3 variants(?s:.*)of 1 of them(?s:.*)records 2, 3(?s:.*)ever swapped"):
        check.refuse(tmp_path / "a.vcf", genome.path)
    check_references([right], genome).refuse(tmp_path / "a.vcf", genome.path)


def test_a_variant_beyond_the_chromosome_is_told(genome):
    with pytest.raises(DeguError, match="record 1 lies at 300, and 'chrI' has 300 bases"):
        check_references([variant(299, "AC", "A")], genome)
