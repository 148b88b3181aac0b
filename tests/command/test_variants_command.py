"""`degu variants`, as a person gives it."""

import gzip
import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pysam
import pytest

from degu.command.variants import Wishes, effects
from degu.formats.genome import Genome
from degu.formats.vcf import Vcf
from tests.command.edits import BASES, OTHER
from tests.command.models import TARGETS
from tests.command.runs import refused, run
from tests.conftest import REPOSITORY

HEADER = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
ROWS = [
    f"chrI\t151\trs7\t{BASES[150]}\t{OTHER[BASES[150]]}\t30.123456789\tPASS\tAF=0.12345678901",
    f"chrI\t81\t.\t{BASES[80:83]}\t{BASES[80]},<DEL>,{BASES[80:83]}GATTACA\t.\t.\tDB",
    f"chrI\t11\t.\t{BASES[10]}\t*\t.\t.\t.",
    f"chrI\t1\t.\t{BASES[0]}\t{OTHER[BASES[0]]}\t.\t.\t.",
]
COLUMNS = ["reference", "alternative", "effect", "effect_std", "effect_lower", "effect_upper", "quantile"]
KEYS = ["REF", "ALT", "DELTA", "DELTA_SD", "LO", "HI", "Q"]


@pytest.fixture
def files(tmp_path):
    (tmp_path / "genome.fa").write_text(f">chrI\n{BASES}\n")
    (tmp_path / "a.vcf").write_text(HEADER + "\n".join(ROWS) + "\n")
    return tmp_path


def given(files, model_path, *options, output="out.tsv", vcf="a.vcf"):
    return ("variants", model_path, files / vcf, "--genome", files / "genome.fa", "-o", files / output, *options)


def table_of(path):
    with path.open() as file:
        origin = json.loads(file.readline().removeprefix("# "))
    return pd.read_csv(path, sep="\t", skiprows=1, keep_default_na=False), origin


