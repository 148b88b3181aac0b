"""The figure of observed against nominal coverage."""

import numpy as np
import pytest

from degu.uncertainty.assessment import LEVELS
from tests.figures.cases import CASES, drawn
from tests.figures.panels import line_of, panel_of
from tests.figures.uncertainty_tables import BOTH, METHODS, RECALIBRATIONS, mean_of, model_of


@pytest.mark.parametrize("target", BOTH)
@pytest.mark.parametrize("method", METHODS)
def test_curves_are_means_over_seeds_of_ensembles_and_students(method, target):
    table, numbers, _ = CASES["calibration curves, two targets"].arguments
    panel = panel_of(drawn("calibration curves, two targets"), method, target)
    model = model_of(method)
    expected = {
        "total, std scaled": ("total", "std_scaling"),
        "total, isotonic": ("total", "isotonic"),
        **{kind: (kind, "none") for kind in METHODS[method][model]},
    }
    assert set(panel.get_legend_handles_labels()[1]) == set(expected)
    wanted = {"method": method, "target": target, "model": model}
    for label, (kind, recalibration) in expected.items():
        line = line_of(panel, label)
        own = {"curve": "coverage", "uncertainty": kind, "recalibration": recalibration, **wanted}
        np.testing.assert_allclose(line.get_xdata().astype(float), LEVELS)
        np.testing.assert_allclose(line.get_ydata(), mean_of(table, "y", "x", **own))
    assert len({line_of(panel, f"total{word}").get_linestyle() for word in ("", ", std scaled", ", isotonic")}) == 3
    (text,) = [text.get_text() for text in panel.texts]
    own = {"metric": "miscalibration_area", "uncertainty": "total", **wanted}
    area = {name: mean_of(numbers, "value", "target", recalibration=name, **own).item() for name in RECALIBRATIONS}
    lines = [f"{area['none']:.3f}", f"{area['std_scaling']:.3f}, std scaled", f"{area['isotonic']:.3f}, isotonic"]
    assert text == f"area {'; '.join(lines)}"
