"""The figure of attribution maps by quantile of measured activity."""

import itertools

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import PathPatch

from degu.figures import attribution_quantiles, style
from tests.figures.attribution_tables import COUNTS, HEADS, METHODS, by_quantile, varying
from tests.figures.cases import CASES, drawn, names_of
from tests.figures.panels import legend_texts, panels_of, points_of

NAME = "attribution quantiles, three heads"


def boxes_of(panel: Axes) -> list[PathPatch]:
    """Return the boxes from left to right."""
    boxes = [patch for patch in panel.patches if isinstance(patch, PathPatch)]
    return sorted(boxes, key=lambda box: box.get_path().vertices[:, 0].mean())


def test_every_models_similarity_to_the_reference_ensemble_is_shown_with_the_means():
    table, *_ = CASES[NAME].arguments
    panels = panels_of(drawn(NAME))[::2]
    for panel, ((target, head), method) in zip(panels, itertools.product(HEADS, METHODS), strict=True):
        assert panel.get_title() == f"{method}\n{head} of {target}"
        assert panel.get_ylabel().startswith("cosine") and panel.get_xlabel() == "quantile of measured activity"
        assert panel.get_xticks().tolist() == [1, 2, 3, 4]
        wanted = {"target": target, "head": head, "method": method}
        wanted |= {"reference": "reference ensemble", "metric": "cosine"}
        own = table[np.logical_and.reduce([table[name] == value for name, value in wanted.items()])]
        for model in COUNTS:
            rows = own[(own["model"] == model) & (own["group"] != "top")]
            expected = sorted(zip(rows["group"].str[-1].astype(int), rows["value"], strict=True))
            np.testing.assert_allclose(sorted(points_of(panel, model).tolist()), expected)
            (line,) = [line for line in panel.get_lines() if line.get_label() == style.label(model)]
            means = [np.mean([value for number, value in expected if number == at]) for at in (1, 2, 3, 4)]
            np.testing.assert_allclose(line.get_xydata(), np.column_stack([(1, 2, 3, 4), means]))


def test_the_variability_of_members_stands_beside_that_of_students():
    _, table, *_ = CASES[NAME].arguments
    panels = panels_of(drawn(NAME))[1::2]
    for panel, ((target, head), method) in zip(panels, itertools.product(HEADS, METHODS), strict=True):
        assert panel.get_ylabel() == "std of maps over seeds" and panel.get_legend() is None
        assert [label.get_text() for label in panel.get_xticklabels()] == ["1", "2", "3", "4"]
        own = table[(table["target"] == target) & (table["head"] == head) & (table["method"] == method)]
        medians = own[own["quantile"] > 0].groupby("quantile")[["member", "student"]].median().to_numpy()
        # The line of a median is level, and wider than the caps.
        level = {tuple(line.get_ydata()) for line in panel.get_lines() if len(line.get_xdata()) == 2}
        assert {(value, value) for value in medians.ravel()} <= level
        # Members stand to the left of students.
        colors = [box.get_facecolor() for box in boxes_of(panel)]
        assert len(colors) == 8
        assert len(set(colors[::2])) == len(set(colors[1::2])) == 1 and colors[0] != colors[1]
        for color, model in zip(colors, ("member", "student"), strict=False):
            assert np.abs(np.subtract(color[:3], to_rgb(style.COLORS[model]))).max() < 0.15


def test_where_there_is_one_student_only_the_variability_of_members_is_shown():
    figure = attribution_quantiles.draw(by_quantile(), varying().drop(columns="student"), "Toy")
    assert len(boxes_of(panels_of(figure)[1])) == 4


@pytest.mark.parametrize("name", names_of(attribution_quantiles))
def test_the_legend_names_every_kind_of_model_once(name):
    assert legend_texts(drawn(name)) == ["ensemble member", "ensemble", "distilled student"]
