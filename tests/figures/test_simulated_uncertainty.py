"""The figure of predicted uncertainties against the truth of a simulator."""

import numpy as np
import pytest
from scipy import stats

from degu.figures import looks, simulated_uncertainty
from tests.figures.cases import drawn, table_of
from tests.figures.panels import panels_of
from tests.figures.uncertainty_tables import METHODS, NOISELESS, predictions_table


@pytest.mark.parametrize("method", METHODS)
def test_each_sequence_is_shown_with_its_truth(method):
    table = table_of("simulated uncertainty, one target")
    axes = drawn("simulated uncertainty, one target").axes
    noise, error = [panel for panel in axes if panel.get_title().startswith(f"{looks.label(method)}\n")]
    own = table[(table["method"] == method) & (table["model"] != "member")]
    if method == "quantile":
        assert noise.get_title() == "quantile\nno aleatoric head"
        assert not noise.axison
    else:
        np.testing.assert_allclose(noise.collections[0].get_offsets(), own[["truth_noise_std", "aleatoric"]])
        correlation = np.corrcoef(own["truth_noise_std"], own["aleatoric"])[0, 1]
        assert noise.get_title() == f"{looks.label(method)}\nPearson r = {correlation:.2f}"
    miss = np.abs(own["mean"] - own["truth_mean"])
    np.testing.assert_allclose(error.collections[0].get_offsets(), np.column_stack([own["epistemic"], miss]))
    assert (
        error.get_title()
        == f"{looks.label(method)}\nSpearman r = {stats.spearmanr(own['epistemic'], miss).statistic:.2f}"
    )
    # The means are those of ten bins of six sequences each.
    order = np.argsort(own["epistemic"].to_numpy()).reshape(10, 6)
    (line,) = error.get_lines()
    np.testing.assert_allclose(line.get_xdata().astype(float), own["epistemic"].to_numpy()[order].mean(axis=1))
    np.testing.assert_allclose(line.get_ydata(), miss.to_numpy()[order].mean(axis=1))


def test_stds_are_in_the_unit_of_the_target():
    panels = panels_of(drawn("simulated uncertainty, one target"))
    assert all("log2" in panel.get_xlabel() and "log2" in panel.get_ylabel() for panel in panels)


def test_a_method_without_uncertainty_says_so():
    axes = drawn("simulated uncertainty, a student of a mean alone").axes
    titles = [panel.get_title() for panel in axes if panel.get_title().startswith("plain")]
    assert titles == ["plain\nno aleatoric head", "plain\nno epistemic uncertainty"]


def test_methods_of_no_aleatoric_head_at_all_are_drawn():
    assert "aleatoric" not in table_of("simulated uncertainty, no noise")
    titles = [panel.get_title() for panel in drawn("simulated uncertainty, no noise").axes]
    assert [title for title in titles if "no aleatoric" in title] == [
        f"{looks.label(name)}\nno aleatoric head" for name in NOISELESS
    ]


@pytest.mark.parametrize("value", [0.0, 0.3])
def test_an_uncertainty_that_is_the_same_everywhere_is_drawn(value):
    """The published epistemic head may be so, where all that it predicts is negative."""
    table = predictions_table().assign(aleatoric=value, epistemic=value)
    figure = simulated_uncertainty.draw(table, "log2", "Toy")
    figure.canvas.draw()
    assert len(panels_of(figure)) == 2 * len(METHODS)
