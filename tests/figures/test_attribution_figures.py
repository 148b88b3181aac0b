"""Every figure of attribution maps: drawn from small tables and maps made by hand."""

import functools
import itertools

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from logomaker import Logo
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.text import Text

from degu.figures import (
    attribution_logos,
    attribution_quantiles,
    attribution_similarity,
    attribution_truth,
    attribution_variability,
    style,
)

METHODS = ("saliency", "deep_shap")
# All of the library.
MANY = ("deep_shap", "expected_gradients", "in_silico_mutagenesis", "integrated_gradients", "saliency", "smoothgrad")
ONE = (("Dev", "mean"),)
HEADS = (("Dev", "mean"), ("Dev", "aleatoric"), ("Hk", "mean"))
COUNTS = {"member": 5, "ensemble": 1, "student": 3}
LENGTH = 25
SEQUENCES = ("peak 1, Dev 9.50", "peak 2, Dev 8.25")
MAPS = ("reference ensemble, mean", "one student, epistemic")


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def tidy(keys: tuple, methods: tuple, metrics: tuple, references: tuple = ("",)) -> pd.DataFrame:
    """Return a value of each model, of which no two are alike."""
    rng = np.random.default_rng(1)
    rows = [
        (*key, method, reference, metric, model, index, rng.uniform(0.1, 0.9))
        for key, method, reference, metric in itertools.product(keys, methods, references, metrics)
        for model, count in COUNTS.items()
        for index in range(count)
    ]
    return pd.DataFrame(rows, columns=["target", "head", "method", "reference", "metric", "model", "index", "value"])


def similarity(keys: tuple = ONE, methods: tuple = METHODS) -> pd.DataFrame:
    return tidy(keys, methods, ("rmse", "cosine"), ("reference ensemble", "own teachers"))


def truth(keys: tuple = ONE, methods: tuple = METHODS) -> pd.DataFrame:
    return tidy(keys, methods, ("auroc", "aupr", "signal_to_noise")).drop(columns="reference")


def varying(keys: tuple = ONE, methods: tuple = METHODS, rows: int = 40) -> pd.DataFrame:
    """Return the variability over members and students of 40 sequences, a quarter of which are below the line.

    A fifth of them is of no quantile.
    """
    rng = np.random.default_rng(2)
    parts = []
    for (target, head), method in itertools.product(keys, methods):
        member = rng.uniform(0.1, 0.5, rows)
        student = member * np.where(np.arange(rows) % 4 == 0, 0.5, 1.5)
        known = {"sequence": range(rows), "activity": 0.0, "quantile": np.arange(rows) % 5}
        table = pd.DataFrame({**known, "member": member, "student": student})
        parts.append(table.assign(target=target, method=method, head=head))
    return pd.concat(parts, ignore_index=True)


def by_quantile(keys: tuple = ONE, methods: tuple = METHODS) -> pd.DataFrame:
    """Return the similarity of every group of sequences."""
    parts = [
        similarity(keys, methods).assign(group=group, value=lambda table, shift=shift: table["value"] + shift)
        for shift, group in enumerate(["top", *(f"quantile {number}" for number in (1, 2, 3, 4))])
    ]
    return pd.concat(parts, ignore_index=True)


def logos() -> dict[str, dict[str, np.ndarray]]:
    rng = np.random.default_rng(3)
    return {
        sequence: {name: rng.normal(size=(LENGTH, 1)) * np.eye(4)[rng.integers(0, 4, LENGTH)] for name in MAPS}
        for sequence in SEQUENCES
    }


# Module, what its `draw` takes, and how many panels there are.
CASES = {}
for _name, _keys, _methods in (
    ("one head", ONE, METHODS),
    ("three heads", HEADS, METHODS),
    ("every method", ONE, MANY),
    ("one method", ONE, METHODS[:1]),
):
    CASES |= {
        f"similarity, {_name}": (attribution_similarity, (similarity(_keys, _methods), "Toy"), 4 * len(_keys)),
        f"truth, {_name}": (attribution_truth, (truth(_keys, _methods), "Toy"), 3 * len(_keys)),
        f"quantiles, {_name}": (
            attribution_quantiles,
            (by_quantile(_keys, _methods), varying(_keys, _methods), "Toy"),
            2 * len(_keys) * len(_methods),
        ),
        f"variability, {_name}": (
            attribution_variability,
            (varying(_keys, _methods), "Toy"),
            len(_keys) * len(_methods),
        ),
    }
CASES["logos"] = (attribution_logos, (logos(), "log2", "Toy"), 4)
every_figure = pytest.mark.parametrize("name", CASES)
by_method = pytest.mark.parametrize("name", [name for name in CASES if name.startswith(("similarity", "truth"))])


