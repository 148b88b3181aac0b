"""`degu variants`, by the command line, against the model itself and edits of strings."""

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from degu.command.main import main
from degu.data.sequences import encode
from degu.package.folder import ModelFolder
from tests.command.models import CONSTRUCT, TARGETS, write_model

BASES = "".join(np.random.default_rng(3).choice(list("ACGT"), 300))
HEADER = "##fileformat=VCFv4.2\n##contig=<ID=chrI>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
OTHER = dict(zip("ACGT", "CGTA", strict=True))
# Position from 0 on, reference allele and alternatives.
LINES = [
    (50, BASES[50], [OTHER[BASES[50]]]),
    (80, BASES[80:83], [BASES[80], f"{BASES[80:83]}GATTACA"]),
    (120, BASES[120], ["<DEL>", "*", OTHER[OTHER[BASES[120]]]]),
]
ALLELES = [(at, ref, alt) for at, ref, alts in LINES for alt in alts if alt.isalpha()]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_model(tmp_path_factory.mktemp("model") / "student")


@pytest.fixture(autouse=True)
def one_process(monkeypatch):
    monkeypatch.setattr("degu.command.main._prepare", lambda threads: None)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "genome.fa").write_text(f">chrI\n{BASES}\n")
    write_vcf(tmp_path / "a.vcf", LINES)
    return tmp_path


def write_vcf(path, lines):
    rows = (f"chrI\t{at + 1}\t.\t{ref}\t{','.join(alts)}\t.\t.\t.\n" for at, ref, alts in lines)
    path.write_text(HEADER + "".join(rows))


def run(*arguments: object, fails: bool = False) -> str:
    done = CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)
    assert (done.exit_code != 0) is fails, done.output
    return done.output


def predicted(model, inserts, left=CONSTRUCT.left, right=CONSTRUCT.right):
    return ModelFolder(model).predict(encode([f"{left}{insert}{right}" for insert in inserts]))["mean"]


def windows(length, shift=0):
    """Return the windows of both alleles by edits of the chromosome."""
    pairs = []
    for at, ref, alt in ALLELES:
        start = at - ((length - 1) // 2 + shift)
        edited = BASES[:at] + alt + BASES[at + len(ref) :]
        pairs.append((BASES[start : start + length], edited[start : start + length]))
    return pairs


def read(path):
    return pd.read_csv(path, sep="\t", skiprows=1, keep_default_na=False)


def test_effects_are_differences_of_predictions(files, model):
    told = run("variants", model, files / "a.vcf", "--genome", files / "genome.fa", "-o", files / "out.tsv")
    assert "4 alleles" in told
    table = read(files / "out.tsv")
    reference, alternative = (predicted(model, alleles) for alleles in zip(*windows(20), strict=True))
    assert table["target"].tolist() == TARGETS * 4
    assert table[["position", "ref", "alt"]].drop_duplicates().to_numpy().tolist() == [
        [a + 1, r, b] for a, r, b in ALLELES
    ]
    np.testing.assert_allclose(table["reference"], reference.reshape(-1), rtol=1e-4)
    np.testing.assert_allclose(table["alternative"], alternative.reshape(-1), rtol=1e-4)
    np.testing.assert_allclose(table["effect"], (alternative - reference).reshape(-1), rtol=1e-3, atol=1e-5)
    quantiles = ModelFolder(model).background.quantile_of_effect(alternative - reference)
    np.testing.assert_allclose(table["quantile"], quantiles.reshape(-1), atol=1e-3)


def test_shifted_windows_and_both_strands_are_averaged(files, model):
    options = ("--shifts", 1, "--shift-by", 4, "--both-strands")
    run("variants", model, files / "a.vcf", "--genome", files / "genome.fa", "-o", files / "out.tsv", *options)
    expected = []
    for shift in (-4, 0, 4):
        for turn in (False, True):
            pairs = windows(20, shift)
            if turn:
                pairs = [
                    tuple("".join("TGCA"["ACGT".index(b)] for b in reversed(text)) for text in pair) for pair in pairs
                ]
            reference, alternative = (predicted(model, alleles) for alleles in zip(*pairs, strict=True))
            expected.append(alternative - reference)
    effect = read(files / "out.tsv")["effect"]
    np.testing.assert_allclose(effect, np.mean(expected, axis=0).reshape(-1), rtol=1e-3, atol=1e-5)


def test_native_flanks_are_those_of_the_genome(files, model):
    run("variants", model, files / "a.vcf", "--genome", files / "genome.fa", "-o", files / "out.tsv", "--native-flanks")
    reference, alternative = (predicted(model, texts, "", "") for texts in zip(*windows(24), strict=True))
    effect = read(files / "out.tsv")["effect"]
    np.testing.assert_allclose(effect, (alternative - reference).reshape(-1), rtol=1e-3, atol=1e-5)


def test_wrong_references_are_refused_or_left_out_and_never_swapped(files, model):
    wrong = [(60, OTHER[BASES[60]], [BASES[60]])]
    write_vcf(files / "b.vcf", [*LINES, *wrong])
    arguments = ("variants", model, files / "b.vcf", "--genome", files / "genome.fa", "-o", files / "out.tsv")
    told = run(*arguments, fails=True)
    assert "1 of 5 variants are not what the genome has there, and of 1 of them the alternative" in told
    assert "record 4" in told
    assert not (files / "out.tsv").exists()
    assert "4 alleles" in run(*arguments, "--mismatches", "skip")
    assert len(read(files / "out.tsv")) == 2 * 4


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("chrI\t5\t.\tA\tC\t.\t.\t.\n", "not a readable VCF file"),
        (HEADER, "the file has no variants"),
        (f"{HEADER}chrI\tfive\t.\tA\tC\t.\t.\t.\n", "record 1 cannot be read"),
        (f"{HEADER}chr1\t5\t.\tA\tC\t.\t.\t.\n", "no chromosome 'chr1'"),
        (f"{HEADER}chrI\t400\t.\tA\tC\t.\t.\t.\n", "record 1 lies at 400, and 'chrI' has 300 bases"),
    ],
)
def test_what_is_no_variant_is_told_and_nothing_is_written(files, model, content, told):
    (files / "b.vcf").write_text(content)
    output = run(
        "variants", model, files / "b.vcf", "--genome", files / "genome.fa", "-o", files / "out.tsv", fails=True
    )
    assert told in output
    assert "Traceback" not in output
    assert not (files / "out.tsv").exists()
