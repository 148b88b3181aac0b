"""Tracks of expected counts, by the command line, against the student and draws of dictionaries by position."""

import re

import numpy as np
import pandas as pd
import pybigtools
import pytest

from degu.data.sequences import encode
from degu.package.expected_counts import CountIntervals, expected_counts
from degu.package.folder import ModelFolder
from tests.command.edits import turned
from tests.command.profile_models import BINS, HEADS, LENGTH, POSITIONS, write_profile_model
from tests.command.runs import refused, run

RNG = np.random.default_rng(7)
GENOME = {name: "".join(RNG.choice(list("ACGT"), number)) for name, number in (("chrII", 400), ("chrI", 300))}
MARGIN = (LENGTH - POSITIONS) // 2
# Summits are not sorted, windows overlap, and two chromosomes take turns.
PEAKS = [("chrI", 100, 140, 5, "+"), ("chrII", 90, 130, 30, "-"), ("chrI", 90, 140, 2, "-"), ("chrI", 200, 220, 9, ".")]
FILES = {"cuts": 0, "starts_5_": 1}


@pytest.fixture
def files(tmp_path):
    (tmp_path / "genome.fa").write_text("".join(f">{name}\n{text}\n" for name, text in GENOME.items()))
    lines = (
        f"{name}\t{a}\t{b}\tp{n}\t0\t{strand}\t1\t2\t3\t{at}\n" for n, (name, a, b, at, strand) in enumerate(PEAKS)
    )
    (tmp_path / "a.narrowPeak").write_text("".join(lines))
    return tmp_path


def predict(files, model, *options, regions="a.narrowPeak"):
    return run("predict", model, files / regions, "--genome", files / "genome.fa", *options)


def by_hand(model, windows, target, strand, kind, intervals=None):
    """Return the value at each base of windows (chromosome, start, whether reverse), of which the left ones count."""
    found = {}
    for name, start, reverse in sorted(windows):
        text = GENOME[name][start : start + LENGTH]
        heads = model.predict(encode([turned(text) if reverse else text]))
        if reverse:
            heads = {head: values[:, :, ::-1, ::-1] if "profile" in head else values for head, values in heads.items()}
        values = expected_counts(heads, model.profiles, intervals)[kind][0, target, strand]
        for position, value in enumerate(values, start + MARGIN):
            found.setdefault((name, position), value)
    return found


def read(path):
    track = pybigtools.open(str(path))
    records = {name: list(track.records(name)) for name in GENOME if name in track.chroms()}
    assert all(end == start + 1 for own in records.values() for start, end, _ in own)
    return {(name, start): value for name, own in records.items() for start, _, value in own}


def compare(found, expected):
    assert found.keys() == expected.keys()
    np.testing.assert_allclose([found[key] for key in expected], list(expected.values()), rtol=1e-4, atol=1e-6)


