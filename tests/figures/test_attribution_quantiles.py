"""The figure of attribution maps by quantile of measured activity."""

import itertools

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.container import ErrorbarContainer

from degu.figures import attribution_quantiles, looks
from tests.figures.attribution_tables import COUNTS, HEADS, METHODS, by_quantile, varying
from tests.figures.cases import CASES, by_name, drawn, names_of
from tests.figures.panels import legend_texts, panels_of, points_of, rows_of

NAME = "attribution quantiles, three heads"
KEYS = list(itertools.product(HEADS, METHODS))


def panels_of_kind(kind: int) -> list[Axes]:
    """Return the panels of similarity (0) or of variability (1), by head and method."""
    return [panel for row in rows_of(panels_of(drawn(NAME)))[kind::2] for panel in row]


def bars_of(panel: Axes, model: str) -> ErrorbarContainer:
    (bars,) = [bars for bars in panel.containers if bars.get_label() == looks.label(model)]
    return bars


def test_every_models_similarity_to_the_reference_ensemble_is_shown_with_the_means():
    table, *_ = CASES[NAME].arguments
    for panel, ((target, head), method) in zip(panels_of_kind(0), KEYS, strict=True):
        assert panel.get_title() == looks.label(method)
        wanted = {"target": target, "head": head, "method": method}
        wanted |= {"reference": "reference ensemble", "metric": "cosine"}
        own = table[np.logical_and.reduce([table[name] == value for name, value in wanted.items()])]
        for model in COUNTS:
            rows = own[(own["model"] == model) & (own["group"] != "top")]
            expected = sorted(zip(rows["group"].str[-1].astype(int), rows["value"], strict=True))
            np.testing.assert_allclose(sorted(points_of(panel, model).tolist()), expected)
            (line,) = [line for line in panel.get_lines() if line.get_label() == looks.label(model)]
            means = [np.mean([value for number, value in expected if number == at]) for at in (1, 2, 3, 4)]
            np.testing.assert_allclose(line.get_xydata(), np.column_stack([(1, 2, 3, 4), means]))


def test_the_best_similarity_to_be_expected_is_a_line_that_is_called_as_in_the_figure_of_similarity():
    models = by_quantile()
    best = models.query("model == 'ensemble' and reference == 'reference ensemble'").assign(model="ceiling", value=0.7)
    figure = attribution_quantiles.draw(pd.concat([models, best]), varying(), "Toy")
    assert "best to be expected" in legend_texts(figure)
    for panel in rows_of(panels_of(figure))[0]:
        (line,) = [line for line in panel.get_lines() if line.get_label() == "best to be expected"]
        np.testing.assert_allclose(line.get_xydata(), [(1, 0.7), (2, 0.7), (3, 0.7), (4, 0.7)])


def test_the_variability_of_members_stands_beside_that_of_students():
    _, table, *_ = CASES[NAME].arguments
    for panel, ((target, head), method) in zip(panels_of_kind(1), KEYS, strict=True):
        own = table[(table["target"] == target) & (table["head"] == head) & (table["method"] == method)]
        own = own[own["quantile"] > 0]
        for model in ("member", "student"):
            relative = own[model] / np.median(own["member"])
            expected = [np.quantile(relative[own["quantile"] == at], [0.25, 0.5, 0.75]) for at in (1, 2, 3, 4)]
            line, _, (bars,) = bars_of(panel, model)
            np.testing.assert_allclose(line.get_ydata(orig=False), [median for _, median, _ in expected])
            ends = [segment[:, 1] for segment in bars.get_segments()]
            np.testing.assert_allclose(ends, [(low, high) for low, _, high in expected])
            assert line.get_color() == looks.COLORS[model]


def test_rows_name_their_head_and_the_lowest_panels_the_quantiles():
    rows = rows_of(panels_of(drawn(NAME)))
    assert [row[0].get_ylabel().partition("\n")[0] for row in rows] == [
        f"{head} of {target}" for target, head in HEADS for _ in range(2)
    ]
    for panel in rows[-1]:
        assert panel.get_xlabel() == "quantile of\nmeasured activity"
        assert panel.get_xticks().tolist() == [1, 2, 3, 4]


def test_where_there_is_one_student_only_the_variability_of_members_is_shown():
    figure = attribution_quantiles.draw(by_quantile(), varying().drop(columns="student"), "Toy")
    assert [len(panel.containers) for panel in rows_of(panels_of(figure))[1]] == [1] * len(METHODS)


@by_name(names_of(attribution_quantiles))
def test_the_legend_names_every_kind_of_model_once(name):
    assert legend_texts(drawn(name)) == ["ensemble member", "ensemble", "distilled student"]
