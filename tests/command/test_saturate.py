"""Every single substitution, against loops over strings and the student itself."""

import numpy as np
import pandas as pd
import pytest

from degu.command import saturate as module
from degu.command.saturate import check, rows_of, saturate
from degu.command.stretches import Stretches
from degu.errors import DeguError
from degu.formats.genome import Genome
from tests.command.edits import BASES, between, heads_of, stds_of, turned
from tests.command.models import TARGETS

ORIGIN = {"degu": "0", "model": "0"}
WISHES = {"level": 0.9, "both_strands": False}
TEXT = f"{BASES[:7]}N{BASES[8:20]}"


@pytest.fixture
def genome(tmp_path):
    (tmp_path / "genome.fa").write_text(f">chrI\n{BASES}\n>empty\n{'N' * 50}\n")
    with Genome(tmp_path / "genome.fa") as opened:
        yield opened


@pytest.fixture
def fasta(tmp_path):
    (tmp_path / "a.fa").write_text(f">one\n{TEXT}\n")
    return str(tmp_path / "a.fa")


def by_loops(model, text, turn=str):
    """Return a row for each substitution and target, with the effect and its std."""
    rows = []
    for place, base in enumerate(text):
        for other in "ACGT":
            if base == "N" or other == base:
                continue
            first, second = between(turn(text)), between(turn(text[:place] + other + text[place + 1 :]))
            reference, alternative = heads_of(model, [first, second])
            std = stds_of(model, [first], [second])[0]
            for target, name in enumerate(TARGETS):
                effect = alternative[target] - reference[target]
                rows.append((place + 1, base, other, name, reference[target], effect, std[target]))
    return pd.DataFrame(rows, columns=["position", "ref", "alt", "target", "reference", "effect", "effect_std"])


def assert_equal(found, expected):
    names = ["position", "ref", "alt", "target"]
    assert found[names].to_numpy().tolist() == expected[names].to_numpy().tolist()
    for name in ("reference", "effect", "effect_std"):
        np.testing.assert_allclose(found[name].astype(float), expected[name], rtol=1e-3, atol=1e-5)


def test_effects_are_those_of_each_changed_sequence(model, fasta):
    (stretch,) = Stretches(fasta, model.construct, None)
    found = pd.DataFrame(rows_of(model, stretch, slice(None), **WISHES))
    assert len(found) == 3 * 19 * 2
    assert_equal(found, by_loops(model, TEXT))
    assert set(found["name"]) == set(found["chromosome"]) == {"one"}
    half = 1.6448536269514722 * found["effect_std"]  # The 95 % quantile of the normal distribution.
    np.testing.assert_allclose(found["effect_lower"], found["effect"] - half)
    np.testing.assert_allclose(found["effect_upper"], found["effect"] + half)


def test_both_strands_are_averaged(model, fasta):
    (stretch,) = Stretches(fasta, model.construct, None)
    found = pd.DataFrame(rows_of(model, stretch, slice(None), level=0.9, both_strands=True))
    forwards, backwards = by_loops(model, TEXT), by_loops(model, TEXT, lambda text: turned(text))
    expected = forwards.copy()
    for name in ("reference", "effect", "effect_std"):
        expected[name] = (forwards[name] + backwards[name]) / 2
    assert_equal(found, expected)


def test_stretches_are_written_in_blocks(tmp_path, model, genome, monkeypatch):
    stretches = Stretches("chrI:31-60", model.construct, genome)
    assert check(stretches, tmp_path / "a.tsv", None) == 30
    saturate(model, stretches, tmp_path / "a.tsv", None, WISHES, ORIGIN, 30)
    monkeypatch.setattr(module, "BLOCK", 7)
    saturate(model, stretches, tmp_path / "b.tsv", None, WISHES, ORIGIN, 30)
    one, other = (pd.read_csv(tmp_path / name, sep="\t", skiprows=1) for name in ("a.tsv", "b.tsv"))
    assert len(one) == 3 * 30 * 2
    pd.testing.assert_frame_equal(one, other, rtol=1e-3, atol=1e-6)
    assert one["position"].tolist() == np.repeat(range(31, 61), 6).tolist()


def test_blocks_without_a_known_base_are_left_out(tmp_path, model, monkeypatch):
    monkeypatch.setattr(module, "BLOCK", 5)
    (tmp_path / "a.fa").write_text(f">one\n{BASES[:5]}{'N' * 10}{BASES[15:20]}\n")
    stretches = Stretches(str(tmp_path / "a.fa"), model.construct, None)
    saturate(model, stretches, tmp_path / "a.tsv", tmp_path / "a.png", WISHES, ORIGIN, 20)
    table = pd.read_csv(tmp_path / "a.tsv", sep="\t", skiprows=1)
    assert sorted(set(table["position"])) == [*range(1, 6), *range(16, 21)]


def test_a_figure_for_each_sequence(tmp_path, model, monkeypatch):
    drawn = []
    monkeypatch.setattr(
        "degu.figures.saturation.draw", lambda table, units, title: drawn.append((table, units, title)) or figure()
    )

    def figure():
        from matplotlib import pyplot as plt

        return plt.figure(figsize=(1, 1))

    (tmp_path / "a.fa").write_text(f">one\n{BASES[:20]}\n>two\n{BASES[20:40]}\n")
    stretches = Stretches(str(tmp_path / "a.fa"), model.construct, None)
    saturate(model, stretches, tmp_path / "a.tsv", tmp_path / "a.pdf", WISHES, ORIGIN, 40)
    assert [(set(table["name"]), len(table)) for table, *_ in drawn] == [({"one"}, 120), ({"two"}, 120)]
    assert [own[1:] for own in drawn] == [
        ({"Dev": "log2", "Hk": ""}, "An assay: one"),
        ({"Dev": "log2", "Hk": ""}, "An assay: two"),
    ]


@pytest.mark.parametrize(
    ("given", "output", "figure", "told"),
    [
        ("chrI:1-20", "a.bed", None, "tells no format"),
        ("chrI:1-20", "a.vcf", None, "tells no format"),
        ("chrI:1-20", "a.tsv", "a.gif", "no format of a figure"),
        ("empty:1-20", "a.tsv", None, "'empty:1-20' has no known base"),
    ],
)
def test_what_cannot_be_done_is_told_before_the_work(tmp_path, model, genome, given, output, figure, told):
    stretches = Stretches(given, model.construct, genome)
    with pytest.raises(DeguError, match=told):
        check(stretches, tmp_path / output, None if figure is None else tmp_path / figure)


def test_a_figure_of_very_many_bases_is_refused(tmp_path, model, genome, monkeypatch):
    monkeypatch.setattr(module, "MOST_DRAWN", 100)
    stretches = Stretches("chrI:1-101", model.construct, genome)
    with pytest.raises(DeguError, match="a figure cannot show 101 bases"):
        check(stretches, tmp_path / "a.tsv", tmp_path / "a.png")
    assert check(stretches, tmp_path / "a.tsv", None) == 101
