"""`degu explain`, as a person gives it."""

import json

import h5py
import numpy as np
import pandas as pd
import pytest

from degu.command.explainer import Explainer
from degu.command.map_wishes import Wishes
from degu.data.sequences import encode
from tests.command.eagerly import nothing_is_compiled  # noqa: F401
from tests.command.edits import BASES, between, turned
from tests.command.profile_models import LENGTH
from tests.command.runs import refused, run


@pytest.fixture
def files(tmp_path):
    (tmp_path / "a.fa").write_text(f">one\n{BASES[100:120]}\n")
    return tmp_path


def test_every_option_reaches_the_maps(files, model, model_path):
    options = ("--head", "total", "--head", "mean", "--target", "Hk", "--method", "integrated_gradients")
    more = ("--backgrounds", 3, "--seed", 7, "--flanks", "--both-strands")
    told = run("explain", model_path, files / "a.fa", "-o", files / "a.h5", *options, *more)
    assert "a.h5: 1 sequences, by the model" in told
    assert "contributions sum to the change of each prediction, within" in told
    wishes = Wishes(("total", "mean"), ("Hk",), "integrated_gradients", 3, 7, flanks=True, both_strands=True)
    maps = Explainer(model, wishes)(encode([between(BASES[100:120])]))
    with h5py.File(files / "a.h5") as file:
        assert set(file) == {"names", "chromosomes", "strands", "sequences", "positions", "Hk"}
        for (target, head), own in maps.items():
            found = file[target][head]
            np.testing.assert_allclose(found["hypothetical"], own.hypothetical, rtol=1e-3, atol=1e-6)
            np.testing.assert_allclose(found["prediction"], own.prediction, rtol=1e-5)
        origin = json.loads(file.attrs["degu"])
    assert origin["model"] == model.digest
    assert origin["heads"] == ["total", "mean"] and origin["seed"] == 7


def test_the_same_seed_gives_the_same_file_and_another_one_does_not(files, model_path):
    for name, seed in (("a.tsv", 1), ("b.tsv", 1), ("c.tsv", 2)):
        run("explain", model_path, files / "a.fa", "-o", files / name, "--backgrounds", 3, "--seed", seed)
    first, second, third = ((files / name).read_text().partition("\n")[2] for name in ("a.tsv", "b.tsv", "c.tsv"))
    assert first == second != third


def test_the_screen_gets_a_table_alone(files, model_path):
    text = run("explain", model_path, files / "a.fa", "-o", "-", "--backgrounds", 2)
    run("explain", model_path, files / "a.fa", "-o", files / "a.tsv", "--backgrounds", 2)
    assert text[text.index("name\tchromosome") :] == (files / "a.tsv").read_text().partition("\n")[2]


def test_mutants_have_no_sum_and_only_the_middle_is_shown(files, model_path):
    options = ("--method", "in_silico_mutagenesis", "--centre", 5, "--head", "mean", "--target", "Hk")
    told = run("explain", model_path, files / "a.fa", "-o", files / "a.tsv", *options)
    assert "a.tsv: 1 sequences" in told and "contributions sum" not in told
    table = pd.read_csv(files / "a.tsv", sep="\t", skiprows=1)
    assert "".join(table["base"]) == BASES[107:112] and table["position"].tolist() == [8, 9, 10, 11, 12]
    assert (table["mean"] != 0).all()


def test_a_figure_stands_beside_the_maps(files, model_path):
    run("explain", model_path, files / "a.fa", "-o", files / "a.npz", "--figure", files / "a.png", "--backgrounds", 2)
    assert (files / "a.png").read_bytes().startswith(b"\x89PNG")


def test_regions_of_a_genome(files, model_path):
    (files / "genome.fa").write_text(f">chrI\n{BASES}\n")
    (files / "a.bed").write_text("chrI\t100\t120\tone\n")
    genome = ("--genome", files / "genome.fa", "--backgrounds", 2)
    run("explain", model_path, files / "a.bed", "-o", files / "a.parquet", *genome)
    run("explain", model_path, files / "a.fa", "-o", files / "b.parquet", "--backgrounds", 2)
    one, other = (pd.read_parquet(files / name) for name in ("a.parquet", "b.parquet"))
    np.testing.assert_allclose(one["mean"], other["mean"], rtol=1e-4, atol=1e-6)
    assert (one["position"] - other["position"]).unique().tolist() == [100]


# Regions that are shorter and longer than a window, with a summit and without, on both strands.
PEAKS = [(100, 140, 5, "+"), (120, 150, 25, "-"), (60, 240, 90, "."), (40, 260, -1, "-")]