@functools.cache
def drawn(name: str) -> Figure:
    """Return the figure of a case, laid out, which tests leave as it is."""
    module, arguments, _ = CASES[name]
    figure = module.draw(*arguments)
    figure.canvas.draw()
    return figure


def panels_of(figure: Figure) -> list[Axes]:
    """Return the panels that can be seen."""
    return [axes for axes in figure.axes if axes.axison]


def tick_labels(panel: Axes) -> list[Text]:
    """Return the labels that can be seen on the horizontal axis."""
    low, high = panel.get_xlim()
    ticks = [tick for tick in panel.xaxis.get_major_ticks() if low <= tick.get_loc() <= high]
    return [tick.label1 for tick in ticks if tick.label1.get_visible()]


def points_of(panel: Axes, model: str) -> np.ndarray:
    """Return the points, (n, 2), in a model's colour."""
    points = [
        part.get_offsets()
        for part in panel.collections
        if len(part.get_offsets()) and to_hex(part.get_facecolor()[0]) == style.COLORS[model].lower()
    ]
    return np.concatenate(points)


# All figures


@every_figure
def test_a_figure_has_a_panel_for_everything(name):
    figure = drawn(name)
    assert isinstance(figure, Figure)
    assert figure.get_suptitle() == "Toy"
    panels = panels_of(figure)
    assert len(panels) == CASES[name][2]
    assert all(panel.has_data() for panel in panels)


@every_figure
def test_every_panel_says_what_it_shows(name):
    figure = drawn(name)
    for panel in panels_of(figure):
        if name == "logos":
            assert panel.get_title(loc="left")
        else:
            assert panel.get_title() and len(panel.get_ylabel()) > 3
            assert panel.get_xlabel() or all(label.get_text() for label in panel.get_xticklabels())


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith(("similarity", "truth", "quantiles"))])
def test_the_legend_names_every_kind_of_model_once(name):
    (legend,) = drawn(name).legends
    assert [text.get_text() for text in legend.get_texts()] == ["ensemble member", "ensemble", "distilled student"]


@every_figure
def test_no_text_lies_outside_the_figure(name):
    figure = drawn(name)
    width, height = figure.canvas.get_width_height()
    texts = [text for legend in figure.legends for text in legend.get_texts()]
    for panel in panels_of(figure):
        texts += [panel.yaxis.label, panel.xaxis.label, panel.title, *tick_labels(panel)]
    for text in [*texts, figure._suptitle]:
        if text.get_text():
            box = text.get_window_extent()
            assert box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1, text.get_text()


def overlapping(texts: list[Text]) -> list[tuple[str, str]]:
    """Return the pairs of texts that cover one another by more than a pixel."""
    boxes = [(text.get_text(), text.get_window_extent().padded(-0.5)) for text in texts if text.get_text()]
    return [(one[0], other[0]) for one, other in itertools.combinations(boxes, 2) if one[1].overlaps(other[1])]


@every_figure
def test_no_text_covers_another(name):
    figure = drawn(name)
    texts = [text for legend in figure.legends for text in legend.get_texts()]
    for panel in panels_of(figure):
        texts += [panel.yaxis.label, panel.xaxis.label, panel.title, panel._left_title, *tick_labels(panel)]
    assert overlapping([*texts, figure._suptitle]) == []


@pytest.mark.parametrize(
    "name", [*(f"{kind}, one method" for kind in ("similarity", "truth", "variability", "quantiles")), "logos"]
)
def test_a_figure_drawn_twice_is_saved_to_the_same_bytes(name, tmp_path):
    module, arguments, _ = CASES[name]
    for folder in ("first", "second"):
        style.save(module.draw(*arguments), [tmp_path / folder / "figure.pdf", tmp_path / folder / "figure.png"])
    for suffix in ("pdf", "png"):
        first, second = ((tmp_path / folder / f"figure.{suffix}").read_bytes() for folder in ("first", "second"))
        assert first == second


# One point a model


@by_method
def test_methods_come_in_the_order_of_the_table(name):
    methods = list(dict.fromkeys(CASES[name][1][0]["method"]))
    for panel in panels_of(drawn(name)):
        assert [label.get_text().replace("\n", "_") for label in panel.get_xticklabels()] == methods
        low, high = panel.get_xlim()
        assert low < 0 and high > len(methods) - 1


def assert_points(panel: Axes, table: pd.DataFrame, model: str) -> None:
    """Check that a panel has each value once, beside the tick of its method."""
    methods = [label.get_text().replace("\n", "_") for label in panel.get_xticklabels()]
    points, own = points_of(panel, model), table[table["model"] == model]
    nearest = [methods[position] for position in np.rint(points[:, 0]).astype(int)]
    assert sorted(zip(nearest, points[:, 1], strict=True)) == sorted(zip(own["method"], own["value"], strict=True))
    assert np.abs(points[:, 0] - np.rint(points[:, 0])).max() < 0.4


