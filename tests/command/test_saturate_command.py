"""`degu saturate`, as a person gives it."""

import json

import numpy as np
import pandas as pd
import pytest

from tests.command.edits import BASES
from tests.command.models import TARGETS
from tests.command.runs import refused, run


@pytest.fixture
def files(tmp_path):
    (tmp_path / "genome.fa").write_text(f">chrI\n{BASES}\n")
    (tmp_path / "a.fa").write_text(f">one\n{BASES[100:120]}\n")
    return tmp_path


def table_of(path):
    with path.open() as file:
        origin = json.loads(file.readline().removeprefix("# "))
    return pd.read_csv(path, sep="\t", skiprows=1, keep_default_na=False), origin


def test_a_region_and_its_sequence_are_the_same(files, model_path, model):
    genome = ("--genome", files / "genome.fa")
    told = run("saturate", model_path, "chrI:101-120", *genome, "-o", files / "region.tsv", "--level", 0.8)
    assert "region.tsv: 20 bases, by the model" in told
    run("saturate", model_path, files / "a.fa", "-o", files / "fasta.parquet", "--level", 0.8)
    table, origin = table_of(files / "region.tsv")
    other = pd.read_parquet(files / "fasta.parquet")
    assert (table["position"] - 100).tolist() == other["position"].tolist()
    assert table["target"].tolist() == TARGETS * 60
    for name in ("effect", "effect_std", "effect_lower", "quantile"):
        np.testing.assert_allclose(table[name], other[name], rtol=1e-4, atol=1e-6)
    assert {"level": 0.8, "both_strands": False, "centred": False, "model": model.digest}.items() <= origin.items()


def test_centred_substitutions_are_variants(files, model_path):
    """A region that is centred says the same as a VCF file of its substitutions."""
    genome = ("--genome", files / "genome.fa", "--both-strands")
    run("saturate", model_path, "chrI:41-43", *genome, "--centred", "-o", files / "region.tsv")
    rows = [
        f"chrI\t{place + 1}\t.\t{BASES[place]}\t{alt}\t.\t.\t."
        for place in (40, 41, 42)
        for alt in "ACGT"
        if alt != BASES[place]
    ]
    header = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    (files / "a.vcf").write_text(header + "\n".join(rows) + "\n")
    run("variants", model_path, files / "a.vcf", *genome, "-o", files / "variants.tsv")
    one, other = (table_of(files / name)[0].drop(columns="name") for name in ("region.tsv", "variants.tsv"))
    pd.testing.assert_frame_equal(one, other, rtol=1e-3, atol=1e-6)
    run("saturate", model_path, "chrI:41-43", *genome, "-o", files / "fixed.tsv")
    assert not np.allclose(table_of(files / "fixed.tsv")[0]["effect"], one["effect"], rtol=1e-3)


@pytest.mark.parametrize(("name", "magic"), [("a.png", b"\x89PNG"), ("a.pdf", b"%PDF"), ("a.svg", b"<?xml")])
def test_a_figure_stands_beside_the_table(files, model_path, name, magic):
    run("saturate", model_path, files / "a.fa", "-o", files / "a.tsv", "--figure", files / name)
    assert (files / name).read_bytes().startswith(magic)


def test_a_student_without_the_head_says_so(files, plain_path, caplog):
    run("saturate", plain_path, files / "a.fa", "-o", files / "a.csv", "--figure", files / "a.png")
    assert "no head for the uncertainty of a difference" in caplog.text
    assert "effect_std" not in pd.read_csv(files / "a.csv", skiprows=1)


def test_the_screen_gets_the_table(files, model_path):
    text = run("saturate", model_path, files / "a.fa", "-o", "-")
    run("saturate", model_path, files / "a.fa", "-o", files / "a.tsv")
    assert text[text.index("name\tchromosome") :] == (files / "a.tsv").read_text().partition("\n")[2]


@pytest.mark.parametrize(
    ("given", "options", "told"),
    [
        ("chrI:101-120", (), "give the genome with --genome"),
        ("chrI:101-120", ("--genome", "no.fa"), "no.fa: there is no such file"),
        ("chrI:120-101", ("--genome", "genome.fa"), "the region ends before it begins"),
        ("chrI:101-301", ("--genome", "genome.fa"), "ends beyond 'chrI', which has 300 bases"),
        ("chrI:0-20", ("--genome", "genome.fa"), "begins at 0"),
        ("I:1-20", ("--genome", "genome.fa"), "which calls it 'chrI'"),
        ("chrI:1:20", ("--genome", "genome.fa"), "neither a file nor a region"),
        ("b.fa", (), "b.fa: there is no such file"),
        ("a.fa", ("--genome", "genome.fa"), "take --genome out"),
        ("a.fa", ("--centred",), "take --centred out"),
        ("short.fa", (), "'short': the sequence has 19 bases"),
        ("odd.fa", (), "line 1"),
        ("image.fa", (), "holds bytes of zero"),
        ("two.fa", ("--figure", "a.png"), "there are 2 sequences"),
        ("a.fa", ("--figure", "a.jpg"), "no format of a figure"),
        ("a.fa", ("-o", "a.vcf"), "tells no format"),
        ("a.fa", ("-o", "a.fa"), "would be overwritten"),
        ("a.fa", ("--figure", "a.fa"), "would be overwritten"),
        ("a.fa", ("--level", 1), "not in the range"),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(files, model_path, given, options, told, monkeypatch):
    monkeypatch.chdir(files)
    (files / "short.fa").write_text(f">short\n{BASES[:19]}\n")
    (files / "odd.fa").write_text(f">odd\n{BASES[:19]}X\n")
    (files / "image.fa").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    (files / "two.fa").write_text(f">one\n{BASES[:20]}\n>two\n{BASES[:20]}\n")
    before = {path.name: path.read_bytes() for path in files.iterdir()}
    assert told in refused("saturate", model_path, given, "-o", "out.tsv", *options)
    assert {path.name: path.read_bytes() for path in files.iterdir()} == before


def test_a_folder_that_is_no_model_is_told(files):
    assert "this is not the folder of a student" in refused("saturate", files, files / "a.fa", "-o", files / "a.tsv")
