"""The figure of effects of variants."""

import numpy as np

from degu.figures import variant_effects
from tests.figures import variant_tables
from tests.figures.cases import drawn
from tests.figures.panels import legend_texts, panels_of


def panel_of(figure, title):
    return next(panel for panel in panels_of(figure) if panel.get_title().startswith(title))


def test_points_are_measured_and_predicted_effects():
    _, _, _, effects = variant_tables.of_loci()
    for locus in ("one", "two"):
        panel = panel_of(drawn("variant effects"), locus)
        own = effects[(effects["locus"] == locus) & (effects["model"] == "ensemble") & (effects["windows"] == "native")]
        others, confident = (np.asarray(points.get_offsets()) for points in panel.collections)
        expected = own[["measured", "effect"]].to_numpy()
        np.testing.assert_allclose(others, expected[~own["confident"]])
        np.testing.assert_allclose(confident, expected[own["confident"]])
        assert f"r = {np.corrcoef(expected.T)[0, 1]:.2f}" in panel.get_title()


def test_effects_are_those_of_the_first_protocol():
    scores, uncertainty, curves, effects = variant_tables.of_loci()
    turned = scores.iloc[np.argsort(scores["protocol"] != "challenge", kind="stable")]
    figure = variant_effects.draw(turned, uncertainty, curves, effects, "", "Toy")
    drawn_points = sum(len(points.get_offsets()) for points in panel_of(figure, "one").collections)
    own = effects[(effects["locus"] == "one") & (effects["model"] == "ensemble") & (effects["windows"] == "native")]
    assert drawn_points == (own["part"] == "challenge").sum() < len(own)


def test_curves_are_those_of_all_loci_in_the_first_protocol():
    _, uncertainty, curves, _ = variant_tables.of_loci()
    panel = panel_of(drawn("variant effects"), "all variants")
    own = curves[(curves["protocol"] == "zero_shot") & (curves["locus"] == "all loci") & (curves["subset"] == "all")]
    own = own[(own["windows"] == "native") & (own["model"] == "student") & (own["uncertainty"] == "difference_head")]
    line = next(line for line in panel.get_lines() if line.get_label() == "difference head of the student")
    assert dict(zip(line.get_xdata(), line.get_ydata(), strict=True)) == dict(
        zip(own["kept"], own["error"], strict=True)
    )
    rows = uncertainty[(uncertainty["metric"] == "wrong_signs") & (uncertainty["model"] == "ensemble")]
    rows = rows[(rows["protocol"] == "zero_shot") & (rows["locus"] == "all loci") & (rows["windows"] == "native")]
    share = rows.loc[rows["subset"] == "all", "value"].item()
    assert panel.get_title().endswith(f"{share:.0%} of the signs are wrong")


def test_scores_are_means_over_loci_with_their_intervals():
    scores = variant_tables.of_loci()[0]
    panel = panel_of(drawn("variant effects"), "protocol challenge")
    own = scores[(scores["protocol"] == "challenge") & (scores["locus"] == "mean over loci")]
    own = own[(own["metric"] == "spearman") & (own["subset"] == "all") & (own["model"] == "ensemble")]
    row = [text.get_text() for text in panel.get_yticklabels()].index("ensemble, all")
    for line in panel.get_lines():
        x, y = np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float)
        if len(x) == 1 and abs(y[0] - row) < 0.3:
            kind = "construct" if line.get_fillstyle() == "none" else "native"
            assert x[0] == own.loc[own["windows"] == kind, "value"].item()
    bars = [tuple(line.get_xdata()) for line in panel.get_lines() if len(line.get_xdata()) == 2]
    assert tuple(own.loc[own["windows"] == "native", ["low", "high"]].iloc[0]) in bars


def test_whole_sequences_have_one_kind_of_window():
    assert "whole sequences" in legend_texts(drawn("variant effects, pairs"))
    assert "native windows" in legend_texts(drawn("variant effects"))


def test_several_targets_are_named():
    titles = [panel.get_title() for panel in panels_of(drawn("variant effects, pairs"))]
    assert [title.partition(":")[0] for title in titles] == ["Dev"] * 3 + ["Hk"] * 3