@pytest.mark.parametrize("model", COUNTS)
def test_similarity_shows_every_model_by_each_metric_and_reference(model):
    table = CASES["similarity, three heads"][1][0]
    columns = [("cosine", "reference ensemble"), ("cosine", "own teachers")]
    columns += [("rmse", "reference ensemble"), ("rmse", "own teachers")]
    panels = iter(panels_of(drawn("similarity, three heads")))
    for (target, head), (metric, reference) in itertools.product(HEADS, columns):
        panel = next(panels)
        assert panel.get_title() == f"{head} of {target}"
        label = panel.get_ylabel().replace("\n", " ")
        assert label.startswith({"cosine": "cosine with the mean map", "rmse": "RMSE to the mean map"}[metric])
        assert label.endswith("the students' teachers" if reference == "own teachers" else "the reference ensemble")
        assert panel.get_yscale() == ("log" if metric == "rmse" else "linear")
        wanted = {"target": target, "head": head, "metric": metric, "reference": reference}
        own = table[np.logical_and.reduce([table[name] == value for name, value in wanted.items()])]
        # That the teachers' mean map is like itself is no finding.
        if (model, reference) != ("ensemble", "own teachers"):
            assert_points(panel, own, model)
        else:
            with pytest.raises(ValueError, match="at least one array"):
                points_of(panel, model)


@pytest.mark.parametrize("model", COUNTS)
def test_truth_shows_every_model_by_each_metric_and_where_chance_is(model):
    table = CASES["truth, three heads"][1][0]
    panels = iter(panels_of(drawn("truth, three heads")))
    words = {"auroc": "AUROC", "aupr": "area under precision-recall", "signal_to_noise": "signal to noise"}
    for (target, head), metric in itertools.product(HEADS, words):
        panel = next(panels)
        assert (panel.get_title(), panel.get_ylabel()) == (f"{head} of {target}", words[metric])
        own = table[(table["target"] == target) & (table["head"] == head) & (table["metric"] == metric)]
        assert_points(panel, own, model)
        assert [list(line.get_ydata()) for line in panel.get_lines()] == ([[0.5, 0.5]] if metric == "auroc" else [])


def test_models_of_one_method_stand_side_by_side_and_differ_in_colour_and_marker():
    panel = panels_of(drawn("truth, one method"))[0]
    positions = {model: set(points_of(panel, model)[:, 0].tolist()) for model in COUNTS}
    assert all(len(own) == 1 for own in positions.values())
    assert len(set.union(*positions.values())) == 3
    for one, other in itertools.combinations(COUNTS, 2):
        assert style.MARKERS[one] != style.MARKERS[other]
        assert np.abs(np.subtract(to_rgb(style.COLORS[one]), to_rgb(style.COLORS[other]))).max() > 0.2


# Variability


def test_variability_shows_each_sequence_and_how_many_are_below_the_line():
    table = CASES["variability, three heads"][1][0]
    panels = panels_of(drawn("variability, three heads"))
    for panel, ((target, head), method) in zip(panels, itertools.product(HEADS, METHODS), strict=True):
        assert panel.get_title() == f"{method}\n{head} of {target}: 25 % below"
        own = table[(table["target"] == target) & (table["head"] == head) & (table["method"] == method)]
        np.testing.assert_array_equal(panel.collections[0].get_offsets(), own[["member", "student"]])
        assert "members" in panel.get_xlabel() and "students" in panel.get_ylabel()
        (line,) = panel.get_lines()
        np.testing.assert_array_equal(line.get_xdata(), line.get_ydata())
        assert panel.get_xlim() == panel.get_ylim()
        (low, high), shown = panel.get_xlim(), own[["member", "student"]].to_numpy()
        assert low <= shown.min() and shown.max() <= high


# Quantiles


def boxes_of(panel: Axes) -> list[PathPatch]:
    """Return the boxes from left to right."""
    boxes = [patch for patch in panel.patches if isinstance(patch, PathPatch)]
    return sorted(boxes, key=lambda box: box.get_path().vertices[:, 0].mean())


