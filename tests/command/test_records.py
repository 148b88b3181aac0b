"""Sequences of FASTA, BED and tables."""

import gzip
import os

import numpy as np
import pandas as pd
import pytest

from degu.command.records import Sequences, bases_about_regions
from degu.data.sequences import decode
from degu.errors import DeguError
from degu.formats.genome import Genome
from degu.package.folder import ModelFolder
from tests.command import profile_models

CHROMOSOME = "".join(np.random.default_rng(1).choice(list("ACGT"), 200))


def found(*arguments, **options):
    return [
        (record.name, decode(record.tokens[None])[0], record.chromosome, record.start, record.strand)
        for record in Sequences(*arguments, **options)
    ]


@pytest.fixture
def genome(tmp_path):
    (tmp_path / "genome.fa").write_text(f">chrI\n{CHROMOSOME.lower()}\n")
    with Genome(tmp_path / "genome.fa") as opened:
        yield opened


def test_fasta_gives_names_and_bases_in_upper_case(tmp_path):
    with gzip.open(tmp_path / "a.fa.gz", "wt") as file:
        file.write(">one two\nACgt\nNN\n>b\nTT\n")
    assert found(tmp_path / "a.fa.gz") == [("one", "ACGTNN", "one", 0, "+"), ("b", "TT", "b", 0, "+")]


def test_regions_are_read_off_the_genome_on_their_strand(tmp_path, genome):
    (tmp_path / "a.bed").write_text("chrI\t10\t30\tx\t0\t-\nchrI\t50\t60\n")
    turned = "".join("TGCA"["ACGT".index(base)] for base in reversed(CHROMOSOME[10:30]))
    assert found(tmp_path / "a.bed", genome=genome) == [
        ("x", turned, "chrI", 10, "-"),
        ("chrI:50-60", CHROMOSOME[50:60], "chrI", 50, "+"),
    ]


def test_letters_of_a_genome_that_stand_for_several_bases_are_not_known(tmp_path):
    (tmp_path / "genome.fa").write_text(">chrI\nACGRtyNACGT\n")
    (tmp_path / "a.bed").write_text("chrI\t0\t11\n")
    with Genome(tmp_path / "genome.fa") as genome:
        assert [one[1] for one in found(tmp_path / "a.bed", genome=genome)] == ["ACGNTNNACGT"]


def test_a_table_gives_the_columns_that_are_named(tmp_path):
    frame = pd.DataFrame({"id": ["a", "b"], "bases": ["ACGT", " ggn"]})
    frame.to_csv(tmp_path / "a.tsv", sep="\t", index=False)
    assert found(tmp_path / "a.tsv", column="bases", name="id") == [
        ("a", "ACGT", "a", 0, "+"),
        ("b", "GGN", "b", 0, "+"),
    ]
    assert [record[0] for record in found(tmp_path / "a.tsv", column="bases")] == ["row2", "row3"]


def test_sequences_can_be_gone_through_again(tmp_path):
    (tmp_path / "a.fa").write_text(">a\nACGT\n")
    sequences = Sequences(tmp_path / "a.fa")
    assert [record.name for record in sequences] == [record.name for record in sequences] == ["a"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.fa", ">a\nACGU\n", "line 1"),
        ("a.fa", "", "no sequences"),
        ("a.tsv", "sequence\nACGT\nAXGT\n", "line 3"),
        ("a.tsv", "sequence\tn\nACGT\t1\n\t2\n", "row 3 has no sequence"),
        ("a.tsv", "bases\nACGT\n", "sequence"),
        ("a.tsv", "bases\nACGT\n", r"known: bases\n  remedy:   name the column of the sequences with --column"),
        # A header further down is better known than another name.
        ("a.tsv", "# by hand\nsequence\ty\nACGT\t1\n", r"the header belongs in line 1: delete all lines above line 2"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, name, content, told):
    (tmp_path / name).write_text(content)
    with pytest.raises(DeguError, match=told):
        found(tmp_path / name)


def test_files_and_genomes_that_do_not_fit_are_refused(tmp_path, genome):
    with pytest.raises(DeguError, match="there is no such file"):
        Sequences(tmp_path / "nowhere.fa")
    (tmp_path / "a.fa").write_text(">a\nACGT\n")
    with pytest.raises(DeguError, match="need no genome"):
        Sequences(tmp_path / "a.fa", genome=genome)
    (tmp_path / "a.bed").write_text("chrII\t0\t10\n")
    with pytest.raises(DeguError, match="give the genome with --genome"):
        Sequences(tmp_path / "a.bed")
    with pytest.raises(DeguError, match=r"line 1: .*no chromosome 'chrII'"):
        found(tmp_path / "a.bed", genome=genome)


def test_a_pipe_is_refused(tmp_path):
    os.mkfifo(tmp_path / "a.fa")
    with pytest.raises(DeguError, match=r"a\.fa: the sequences come from a pipe"):
        Sequences(tmp_path / "a.fa")


def test_windows_stand_about_the_summits_or_the_middles_of_regions(tmp_path, genome):
    lines = ["chrI\t10\t30\tx\t0\t-\t1.5\t2\t3\t4", "chrI\t50\t61\ty\t0\t.\t1\t2\t3\t-1"]
    (tmp_path / "a.narrowPeak").write_text("\n".join(lines) + "\n")
    turned = "".join("TGCA"["ACGT".index(base)] for base in reversed(CHROMOSOME[11:18]))
    expected = [("x", turned, "chrI", 11, "-"), ("y", CHROMOSOME[52:59], "chrI", 52, "+")]
    assert found(tmp_path / "a.narrowPeak", genome=genome, around=7) == expected


@pytest.mark.parametrize(("region", "centre"), [("chrI\t0\t7", 3), ("chrI\t194\t200", 197)])
def test_windows_beyond_the_ends_of_a_chromosome_are_refused(tmp_path, genome, region, centre):
    (tmp_path / "a.bed").write_text(f"chrI\t50\t60\n{region}\n")
    with pytest.raises(
        DeguError, match=rf"a\.bed: line 2: the window of 8 bases about {centre} reaches beyond the ends"
    ):
        found(tmp_path / "a.bed", genome=genome, around=8)


def test_all_windows_beyond_the_ends_are_named_at_once(tmp_path, genome):
    lines = ["chrI\t0\t7", "chrI\t50\t60", "chrI\t194\t200", "unknown\t0\t7", "chrI\t0\t6"]
    (tmp_path / "a.bed").write_text("\n".join(lines) + "\n")
    with pytest.raises(DeguError, match=r"line 1: the window(?s:.*), and so do those of lines 3, 5\n(?s:.*)take these"):
        found(tmp_path / "a.bed", genome=genome, around=8)


def test_only_students_of_profiles_take_windows_about_regions_and_only_without_a_stride(model, profiles_path):
    profiles = ModelFolder(profiles_path)
    assert bases_about_regions(profiles) == profile_models.LENGTH
    assert bases_about_regions(profiles, 10) == bases_about_regions(model) == bases_about_regions(model, 10) == 0
