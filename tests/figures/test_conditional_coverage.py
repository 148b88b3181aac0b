"""The figure of coverage within bins."""

import numpy as np
import pytest
from scipy import stats

from degu.figures import conditional_coverage, looks
from tests.figures.cases import drawn, table_of
from tests.figures.panels import line_of, panels_of, styles_of
from tests.figures.uncertainty_tables import BOTH, CONFORMAL, METHODS, conditional_table, mean_of, model_of


@pytest.mark.parametrize("target", BOTH)
@pytest.mark.parametrize("method", ["small", "degu"])
def test_lines_join_the_means_over_seeds_within_bins(method, target):
    table = table_of("conditional coverage, two targets")
    panels = panels_of(drawn("conditional coverage, two targets"))
    own = [panel for panel in panels if panel.get_title() == f"{looks.label(method)}, {target}"]
    assert len(own) == 3
    for panel, (feature, words) in zip(own, conditional_coverage.FEATURES.items(), strict=True):
        assert panel.get_xlabel() == f"bin of {words}, low to high"
        assert set(panel.get_legend_handles_labels()[1]) == set(map(looks.label, CONFORMAL))
        wanted = {"method": method, "target": target, "model": model_of(method), "feature": feature}
        for name in CONFORMAL:
            line = line_of(panel, looks.label(name))
            np.testing.assert_array_equal(line.get_xdata(), [1, 2, 3, 4, 5])
            np.testing.assert_allclose(line.get_ydata(), mean_of(table, "coverage", "bin", conformal=name, **wanted))
        (band,) = panel.patches
        low, high = stats.binom.ppf([0.005, 0.995], 42, 0.9) / 42
        assert (band.get_y(), band.get_y() + band.get_height()) == (pytest.approx(low), pytest.approx(high))
    assert own[0].get_ylabel() == "coverage of 90 % intervals"


def test_panels_of_two_targets_name_theirs():
    titles = [panel.get_title() for panel in panels_of(drawn("conditional coverage, two targets"))]
    assert all(titles)
    assert {target for target in BOTH for title in titles if target in title} == set(BOTH)


def test_baselines_and_members_are_left_out():
    titles = {panel.get_title() for panel in panels_of(drawn("conditional coverage, one target"))}
    assert titles == {"small, Dev", "DEGU, Dev"}


def test_a_teacher_that_is_itself_a_baseline_is_drawn():
    """The tables of the teacher `small-evidential` come first, and its students are its own."""
    table = conditional_table({name: METHODS[name] for name in ("evidential", "quantile", "degu")})
    table.loc[table["method"] == "degu", "teacher"] = "small-evidential"
    titles = {panel.get_title() for panel in panels_of(conditional_coverage.draw(table, "Toy"))}
    assert titles == {"evidential, Dev", "DEGU, Dev"}


@pytest.mark.parametrize("count", [10, 20])
def test_every_conformal_method_has_a_style_of_its_own(count):
    names = ["split", *(f"conformal{index}" for index in range(1, count))]
    panel = panels_of(conditional_coverage.draw(conditional_table(names=names), "Toy"))[0]
    assert len(set(styles_of(panel))) == len(styles_of(panel)) == count
