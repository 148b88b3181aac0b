"""What all figures are made with: colours, words, panels, legends and files."""

import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex, to_rgb

from degu.figures import pit, style
from tests.figures.panels import legend_texts, panels_of
from tests.figures.tables import MODELS
from tests.figures.uncertainty_tables import KINDS

# Colours and markers


@pytest.mark.parametrize("words", [tuple(MODELS), ("mean", "aleatoric", "epistemic", "truth")])
def test_what_is_shown_together_differs_in_colour(words):
    for one, other in itertools.combinations(words, 2):
        difference = np.abs(np.subtract(to_rgb(style.COLORS[one]), to_rgb(style.COLORS[other])))
        assert difference.max() > 0.2, (one, other)


def test_every_model_has_a_colour_a_marker_and_a_word():
    # A network of a student's kind that was trained without a teacher is compared by its maps alone.
    words = MODELS | {"alone": "trained alone"}
    assert set(style.ORDER) == set(words) == set(style.MARKERS)
    assert len(set(style.MARKERS.values())) == len({style.COLORS[model] for model in words}) == len(words)
    assert {model: style.label(model) for model in words} == words
    assert style.label("a word of its own") == "a word of its own"


@pytest.mark.parametrize("count", [1, 9, 20, 40])
def test_no_two_methods_are_drawn_alike(count):
    styles = style.method_styles(f"method{index}" for index in range(count))
    assert len({(to_hex(own["color"]), own["marker"]) for own in styles.values()}) == len(styles) == count


def test_a_method_named_twice_has_one_style_and_the_first_eight_differ_in_colour():
    styles = style.method_styles(["a", "b", "a", "c"])
    assert list(styles) == ["a", "b", "c"]
    colors = [to_hex(own["color"]) for own in style.method_styles("abcdefgh").values()]
    assert len(set(colors)) == 8


# These turn linear RGB into what is seen without one kind of cone (Vienot, Brettel and Mollon 1999), by mixing red and
# green.
DICHROMATS = {
    "protanopia": [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]],
    "deuteranopia": [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]],
}


def lab(color: object, kind: str) -> np.ndarray:
    """Return CIE L*a*b* of a colour as a dichromat sees it."""
    rgb = np.array(to_rgb(color))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.array(DICHROMATS[kind]) @ linear, 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ linear
    ratio = xyz / [0.9505, 1.0, 1.089]
    f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("kind", DICHROMATS)
@pytest.mark.parametrize(
    "colors",
    [
        {name: style.COLORS[name] for name in KINDS},
        {name: own["color"] for name, own in style.method_styles("abcdefgh").items()},
        pit.COLORS,
    ],
    ids=["kinds", "methods", "pit"],
)
def test_the_colour_blind_can_tell_them_apart(kind, colors):
    """A difference of 2.3 in L*a*b* is just noticeable."""
    for one, other in itertools.combinations(colors, 2):
        assert np.linalg.norm(lab(colors[one], kind) - lab(colors[other], kind)) > 8, (one, other)


# Words


@pytest.mark.parametrize(
    ("unit", "expected"), [("log2", "width\n[log2]"), ("", "width"), (np.nan, "width"), (None, "width")]
)
def test_a_label_has_a_unit_where_there_is_one(unit, expected):
    assert style.with_unit("width", unit) == expected


# Panels


def test_the_identity_line_spans_both_axes_alike():
    _, axes = style.panels(1, 1)
    axes[0, 0].set(xlim=(0, 1), ylim=(-2, 0.5))
    style.identity_line(axes[0, 0])
    assert axes[0, 0].get_xlim() == axes[0, 0].get_ylim() == (-2, 1)
    (line,) = axes[0, 0].get_lines()
    np.testing.assert_array_equal(line.get_xdata(), line.get_ydata())


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (2, 3)])
def test_panels_are_all_of_one_size(rows, columns):
    figure, axes = style.panels(rows, columns)
    assert axes.shape == (rows, columns)
    width, height = figure.get_size_inches()
    assert width / columns == pytest.approx(style.PANEL[0], abs=0.3)
    assert height / rows == pytest.approx(style.PANEL[1], abs=0.4)


@pytest.mark.parametrize(
    ("count", "columns", "shape"), [(1, 4, (1, 1)), (3, 4, (1, 3)), (4, 4, (1, 4)), (5, 4, (2, 4)), (9, 2, (5, 2))]
)
def test_a_grid_has_a_panel_a_key_in_rows_and_the_rest_hidden(count, columns, shape):
    keys = [f"key{index}" for index in range(count)]
    figure, panels = style.grid(keys, columns=columns)
    assert list(panels) == keys
    assert len(figure.axes) == np.prod(shape)
    assert panels_of(figure) == list(panels.values())
    for index, panel in enumerate(panels.values()):
        place = panel.get_subplotspec()
        assert (place.rowspan.start, place.colspan.start) == divmod(index, shape[1])


def test_a_grid_of_nothing_is_an_empty_figure():
    figure, panels = style.grid([])
    assert panels == {}
    assert panels_of(figure) == []


def test_a_grid_of_methods_is_titled_and_labelled_at_its_left_edge():
    pairs = [(target, method) for method in ("a", "b", "c") for target in ("Dev", "Hk")]
    table = pd.DataFrame([*pairs, *pairs], columns=["target", "method"])
    figure, panels = style.method_grid(table, "height")
    assert list(panels) == pairs
    assert [panel.get_title() for panel in panels.values()] == [f"{method}\n{target}" for target, method in pairs]
    assert [bool(panel.get_ylabel()) for panel in panels_of(figure)] == [True, False, False, False, True, False]


# Legends


@pytest.mark.parametrize(
    "some", [list, iter, lambda axes: dict(enumerate(axes)).values(), lambda axes: np.array(axes).flat, tuple]
)
def test_a_shared_legend_takes_axes_of_any_iterable_and_names_each_line_once(some):
    figure, axes = style.panels(1, 3)
    for panel, words in zip(axes.flat, (["ensemble", "k-mer ridge"], ["a line", "ensemble"], []), strict=True):
        for word in words:
            panel.plot([0, 1], label=word)
    style.shared_legend(figure, some(list(axes.flat)))
    # Kinds of models come in their order, and then the rest.
    assert legend_texts(figure) == ["k-mer ridge", "ensemble", "a line"]


def test_a_figure_of_nothing_named_has_no_legend():
    figure, axes = style.panels(1, 2)
    axes[0, 0].plot([0, 1])
    style.shared_legend(figure, axes.flat)
    assert figure.legends == []


def test_a_legend_at_the_right_makes_the_figure_high_enough():
    figure, axes = style.panels(1, 1)
    words = [f"method {index}" for index in range(30)]
    for word in words:
        axes[0, 0].plot([0, 1], label=word)
    style.legend_at_the_right(figure, axes[0, 0])
    assert legend_texts(figure) == words
    figure.canvas.draw()
    box = figure.legends[0].get_window_extent()
    assert box.y0 >= 0 and box.y1 <= figure.bbox.height
