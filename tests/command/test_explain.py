"""Sequences of files explained: where the bases are, and what is written of them."""

import contextlib

import numpy as np
import pandas as pd
import pytest

from degu.command import explain as module
from degu.command.explain import blocks, check, explain
from degu.command.explainer import Explainer
from degu.command.map_wishes import Wishes
from degu.command.records import Sequences, bases_about_regions
from degu.data.sequences import encode
from degu.errors import DeguError
from degu.formats.genome import Genome
from degu.package.folder import ModelFolder
from tests.command.eagerly import nothing_is_compiled  # noqa: F401
from tests.command.edits import BASES, between, turned

ORIGIN = {"degu": "0", "model": "0"}
WISHES = Wishes(backgrounds=3, heads=("mean", "epistemic"), targets=("Hk",))


def fasta(path, *texts):
    path.write_text("".join(f">s{number}\n{text}\n" for number, text in enumerate(texts)))
    return Sequences(path)


def table_of(model, sequences, path, wishes=WISHES):
    explain(model, sequences, path, None, wishes, ORIGIN, 0)
    return pd.read_csv(path, sep="\t", skiprows=1, keep_default_na=False)


def contributions(model, construct, wishes=WISHES):
    """Return the contributions to the mean of Hk of a construct."""
    return Explainer(model, wishes)(encode([construct]))["Hk", "mean"].contributions[0]


def test_each_base_of_an_insert_has_its_contribution(tmp_path, model):
    texts = [BASES[:20], f"{BASES[20:30]}N{BASES[31:40].lower()}"]
    table = table_of(model, fasta(tmp_path / "a.fa", *texts), tmp_path / "a.tsv")
    assert list(table) == ["name", "chromosome", "position", "strand", "base", "target", "mean", "epistemic"]
    assert table["name"].tolist() == ["s0"] * 20 + ["s1"] * 20
    assert "".join(table["base"]) == "".join(texts).upper()
    assert table["position"].tolist() == [*range(1, 21)] * 2
    assert set(table["target"]) == {"Hk"}
    for number, text in enumerate(texts):
        expected = contributions(model, between(text))[2:22]
        np.testing.assert_allclose(table["mean"][20 * number :][:20], expected, rtol=1e-3, atol=1e-6)


def test_flanks_are_shown_by_choice(tmp_path, model):
    wishes = Wishes(**{**WISHES.__dict__, "flanks": True})
    table = table_of(model, fasta(tmp_path / "a.fa", BASES[:20]), tmp_path / "a.tsv", wishes)
    assert "".join(table["base"]) == between(BASES[:20])
    assert table["position"].tolist() == [*range(-1, 23)]
    expected = contributions(model, between(BASES[:20]), wishes)
    np.testing.assert_allclose(table["mean"], expected, rtol=1e-3, atol=1e-6)
    assert (table["mean"][:2] != 0).any()


def test_a_whole_construct_begins_with_its_own_flank(tmp_path, model):
    table = table_of(model, fasta(tmp_path / "a.fa", f"TG{BASES[:20]}CA"), tmp_path / "a.tsv")
    assert "".join(table["base"]) == BASES[:20]
    assert table["position"].tolist() == [*range(3, 23)]
    np.testing.assert_allclose(table["mean"], contributions(model, f"TG{BASES[:20]}CA")[2:22], rtol=1e-3, atol=1e-6)


def test_a_longer_sequence_is_explained_in_windows(tmp_path, model):
    table = table_of(model, fasta(tmp_path / "a.fa", BASES[:50]), tmp_path / "a.tsv")
    assert table["position"].tolist() == [*range(1, 41), *range(31, 51)]
    assert "".join(table["base"]) == BASES[:40] + BASES[30:50]


