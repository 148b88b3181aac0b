"""The figure of discovered motifs, of patterns made by hand."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from degu.attribution.motifs.patterns import Pattern
from degu.figures import motifs, style
from degu.figures.attribution_logos import BASES

DATABASE = {
    ("MA1.1", "FIRST"): np.eye(4)[[0, 1, 2, 3, 0, 0]],
    ("MA2.1", "SECOND"): np.full((7, 4), 0.25),
}
COLUMNS = ["target", "model", "pattern", "rank", "identifier", "name", "q", "start", "reverse"]


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def pattern(sign: int = 1, seqlets: int = 40) -> Pattern:
    """Return a pattern of ten positions, whose core reads ACGT."""
    values = np.zeros((10, 4))
    values[[3, 4, 5, 6], [0, 1, 2, 3]] = sign * np.array([0.2, 0.4, 0.4, 0.3])
    places = np.zeros(seqlets, int)
    return Pattern(sign, values, np.abs(values), (3, 7), places, places, places + 10, places.astype(bool))


def rows_of(**counts: int) -> dict:
    """Return what is drawn of so many patterns of each model, of one target."""
    patterns = {
        model: {"Dev": [pattern(1 - 2 * (n % 2), 50 - n) for n in range(count)]} for model, count in counts.items()
    }
    matches = [
        ("Dev", model, n, rank, *(("MA1.1", "FIRST") if rank == 1 else ("MA2.1", "SECOND")), 0.01 * rank, -1, n == 1)
        for model, count in counts.items()
        for n in range(count)
        for rank in (1, 2)
    ]
    return motifs.rows_of(patterns, pd.DataFrame(matches, columns=COLUMNS), DATABASE, 0.05)


def drawn(rows: dict, notes: dict | None = None) -> Figure:
    figure = motifs.draw(rows, notes or {}, "Toy")
    figure.canvas.draw()
    return figure


def panels_of(figure: Figure) -> list:
    return [axes for axes in figure.axes if axes.axison]


def headings(figure: Figure) -> list[str]:
    return [block.get_suptitle() for block in figure.subfigs]


# What is drawn of a pattern


def test_a_row_is_of_the_core_and_its_best_match():
    first, second = rows_of(ensemble=2)["Dev", "ensemble"]
    np.testing.assert_array_equal(first.contributions, pattern().contributions[3:7])
    assert (first.words, second.words) == ("50 seqlets", "49 seqlets")
    assert (first.start, first.match_words) == (-1, "FIRST, q = 0.01")
    # Two bits at each position.
    for row in (first, second):
        np.testing.assert_allclose(row.match, 2 * np.eye(4)[[0, 1, 2, 3, 0, 0]])


def test_a_pattern_of_the_other_strand_is_turned_to_that_of_the_match():
    _, second = rows_of(ensemble=2)["Dev", "ensemble"]
    # That of ACGT is ACGT, its contributions the other way round.
    np.testing.assert_allclose(second.contributions, -np.eye(4) * [0.3, 0.4, 0.4, 0.2])
    # ACGTAA turned begins one before the core and ends one behind it.
    assert second.start == -1
    longer = {("MA1.1", "FIRST"): np.concatenate([DATABASE["MA1.1", "FIRST"], np.eye(4)[[2, 2]]])}
    matches = pd.DataFrame([("Dev", "ensemble", 0, 1, "MA1.1", "FIRST", 0.01, -1, True)], columns=COLUMNS)
    (row,) = motifs.rows_of({"ensemble": {"Dev": [pattern()]}}, matches, longer, 0.05)["Dev", "ensemble"]
    # Eight bases from -1 on, of a core of four: three behind it, which come first when turned.
    assert row.start == -3


def test_a_match_that_is_not_significant_is_called_the_nearest():
    matches = pd.DataFrame([("Dev", "ensemble", 0, 1, "MA2.1", "SECOND", 0.3, 0, False)], columns=COLUMNS)
    rows = motifs.rows_of({"ensemble": {"Dev": [pattern()]}}, matches, DATABASE, 0.05)
    assert rows["Dev", "ensemble"][0].match_words == "nearest: SECOND, q = 0.3"


def test_bits_are_frequencies_times_information():
    values = np.array([[1, 0, 0, 0], [0.5, 0.5, 0, 0], [0.25] * 4, [0.7, 0.1, 0.1, 0.1]])
    entropy = -(0.7 * np.log2(0.7) + 0.3 * np.log2(0.1))
    expected = values * np.array([[2], [1], [0], [2 - entropy]])
    np.testing.assert_allclose(motifs.bits(values), expected, atol=1e-12)


# The figure


def test_every_pattern_has_two_panels_and_its_words():
    figure = drawn(rows_of(ensemble=3, student=2))
    assert figure.get_suptitle() == "Toy"
    assert [panel.get_title("left") for panel in panels_of(figure)] == [
        *("50 seqlets", "FIRST, q = 0.01", "49 seqlets", "FIRST, q = 0.01", "48 seqlets", "FIRST, q = 0.01"),
        *("50 seqlets", "FIRST, q = 0.01", "49 seqlets", "FIRST, q = 0.01"),
    ]
    assert [panel.get_ylabel() for panel in panels_of(figure)] == ["contribution", "bits"] * 5
    assert headings(figure) == ["Dev, ensemble: 3 patterns", "Dev, students: 2 patterns"]


def test_pattern_and_match_are_aligned():
    left, right = panels_of(drawn(rows_of(ensemble=1, student=0)))
    # The match begins one before the core, and ends one behind it.
    assert left.get_xlim() == right.get_xlim() == (-1.5, 4.5)
    middles = {
        side: sorted(round(sum(patch.get_path().get_extents().intervalx) / 2) for patch in panel.patches)
        for side, panel in (("left", left), ("right", right))
    }
    assert middles["left"] == [0, 1, 2, 3]
    assert middles["right"] == [-1, 0, 1, 2, 3, 4]


def test_bases_have_colours_safe_for_the_colour_blind():
    left, _ = panels_of(drawn(rows_of(ensemble=1, student=0)))
    assert [to_hex(patch.get_facecolor()) for patch in left.patches] == [color.lower() for color in BASES.values()]


def test_contributions_that_lower_the_prediction_are_below_zero():
    raising, _, lowering, _ = panels_of(drawn(rows_of(ensemble=2, student=0)))
    assert min(patch.get_path().get_extents().y0 for patch in raising.patches) == 0
    assert max(patch.get_path().get_extents().y1 for patch in lowering.patches) == pytest.approx(0, abs=1e-12)
    assert raising.get_ylim()[1] > 0 > lowering.get_ylim()[0]


@pytest.mark.parametrize("counts", [{"ensemble": 0, "student": 0}, {"ensemble": 2, "student": 0}])
def test_where_there_is_no_pattern_the_figure_says_so(counts, tmp_path):
    figure = drawn(rows_of(**counts))
    assert headings(figure)[1] == "Dev, students: no pattern was found"
    assert len(panels_of(figure)) == 2 * counts["ensemble"]
    style.save(figure, [tmp_path / "motifs.png"])
    assert (tmp_path / "motifs.png").stat().st_size > 5000


def test_of_many_patterns_those_of_most_seqlets_are_drawn():
    figure = drawn(rows_of(ensemble=motifs.MOST + 3, student=1))
    assert headings(figure)[0] == "Dev, ensemble: 18 patterns, the 15 of most seqlets"
    assert len(panels_of(figure)) == 2 * (motifs.MOST + 1)


def test_a_heading_says_how_many_planted_motifs_were_found():
    figure = drawn(rows_of(ensemble=1, student=1), {("Dev", "student"): "1 of 2 planted motifs found"})
    assert headings(figure) == ["Dev, ensemble: 1 pattern", "Dev, students: 1 pattern; 1 of 2 planted motifs found"]


def test_targets_stand_one_below_another():
    one = rows_of(ensemble=1, student=2)
    rows = {(target, model): own for target in ("Dev", "Hk") for (_, model), own in one.items()}
    figure = drawn(rows)
    assert headings(figure) == [
        *("Dev, ensemble: 1 pattern", "Dev, students: 2 patterns"),
        *("Hk, ensemble: 1 pattern", "Hk, students: 2 patterns"),
    ]
    assert len(panels_of(figure)) == 2 * 2 * 3


@pytest.mark.parametrize("counts", [{"ensemble": 0, "student": 0}, {"ensemble": 1, "student": 3}])
def test_no_two_texts_overlap_and_none_lies_outside(counts):
    note = {("Dev", model): "5 of 9 planted motifs found" for model in ("ensemble", "student")}
    figure = drawn(rows_of(**counts), note)
    texts = [figure._suptitle, *(block._suptitle for block in figure.subfigs)]
    texts += [text for panel in panels_of(figure) for text in (panel._left_title, panel.yaxis.label)]
    boxes = [text.get_window_extent() for text in texts]
    assert all(figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1 for box in boxes)
    assert all(figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1 for box in boxes)
    pairs = [(i, j) for i in range(len(boxes)) for j in range(i) if boxes[i].overlaps(boxes[j])]
    assert [(texts[i].get_text(), texts[j].get_text()) for i, j in pairs] == []


def test_a_figure_drawn_twice_is_saved_to_the_same_bytes(tmp_path):
    for number in (1, 2):
        style.save(motifs.draw(rows_of(ensemble=2, student=1), {}, "Toy"), [tmp_path / f"{number}.pdf"])
    assert (tmp_path / "1.pdf").read_bytes() == (tmp_path / "2.pdf").read_bytes()
