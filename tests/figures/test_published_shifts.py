"""The figure of the paper's three shifts."""

import numpy as np

from degu.figures.looks import label
from tests.figures import shift_tables
from tests.figures.cases import drawn
from tests.figures.panels import panels_of


def test_the_distribution_is_the_mean_over_students_of_each_quantile():
    panel = panels_of(drawn("published shifts"))[0]
    own = shift_tables.predictions().query("model == 'student'")
    for rung, line in enumerate(panel.get_lines()):
        expected = own[own["rung"] == rung].groupby("quantile")["value"].mean()
        np.testing.assert_allclose(line.get_xydata(), np.stack([expected, expected.index], axis=1))


def test_each_model_has_a_point_for_its_error_by_each_reference():
    scores, _ = shift_tables.published()
    for panel, reference in zip(panels_of(drawn("published shifts"))[1:], ("own_ensemble", "truth"), strict=True):
        own = scores[(scores["metric"] == "mse") & (scores["reference"] == reference)]
        for line, model in zip(panel.get_lines(), shift_tables.DRAWN, strict=True):
            expected = own[own["model"] == model].sort_values(["rung", "seed"])
            np.testing.assert_allclose(line.get_ydata(), expected["value"])
            np.testing.assert_allclose(np.rint(line.get_xdata()), expected["rung"])
            assert line.get_label() == label(model)
    assert "truth" in panels_of(drawn("published shifts"))[2].get_title()
    assert "other seeds" in panels_of(drawn("published shifts, no simulator"))[2].get_title()