def test_quantiles_show_every_models_nearness_to_the_reference_ensemble_and_their_means():
    table = CASES["quantiles, three heads"][1][0]
    panels = panels_of(drawn("quantiles, three heads"))[::2]
    for panel, ((target, head), method) in zip(panels, itertools.product(HEADS, METHODS), strict=True):
        assert panel.get_title() == f"{method}\n{head} of {target}"
        assert panel.get_ylabel().startswith("cosine") and panel.get_xlabel() == "quantile of measured activity"
        assert panel.get_xticks().tolist() == [1, 2, 3, 4]
        wanted = {"target": target, "head": head, "method": method}
        wanted |= {"reference": "reference ensemble", "metric": "cosine"}
        own = table[np.logical_and.reduce([table[name] == value for name, value in wanted.items()])]
        for model in COUNTS:
            rows = own[(own["model"] == model) & (own["group"] != "top")]
            expected = sorted(zip(rows["group"].str[-1].astype(int), rows["value"], strict=True))
            np.testing.assert_allclose(sorted(points_of(panel, model).tolist()), expected)
            (line,) = [line for line in panel.get_lines() if line.get_label() == style.label(model)]
            means = [np.mean([value for number, value in expected if number == at]) for at in (1, 2, 3, 4)]
            np.testing.assert_allclose(line.get_xydata(), np.column_stack([(1, 2, 3, 4), means]))


def test_quantiles_show_the_variability_of_members_beside_that_of_students():
    table = CASES["quantiles, three heads"][1][1]
    panels = panels_of(drawn("quantiles, three heads"))[1::2]
    for panel, ((target, head), method) in zip(panels, itertools.product(HEADS, METHODS), strict=True):
        assert panel.get_ylabel() == "std of maps over seeds" and panel.get_legend() is None
        assert [label.get_text() for label in panel.get_xticklabels()] == ["1", "2", "3", "4"]
        own = table[(table["target"] == target) & (table["head"] == head) & (table["method"] == method)]
        medians = own[own["quantile"] > 0].groupby("quantile")[["member", "student"]].median().to_numpy()
        # The line of a median is level, and wider than the caps.
        level = {tuple(line.get_ydata()) for line in panel.get_lines() if len(line.get_xdata()) == 2}
        assert {(value, value) for value in medians.ravel()} <= level
        # Members to the left of students.
        colors = [box.get_facecolor() for box in boxes_of(panel)]
        assert len(colors) == 8
        assert len(set(colors[::2])) == len(set(colors[1::2])) == 1 and colors[0] != colors[1]
        for color, model in zip(colors, ("member", "student"), strict=False):
            assert np.abs(np.subtract(color[:3], to_rgb(style.COLORS[model]))).max() < 0.15


def test_quantiles_of_one_student_show_the_variability_of_members_alone():
    figure = attribution_quantiles.draw(by_quantile(), varying().drop(columns="student"), "Toy")
    assert len(boxes_of(panels_of(figure)[1])) == 4


# Logos


def test_each_map_of_each_sequence_has_a_logo_of_its_name():
    titles = [panel.get_title(loc="left") for panel in panels_of(drawn("logos"))]
    assert titles == [f"{sequence}: {name}" for sequence in SEQUENCES for name in MAPS]


def test_every_logo_is_of_its_own_map_in_the_colour_of_each_base(monkeypatch):
    made = []

    def noted(frame: pd.DataFrame, **options: object) -> Logo:
        made.append((frame, Logo(frame, **options)))
        return made[-1][1]

    monkeypatch.setattr(attribution_logos.logomaker, "Logo", noted)
    figure = attribution_logos.draw(logos(), "log2", "Toy")
    expected = [values for maps in logos().values() for values in maps.values()]
    for (frame, logo), values, panel in zip(made, expected, panels_of(figure), strict=True):
        assert logo.ax is panel
        assert list(frame) == list("ACGT")
        np.testing.assert_array_equal(frame, values)
        for base in "ACGT":
            assert to_hex(logo.rgb_dict[base]) == attribution_logos.BASES[base].lower()
        low, high = panel.get_ylim()
        assert low <= values.min() and values.max() <= high


def test_the_logos_share_positions_and_say_the_unit():
    figure = drawn("logos")
    panels = panels_of(figure)
    assert [panel.get_xlabel() for panel in panels] == [""] * 3 + ["position (bp)"]
    assert len({panel.get_xlim() for panel in panels}) == 1
    assert figure.get_supylabel() == "contribution\n(log2)"
    assert attribution_logos.draw(logos(), "", "Toy").get_supylabel() == "contribution"


def test_one_map_is_enough():
    name, maps = next(iter(logos().items()))
    figure = attribution_logos.draw({name: {"one": maps[MAPS[0]]}}, "log2", "Toy")
    (panel,) = panels_of(figure)
    assert panel.get_xlabel() == "position (bp)" and panel.get_title(loc="left") == f"{name}: one"


def test_the_colours_of_the_bases_differ():
    for one, other in itertools.combinations(attribution_logos.BASES.values(), 2):
        assert np.abs(np.subtract(to_rgb(one), to_rgb(other))).max() > 0.2
