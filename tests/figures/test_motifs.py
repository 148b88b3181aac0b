"""The figure of discovered motifs, of patterns made by hand."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from degu.attribution.motifs.alignment import align_patterns
from degu.figures import motifs, style
from degu.figures.attribution_logos import BASES
from tests.attribution.motifs.small_patterns import DATABASE, aligned, matches_of, pattern
from tests.figures.panels import panels_of


def drawn(patterns: dict, found: dict | None = None) -> Figure:
    figure = motifs.draw(patterns, found or {}, "Toy")
    figure.canvas.draw()
    return figure


def headings(figure: Figure) -> list[str]:
    return [block.get_suptitle() for block in figure.subfigs]


def test_every_pattern_has_two_panels_and_its_words():
    figure = drawn(aligned(ensemble=3, student=2))
    assert figure.get_suptitle() == "Toy"
    assert [panel.get_title("left") for panel in panels_of(figure)] == [
        *("50 seqlets", "FIRST, q = 0.01", "49 seqlets", "FIRST, q = 0.01", "48 seqlets", "FIRST, q = 0.01"),
        *("50 seqlets", "FIRST, q = 0.01", "49 seqlets", "FIRST, q = 0.01"),
    ]
    assert [panel.get_ylabel() for panel in panels_of(figure)] == ["contribution", "information\n[bits]"] * 5
    assert headings(figure) == ["Dev, ensemble: 3 patterns", "Dev, students: 2 patterns"]


@pytest.mark.parametrize(("q", "words"), [(0.05, "FIRST, q = 0.05"), (0.3, "nearest: FIRST, q = 0.3")])
def test_a_match_that_is_not_significant_is_called_the_nearest(q, words):
    matches = matches_of(("Dev", "ensemble", 0, 1, "MA1.1", "FIRST", q, 0, False))
    patterns = align_patterns({"ensemble": {"Dev": [pattern()]}, "student": {"Dev": []}}, matches, DATABASE, 0.05)
    left, right = panels_of(drawn(patterns))
    assert (left.get_title("left"), right.get_title("left")) == ("40 seqlets", words)


def test_contributions_and_bits_are_those_of_the_patterns():
    patterns = aligned(ensemble=2, student=1)
    panels = iter(panels_of(drawn(patterns)))
    for own in [*patterns["Dev", "ensemble"], *patterns["Dev", "student"]]:
        for values, panel in ((own.contributions, next(panels)), (own.match, next(panels))):
            heights = [patch.get_path().get_extents().height for patch in panel.patches]
            np.testing.assert_allclose(sorted(heights), sorted(np.abs(values[values != 0])))


def test_pattern_and_match_are_aligned():
    left, right = panels_of(drawn(aligned(ensemble=1, student=0)))
    # The match begins one before the core, and ends one behind it.
    assert left.get_xlim() == right.get_xlim() == (-1.5, 4.5)
    middles = {
        side: sorted(round(sum(patch.get_path().get_extents().intervalx) / 2) for patch in panel.patches)
        for side, panel in (("left", left), ("right", right))
    }
    assert middles["left"] == [0, 1, 2, 3]
    assert middles["right"] == [-1, 0, 1, 2, 3, 4]


def test_bases_have_colours_safe_for_the_colour_blind():
    left, _ = panels_of(drawn(aligned(ensemble=1, student=0)))
    assert [to_hex(patch.get_facecolor()) for patch in left.patches] == [color.lower() for color in BASES.values()]


def test_contributions_that_lower_the_prediction_are_below_zero():
    raising, _, lowering, _ = panels_of(drawn(aligned(ensemble=2, student=0)))
    assert min(patch.get_path().get_extents().y0 for patch in raising.patches) == 0
    assert max(patch.get_path().get_extents().y1 for patch in lowering.patches) == pytest.approx(0, abs=1e-12)
    assert raising.get_ylim()[1] > 0 > lowering.get_ylim()[0]


@pytest.mark.parametrize("counts", [{"ensemble": 0, "student": 0}, {"ensemble": 2, "student": 0}])
def test_where_there_is_no_pattern_the_figure_says_so(counts, tmp_path):
    figure = drawn(aligned(**counts))
    assert headings(figure)[1] == "Dev, students: no pattern was found"
    assert len(panels_of(figure)) == 2 * counts["ensemble"]
    style.save(figure, [tmp_path / "motifs.png"])
    assert (tmp_path / "motifs.png").stat().st_size > 5000


def test_of_many_patterns_those_of_most_seqlets_are_drawn():
    figure = drawn(aligned(ensemble=motifs.MOST + 3, student=1))
    assert headings(figure)[0] == "Dev, ensemble: 18 patterns, 15 of them shown"
    seqlets = [panel.get_title("left") for panel in panels_of(figure)[::2]]
    assert seqlets == [*(f"{50 - index} seqlets" for index in range(motifs.MOST)), "50 seqlets"]
    assert len(panels_of(figure)) == 2 * (motifs.MOST + 1)


def test_a_heading_says_how_many_planted_motifs_were_found():
    figure = drawn(aligned(ensemble=1, student=1), {("Dev", "student"): (1, 2)})
    assert headings(figure) == ["Dev, ensemble: 1 pattern", "Dev, students: 1 pattern; 1 of 2 planted motifs found"]


def test_targets_stand_one_below_another():
    one = aligned(ensemble=1, student=2)
    patterns = {(target, model): own for target in ("Dev", "Hk") for (_, model), own in one.items()}
    figure = drawn(patterns)
    assert headings(figure) == [
        *("Dev, ensemble: 1 pattern", "Dev, students: 2 patterns"),
        *("Hk, ensemble: 1 pattern", "Hk, students: 2 patterns"),
    ]
    assert len(panels_of(figure)) == 2 * 2 * 3


@pytest.mark.parametrize("counts", [{"ensemble": 0, "student": 0}, {"ensemble": 1, "student": 3}])
def test_no_two_texts_overlap_and_none_lies_outside(counts):
    found = {("Dev", model): (5, 9) for model in ("ensemble", "student")}
    figure = drawn(aligned(**counts), found)
    texts = [figure._suptitle, *(block._suptitle for block in figure.subfigs)]
    texts += [text for panel in panels_of(figure) for text in (panel._left_title, panel.yaxis.label)]
    boxes = [text.get_window_extent() for text in texts]
    assert all(figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1 for box in boxes)
    assert all(figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1 for box in boxes)
    pairs = [(i, j) for i in range(len(boxes)) for j in range(i) if boxes[i].overlaps(boxes[j])]
    assert [(texts[i].get_text(), texts[j].get_text()) for i, j in pairs] == []
