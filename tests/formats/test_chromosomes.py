"""Chromosomes of a file and of a genome."""

import pytest

from degu.errors import DeguError
from degu.formats.chromosomes import check_in_common, check_lengths


def test_one_chromosome_in_common_is_enough():
    check_in_common(["chrM", "chr1"], ["chr1", "chr2"], where="a.bw", genome_file="genome.fa")


@pytest.mark.parametrize("names", [["1", "2"], ["chr1", "chr2"]])
def test_names_with_and_without_chr_are_the_usual_mistake(names):
    genome = [f"chr{name}" if name.isdecimal() else name.removeprefix("chr") for name in names]
    with pytest.raises(DeguError) as caught:
        check_in_common(names, genome, where="a.bw", genome_file="genome.fa")
    message = str(caught.value)
    assert message.startswith(f"a.bw: no chromosome is one of the genome genome.fa: {', '.join(names)}\n")
    assert f"expected: chromosomes of the genome: {', '.join(genome)}\n" in message
    assert "names with and without `chr` are mixed" in message


def test_of_many_names_some_are_listed():
    with pytest.raises(DeguError) as caught:
        check_in_common([f"contig{i}" for i in range(40)], [], where="a.bw", genome_file="genome.fa")
    message = str(caught.value)
    assert "contig0, contig1, contig2, contig3, contig4 and 35 more\n" in message
    assert "chromosomes of the genome: none\n" in message
    assert "take the genome that the file was made with" in message


def test_another_length_is_another_build():
    check_lengths({"chr1": 10, "chrM": 5}, {"chr1": 10, "chr2": 5}, where="a.bw", genome_file="genome.fa")
    with pytest.raises(DeguError, match=r"a\.bw: 'chr1' has 1,000 bases here, and 1,001 in the genome genome\.fa"):
        check_lengths({"chr1": 1000}, {"chr1": 1001}, where="a.bw", genome_file="genome.fa")