def test_tracks_hold_what_the_student_predicts_at_each_base(files, profiles_path):
    told = predict(files, profiles_path, "--profiles", files / "out" / "peaks", "-o", files / "a.tsv")
    assert re.search(r"peaks: 4 windows", told)
    model = ModelFolder(profiles_path)
    windows = [(name, a + at - LENGTH // 2, strand == "-") for name, a, _, at, strand in PEAKS]
    kinds = ("mean", "epistemic", "total", "lower", "upper")
    expected = {f"peaks.{name}.{s}.{kind}.bw" for name in FILES for s in ("forward", "reverse") for kind in kinds}
    assert {path.name for path in (files / "out").iterdir()} == expected
    for name, target in FILES.items():
        for strand, word in enumerate(("forward", "reverse")):
            for kind in kinds:
                found = read(files / "out" / f"peaks.{name}.{word}.{kind}.bw")
                compare(found, by_hand(model, windows, target, strand, kind))
    table = pd.read_csv(files / "a.tsv", sep="\t", skiprows=1)
    assert table["start"].tolist() == [start for _, start, _ in windows for _ in FILES]
    assert (table["end"] - table["start"] == LENGTH).all()
    # The counts of a window that no other one overlaps sum to what the table says.
    alone = table[(table["chromosome"] == "chrII") & (table["target"] == "cuts")]["mean"].item()
    both = [read(files / "out" / f"peaks.cuts.{word}.mean.bw") for word in ("forward", "reverse")]
    total = sum(value for own in both for (name, _), value in own.items() if name == "chrII")
    assert total == pytest.approx(np.expm1(alone), rel=1e-4)


def test_values_along_windows_are_those_of_the_records(files, profiles_path):
    """Another way through the file: its index and blocks by position, and its summary over windows."""
    predict(files, profiles_path, "--profiles", files / "p")
    track = pybigtools.open(str(files / "p.cuts.reverse.mean.bw"))
    assert dict(track.chroms()).items() <= {name: len(text) for name, text in GENOME.items()}.items()
    records = read(files / "p.cuts.reverse.mean.bw")
    for name, text in GENOME.items():
        expected = [records.get((name, position), np.nan) for position in range(len(text))]
        np.testing.assert_array_equal(track.values(name, 0, len(text), fillna=None), expected)


def test_windows_along_a_long_region_are_tiled_with_a_stride(files, profiles_path):
    (files / "a.bed").write_text(f"chrII\t20\t{20 + LENGTH + 50}\n")
    predict(files, profiles_path, "--profiles", files / "p", "--stride", 25, regions="a.bed")
    windows = [("chrII", start, False) for start in (20, 45, 70)]
    expected = by_hand(ModelFolder(profiles_path), windows, 0, 0, "mean")
    assert sorted(position for _, position in expected) == list(range(20 + MARGIN, 70 + MARGIN + POSITIONS))
    compare(read(files / "p.cuts.forward.mean.bw"), expected)


@pytest.mark.parametrize("options", [(), ("--level", "0.6"), ("--level", "0.6", "--simultaneous")])
def test_intervals_are_those_of_the_level_and_the_form_that_are_asked_for(files, profiles_path, options):
    predict(files, profiles_path, "--profiles", files / "p", *options)
    wanted = CountIntervals(0.6 if options else 0.9, "--simultaneous" in options)
    windows = [(name, a + at - LENGTH // 2, strand == "-") for name, a, _, at, strand in PEAKS]
    model = ModelFolder(profiles_path)
    found = {}
    for kind in ("lower", "upper", "mean"):
        found[kind] = read(files / f"p.cuts.reverse.{kind}.bw")
        compare(found[kind], by_hand(model, windows, 0, 1, kind, wanted))
    # Ends are even within a bin, and have the expected counts of the bin between them.
    start = next(start for name, start, _ in windows if name == "chrII") + MARGIN
    bins = np.arange(start, start + POSITIONS).reshape(-1, POSITIONS // BINS)
    lower, upper, mean = (np.array([[found[kind]["chrII", at] for at in own] for own in bins]) for kind in found)
    assert (np.ptp(lower, axis=1) == 0).all() and (np.ptp(upper, axis=1) == 0).all()
    assert (lower.sum(axis=1) < mean.sum(axis=1)).all() and (mean.sum(axis=1) < upper.sum(axis=1)).all()


def test_a_student_whose_profiles_are_not_calibrated_has_tracks_that_need_no_calibration(files, tmp_path_factory):
    model = write_profile_model(tmp_path_factory.mktemp("raw") / "student", strands=1, calibrated=False)
    predict(files, model, "--profiles", files / "p", "--level", "0.99")
    assert {path.name for path in files.glob("p.*")} == {
        f"p.{name}.{kind}.bw" for name in FILES for kind in ("mean", "epistemic")
    }
    options = ("--genome", files / "genome.fa", "--profiles", files / "q", "--simultaneous")
    assert "--simultaneous: the profiles of this student were not calibrated" in refused(
        "predict", model, files / "a.narrowPeak", *options
    )
    assert not list(files.glob("q.*"))


def test_one_strand_has_no_name_and_counts_without_heads_for_noise_are_poisson(files, tmp_path_factory):
    heads = ("mean", "epistemic", "profile", "profile_epistemic")
    model = write_profile_model(tmp_path_factory.mktemp("one") / "student", strands=1, heads=heads)
    predict(files, model, "--profiles", files / "p")
    assert {path.name for path in files.glob("p.*")} == {
        f"p.{name}.{kind}.bw" for name in FILES for kind in ("mean", "epistemic", "total", "lower", "upper")
    }
    windows = [(name, a + at - LENGTH // 2, strand == "-") for name, a, _, at, strand in PEAKS]
    compare(read(files / "p.cuts.epistemic.bw"), by_hand(ModelFolder(model), windows, 0, 0, "epistemic"))
    assert set(heads) < set(HEADS)


@pytest.mark.parametrize(
    ("regions", "options", "told"),
    [
        ("a.narrowPeak", (), "nothing is to be written"),
        ("a.narrowPeak", ("--profiles", "{folder}"), "this is a folder"),
        (
            "a.narrowPeak",
            ("-o", "{folder}/a.tsv", "--simultaneous"),
            "--simultaneous: it is about the tracks of --profiles",
        ),
        (
            "a.narrowPeak",
            ("--profiles", "{folder}/p", "--level", "0.98"),
            "40 calibration windows are too few for intervals of profiles of the level 0.98",
        ),
        ("a.narrowPeak", ("--profiles", "-"), "--profiles: tracks are files"),
        (
            "a.narrowPeak",
            ("--profiles", "{folder}/p", "-o", "{folder}/p.cuts.forward.mean.bw", "--target", "cuts"),
            "p.cuts.forward.mean.bw: a track of --profiles has the same name",
        ),
        ("a.narrowPeak", ("--profiles", "{folder}/p", "--target", "cuts"), "--target: it is about the track that"),
        ("a.narrowPeak", ("-o", "{folder}/a.tsv", "--track", "lower"), "--track: it is about the track that"),
        ("edge.bed", ("--profiles", "{folder}/p"), "edge.bed: line 2: the window of 64 bases about 5 reaches beyond"),
        ("short.bed", ("--profiles", "{folder}/p", "--stride", "10"), "the sequence has 20 bases"),
        (
            "short.bed",
            ("--profiles", "{folder}/p", "--stride", "10", "--shorter", "both", "-o", "{folder}/a.tsv"),
            "--profiles: the region 'short' was filled up with N",
        ),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_is_written(files, profiles_path, regions, options, told):
    (files / "edge.bed").write_text("chrI\t100\t120\nchrI\t0\t10\n")
    (files / "short.bed").write_text("chrI\t100\t120\tshort\n")
    before = sorted(files.iterdir())
    filled = [option.format(folder=files) for option in options]
    assert told in refused("predict", profiles_path, files / regions, "--genome", files / "genome.fa", *filled)
    assert sorted(files.iterdir()) == before


def test_tracks_need_a_genome_and_a_student_of_profiles(files, profiles_path, model_path):
    (files / "a.fa").write_text(f">a\n{GENOME['chrI'][:LENGTH]}\n")
    told = refused("predict", profiles_path, files / "a.fa", "--profiles", files / "p")
    assert "--profiles: a bigWig file is a track along a genome" in told
    (files / "a.bed").write_text("chrI\t0\t20\n")
    told = refused("predict", model_path, files / "a.bed", "--genome", files / "genome.fa", "--profiles", files / "p")
    assert "--profiles: this student predicts no profiles" in told
