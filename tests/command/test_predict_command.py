"""The command line of `degu predict`: what it takes, and what it says of what it cannot use."""

import gzip
import json
import shutil

import pandas as pd
import pybigtools
import pytest

from degu.package.folder import ModelFolder
from tests.command.runs import refused, run

INSERT = "ACGTACGTCCGGTTAACAGT"
FASTA = f">a\n{INSERT}\n"


@pytest.fixture
def files(tmp_path):
    """Write sequences, and regions with their genome, and return their folder."""
    (tmp_path / "a.fa").write_text(FASTA)
    (tmp_path / "genome.fa").write_text(f">chrI\n{INSERT * 5}\n")
    (tmp_path / "a.bed").write_text("chrI\t0\t20\nchrI\t40\t100\n")
    return tmp_path


def test_the_output_tells_what_made_it(files, model_path):
    output = run("predict", model_path, files / "a.fa", "-o", files / "a.tsv", "--level", "0.8")
    digest = ModelFolder(model_path).digest
    assert f"a.tsv: 1 windows, by the model {digest[:16]}" in output
    origin = json.loads((files / "a.tsv").read_text().splitlines()[0].removeprefix("# "))
    assert (origin["model"], origin["level"], origin["method"]) == (digest, 0.8, "normalized")


def test_a_track_holds_the_values_of_the_table(files, model_path):
    regions = ("--genome", files / "genome.fa", "--stride", "10")
    run("predict", model_path, files / "a.bed", "-o", files / "a.tsv", *regions)
    table = pd.read_csv(files / "a.tsv", sep="\t", skiprows=1)
    own = table[table["target"] == "Hk"]
    run(
        "predict", model_path, files / "a.bed", "-o", files / "a.bw", "--target", "Hk", "--track", "epistemic", *regions
    )
    found = list(pybigtools.open(str(files / "a.bw")).records("chrI"))
    middles = [((start + end - 10) // 2, (start + end + 10) // 2) for start, end in own[["start", "end"]].to_numpy()]
    assert [(start, end) for start, end, _ in found] == middles
    assert [value for *_, value in found] == pytest.approx(own["epistemic"].tolist(), rel=1e-5)


def damaged(path):
    content = (path / "arrays.npz").read_bytes()
    (path / "arrays.npz").write_bytes(content[: len(content) // 2])


def without_card(path):
    (path / "package.json").unlink()


@pytest.mark.parametrize(("harm", "told"), [(damaged, "the file is damaged"), (without_card, "not the folder of a")])
def test_a_damaged_model_is_refused(files, model_path, harm, told):
    shutil.copytree(model_path, files / "model")
    harm(files / "model")
    assert told in refused("predict", files / "model", files / "a.fa", "-o", files / "a.tsv")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (">a\nACGT\n", "'a': the sequence has 4 bases, and the model was trained on inserts of 20"),
        (f">a\n{'ACGTX' * 4}\n", "line 1"),
        (f">a\n{'ACGU' * 5}\n", "line 1"),
        (f">a\n{'ACG-' * 5}\n", "line 1"),
        ("ACGT\n", "line 1 comes before the first name"),
        (">a\n>b\nACGT\n", "'a' in line 1 has no sequence"),
        ("", "no sequences"),
        (b"\x00\xff\xfe\x01" * 20, "a.fa"),
        (gzip.compress(FASTA.encode(), mtime=0)[:-9], "a.fa"),
    ],
)
def test_bad_sequences_are_told_and_nothing_is_written(tmp_path, model_path, content, told):
    (tmp_path / "a.fa").write_bytes(content if isinstance(content, bytes) else content.encode())
    output = refused("predict", model_path, tmp_path / "a.fa", "-o", tmp_path / "out.tsv")
    assert told in output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.fa"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--level", "0.995"), "too few for the level 0.995"),
        (("--level", "95"), "not in the range"),
        (("--method", "magic"), "'magic' is not one of 'normalized'"),
        (("--genome", "x.fa"), "x.fa: there is no such file"),
        (("--genome", "{folder}/genome.fa"), "these sequences need no genome"),
        (("-o", "a.xyz"), "tells no format"),
        (("-o", "{folder}/a.bw", "--target", "Dev"), "a bigWig file is a track along a genome"),
        (("-o", "{folder}/a.bw"), "a bigWig file holds one target"),
        (("-o", "{folder}/a.fa"), "tells no format"),
        (("-o", "{folder}/a.fa/out.tsv"), "cannot be written"),
        (("--stride", "0"), "not in the range"),
        (("--threads", "0"), "not in the range"),
        (("--runtime", "onnx"), "the student was not written as ONNX"),
        (("--shorter", "up"), "'up' is not one of 'refuse'"),
    ],
)
def test_options_that_do_not_fit_are_told_and_nothing_is_written(files, model_path, options, told):
    before = sorted(files.iterdir())
    filled = [option.format(folder=files) for option in options]
    assert told in refused("predict", model_path, files / "a.fa", "-o", files / "out.tsv", *filled)
    assert sorted(files.iterdir()) == before


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("chrI\t0\t20\nchrI\t90\t110\n", "line 2: the region ends at 110, and 'chrI' has 100 bases"),
        ("chrII\t0\t20\n", "line 1: "),
        ("1\t0\t20\n", "no chromosome '1'"),
        ("chrI\t20\t20\n", "line 1 ends at 20, where it begins at 20"),
        ("chrI\ta\tb\n", "whole numbers, 0 or more"),
        ("chrI\t0\n", "line 1 has 2 columns"),
        ("chrI\t0\t20\tx\t0\t?\n", "line 1 has the strand '?'"),
        ("# nothing\n", "the file has no regions"),
        ("chrI\t0\t10\n", "'chrI:0-10': the sequence has 10 bases"),
    ],
)
def test_bad_regions_are_told_and_nothing_is_written(files, model_path, content, told):
    (files / "a.bed").write_text(content)
    before = sorted(files.iterdir())
    arguments = ("predict", model_path, files / "a.bed", "-o", files / "out.tsv")
    assert told in refused(*arguments, "--genome", files / "genome.fa")
    assert "give the genome with --genome" in refused(*arguments)
    assert sorted(files.iterdir()) == before


