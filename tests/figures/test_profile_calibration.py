"""The figure of what intervals of profiles cover, and of their errors by standard deviation."""

import numpy as np
import pytest

from degu.figures import looks, profile_calibration
from tests.figures import profile_tables
from tests.figures.cases import drawn, table_of
from tests.figures.panels import legend_texts, line_of, panels_of, rows_of

CASE = "profile calibration"
SEVERAL = f"{CASE}, two targets and students"


def of_quantity(table, quantity, **labels):
    own = table[table["quantity"] == quantity]
    return own[own[list(labels)].eq(list(labels.values())).all(axis=1)] if labels else own


def lines_of(panel, line, model):
    """Return the points of the lines of a kind, as (x, y), that have the colour of a model and more than one point."""
    return [
        own.get_xydata()
        for own in panel.lines
        if own.get_linestyle() == line and own.get_color() == looks.COLORS[model] and len(own.get_xdata()) > 1
    ]


@pytest.mark.parametrize(("row", "quantity"), list(enumerate(["share", "counts"])))
@pytest.mark.parametrize(
    ("column", "metric", "lines"),
    [(0, "bins", profile_calibration.BY_BIN), (1, "regions", profile_calibration.BY_WINDOW)],
)
def test_each_line_is_the_mean_coverage_of_its_interval_and_model(row, quantity, column, metric, lines):
    panel = rows_of(panels_of(drawn(CASE)))[row][column]
    for interval, (line, _) in lines.items():
        for model in ("ensemble", "student"):
            own = of_quantity(table_of(CASE), quantity, interval=interval, metric=metric, subset="all", model=model)
            expected = own.groupby("level")["value"].mean()
            found = [points for points in lines_of(panel, line, model) if len(points)]
            assert len(found) == 1
            np.testing.assert_allclose(found[0], np.column_stack([expected.index, expected]))
    assert panel.get_xlim() == (0, 1)


@pytest.mark.parametrize(("row", "quantity"), list(enumerate(["share", "counts"])))
def test_thirds_of_windows_have_the_coverage_of_conformal_intervals_by_bin(row, quantity):
    panel = rows_of(panels_of(drawn(CASE)))[row][2]
    known = {"interval": "normalized", "metric": "bins", "level": 0.9}
    for model in ("ensemble", "student"):
        own = of_quantity(table_of(CASE), quantity, model=model, **known)
        points = line_of(panel, looks.label(model)).get_xydata()
        for place, subset in enumerate(profile_tables.SUBSETS):
            expected = own.loc[own["subset"] == subset, "value"]
            np.testing.assert_allclose(sorted(points[np.rint(points[:, 0]) == place, 1]), sorted(expected))


@pytest.mark.parametrize(("line", "column"), [(":", "std"), ("--", "recalibrated")])
@pytest.mark.parametrize(("row", "quantity"), list(enumerate(["share", "counts"])))
def test_errors_are_drawn_against_stds_as_predicted_and_recalibrated(row, quantity, line, column):
    panel = rows_of(panels_of(drawn(CASE)))[row][3]
    curves = profile_tables.calibration()[1]
    for model in ("ensemble", "student"):
        own = of_quantity(curves, quantity, model=model).groupby("bin")[[column, "error"]].mean()
        (found,) = lines_of(panel, line, model)
        np.testing.assert_allclose(found, own.to_numpy())
    assert panel.get_xlim() == panel.get_ylim()
    assert panel.get_xscale() == panel.get_yscale() == "log"


def test_the_legend_names_models_and_intervals_once():
    words = ["std as predicted", "std recalibrated", "conformal, by bin", "conformal, simultaneous"]
    assert legend_texts(drawn(CASE))[:2] == ["ensemble", "distilled student"]
    assert sorted(legend_texts(drawn(CASE))[2:]) == sorted(words)


def test_the_ensemble_that_all_students_share_is_drawn_once():
    for panels in rows_of(panels_of(drawn(SEVERAL))):
        assert len(lines_of(panels[0], "-", "ensemble")) == 1
        (curve,) = lines_of(panels[3], "--", "ensemble")
        assert len(curve) == 10


def test_panels_name_their_target_and_quantity():
    titles = [panels[0].get_title() for panels in rows_of(panels_of(drawn(SEVERAL)))]
    assert [title.split(": ")[1] for title in titles] == ["share of the counts", "counts"] * 2
    assert len({title.split(": ")[0] for title in titles}) == 2


def test_tables_without_uncertainty_give_a_figure_that_says_so():
    empty = [table.iloc[:0] for table in profile_tables.calibration()]
    figure = profile_calibration.draw(*empty, 0.9, "Toy")
    assert [text.get_text() for text in figure.axes[0].texts] == ["no model has an uncertainty of profiles"]