def test_regions_of_a_genome_have_its_positions(tmp_path, model):
    (tmp_path / "genome.fa").write_text(f">chrI\n{BASES}\n")
    (tmp_path / "a.bed").write_text("chrI\t100\t120\tone\nchrI\t200\t220\ttwo\t0\t-\n")
    with Genome(tmp_path / "genome.fa") as genome:
        table = table_of(model, Sequences(tmp_path / "a.bed", genome=genome), tmp_path / "a.tsv")
    assert table["position"].tolist() == [*range(101, 121), *range(220, 200, -1)]
    # The bases of the other strand are shown as they are read.
    assert "".join(table["base"]) == BASES[100:120] + turned(BASES[200:220])
    assert table["strand"].tolist() == ["+"] * 20 + ["-"] * 20
    expected = contributions(model, between(turned(BASES[200:220])))[2:22]
    np.testing.assert_allclose(table["mean"][20:], expected, rtol=1e-3, atol=1e-6)


def test_blocks_change_nothing(tmp_path, model, monkeypatch):
    sequences = fasta(tmp_path / "a.fa", *(BASES[start : start + 20] for start in range(0, 140, 20)))
    whole = table_of(model, sequences, tmp_path / "a.tsv")
    monkeypatch.setattr(module, "BLOCK", 3)
    assert [len(windows.names) for windows in blocks(model, sequences)] == [3, 3, 1]
    pd.testing.assert_frame_equal(table_of(model, sequences, tmp_path / "b.tsv"), whole, rtol=1e-3, atol=1e-6)


def test_the_largest_error_of_a_sum_is_returned(tmp_path, model):
    sequences = fasta(tmp_path / "a.fa", BASES[:20], BASES[20:40])
    exact = explain(model, sequences, tmp_path / "a.npz", None, WISHES, ORIGIN, 2)
    assert 0 <= exact < 1e-4
    inexact = Wishes(**{**WISHES.__dict__, "method": "integrated_gradients"})
    worst = explain(model, sequences, tmp_path / "b.npz", None, inexact, ORIGIN, 2)
    with np.load(tmp_path / "b.npz") as arrays:
        sums = arrays["Hk/mean/contributions"].sum(axis=1), arrays["Hk/epistemic/contributions"].sum(axis=1)
        sizes = [np.abs(arrays[f"Hk/{head}/contributions"]).sum(axis=1) for head in ("mean", "epistemic")]
        wanted = arrays["Hk/mean/difference"], arrays["Hk/epistemic/difference"]
        assert worst == pytest.approx(np.max(np.abs(np.subtract(sums, wanted)) / sizes), rel=1e-3)
    assert worst > exact


def test_no_sum_is_claimed_where_every_sequence_has_an_n(tmp_path, model):
    sequences = fasta(tmp_path / "a.fa", f"N{BASES[1:20]}", f"{BASES[20:39]}N")
    assert explain(model, sequences, tmp_path / "a.npz", None, WISHES, ORIGIN, 2) is None


def test_maps_of_sequences_that_cannot_be_shuffled_are_told(tmp_path, model, caplog):
    insert = model.construct.insert
    explain(model, fasta(tmp_path / "a.fa", BASES[:insert], "A" * insert), tmp_path / "a.tsv", None, WISHES, ORIGIN, 2)
    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == [
        "1 of 2 maps are 0 at every base: no shuffle differs from the sequence, which is a simple repeat"
    ]