def test_regions_out_of_order_make_no_track(files, model_path):
    (files / "a.bed").write_text("chrI\t40\t60\nchrI\t0\t20\n")
    arguments = ("--genome", files / "genome.fa", "--target", "Dev")
    told = refused("predict", model_path, files / "a.bed", "-o", files / "a.bw", *arguments)
    assert "a.bed: a window of 'chrI' at 0 comes after one of 40" in told
    assert "sort the regions" in told
    assert not (files / "a.bw").exists()


@pytest.mark.parametrize(
    ("content", "options", "told"),
    [
        (f"bases\n{INSERT}\n", (), "sequence"),
        (f"sequence\n{INSERT}\n", ("--name", "id"), "id"),
        (f"sequence\n{INSERT}\n{INSERT[:-1]}X\n", (), "line 3"),
        ("sequence\n", (), "a.csv"),
    ],
)
def test_bad_tables_are_told(files, model_path, content, options, told):
    (files / "a.csv").write_text(content)
    assert told in refused("predict", model_path, files / "a.csv", "-o", files / "out.tsv", *options)
    assert not (files / "out.tsv").exists()


def test_the_input_is_not_overwritten(files, model_path):
    (files / "a.tsv").write_text(f"sequence\n{INSERT}\n")
    assert "this file is read, and would be overwritten" in refused(
        "predict", model_path, files / "a.tsv", "-o", files / "a.tsv"
    )


def test_the_card_is_shown(model_path):
    text = run("show", model_path)
    for part in (
        "# An assay: degu of motif_cnn_noise",
        "`AC` before and `GT` after, 24 bases",
        "Pearson r",
        "not to trust",
    ):
        assert part in text
