"""The figure of losses against the epoch."""

import numpy as np

from degu.figures import training_curves
from tests.figures.cases import drawn, table_of
from tests.figures.panels import legend_texts, panels_of, texts_outside
from tests.figures.tables import history


def test_the_legend_names_each_line_once():
    assert sorted(legend_texts(drawn("training curves, several"))) == ["best epoch", "training loss", "validation loss"]


def test_each_run_is_shown_with_its_best_epoch():
    table = table_of("training curves")
    (panel,) = panels_of(drawn("training curves"))
    curves = [line for line in panel.get_lines() if len(line.get_xdata()) > 1]
    best = [line for line in panel.get_lines() if len(line.get_xdata()) == 1]
    assert len(curves) == 6 and len(best) == 3
    for seed, line in zip((1, 2, 3), best, strict=True):
        run = table[table["seed"] == seed]
        assert line.get_ydata()[0] == run["val_loss"].min()
        assert line.get_xdata()[0] == run["epoch"].to_numpy()[np.argmin(run["val_loss"].to_numpy())]


def test_curves_are_the_losses_of_each_run():
    table = table_of("training curves")
    (panel,) = panels_of(drawn("training curves"))
    curves = iter([line for line in panel.get_lines() if len(line.get_xdata()) > 1])
    for _, run in table.groupby("seed"):
        for column, dash in (("loss", "--"), ("val_loss", "-")):
            line = next(curves)
            np.testing.assert_array_equal(line.get_xydata(), run[["epoch", column]])
            assert line.get_linestyle() == dash


def test_a_run_that_was_never_made_leaves_its_panel_empty():
    table = history(("small", "degu of small"), (0.1, 1.0))
    table = table[(table["model"] == "small") | (table["fraction"] == 1.0)]
    panels = panels_of(training_curves.draw(table, "Toy"))
    assert [panel.has_data() for panel in panels] == [True, True, False, True]


def test_ticks_are_plain_numbers():
    for panel in panels_of(drawn("training curves, several")):
        labels = [label.get_text() for label in panel.get_yticklabels()]
        assert all(float(label) > 0 for label in labels)
        assert panel.get_yscale() == "log"


def test_models_have_the_names_of_other_figures():
    table = history(("motif_cnn", "degu of motif_cnn"), (1.0,))
    titles = [panel.get_title() for panel in panels_of(training_curves.draw(table, "Toy"))]
    assert titles == ["motif cnn\nfraction 1", "DEGU of motif cnn\nfraction 1"]


def test_negative_losses_are_drawn_on_a_linear_axis():
    table = history(("small",), (1.0,))
    table = table.assign(loss=table["loss"] - 5)
    (panel,) = panels_of(training_curves.draw(table, "Toy"))
    assert (panel.get_yscale(), panel.get_ylabel()) == ("linear", "loss")
    lowest = min(line.get_ydata().min() for line in panel.get_lines())
    assert lowest == table["loss"].min()


def test_a_long_name_of_a_student_lies_within_the_figure():
    figure = training_curves.draw(history(("degu_kullback_leibler of motif_cnn_aleatoric",), (0.1,)), "Toy")
    figure.draw_without_rendering()
    assert texts_outside(figure) == []
