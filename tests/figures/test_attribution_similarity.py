"""The figure of the similarity of attribution maps."""

import itertools

import numpy as np
import pandas as pd
import pytest

from degu.figures import attribution_similarity
from tests.figures.attribution_tables import COUNTS, HEADS, METHODS
from tests.figures.cases import by_name, drawn, names_of, table_of
from tests.figures.panels import legend_texts, panels_of, points_of
from tests.figures.points import assert_methods, assert_points


@pytest.mark.parametrize("model", COUNTS)
def test_every_model_is_shown_by_each_metric_and_reference(model):
    table = table_of("attribution similarity, three heads")
    columns = [("cosine", "reference ensemble"), ("cosine", "own teachers")]
    columns += [("rmse", "reference ensemble"), ("rmse", "own teachers")]
    panels = iter(panels_of(drawn("attribution similarity, three heads")))
    for (target, head), (metric, reference) in itertools.product(HEADS, columns):
        panel = next(panels)
        assert panel.get_title() == f"{head} of {target}"
        label = panel.get_ylabel().replace("\n", " ")
        assert label.startswith({"cosine": "cosine with the mean map", "rmse": "RMSE to the mean map"}[metric])
        assert ("the students' teachers" if reference == "own teachers" else "the reference ensemble") in label
        # A distance has the unit of the contributions, where there is one.
        assert ("[log2]" in label) == (metric == "rmse" and target == "Dev")
        assert ("(log scale)" in label) == (metric == "rmse")
        assert panel.get_yscale() == ("log" if metric == "rmse" else "linear")
        wanted = {"target": target, "head": head, "metric": metric, "reference": reference}
        own = table[np.logical_and.reduce([table[name] == value for name, value in wanted.items()])]
        # The mean map of the teachers is the map of their ensemble, which would be compared with itself.
        if (model, reference) != ("ensemble", "own teachers"):
            assert_points(panel, own, model)
        else:
            with pytest.raises(ValueError, match="at least one array"):
                points_of(panel, model)


@by_name(names_of(attribution_similarity))
def test_methods_come_in_the_order_of_the_table(name):
    assert_methods(drawn(name), table_of(name))


@by_name(names_of(attribution_similarity))
def test_the_legend_names_every_kind_of_model_once(name):
    assert legend_texts(drawn(name)) == ["ensemble member", "ensemble", "distilled student"]


def test_the_best_to_be_expected_is_a_line_beside_the_reference_ensemble():
    """It is a ceiling of cosines and a floor of distances, which one word of the legend has to fit."""
    table = table_of("attribution similarity, one head")
    best = table.query("model == 'ensemble' and reference == 'reference ensemble'").assign(model="ceiling", value=0.7)
    figure = attribution_similarity.draw(pd.concat([table, best]), {}, "Toy")
    for panel, drawn_there in zip(panels_of(figure), (True, False, True, False), strict=True):
        lines = [part for part in panel.collections if part.get_label() == "best to be expected"]
        assert bool(lines) == drawn_there
        for part in lines:
            ends = np.array(part.get_segments())
            np.testing.assert_allclose(ends[..., 1], 0.7)
            np.testing.assert_allclose(ends[..., 0].mean(axis=1), range(len(METHODS)))
    assert legend_texts(figure) == ["ensemble member", "ensemble", "distilled student", "best to be expected"]