def test_a_figure_shows_each_sequence_with_its_heads(tmp_path, model, monkeypatch):
    from degu.figures import attribution_logos

    drawn = []
    draw = attribution_logos.draw
    monkeypatch.setattr(
        attribution_logos, "draw", lambda *given, **more: drawn.append((given, more)) or draw(*given, **more)
    )
    (tmp_path / "genome.fa").write_text(f">chrI\n{BASES}\n")
    (tmp_path / "a.bed").write_text("chrI\t100\t120\tone\nchrI\t200\t220\ttwo\t0\t-\n")
    wishes = Wishes(backgrounds=3)
    with Genome(tmp_path / "genome.fa") as genome:
        explain(
            model,
            Sequences(tmp_path / "a.bed", genome=genome),
            tmp_path / "a.npz",
            tmp_path / "a.pdf",
            wishes,
            ORIGIN,
            2,
        )
    units = {
        target: dict.fromkeys(["mean", "aleatoric", "epistemic"], unit)
        for target, unit in (("Dev", "log2"), ("Hk", ""))
    }
    assert [given[1:] for given, _ in drawn] == [(units, "An assay: one"), (units, "An assay: two")]
    reverse = {"first": 1, "position": "position in the window, reverse strand"}
    assert [more for _, more in drawn] == [{"first": 101, "position": "position"}, reverse]
    with np.load(tmp_path / "a.npz") as arrays:
        for row, ((logos, *_), _) in enumerate(drawn):
            assert {target: list(maps) for target, maps in logos.items()} == {
                target: ["mean", "aleatoric", "epistemic"] for target in ("Dev", "Hk")
            }
            for target, maps in logos.items():
                for head, values in maps.items():
                    own = arrays[f"{target}/{head}/contributions"][row]
                    np.testing.assert_allclose(values.sum(axis=1), own)
                    assert ((values != 0).sum(axis=1) <= 1).all()
    assert (tmp_path / "a.pdf").read_bytes().count(b"/Type /Page ") == 2


def test_a_figure_of_a_profile_says_its_unit_and_where_the_middle_of_a_window_is(tmp_path, profiles_path):
    figures = []
    (tmp_path / "genome.fa").write_text(f">chrI\n{BASES}\n")
    (tmp_path / "a.bed").write_text("chrI\t100\t120\tone\nchrI\t200\t220\ttwo\t0\t-\n")
    student = ModelFolder(profiles_path)
    wishes = Wishes(heads=("mean", "profile"), targets=("cuts",), method="saliency", centre=20)
    with Genome(tmp_path / "genome.fa") as genome, pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "open_pages", lambda path: contextlib.nullcontext(figures.append))
        sequences = Sequences(tmp_path / "a.bed", genome=genome, around=bases_about_regions(student))
        explain(student, sequences, tmp_path / "a.npz", tmp_path / "a.pdf", wishes, ORIGIN, 2)
    # Of 64 bases, the 20 in the middle are those from 23 to 42.
    for figure, first, words in zip(figures, (101, 23), ("", " in the window, reverse strand"), strict=True):
        assert [panel.get_title(loc="left") for panel in figure.axes] == [
            "cuts: mean [log(1 + counts)]",
            "cuts: profile [logits]",
        ]
        assert figure.get_supylabel() == "contribution"
        assert [panel.get_xlim() for panel in figure.axes] == [(first - 0.5, first + 19.5)] * 2
        assert figure.axes[-1].get_xlabel() == f"position{words} [bp]"


@pytest.mark.parametrize(
    ("text", "output", "figure", "wishes", "told"),
    [
        (BASES[:19], "a.h5", None, Wishes(), "'s0': .*the sequence has 19 bases"),
        (BASES[:20], "a.vcf", None, Wishes(), "tells no format"),
        (BASES[:20], "a.h5.gz", None, Wishes(), "tells no format"),
        (BASES[:20], "a.h5", "a.gif", Wishes(), "no format of a figure"),
        (BASES[:50], "a.h5", "a.png", Wishes(), "there are 3 sequences"),
        (BASES[:20], "a.h5", None, Wishes(heads=("std",)), "no head 'std'"),
    ],
)
def test_what_cannot_be_done_is_told_before_the_work(tmp_path, model, text, output, figure, wishes, told):
    sequences = fasta(tmp_path / "a.fa", text)
    with pytest.raises(DeguError, match=told):
        check(model, sequences, tmp_path / output, None if figure is None else tmp_path / figure, wishes)


def test_windows_are_counted(tmp_path, model):
    sequences = fasta(tmp_path / "a.fa", BASES[:20], BASES[:50], between(BASES[:20]))
    assert check(model, sequences, tmp_path / "a.h5", tmp_path / "a.pdf", Wishes()) == 5
