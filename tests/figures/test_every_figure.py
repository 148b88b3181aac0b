"""What all figures share: a panel for everything, words for everything, and files that are the same each time."""

from collections.abc import Callable, Iterator

import pandas as pd
import pytest
from matplotlib import rcParams
from matplotlib.figure import Figure

from degu.figures import (
    accuracy_and_coverage,
    attribution_logos,
    attribution_quantiles,
    attribution_similarity,
    attribution_truth,
    attribution_variability,
    calibration_curves,
    conditional_coverage,
    conformal,
    headlines,
    interval_coverage,
    looks,
    motifs,
    performance,
    pit,
    predictions,
    saturation,
    simulated_truth,
    simulated_uncertainty,
    sparsification,
    style,
    training_curves,
    uncertainty_heads,
)
from degu.uncertainty.summary import read_methods
from tests.figures.cases import CASES, by_name, drawn, every_figure, names_of
from tests.figures.panels import (
    columns_of,
    legend_texts,
    panels_of,
    rows_of,
    texts_of,
    texts_outside,
    texts_that_overlap,
    tick_labels,
)
from tests.figures.uncertainty_tables import ROWS

OF_UNCERTAINTY = (
    interval_coverage,
    calibration_curves,
    pit,
    conformal,
    conditional_coverage,
    accuracy_and_coverage,
    sparsification,
    simulated_uncertainty,
)
OF_ATTRIBUTION = (attribution_similarity, attribution_truth, attribution_quantiles, attribution_variability)
BY_TARGET_AND_METHOD = (interval_coverage, calibration_curves, pit)
# Their panels need no words of a legend.
WITHOUT_LEGEND = (
    accuracy_and_coverage,
    predictions,
    simulated_truth,
    simulated_uncertainty,
    attribution_variability,
    attribution_logos,
    saturation,
    motifs,
)
# One case of each figure, with as few panels as there are.
WITH_LONG_TITLES = list({case.module: name for name, case in reversed(CASES.items())}.values())


@pytest.fixture(scope="module", autouse=True)
def forgotten() -> Iterator[None]:
    """Forget the figures at the end."""
    yield
    drawn.cache_clear()


# Panels


@every_figure
def test_a_figure_has_a_panel_for_everything(name):
    figure = drawn(name)
    assert isinstance(figure, Figure)
    panels = panels_of(figure)
    assert len(panels) == CASES[name].count
    assert all(panel.has_data() for panel in panels)


@by_name(names_of(*BY_TARGET_AND_METHOD))
def test_each_panel_is_of_a_target_and_method(name):
    titles = [panel.get_title() for panel in panels_of(drawn(name))]
    keys = CASES[name].keys
    assert sorted(titles) == sorted(f"{looks.label(method)}\n{target}" for target, method in keys)
    # Methods come in the order of the configuration.
    methods = dict.fromkeys(title.partition("\n")[0] for title in titles)
    assert list(methods) == list(dict.fromkeys(looks.label(method) for _, method in keys))


@by_name(names_of(performance, uncertainty_heads, training_curves))
def test_each_panel_says_whose_it_is(name):
    module, (table, *_), count, _ = CASES[name]
    titles = [panel.get_title() for panel in panels_of(drawn(name))]
    assert all(titles)
    if module is training_curves:
        assert len(set(titles)) == count
    for word in table["teacher" if "teacher" in table else "model"].dropna().unique():
        words = " of ".join(looks.label(name) for name in word.split(" of "))
        assert any(words in title for title in titles)


# Words


@every_figure
def test_a_figure_says_what_it_shows(name):
    assert drawn(name).get_suptitle() == "Toy"


@every_figure
def test_the_first_panel_of_each_row_says_what_its_height_is(name):
    for first, *_ in rows_of(panels_of(drawn(name))):
        assert len(first.get_ylabel()) > 3 or CASES[name].module in (headlines, simulated_truth, attribution_logos)


@by_name(names_of(simulated_uncertainty, motifs, attribution_similarity, attribution_truth, attribution_variability))
def test_every_panel_says_what_its_height_is(name):
    assert all(len(panel.get_ylabel()) > 3 for panel in panels_of(drawn(name)))


@by_name([name for name in CASES if CASES[name].module not in (motifs, *OF_ATTRIBUTION)])
def test_the_lowest_panel_of_each_column_says_what_its_width_is(name):
    for *_, lowest in columns_of(panels_of(drawn(name))):
        assert len(lowest.get_xlabel()) > 3
        assert any(label.get_visible() for label in lowest.get_xticklabels())


@by_name(names_of(*OF_UNCERTAINTY))
def test_every_panel_of_uncertainty_says_what_its_width_is(name):
    for panel in panels_of(drawn(name)):
        assert len(panel.get_xlabel()) > 3
        assert any(label.get_visible() for label in panel.get_xticklabels())


