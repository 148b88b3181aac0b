"""The figure of the known truth of a simulated assay."""

import matplotlib as mpl
import numpy as np

from degu.figures import simulated_truth, style
from tests.figures.cases import drawn
from tests.figures.panels import panels_of, texts_outside
from tests.figures.tables import truth


def test_points_are_the_true_noise_of_each_sequence():
    table, *_ = truth()
    _, noise, measured, _ = panels_of(drawn("simulated truth"))
    np.testing.assert_allclose(noise.collections[0].get_offsets(), table[["mean", "noise_std"]])
    np.testing.assert_allclose(measured.collections[0].get_offsets(), table[["noise_std", "replicate_std"]])
    correlation = np.corrcoef(table["noise_std"], table["replicate_std"])[0, 1]
    assert measured.get_title(loc="right") == f"r = {correlation:.2f}"
    assert all("[log2]" in panel.get_xlabel() for panel in panels_of(drawn("simulated truth")))


def test_motifs_are_ordered_by_their_effect():
    table, sites, *further = truth()
    sites["mean"] = sites["motif"].map({"AP1": 0.5, "CTCF": -1.0, "GATA": 2.0})
    motifs = panels_of(simulated_truth.draw(table, sites, *further))[3]
    assert [label.get_text() for label in motifs.get_yticklabels()] == ["CTCF", "AP1", "GATA"]


def test_the_figure_says_how_many_replicates_there_were():
    table, sites, *_ = truth()
    assert any(
        "7 replicates" in panel.get_ylabel()
        for panel in panels_of(simulated_truth.draw(table, sites, 7, "log2", "Toy"))
    )


def test_labels_with_a_long_unit_fit_into_the_figure_that_is_saved():
    table, sites, replicates, _, title = truth()
    figure = simulated_truth.draw(table, sites, replicates, "log(1 + counts)", title)
    # Letters are a little wider at the resolution of files.
    figure.set_dpi(mpl.rcParams["savefig.dpi"])
    figure.draw_without_rendering()
    assert texts_outside(figure) == []


def test_it_can_be_saved_as_svg(tmp_path):
    style.save(simulated_truth.draw(*truth()), [tmp_path / "figure.svg"])
    assert b"<svg" in (tmp_path / "figure.svg").read_bytes()
