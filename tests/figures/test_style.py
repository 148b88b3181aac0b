"""What all figures are made with: colours, words, panels, legends and files."""

import numpy as np
import pandas as pd
import pytest

from degu.figures import style
from tests.figures.panels import legend_texts, panels_of

# Words


@pytest.mark.parametrize(
    ("unit", "expected"), [("log2", "width\n[log2]"), ("", "width"), (np.nan, "width"), (None, "width")]
)
def test_a_label_has_a_unit_where_there_is_one(unit, expected):
    assert style.with_unit("width", unit) == expected


TEXTS = ("width", "two\n\nlines, of which the second is wide", "no $x^2_{lower}$ formulas [log2]", r"\$5, \$6")


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("size", [6, 12.0, "small"])
def test_a_text_is_as_wide_as_it_is_drawn(text, size):
    figure, axes = style.panels(1, 1)
    # At many dots an inch, letters are not fitted to them.
    figure.dpi = 600
    drawn = axes[0, 0].text(0, 0, text, fontsize=size)
    width = drawn.get_window_extent(figure.canvas.get_renderer()).width / figure.dpi
    assert style.text_width(text, size) == pytest.approx(width, rel=0.03)


def test_a_text_of_nothing_has_no_width():
    assert style.text_width("", 10) == 0


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


# Words


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("saliency", "saliency"),
        ("integrated gradients", "integrated\ngradients"),
        ("in silico mutagenesis", "in silico\nmutagenesis"),
        ("Gaussian, as published", "Gaussian,\nas published"),
        ("", ""),
    ],
)
def test_words_take_two_lines_at_most(text, lines):
    assert style.in_two_lines(text) == lines
