"""The figure of accuracy against the amount of training data."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from degu.figures import looks, performance
from tests.figures.cases import drawn, table_of
from tests.figures.panels import legend_texts, panels_of
from tests.figures.tables import MODELS


@pytest.mark.parametrize("target", ["Dev", "Hk"])
@pytest.mark.parametrize("model", MODELS)
def test_lines_join_the_means_over_seeds_on_the_test_split(target, model):
    table = table_of("performance, two targets")
    (panel,) = [panel for panel in panels_of(drawn("performance, two targets")) if target in panel.get_title()]
    (line,) = [line for line in panel.get_lines() if line.get_label() == MODELS[model]]
    rows = [
        row
        for row in table.to_dict("records")
        if (row["model"], row["target"], row["head"], row["reference"]) == (model, target, "mean", "measured")
        and (row["split"], row["metric"]) == ("test", "pearson")
    ]
    expected = [np.mean([row["value"] for row in rows if row["fraction"] == at]) for at in (0.1, 0.5, 1.0)]
    np.testing.assert_allclose(line.get_ydata(), expected)
    np.testing.assert_allclose(line.get_xdata(), (0.1, 0.5, 1.0), atol=0.03)
    assert to_hex(line.get_color()) == looks.COLORS[model].lower()


@pytest.mark.parametrize("name", ["performance", "performance, one fraction"])
def test_the_legend_names_every_model_once(name):
    assert legend_texts(drawn(name)) == list(MODELS.values())


def test_the_baseline_stands_beside_every_teacher():
    table = table_of("performance, two teachers")
    floor = table.query("model == 'kmer_ridge' and split == 'test' and metric == 'pearson'")
    for panel in panels_of(performance.draw(table, "Toy")):
        (line,) = [line for line in panel.get_lines() if line.get_label() == "k-mer ridge"]
        target = panel.get_title().partition("\n")[2]
        np.testing.assert_allclose(line.get_ydata(), floor.loc[floor["target"] == target, "value"])


@pytest.mark.parametrize("name", ["performance", "performance, one fraction", "performance, two teachers"])
def test_panels_are_high_enough_for_ticks_and_whole_markers(name):
    figure = drawn(name)
    for panel in panels_of(figure):
        low, high = panel.get_ylim()
        assert sum(low <= tick <= high for tick in panel.get_yticks()) >= 3
        assert panel.bbox.height > 0.4 * figure.bbox.height / len(
            {panel.get_subplotspec().rowspan for panel in panels_of(figure)}
        )
        points = np.concatenate([line.get_ydata() for line in panel.get_lines()])
        pixels = panel.transData.transform(np.column_stack([np.ones(len(points)), points]))[:, 1]
        # The largest marker is a diamond of five points, of which an inch has 72.
        half = 5 / np.sqrt(2) * figure.dpi / 72
        assert pixels.min() - half > panel.bbox.y0 and pixels.max() + half < panel.bbox.y1


def test_students_of_several_recipes_have_a_line_each():
    table = table_of("performance")
    other = table[table["model"] == "student"].assign(student="degu_crps")
    other = other.assign(value=other["value"] - 0.1)
    panel, *_ = panels_of(performance.draw(pd.concat([table, other]), "Toy"))
    lines = {line.get_label(): line for line in panel.get_lines()}
    first, second = (lines[f"student {name}"] for name in ("DEGU", "DEGU, CRPS"))
    assert (first.get_color(), first.get_marker()) != (second.get_color(), second.get_marker())
    np.testing.assert_allclose(second.get_ydata(), first.get_ydata() - 0.1)


@pytest.mark.parametrize("fractions", [(1.0,), (0.1, 0.5, 1.0)])
def test_a_ceiling_is_a_line_of_some_length(fractions):
    table = table_of("performance")
    ceiling = table[table["model"] == "ensemble"].assign(model="ceiling", value=0.95)
    chosen = pd.concat([table, ceiling])
    panel, *_ = panels_of(performance.draw(chosen[chosen["fraction"].isin(fractions)], "Toy"))
    (line,) = [line for line in panel.get_lines() if line.get_label() == looks.label("ceiling")]
    assert np.ptp(line.get_xdata()) > 0
    assert set(line.get_ydata()) == {0.95}