@by_name(names_of(attribution_logos, motifs, *OF_ATTRIBUTION))
def test_every_panel_of_attributions_says_what_it_shows(name):
    panels = panels_of(drawn(name))
    if CASES[name].module is attribution_quantiles:
        # Its panels are titled and labelled at the edges of the figure.
        panels = []
    for panel in panels:
        if CASES[name].module in (attribution_logos, motifs):
            assert panel.get_title(loc="left")
        else:
            assert panel.get_title()
            assert panel.get_xlabel() or (tick_labels(panel) and all(label.get_text() for label in tick_labels(panel)))


@every_figure
def test_a_legend_names_each_thing_once(name):
    figure = drawn(name)
    texts = legend_texts(figure)
    assert len(texts) == len(set(texts))
    panels = panels_of(figure)
    assert set(texts) == {text for panel in panels for text in panel.get_legend_handles_labels()[1]}
    assert bool(texts) == (CASES[name].module not in WITHOUT_LEGEND)


@every_figure
def test_no_text_lies_outside_the_figure(name):
    assert texts_outside(drawn(name)) == []


@pytest.mark.system
@by_name(WITH_LONG_TITLES)
def test_a_long_title_lies_within_the_figure(name):
    module, arguments, *_ = CASES[name]
    long = "A title of a data set that somebody has described in many words: student distilled_on_augmented_sequences"
    figure = module.draw(
        *[long if isinstance(argument, str) and argument == "Toy" else argument for argument in arguments]
    )
    figure.draw_without_rendering()
    assert figure.get_suptitle().replace("\n", " ") == long
    assert texts_outside(figure) == []


@pytest.mark.system
@by_name(WITH_LONG_TITLES)
def test_dollar_signs_and_backslashes_of_a_configuration_are_drawn_as_they_are(name):
    module, arguments, *_ = CASES[name]
    title, target = r"a \frac $\frac$", "$a_$"
    changed = []
    for argument in arguments:
        if isinstance(argument, pd.DataFrame) and "target" in argument:
            argument = argument.assign(target=target)
        changed.append(title if isinstance(argument, str) and argument == "Toy" else argument)
    figure = module.draw(*changed)
    figure.draw_without_rendering()
    assert figure.get_suptitle() == title
    assert not any(text.get_parse_math() for text in texts_of(figure))
    # No text is a formula of matplotlib's own, which would be drawn as it is, too.
    assert [text.get_text() for text in texts_of(figure) if "mathdefault" in text.get_text()] == []


@every_figure
def test_no_text_covers_another(name):
    assert texts_that_overlap(drawn(name)) == []


# Files


# Each figure is drawn twice anew.
@pytest.mark.system
@by_name(
    [
        *("performance", "uncertainty heads, no aleatoric head", "predictions, many of one kind", "training curves"),
        *("simulated truth", "conformal, no noise", "pit, no noise", "simulated uncertainty, no noise"),
        *(f"attribution {kind}, one method" for kind in ("similarity", "truth", "variability", "quantiles")),
        *("attribution logos", "motifs"),
    ],
)
def test_a_figure_drawn_twice_is_saved_to_the_same_bytes(name, tmp_path, monkeypatch):
    # At a low resolution, for speed.
    monkeypatch.setitem(rcParams, "savefig.dpi", 50)
    module, arguments, *_ = CASES[name]
    for folder in ("first", "second"):
        style.save(module.draw(*arguments), [tmp_path / folder / "figure.pdf", tmp_path / folder / "figure.png"])
    for suffix, magic in ((".pdf", b"%PDF"), (".png", b"\x89PNG")):
        first, second = ((tmp_path / folder / f"figure{suffix}").read_bytes() for folder in ("first", "second"))
        assert first.startswith(magic)
        assert first == second
    assert sorted(path.name for path in (tmp_path / "first").iterdir()) == ["figure.pdf", "figure.png"]


@pytest.mark.parametrize(
    ("draw", "tables", "further", "count"),
    [
        pytest.param(module.draw, tables, further, count, id=module.__name__.rpartition(".")[2])
        for module, tables, further, count in (
            (interval_coverage, ["curves"], ({},), 6),
            (calibration_curves, ["curves", "scores"], (), 6),
            (pit, ["curves"], (), 6),
            (sparsification, ["curves"], (), 4),
            (accuracy_and_coverage, ["scores"], (), 4),
            (conformal, ["conformal"], (0.8, ROWS, {}), 4),
            (conditional_coverage, ["conditional"], (), 16),
            (simulated_uncertainty, ["predictions"], ("",), 5),
        )
    ],
)
def test_an_assessment_is_drawn_from_its_files(
    assessment_files: dict[str, list], draw: Callable[..., Figure], tables: list[str], further: tuple, count: int
):
    figure = draw(*(read_methods(assessment_files[table]) for table in tables), *further, "Toy")
    figure.canvas.draw()
    assert len(panels_of(figure)) == count