def test_a_student_of_profiles_takes_the_windows_of_predictions(files, profiles_path):
    (files / "genome.fa").write_text(f">chrI\n{BASES}\n")
    (files / "a.narrowPeak").write_text(
        "".join(f"chrI\t{a}\t{b}\tp{n}\t0\t{strand}\t1\t2\t3\t{at}\n" for n, (a, b, at, strand) in enumerate(PEAKS))
    )
    genome = ("--genome", files / "genome.fa")
    run("predict", profiles_path, files / "a.narrowPeak", "-o", files / "a.tsv", *genome)
    quick = ("--method", "saliency", "--head", "mean", "--target", "cuts")
    run("explain", profiles_path, files / "a.narrowPeak", "-o", files / "a.h5", *genome, *quick)
    table = pd.read_csv(files / "a.tsv", sep="\t", skiprows=1)
    table = table[table["target"] == "cuts"]
    with h5py.File(files / "a.h5") as file:
        names, strands, sequences = (file[name].asstr()[:].tolist() for name in ("names", "strands", "sequences"))
        positions, predictions = file["positions"][:], file["cuts/mean/prediction"][:]
    centres = [a + at if at >= 0 else (a + b) // 2 for a, b, at, _ in PEAKS]
    starts = [centre - LENGTH // 2 for centre in centres]
    assert (positions.min(axis=1) - 1).tolist() == table["start"].tolist() == starts
    assert positions.max(axis=1).tolist() == table["end"].tolist()
    assert names == table["name"].tolist() == ["p0", "p1", "p2", "p3"]
    assert strands == table["strand"].tolist() == ["+", "-", "+", "-"]
    windows = [BASES[start : start + LENGTH] for start in starts]
    assert sequences == [windows[0], turned(windows[1]), windows[2], turned(windows[3])]
    np.testing.assert_allclose(predictions, table["mean"], rtol=1e-4)


def test_a_window_of_a_profile_beyond_the_end_of_its_chromosome_is_told(files, profiles_path):
    (files / "genome.fa").write_text(f">chrI\n{BASES}\n")
    (files / "a.bed").write_text("chrI\t100\t120\nchrI\t0\t10\n")
    told = refused("explain", profiles_path, files / "a.bed", "-o", files / "a.h5", "--genome", files / "genome.fa")
    assert "a.bed: line 2: the window of 64 bases about 5 reaches beyond the ends of 'chrI'" in told
    assert not (files / "a.h5").exists()


@pytest.mark.parametrize(
    ("given", "options", "told"),
    [
        ("b.fa", (), "b.fa: there is no such file"),
        ("short.fa", (), "'short': the sequence has 19 bases, and the model was trained on inserts of 20"),
        ("odd.fa", (), "line 1"),
        ("text.fa", (), "line 1 comes before the first name"),
        ("empty.fa", (), "no sequences"),
        ("image.fa", (), "holds bytes of zero"),
        ("a.bed", (), "give the genome with --genome"),
        ("a.fa", ("--genome", "a.fa"), "take --genome out"),
        ("a.fa", ("--head", "epistemc"), "did you mean 'epistemic'"),
        ("a.fa", ("--target", "dev"), "did you mean 'Dev'"),
        ("a.fa", ("--method", "shap_deep"), "'shap_deep' is not one of"),
        ("a.fa", ("--backgrounds", 0), "not in the range"),
        ("a.fa", ("--seed", -1), "not in the range"),
        ("a.fa", ("--centre", 0), "not in the range"),
        ("a.fa", ("-o", "a.bed"), "tells no format"),
        ("a.fa", ("-o", "a.fa"), "would be overwritten"),
        ("a.fa", ("--figure", "a.fa"), "would be overwritten"),
        ("a.fa", ("--figure", "a.eps"), "no format of a figure"),
        ("long.fa", ("--figure", "a.png"), "there are 2 sequences"),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(files, model_path, given, options, told, monkeypatch):
    monkeypatch.chdir(files)
    (files / "short.fa").write_text(f">short\n{BASES[:19]}\n")
    (files / "odd.fa").write_text(f">odd\n{BASES[:19]}X\n")
    (files / "text.fa").write_text("some text\n")
    (files / "empty.fa").write_text("")
    (files / "image.fa").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    (files / "long.fa").write_text(f">long\n{BASES[:40]}\n")
    (files / "a.bed").write_text("chrI\t0\t20\n")
    before = {path.name: path.read_bytes() for path in files.iterdir()}
    assert told in refused("explain", model_path, given, "-o", "out.h5", *options)
    assert {path.name: path.read_bytes() for path in files.iterdir()} == before


def test_a_folder_that_is_no_model_is_told(files):
    assert "there is no such folder" in refused("explain", files / "x", files / "a.fa", "-o", files / "a.h5")