def test_every_option_reaches_the_predictions(files, model, model_path):
    options = ("--level", 0.8, "--shifts", 1, "--shift-by", 4, "--both-strands", "--native-flanks")
    assert "out.tsv: 4 alleles, by the model" in run(*given(files, model_path, *options))
    table, origin = table_of(files / "out.tsv")
    wishes = Wishes(0.8, 1, 4, both_strands=True, native_flanks=True)
    variants = [variant for record in Vcf(files / "a.vcf") for variant in record.variants()]
    with Genome(files / "genome.fa") as genome:
        pairs = effects(model, variants, genome, wishes)
    np.testing.assert_allclose(table["effect"], (pairs.alternative - pairs.reference).ravel(), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(table["effect_std"], pairs.std.ravel(), rtol=1e-4)
    z = 1.2815515655446004  # The 90 % quantile of the normal distribution.
    np.testing.assert_allclose(table["effect_upper"] - table["effect"], z * pairs.std.ravel(), rtol=1e-3)
    assert table["target"].tolist() == TARGETS * 4
    assert table["name"].tolist()[::2] == [variant.name for variant in variants]
    assert table["position"].tolist()[::2] == [151, 81, 81, 1]
    wanted = {"level": 0.8, "shifts": 1, "shift_by": 4, "both_strands": True, "native_flanks": True}
    assert wanted.items() <= origin.items()
    assert origin["model"] == model.digest


def test_all_formats_hold_the_same(files, model_path):
    names = ("out.tsv", "out.csv", "out.tsv.gz", "out.parquet", "out.vcf", "out.vcf.gz")
    for name in names:
        run(*given(files, model_path, output=name))
    table, _ = table_of(files / "out.tsv")
    np.testing.assert_array_equal(pd.read_csv(files / "out.csv", skiprows=1, keep_default_na=False), table)
    with gzip.open(files / "out.tsv.gz", "rt") as file:
        assert file.read().partition("\n")[2] == (files / "out.tsv").read_text().partition("\n")[2]
    parquet = pd.read_parquet(files / "out.parquet")
    assert list(parquet) == list(table)
    np.testing.assert_allclose(parquet[COLUMNS], table[COLUMNS], rtol=1e-5, atol=1e-12)
    assert b'"level": 0.9' in pq.read_schema(files / "out.parquet").metadata[b"degu"]
    by_place = table.set_index(["position", "alt", "target"])
    for name in ("out.vcf", "out.vcf.gz"):
        with pysam.VariantFile(str(files / name)) as file:
            records = list(file)
        assert [record.pos for record in records] == [151, 81, 11, 1]
        for record in records:
            for place, alt in enumerate(record.alts):
                for target in TARGETS:
                    values = [record.info.get(f"DEGU_{key}_{target}", (None,) * 3)[place] for key in KEYS]
                    if alt in ("<DEL>", "*"):
                        assert values == [None] * len(KEYS)
                    else:
                        expected = by_place.loc[(record.pos, alt, target), COLUMNS].astype(float)
                        np.testing.assert_allclose(values, expected, rtol=1e-6)
    assert pysam.VariantFile(str(files / "out.vcf.gz")).compression == "BGZF"


def test_a_copy_keeps_every_record_as_it_was(files, model_path):
    run(*given(files, model_path, output="out.vcf"))
    lines = (files / "out.vcf").read_text().splitlines()
    own = [line for line in lines if not line.startswith(("##INFO=<ID=DEGU_", "##degu="))]
    kept = ["\t".join(line.split("\t")[:7]) for line in own]
    assert kept == ["\t".join(line.split("\t")[:7]) for line in (HEADER + "\n".join(ROWS)).splitlines()]
    info = [line.split("\t")[7] for line in lines if not line.startswith("#")]
    assert info[0].startswith("AF=0.12345678901;DEGU_REF_Dev=")
    assert info[1].startswith("DB;DEGU_REF_Dev=")
    assert info[2] == "."


def test_the_command_is_told_in_the_header(files, model_path, model, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["/somewhere/degu", "variants", "my model", "a.vcf"])
    run(*given(files, model_path, "--prefix", "MINE", output="out.vcf"))
    with pysam.VariantFile(str(files / "out.vcf")) as file:
        (made,) = [dict(record.items()) for record in file.header.records if record.key == "degu"]
    assert made["ID"] == "MINE"
    assert made["Command"] == "\"degu variants 'my model' a.vcf\""
    assert model.digest in made["Model"]


def test_one_file_can_hold_what_two_models_say(files, model_path, plain_path):
    run(*given(files, model_path, output="one.vcf"))
    assert "INFO field DEGU_ALT_Dev already" in refused(*given(files, plain_path, output="two.vcf", vcf="one.vcf"))
    run(*given(files, plain_path, "--prefix", "PLAIN", output="two.vcf", vcf="one.vcf"))
    with pysam.VariantFile(str(files / "two.vcf")) as file:
        record = next(file)
        assert {"DEGU_DELTA_Dev", "DEGU_DELTA_SD_Dev", "PLAIN_DELTA_Dev"} <= set(record.info)
        assert "PLAIN_DELTA_SD_Dev" not in file.header.info
        assert len([own for own in file.header.records if own.key == "degu"]) == 2


def test_a_student_without_the_head_says_so(files, plain_path, caplog):
    run(*given(files, plain_path))
    assert "no head for the uncertainty of a difference" in caplog.text
    table, _ = table_of(files / "out.tsv")
    assert [column for column in table if column in COLUMNS] == ["reference", "alternative", "effect", "quantile"]


def test_the_screen_gets_a_table_alone(files, model_path):
    text = run("variants", model_path, files / "a.vcf", "--genome", files / "genome.fa", "-o", "-")
    run(*given(files, model_path))
    assert text[text.index("name\tchromosome") :] == (files / "out.tsv").read_text().partition("\n")[2]


def test_files_as_others_write_them(files, model_path):
    """Ends of lines of Windows, plain gzip, no order, and a genome in lower case change nothing."""
    run(*given(files, model_path))
    with gzip.open(files / "b.vcf.gz", "wb") as file:
        file.write((HEADER + "\n".join(ROWS)).replace("\n", "\r\n").encode())
    (files / "genome.fa").write_text(f">chrI text\n{BASES.lower()}\n")
    run(*given(files, model_path, vcf="b.vcf.gz", output="b.tsv"))
    assert table_of(files / "b.tsv")[0].equals(table_of(files / "out.tsv")[0])


def test_mismatches_are_left_out_by_choice(files, model_path, caplog):
    wrong = [f"chrI\t61\t.\t{OTHER[BASES[60]]}\t{BASES[60]}\t.\t.\t.", "chrV\t5\t.\tA\tC\t.\t.\t."]
    (files / "b.vcf").write_text(HEADER + "\n".join([*ROWS, *wrong]) + "\n")
    assert "no chromosome 'chrV'" in refused(*given(files, model_path, vcf="b.vcf", output="b.vcf.gz"))
    assert not (files / "b.vcf.gz").exists()
    assert "4 alleles" in run(*given(files, model_path, "--mismatches", "skip", vcf="b.vcf", output="b.vcf.gz"))
    assert "has the alternative allele instead of the reference allele (line 7)" in caplog.text
    with gzip.open(files / "b.vcf.gz", "rt") as file:
        assert file.read().splitlines()[-2:] == wrong


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "a.vcf: the file is empty"),
        (ROWS[0], "a.vcf: the file does not begin as VCF does"),
        (">a\nACGT\n", "a.vcf: the file does not begin as VCF does"),
        (b"\x00\x01\x02\x03", "holds bytes of zero"),
        (HEADER, "the file has no variants"),
        (f"{HEADER}chrI\tfive\t.\tA\tC\t.\t.\t.\n", "line 3 has the position 'five'"),
        (f"{HEADER}chrI 5 . A C . . .\n", "line 3 has 1 column"),
        (f"{HEADER}I\t5\t.\tA\tC\t.\t.\t.\n", "which calls it 'chrI'"),
        (f"{HEADER}chrI\t400\t.\tA\tC\t.\t.\t.\n", "line 3 lies at 400, and 'chrI' has 300 bases"),
        (f"{HEADER}chrI\t5\t.\t{OTHER[BASES[4]]}\t{BASES[4]}\t.\t.\t.\n", "no allele is ever swapped"),
        (f"{HEADER}chrI\t5\t.\t{BASES[4]}\t<DUP>\t.\t.\t.\n", "no allele can be predicted"),
    ],
)
def test_a_bad_vcf_is_told_and_nothing_is_written(files, model_path, content, told):
    (files / "a.vcf").write_bytes(content if isinstance(content, bytes) else content.encode())
    assert told in refused(*given(files, model_path))
    assert sorted(path.name for path in files.iterdir()) == ["a.vcf", "genome.fa"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--level", 0), "not in the range"),
        (("--level", 95), "not in the range"),
        (("--shifts", -1), "not in the range"),
        (("--shift-by", 0), "not in the range"),
        (("--mismatches", "swap"), "'swap' is not one of"),
        (("--prefix", "my degu", "-o", "b.vcf"), "the prefix 'my degu'"),
        (("--genome", "x.fa"), "x.fa: there is no such file"),
        (("-o", "out.xyz"), "out.xyz: the end of the name tells no format"),
        (("-o", "out.bed"), "out.bed: the end of the name tells no format"),
        (("--threads", 0), "not in the range"),
        (("--nonsense",), "No such option"),
    ],
)
def test_bad_options_are_told_and_nothing_is_written(files, model_path, options, told, monkeypatch):
    monkeypatch.chdir(files)
    assert told in refused(*given(files, model_path, *options))
    assert sorted(path.name for path in files.iterdir()) == ["a.vcf", "genome.fa"]


