"""The figure of measured shifts."""

import numpy as np
import pytest

from degu.figures.looks import label
from degu.figures.measured_shifts import draw
from tests.figures import shift_tables
from tests.figures.cases import drawn
from tests.figures.panels import panels_of, rows_of, tick_labels

CASE = "measured shifts, two targets"


def expected_values(column, transfer, target, model):
    """Return the mean and the ends of the bars at each place of a panel, (3, places)."""
    scores, intervals = shift_tables.transfers(("Dev", "Hk"))
    if column < 2:
        uncertainty, metric = (("", "mse"), ("epistemic", "mean_std"))[column]
        known = scores.query(f"metric == '{metric}' and uncertainty == '{uncertainty}'")
        values, places = (np.sqrt(known["value"]) if column == 0 else known["value"]), [("own", ""), ("other", "")]
    else:
        known = intervals.query("conformal == 'split'")
        values, places = known["coverage" if column == 2 else "width"], shift_tables.PLACES
    own = known.assign(value=values).query(f"transfer == '{transfer}' and target == '{target}' and model == '{model}'")
    parts = [own[own[["population", "calibrated_on"]].eq(list(place)).all(axis=1)]["value"] for place in places]
    return np.array([[part.mean(), *np.quantile(part, [0.025, 0.975])] for part in parts]).T


def test_points_are_means_and_bars_span_the_models_of_a_kind():
    rows = rows_of(panels_of(drawn(CASE)))
    keys = [(transfer, target) for transfer in shift_tables.TRANSFERS for target in ("Dev", "Hk")]
    for panels, (transfer, target) in zip(rows, keys, strict=True):
        for column, panel in enumerate(panels):
            found = {}
            for container in panel.containers:
                line, _, (bars,) = container.lines
                ends = np.array(bars.get_segments())[:, :, 1].T
                found[container.get_label()] = np.vstack([np.asarray(line.get_ydata(), dtype=float), ends])
            models = ("ensemble", "student") if column == 1 else ("kmer_ridge", *shift_tables.MODELS)
            assert set(found) == {label(model) for model in models}
            for model in models:
                expected = expected_values(column, transfer, target, model)
                np.testing.assert_allclose(found[label(model)], expected)


def test_rows_say_which_transfer_and_target_they_are_of():
    titles = [row[0].get_title().replace("\n", " ") for row in rows_of(panels_of(drawn(CASE)))]
    assert titles == [f"{title}, {target}" for title in shift_tables.TRANSFERS.values() for target in ("Dev", "Hk")]
    single = rows_of(panels_of(drawn("measured shifts")))
    assert [row[0].get_title().replace("\n", " ") for row in single] == list(shift_tables.TRANSFERS.values())


def test_places_and_the_nominal_coverage_are_named():
    for *errors, coverage, width in rows_of(panels_of(drawn(CASE))):
        for panel in errors:
            assert [text.get_text() for text in tick_labels(panel)] == ["own", "other"]
        for panel in (coverage, width):
            texts = [text.get_text().replace("\n", " ") for text in tick_labels(panel)]
            assert texts == ["own", "other, calibrated on own", "other, calibrated on other"]
        assert any(set(line.get_ydata()) == {0.9} for line in coverage.get_lines())
        assert coverage.get_ylabel() == "coverage of\n90 % intervals (split)"


@pytest.mark.parametrize(
    ("names", "shown"), [(["uncalibrated", "weighted"], "weighted"), (["uncalibrated"], "uncalibrated")]
)
def test_another_method_is_drawn_where_there_is_no_split_conformal_one(names, shown):
    scores, intervals = shift_tables.transfers()
    kept = intervals[intervals["conformal"].isin(names)]
    first, *_ = rows_of(panels_of(draw(scores, kept, shift_tables.TRANSFERS, {}, "Toy")))
    assert first[-1].get_ylabel() == f"mean width of\n90 % intervals ({shown})"


def test_infinite_widths_are_left_out():
    scores, intervals = shift_tables.transfers()
    infinite = intervals.assign(width=intervals["width"].where(intervals["population"] == "own", np.inf))
    figure = draw(scores, infinite, shift_tables.TRANSFERS, {}, "Toy")
    figure.draw_without_rendering()
    for panels in rows_of(panels_of(figure)):
        assert 1 < panels[-1].get_ylim()[1] < 2.5


def test_heights_show_by_what_factor_a_value_changes():
    for error, std, coverage, width in rows_of(panels_of(drawn(CASE))):
        for panel in (error, std, width):
            low, high = panel.get_ylim()
            # Markers have a size.
            assert (low, high) == (0, pytest.approx(1.1 * panel.dataLim.ymax))
        assert coverage.get_ylim()[0] > 0.5
