"""The figure of the uncertainty of differences."""

import numpy as np
import pytest

from tests.figures.cases import CASES, drawn
from tests.figures.panels import legend_texts, panels_of


@pytest.mark.parametrize(
    ("name", "targets"), [("difference uncertainty", ["Dev"]), ("difference uncertainty, two targets", ["Dev", "Hk"])]
)
def test_each_targets_row_shows_its_pairs(name, targets):
    pairs, coverage = CASES[name].arguments[:2]
    panels = np.array(panels_of(drawn(name))).reshape(-1, 3)
    assert [panel.get_title(loc="left") for panel in panels[:, 0]] == targets
    for target, (head, both, curves) in zip(targets, panels, strict=True):
        own = pairs[pairs["target"] == target]
        for panel, way in ((head, "head"), (both, "sum_of_variances")):
            np.testing.assert_allclose(panel.collections[0].get_offsets(), own[["members", way]])
            r = np.corrcoef(own["members"], own[way])[0, 1]
            assert panel.get_title(loc="right") == f"r = {r:.2f}"
            assert panel.get_xlabel() == "std of the difference\nover members\n[log2]"
        assert curves.get_ylabel() == "share of members\ninside the interval"
        for line, way in zip(curves.lines, ("head", "sum_of_variances", "scaled_sum"), strict=False):
            rows = coverage[(coverage["target"] == target) & (coverage["way"] == way)]
            np.testing.assert_allclose(line.get_xydata(), rows[["level", "coverage"]])


def test_the_legend_names_what_is_predicted():
    assert legend_texts(drawn("difference uncertainty")) == [
        "difference head",
        "sum of both variances",
        "the same, scaled",
    ]