def test_bad_files_are_told(files, model_path, tmp_path_factory):
    assert "Missing option '--genome'" in refused("variants", model_path, files / "a.vcf", "-o", files / "out.tsv")
    assert "there is no such file" in refused(*given(files, model_path, vcf="b.vcf"))
    assert "there is no such folder" in refused(*given(files, files / "no-model"))
    assert "this is not the folder of a student" in refused(*given(files, files))
    broken = tmp_path_factory.mktemp("broken")
    for path in model_path.iterdir():
        (broken / path.name).write_bytes(path.read_bytes()[:100])
    assert "damaged" in refused(*given(files, broken))
    (files / "genome.fa").write_text("no FASTA\n")
    assert "cannot be read as FASTA" in refused(*given(files, model_path))


def test_no_input_is_overwritten(files, model_path):
    before = (files / "a.vcf").read_bytes()
    assert "would be overwritten" in refused(*given(files, model_path, output="a.vcf"))
    (files / "link.vcf").symlink_to(files / "a.vcf")
    assert "would be overwritten" in refused(*given(files, model_path, output="link.vcf"))
    assert (files / "a.vcf").read_bytes() == before


def test_an_old_output_stays_until_the_new_one_is_whole(files, model_path, monkeypatch):
    (files / "out.vcf").write_text("old\n")
    run(*given(files, model_path, output="new folder/out.vcf"))
    with monkeypatch.context() as patched:
        patched.setattr("degu.command.variants.predict_pairs", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run(*given(files, model_path, output="out.vcf"))
    assert (files / "out.vcf").read_text() == "old\n"
    run(*given(files, model_path, output="out.vcf"))
    assert (files / "out.vcf").read_bytes()[:6] == b"##file"
    assert sorted(path.name for path in files.iterdir()) == ["a.vcf", "genome.fa", "new folder", "out.vcf"]


@pytest.mark.system
def test_a_closed_pipe_ends_quietly(files, model_path):
    rows = [f"chrI\t{1 + place % 300}\t.\t{BASES[place % 300]}\tACGT\t.\t.\t." for place in range(20000)]
    (files / "a.vcf").write_text(HEADER + "\n".join(rows) + "\n")
    arguments = ["variants", model_path, files / "a.vcf", "--genome", files / "genome.fa", "-o", "-"]
    command = [sys.executable, "-m", "degu.command.main", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(REPOSITORY / "scripts"), *sys.path])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stdout.readline().startswith(b"# {")
        process.stdout.close()
        told = process.stderr.read()
    assert process.returncode == 0
    assert b"Error" not in told and b"Traceback" not in told
