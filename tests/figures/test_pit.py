"""The figure of the probability integral transform."""

import numpy as np
import pytest
from matplotlib.patches import StepPatch

from tests.figures.cases import drawn, table_of
from tests.figures.panels import panel_of
from tests.figures.uncertainty_tables import METHODS, mean_of, model_of


@pytest.mark.parametrize("method", METHODS)
def test_histograms_are_means_over_seeds_as_predicted_and_scaled(method):
    table = table_of("pit, two targets")
    panel = panel_of(drawn("pit, two targets"), method, "Hk")
    stairs = [patch for patch in panel.patches if isinstance(patch, StepPatch)]
    assert len(stairs) == 2
    wanted = {"method": method, "target": "Hk", "model": model_of(method), "uncertainty": "total", "curve": "pit"}
    for patch, recalibration in zip(stairs, ("none", "std_scaling"), strict=True):
        values, edges, _ = patch.get_data()
        np.testing.assert_allclose(values, mean_of(table, "y", "x", recalibration=recalibration, **wanted))
        np.testing.assert_allclose(np.asarray(edges, dtype=float), np.arange(21) / 20)
        assert patch.get_fill() == (recalibration == "none")
