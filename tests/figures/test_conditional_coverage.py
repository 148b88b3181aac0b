"""The figure of coverage within bins."""

import numpy as np
import pytest
from scipy import stats

from degu.figures import conditional_coverage, looks
from tests.figures.cases import drawn, table_of
from tests.figures.panels import legend_texts, line_of, panels_of, styles_of, texts_that_overlap
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


def _open_markers(panel) -> dict[tuple, list[float]]:
    """Return the places of the open markers at the top of a panel, by their colour and marker."""
    lines = [line for line in panel.get_lines() if line.get_fillstyle() == "none" and len(line.get_xdata())]
    assert all(line.get_transform() is not panel.transData and set(line.get_ydata()) == {1} for line in lines)
    return {(line.get_color(), line.get_marker()): list(line.get_xdata()) for line in lines}


def test_bins_with_infinite_intervals_are_open_markers_and_no_coverage():
    """Both methods have infinite intervals in the second bin, one of them in the fourth, too."""
    table = conditional_table()
    infinite = {"mondrian_activity": [1], "mondrian_gc": [1, 3]}
    for name, bins in infinite.items():
        chosen = (table["conformal"] == name) & table["bin"].isin(bins) & (table["feature"] == "mean")
        # One infinite interval of one student is enough to make a coverage meaningless.
        chosen &= (table["model"] != "student") | (table["seed"] == 2)
        table.loc[chosen, ["coverage", "width"]] = 1.0, np.inf
    figure = conditional_coverage.draw(table, "Toy")
    figure.draw_without_rendering()
    styles = looks.method_styles(CONFORMAL, looks.CONFORMAL)
    for panel in panels_of(figure):
        of_activity = panel.get_xlabel() == "bin of predicted activity, low to high"
        assert (conditional_coverage.INFINITE in panel.get_legend_handles_labels()[1]) == of_activity
        markers = _open_markers(panel)
        assert len(markers) == (2 if of_activity else 0)
        for name, bins in infinite.items() if of_activity else ():
            places = markers[styles[name]["color"], styles[name]["marker"]]
            np.testing.assert_array_equal(np.rint(places), np.array(bins) + 1)
            heights = line_of(panel, looks.label(name)).get_ydata()
            np.testing.assert_array_equal(np.flatnonzero(np.isnan(heights)), bins)
        # Markers of one bin do not hide one another.
        every = [place for places in markers.values() for place in places]
        assert len(every) < 2 or np.diff(sorted(every)).min() > 0.1
    assert legend_texts(figure).count(conditional_coverage.INFINITE) == 1
    assert texts_that_overlap(figure) == []


def test_a_panel_of_infinite_intervals_alone_shows_no_coverage_of_one():
    table = conditional_table(names=["split"]).assign(coverage=1.0, width=np.inf)
    for panel in panels_of(conditional_coverage.draw(table, "Toy")):
        assert np.isnan(line_of(panel, "split").get_ydata()).all()
        assert list(_open_markers(panel).values()) == [[1, 2, 3, 4, 5]]
