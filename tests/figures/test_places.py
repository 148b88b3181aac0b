"""Panels with several things side by side."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from degu.figures import looks, style
from degu.figures.places import plot_at_places, without_repeats
from tests.figures.panels import line_of

PLACES = {"left": "on the left", "right": "on the\nright"}
MODELS = (("uniform", -1), ("member", 3), ("member", 1), ("member", 2), ("ensemble", -1), ("student", 1))


def scores() -> pd.DataFrame:
    """Return a value, which is its number, and an interval for each model at each place."""
    rows = [(place, *model) for place in PLACES for model in MODELS]
    table = pd.DataFrame(rows, columns=["place", "model", "seed"]).assign(student="degu")
    table["value"] = np.arange(1.0, len(table) + 1)
    return table.assign(low=table["value"] - 0.25, high=table["value"] + 0.5)


def drawn(table: pd.DataFrame) -> Axes:
    _, ((panel,),) = style.panels(1, 1)
    plot_at_places(panel, table, PLACES)
    return panel


def intervals_of(panel: Axes, model: str) -> np.ndarray:
    """Return the position and the ends of each bar of a kind of models, (n, 3)."""
    (bars,) = [part for part in panel.collections if part.get_color()[0][:3] == pytest.approx(_rgb(model))]
    return np.array([[segment[0, 0], *segment[:, 1]] for segment in bars.get_segments()])


def _rgb(model: str) -> tuple[float, ...]:
    from matplotlib.colors import to_rgb

    return to_rgb(looks.COLORS[model])


def test_each_model_is_a_point_with_its_interval():
    panel = drawn(scores())
    for model in ("member", "ensemble", "student"):
        own = scores().query(f"model == '{model}'").sort_values("seed", kind="stable")
        points, bars = line_of(panel, looks.label(model)).get_xydata(), intervals_of(panel, model)
        np.testing.assert_allclose(points[:, 1], own["value"])
        np.testing.assert_allclose(bars, np.column_stack([points[:, 0], own["low"], own["high"]]))


def test_points_lie_at_their_place_by_kind_and_seed_and_none_on_another():
    panel = drawn(scores())
    points = np.concatenate(
        [line_of(panel, looks.label(name)).get_xydata() for name in ("member", "ensemble", "student")]
    )
    places = np.array([list(PLACES).index(place) for place in scores()["place"]])[points[:, 1].astype(int) - 1]
    np.testing.assert_array_equal(np.rint(points[:, 0]), places)
    assert np.abs(points[:, 0] - places).max() < 0.4
    for place in (0, 1):
        own = points[places == place]
        table = scores().set_index("value").loc[own[np.argsort(own[:, 0]), 1]]
        order = [("member", 1), ("member", 2), ("member", 3), ("ensemble", -1), ("student", 1)]
        assert list(zip(table["model"], table["seed"], strict=True)) == order
        gaps = np.diff(np.sort(own[:, 0]))
        # Between two kinds there is room for one more.
        np.testing.assert_allclose(gaps, gaps[0] * np.array([1, 1, 2, 2]))


def test_a_kind_without_a_marker_is_a_line_over_the_width_of_each_place():
    panel = drawn(scores())
    (lines,) = [part for part in panel.collections if part.get_label() == "uniform profile"]
    (left, right) = lines.get_segments()
    np.testing.assert_allclose([left[:, 1], right[:, 1]], [[1, 1], [7, 7]])
    np.testing.assert_allclose([left[:, 0].mean(), right[:, 0].mean()], [0, 1], atol=1e-12)
    assert [text.get_text() for text in panel.get_xticklabels()] == list(PLACES.values())


@pytest.mark.filterwarnings("error")
def test_values_and_ends_that_are_no_finite_numbers_are_left_out():
    table = scores()
    table.loc[table["model"] == "uniform", "value"] = -np.inf
    table.loc[table["model"] == "ensemble", "value"] = np.nan
    table.loc[table["model"] == "student", ["low", "high"]] = [-np.inf, np.nan]
    panel = drawn(table)
    panel.figure.draw_without_rendering()
    assert set(panel.get_legend_handles_labels()[1]) == {"ensemble member", "distilled student"}
    assert np.isfinite(panel.get_ylim()).all()
    assert len(line_of(panel, "distilled student").get_xdata()) == 2


def test_students_of_several_recipes_are_kinds_of_their_own():
    table = scores()
    panel = drawn(pd.concat([table, table[table["model"] == "student"].assign(student="degu_profile", value=20.0)]))
    np.testing.assert_allclose(line_of(panel, "student DEGU, profiles").get_ydata(), [20, 20])
    np.testing.assert_allclose(line_of(panel, "student DEGU").get_ydata(), [6, 12])


def test_what_the_tables_of_several_students_share_is_kept_once():
    both = pd.concat([scores(), scores().assign(student="degu_profile")])
    kept = without_repeats(both)
    of_students = kept["model"] == "student"
    assert len(kept) == len(scores()) + 2
    assert not kept[~of_students].duplicated(["place", "model", "seed"]).any()
    assert sorted(kept.loc[of_students, "student"]) == ["degu", "degu", "degu_profile", "degu_profile"]
    assert set(kept.loc[~of_students, "student"]) == {"degu"}
