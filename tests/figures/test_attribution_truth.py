"""The figure of attribution maps against planted motifs."""

import itertools

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from degu.figures import attribution_truth, looks
from tests.figures.attribution_tables import COUNTS, HEADS
from tests.figures.cases import by_name, drawn, names_of, table_of
from tests.figures.panels import legend_texts, panels_of, points_of
from tests.figures.points import assert_methods, assert_points


@pytest.mark.parametrize("model", COUNTS)
def test_every_model_is_shown_by_each_metric_and_where_chance_is(model):
    table = table_of("attribution truth, three heads")
    panels = iter(panels_of(drawn("attribution truth, three heads")))
    words = {"auroc": "AUROC", "aupr": "area under precision-recall", "signal_to_noise": "signal to noise"}
    for (target, head), metric in itertools.product(HEADS, words):
        panel = next(panels)
        assert (panel.get_title(), panel.get_ylabel()) == (f"{head} of {target}", words[metric])
        own = table[(table["target"] == target) & (table["head"] == head) & (table["metric"] == metric)]
        assert_points(panel, own, model)
        assert [list(line.get_ydata()) for line in panel.get_lines()] == ([[0.5, 0.5]] if metric == "auroc" else [])


def test_models_of_one_method_stand_side_by_side_and_differ_in_colour_and_marker():
    panel = panels_of(drawn("attribution truth, one method"))[0]
    positions = {model: set(points_of(panel, model)[:, 0].tolist()) for model in COUNTS}
    assert all(len(own) == 1 for own in positions.values())
    assert len(set.union(*positions.values())) == 3
    for one, other in itertools.combinations(COUNTS, 2):
        assert looks.MARKERS[one] != looks.MARKERS[other]
        assert np.abs(np.subtract(to_rgb(looks.COLORS[one]), to_rgb(looks.COLORS[other]))).max() > 0.2


@by_name(names_of(attribution_truth))
def test_methods_come_in_the_order_of_the_table(name):
    assert_methods(drawn(name), table_of(name))


@by_name(names_of(attribution_truth))
def test_the_legend_names_every_kind_of_model_once(name):
    assert legend_texts(drawn(name)) == ["ensemble member", "ensemble", "distilled student"]
