"""Genomes, against slices of strings."""

import gzip
import os

import numpy as np
import pysam
import pytest

from degu.errors import DeguError
from degu.formats.genome import Genome

RNG = np.random.default_rng(1)
CHROMOSOMES = {name: "".join(RNG.choice(list("ACGTacgtN"), size)) for name, size in (("chrI", 205), ("chrII", 61))}
TEXT = "".join(
    f">{name} a chromosome\n" + "".join(f"{bases[i : i + 50]}\n" for i in range(0, len(bases), 50))
    for name, bases in CHROMOSOMES.items()
)


def plain(folder):
    (folder / "genome.fa").write_text(TEXT)
    return folder / "genome.fa"


def gzipped(folder):
    with gzip.open(folder / "genome.fa.gz", "wt") as file:
        file.write(TEXT)
    return folder / "genome.fa.gz"


def bgzipped(folder):
    pysam.tabix_compress(str(plain(folder)), str(folder / "blocks.fa.gz"))
    return folder / "blocks.fa.gz"


def indexed(folder):
    path = plain(folder)
    pysam.faidx(str(path))
    return path


@pytest.mark.parametrize("write", [plain, gzipped, bgzipped, indexed])
def test_pieces_are_slices_in_every_format(tmp_path, write):
    path = write(tmp_path)
    before = sorted(tmp_path.iterdir())
    with Genome(path) as genome:
        assert genome.lengths == {name: len(bases) for name, bases in CHROMOSOMES.items()}
        for name, bases in CHROMOSOMES.items():
            for start, end in [(0, 10), (45, 60), (0, len(bases)), (len(bases) - 3, len(bases)), (7, 7)]:
                assert genome.read(name, start, end) == bases[start:end]
    # Nothing is left beside a genome, whose folder may not be writable.
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(("start", "end"), [(-5, 10), (55, 70), (-3, 70), (61, 66), (-9, -2), (100, 104)])
def test_there_is_n_beyond_the_ends(tmp_path, start, end):
    padded = "N" * 20 + CHROMOSOMES["chrII"] + "N" * 60
    with Genome(plain(tmp_path)) as genome:
        assert genome.read("chrII", start, end) == padded[20 + start : 20 + end]


@pytest.mark.parametrize(
    ("name", "told"), [("I", "which calls it 'chrI'"), ("chrIV", "did you mean 'chrI"), ("x", "known: chrI, chrII")]
)
def test_a_chromosome_of_another_name_is_refused(tmp_path, name, told):
    with Genome(plain(tmp_path)) as genome, pytest.raises(DeguError, match=rf"no chromosome '{name}'(?s:.*){told}"):
        genome.read(name, 0, 5)


@pytest.mark.parametrize("content", ["", "no FASTA\n", ">a\nACGT\nAC\nACGT\n"])
def test_what_is_no_fasta_is_refused(tmp_path, content, capfd):
    (tmp_path / "genome.fa").write_text(content)
    with pytest.raises(DeguError, match=r"genome\.fa: the file cannot be read as FASTA: no index can be made of it\n"):
        Genome(tmp_path / "genome.fa")
    assert capfd.readouterr().err == ""


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DeguError, match="there is no such file"):
        Genome(tmp_path / "genome.fa")


def test_a_genome_that_is_cut_off_is_refused(tmp_path):
    packed = gzip.compress(b">chrI\n" + bytes(np.random.default_rng(1).choice(list(b"ACGT"), 5000)) + b"\n")
    (tmp_path / "a.fa.gz").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(DeguError, match=r"a\.fa\.gz: the file cannot be read as FASTA: .*end-of-stream"):
        Genome(tmp_path / "a.fa.gz")


def test_an_index_of_another_genome_is_not_used(tmp_path):
    path = tmp_path / "genome.fa"
    path.write_text(">chrI\nACGTACGT\nACGTACGT\n>chrII\nGGGGGGGG\n")
    pysam.faidx(str(path))
    path.write_text(">chrI\nACGTACGT\n>chrII\nGGGGGGGG\n")
    os.utime(path, (1, 1))
    with Genome(path) as genome:
        assert genome.read("chrII", 0, 8) == "GGGGGGGG"
