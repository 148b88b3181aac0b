"""Every figure: drawn from small tables made by hand."""

import itertools
from types import ModuleType

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from degu.evaluation.accuracy import COLUMNS
from degu.figures import performance, predictions, simulated_truth, style, training_curves, uncertainty_heads

MODELS = {
    "kmer_ridge": "k-mer ridge",
    "member": "ensemble member",
    "ensemble": "ensemble",
    "student": "distilled student",
}


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def scores(
    targets: tuple[str, ...] = ("Dev",),
    fractions: tuple[float, ...] = (0.1, 0.5, 1.0),
    teachers: dict[str, tuple[str, ...]] | None = None,
    empty: object = np.nan,
) -> pd.DataFrame:
    """Return scores of a baseline, ensembles and students, as they are read from a file: what is not said is NaN.

    `teachers` names the comparisons of each teacher's uncertainty heads, as in `aleatoric/measured`.
    """
    teachers = teachers or {"small": ("epistemic/ensemble", "aleatoric/measured", "aleatoric/truth")}
    rng = np.random.default_rng(1)
    rows = []

    def add(model: str, seed: int, teacher: object, student: object, head: str, reference: str) -> None:
        for target, fraction, metric, split in itertools.product(
            targets, fractions, ("pearson", "mse"), ("train", "test")
        ):
            value = rng.uniform(0.2, 0.9)
            line = ("toy", teacher, student, fraction, model, seed, split, head, target, reference, metric, value)
            rows.append(dict(zip(COLUMNS, line, strict=True)))

    add("kmer_ridge", -1, empty, empty, "mean", "measured")
    for teacher, comparisons in teachers.items():
        for seed in (1, 2):
            add("member", seed, teacher, empty, "mean", "measured")
            add("student", seed, teacher, "degu", "mean", "measured")
            add("student", seed, teacher, "degu", "mean", "ensemble")
        add("ensemble", -1, teacher, empty, "mean", "measured")
        for comparison in comparisons:
            for seed in (1, 2):
                add("student", seed, teacher, "degu", *comparison.split("/"))
            if comparison.startswith("aleatoric"):
                add("member", 1, teacher, empty, *comparison.split("/"))
                add("ensemble", -1, teacher, empty, *comparison.split("/"))
    return pd.DataFrame(rows, columns=COLUMNS)


def predicted(targets: tuple[str, ...] = ("Dev",), known: tuple[str, ...] = (), rows: int = 40) -> pd.DataFrame:
    """Return test predictions of two students; `known` names further columns."""
    rng = np.random.default_rng(2)
    columns = ["measured", "ensemble_mean", "student_mean", "ensemble_epistemic", "student_epistemic", *known]
    parts = [
        pd.DataFrame(
            {"name": [f"row{row}" for row in range(rows)], "target": target, "unit": "log2", "seed": seed}
        ).assign(**{column: rng.uniform(0.1, 1, size=rows) for column in columns})
        for seed in (4, 2)
        for target in targets
    ]
    return pd.concat(parts, ignore_index=True)


def history(models: tuple[str, ...] = ("small",), fractions: tuple[float, ...] = (1.0,)) -> pd.DataFrame:
    """Return the losses of three runs each, of which the last stops first."""
    rows = [
        (model, fraction, seed, epoch, 1 / epoch + 0.1 * seed, 1.5 / epoch + 0.2 * abs(epoch - 3) + 0.1 * seed)
        for model, fraction, seed in itertools.product(models, fractions, (1, 2, 3))
        for epoch in range(1, 7 - seed)
    ]
    return pd.DataFrame(rows, columns=["model", "fraction", "seed", "epoch", "loss", "val_loss"])


def truth(rows: int = 60) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Return what the figure of the simulated truth takes."""
    rng = np.random.default_rng(3)
    table = pd.DataFrame(rng.uniform(0.1, 1, size=(rows, 3)), columns=["mean", "noise_std", "replicate_std"])
    sites = pd.DataFrame({"motif": np.resize(["AP1", "CTCF", "GATA"], rows), "mean": table["mean"]})
    return table, sites, 3


ALEATORIC = ("replicate_std", "truth_noise_std", "student_aleatoric", "ensemble_aleatoric")
# Module, what its `draw` takes, and the number of panels that hold something.
CASES = {
    "performance": (performance, (scores(), "Toy"), 1),
    "performance, two targets": (performance, (scores(("Dev", "Hk")), "Toy"), 2),
    "performance, one fraction": (performance, (scores(fractions=(1.0,)), "Toy"), 1),
    "performance, two teachers": (performance, (scores(("Dev", "Hk"), teachers={"a": (), "b": ()}), "Toy"), 4),
    "uncertainty": (uncertainty_heads, (scores(), "Toy"), 3),
    "uncertainty, two targets": (uncertainty_heads, (scores(("Dev", "Hk")), "Toy"), 6),
    "uncertainty, one fraction": (uncertainty_heads, (scores(fractions=(0.5,)), "Toy"), 3),
    "uncertainty, no aleatoric head": (uncertainty_heads, (scores(teachers={"a": ("epistemic/ensemble",)}), "Toy"), 1),
    "uncertainty, no epistemic head": (uncertainty_heads, (scores(teachers={"a": ("aleatoric/measured",)}), "Toy"), 1),
    "uncertainty, two teachers": (
        uncertainty_heads,
        (scores(teachers={"a": ("epistemic/ensemble",), "b": ("epistemic/ensemble", "aleatoric/measured")}), "Toy"),
        3,
    ),
    "predictions": (predictions, (predicted(), "Toy"), 4),
    "predictions, all heads": (predictions, (predicted(known=ALEATORIC), "Toy"), 6),
    "predictions, two targets": (predictions, (predicted(("Dev", "Hk"), known=ALEATORIC), "Toy"), 12),
    "predictions, many of one kind": (
        predictions,
        (predicted(rows=3000)[["target", "unit", "seed", "measured", "ensemble_mean"]], "Toy"),
        1,
    ),
    "predictions, many": (predictions, (predicted(rows=3000), "Toy"), 4),
    "curves": (training_curves, (history(), "Toy"), 1),
    "curves, several": (training_curves, (history(("small", "degu of small"), (0.1, 0.5, 1.0)), "Toy"), 6),
    "truth": (simulated_truth, truth(), 4),
}
every_figure = pytest.mark.parametrize(("module", "arguments", "count"), CASES.values(), ids=CASES)


def panels_of(figure: Figure) -> list[Axes]:
    """Return the panels that can be seen, without colour bars."""
    return [axes for axes in figure.axes if axes.get_subplotspec() is not None and axes.axison]


def legend_texts(figure: Figure) -> list[str]:
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


@every_figure
def test_a_figure_has_a_panel_for_everything(module: ModuleType, arguments: tuple, count: int):
    figure = module.draw(*arguments)
    assert isinstance(figure, Figure)
    assert len(panels_of(figure)) == count
    assert all(panel.has_data() for panel in panels_of(figure))


@every_figure
def test_the_first_panel_of_each_row_says_what_its_height_is(module, arguments, count):
    panels = panels_of(module.draw(*arguments))
    rows = {panel.get_subplotspec().rowspan.start for panel in panels}
    for row in rows:
        first = min(
            (panel for panel in panels if panel.get_subplotspec().rowspan.start == row),
            key=lambda panel: panel.get_subplotspec().colspan.start,
        )
        assert len(first.get_ylabel()) > 3 or module is simulated_truth


UPPER_RIGHT = scores(teachers={"b": ("epistemic/ensemble", "aleatoric/truth"), "a": ("epistemic/ensemble",)})


@pytest.mark.parametrize(
    ("module", "arguments"),
    [*(case[:2] for case in CASES.values()), (uncertainty_heads, (UPPER_RIGHT, "Toy"))],
    ids=[*CASES, "uncertainty, two teachers, upper right"],
)
def test_the_lowest_panel_of_each_column_says_what_its_width_is(module, arguments):
    panels = panels_of(module.draw(*arguments))
    columns = {panel.get_subplotspec().colspan.start for panel in panels}
    for column in columns:
        lowest = max(
            (panel for panel in panels if panel.get_subplotspec().colspan.start == column),
            key=lambda panel: panel.get_subplotspec().rowspan.start,
        )
        assert len(lowest.get_xlabel()) > 3
        assert any(label.get_visible() for label in lowest.get_xticklabels())


@every_figure
def test_a_figure_says_what_it_shows(module, arguments, count):
    figure = module.draw(*arguments)
    if module is not simulated_truth:
        assert figure.get_suptitle() == "Toy"


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith(("performance", "uncertainty", "curves"))])
def test_each_panel_says_whose_it_is(name):
    module, arguments, count = CASES[name]
    titles = [panel.get_title() for panel in panels_of(module.draw(*arguments))]
    assert all(titles)
    if module is training_curves:
        assert len(set(titles)) == count
    for word in arguments[0]["teacher" if "teacher" in arguments[0] else "model"].dropna().unique():
        assert any(word in title for title in titles)


@pytest.mark.parametrize("targets", [("Dev",), ("Dev", "Hk")])
def test_each_targets_row_of_predictions_begins_with_its_name(targets):
    panels = panels_of(predictions.draw(predicted(targets, known=ALEATORIC), "Toy"))
    assert [panel.get_title(loc="left") for panel in panels if panel.get_title(loc="left")] == list(targets)
    assert all("log2" in panel.get_xlabel() and panel.get_ylabel() for panel in panels)


@pytest.mark.parametrize("fractions", [(1.0,), (0.1, 0.5, 1.0)])
def test_legends_name_every_model_once(fractions):
    assert legend_texts(performance.draw(scores(fractions=fractions), "Toy")) == list(MODELS.values())
    heads = legend_texts(uncertainty_heads.draw(scores(fractions=fractions), "Toy"))
    assert heads == [MODELS[model] for model in ("member", "ensemble", "student")]


def test_the_legend_of_training_curves_names_each_line_once():
    figure = training_curves.draw(history(("small", "degu of small"), (0.1, 1.0)), "Toy")
    assert sorted(legend_texts(figure)) == ["best epoch", "training loss", "validation loss"]


@pytest.mark.parametrize("target", ["Dev", "Hk"])
@pytest.mark.parametrize("model", MODELS)
def test_performance_joins_the_means_over_seeds_on_the_test_split(target, model):
    table = scores(("Dev", "Hk"))
    (panel,) = [panel for panel in panels_of(performance.draw(table, "Toy")) if target in panel.get_title()]
    (line,) = [line for line in panel.get_lines() if line.get_label() == MODELS[model]]
    rows = [
        row
        for row in table.to_dict("records")
        if (row["model"], row["target"], row["head"], row["reference"]) == (model, target, "mean", "measured")
        and (row["split"], row["metric"]) == ("test", "pearson")
    ]
    expected = [np.mean([row["value"] for row in rows if row["fraction"] == at]) for at in (0.1, 0.5, 1.0)]
    np.testing.assert_allclose(line.get_ydata(), expected)
    np.testing.assert_allclose(line.get_xdata(), (0.1, 0.5, 1.0), atol=0.03)
    assert to_hex(line.get_color()) == style.COLORS[model].lower()


def test_uncertainty_heads_show_the_student_against_its_ensemble():
    table = scores()
    first = panels_of(uncertainty_heads.draw(table, "Toy"))[0]
    assert "std over members" in first.get_ylabel()
    chosen = table.query("head == 'epistemic' and split == 'test' and metric == 'pearson' and model == 'student'")
    (line,) = [line for line in first.get_lines() if line.get_label() == "distilled student"]
    expected = [np.mean(chosen.loc[chosen["fraction"] == at, "value"]) for at in (0.1, 0.5, 1.0)]
    np.testing.assert_allclose(line.get_ydata(), expected)


def test_scores_that_never_were_in_a_file_give_the_same_figure():
    from_file, in_memory = (uncertainty_heads.draw(scores(empty=empty), "Toy") for empty in (np.nan, ""))
    assert len(in_memory.axes) == len(from_file.axes)


def test_students_without_uncertainty_heads_give_a_figure_that_says_so():
    assert isinstance(uncertainty_heads.draw(scores(teachers={"a": ()}), "Toy"), Figure)


def test_predictions_are_those_of_the_first_student_with_their_correlation():
    table = predicted()
    first = table[table["seed"] == 2]
    panel = panels_of(predictions.draw(table, "Toy"))[0]
    np.testing.assert_allclose(panel.collections[0].get_offsets(), first[["measured", "ensemble_mean"]])
    correlation = np.corrcoef(first["measured"], first["ensemble_mean"])[0, 1]
    assert panel.get_title(loc="right") == f"r = {correlation:.2f}"


def test_many_predictions_are_drawn_as_a_density_with_a_scale():
    figure = predictions.draw(predicted(rows=3000), "Toy")
    bars = [axes for axes in figure.axes if axes.get_subplotspec() is None]
    assert [bar.get_ylabel() for bar in bars] == ["sequences"] * 4


def test_training_curves_show_each_run_and_its_best_epoch():
    table = history()
    (panel,) = panels_of(training_curves.draw(table, "Toy"))
    curves = [line for line in panel.get_lines() if len(line.get_xdata()) > 1]
    best = [line for line in panel.get_lines() if len(line.get_xdata()) == 1]
    assert len(curves) == 6 and len(best) == 3
    for seed, line in zip((1, 2, 3), best, strict=True):
        run = table[table["seed"] == seed]
        assert line.get_ydata()[0] == run["val_loss"].min()
        assert line.get_xdata()[0] == run["epoch"].to_numpy()[np.argmin(run["val_loss"].to_numpy())]


def test_a_run_that_was_never_made_leaves_its_panel_empty():
    table = history(("small", "degu of small"), (0.1, 1.0))
    table = table[(table["model"] == "small") | (table["fraction"] == 1.0)]
    panels = panels_of(training_curves.draw(table, "Toy"))
    assert [panel.has_data() for panel in panels] == [True, True, False, True]


def test_motifs_are_ordered_by_their_effect():
    table, sites, replicates = truth()
    sites["mean"] = sites["motif"].map({"AP1": 0.5, "CTCF": -1.0, "GATA": 2.0})
    motifs = panels_of(simulated_truth.draw(table, sites, replicates))[3]
    assert [label.get_text() for label in motifs.get_yticklabels()] == ["CTCF", "AP1", "GATA"]


def test_the_truths_figure_says_how_many_replicates_there_were():
    table, sites, _ = truth()
    assert any("7 replicates" in panel.get_ylabel() for panel in panels_of(simulated_truth.draw(table, sites, 7)))


@pytest.mark.parametrize(
    "name",
    ["performance", "uncertainty, no aleatoric head", "predictions, many of one kind", "curves", "truth"],
)
def test_a_figure_drawn_twice_is_saved_to_the_same_bytes(name, tmp_path):
    module, arguments, _ = CASES[name]
    for folder in ("first", "second"):
        style.save(module.draw(*arguments), [tmp_path / folder / "figure.pdf", tmp_path / folder / "figure.png"])
    for suffix, magic in ((".pdf", b"%PDF"), (".png", b"\x89PNG")):
        first, second = ((tmp_path / folder / f"figure{suffix}").read_bytes() for folder in ("first", "second"))
        assert first.startswith(magic)
        assert first == second
    assert sorted(path.name for path in (tmp_path / "first").iterdir()) == ["figure.pdf", "figure.png"]


def test_a_figure_can_be_saved_as_svg(tmp_path):
    style.save(simulated_truth.draw(*truth()), [tmp_path / "figure.svg"])


def test_no_text_lies_outside_the_figure():
    figure = performance.draw(scores(("Dev", "Hk"), teachers={"a": (), "b": ()}), "Toy")
    figure.canvas.draw()
    width, height = figure.canvas.get_width_height()
    boxes = [text.get_window_extent() for legend in figure.legends for text in legend.get_texts()]
    boxes += [panel.yaxis.label.get_window_extent() for panel in panels_of(figure) if panel.get_ylabel()]
    for box in boxes:
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height


@pytest.mark.parametrize("words", [tuple(MODELS), ("mean", "aleatoric", "epistemic", "truth")])
def test_what_is_shown_together_differs_in_colour(words):
    for one, other in itertools.combinations(words, 2):
        difference = np.abs(np.subtract(to_rgb(style.COLORS[one]), to_rgb(style.COLORS[other])))
        assert difference.max() > 0.2, (one, other)


def test_every_model_has_a_colour_a_marker_and_a_word():
    # A network of a student's kind trained without a teacher is compared by its maps alone.
    words = MODELS | {"alone": "trained alone"}
    assert set(style.ORDER) == set(words) == set(style.MARKERS)
    assert len(set(style.MARKERS.values())) == len({style.COLORS[model] for model in words}) == len(words)
    assert {model: style.label(model) for model in words} == words
    assert style.label("a word of its own") == "a word of its own"


def test_the_identity_line_spans_both_axes_alike():
    _, axes = style.panels(1, 1)
    axes[0, 0].set(xlim=(0, 1), ylim=(-2, 0.5))
    style.identity_line(axes[0, 0])
    assert axes[0, 0].get_xlim() == axes[0, 0].get_ylim() == (-2, 1)
    (line,) = axes[0, 0].get_lines()
    np.testing.assert_array_equal(line.get_xdata(), line.get_ydata())


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (2, 3)])
def test_panels_are_all_of_one_size(rows, columns):
    figure, axes = style.panels(rows, columns)
    assert axes.shape == (rows, columns)
    width, height = figure.get_size_inches()
    assert width / columns == pytest.approx(style.PANEL[0], abs=0.3)
    assert height / rows == pytest.approx(style.PANEL[1], abs=0.4)


@pytest.mark.parametrize(
    "some", [list, iter, lambda axes: dict(enumerate(axes)).values(), lambda axes: np.array(axes).flat, tuple]
)
def test_a_shared_legend_takes_axes_of_any_iterable_and_names_each_line_once(some):
    figure, axes = style.panels(1, 3)
    for panel, words in zip(axes.flat, (["ensemble", "k-mer ridge"], ["a line", "ensemble"], []), strict=True):
        for word in words:
            panel.plot([0, 1], label=word)
    style.shared_legend(figure, some(list(axes.flat)))
    # Models in their order, and then the rest as they come.
    assert legend_texts(figure) == ["k-mer ridge", "ensemble", "a line"]


def test_a_figure_of_nothing_named_has_no_legend():
    figure, axes = style.panels(1, 2)
    axes[0, 0].plot([0, 1])
    style.shared_legend(figure, axes.flat)
    assert figure.legends == []


@pytest.mark.parametrize(
    ("count", "columns", "shape"), [(1, 4, (1, 1)), (3, 4, (1, 3)), (4, 4, (1, 4)), (5, 4, (2, 4)), (9, 2, (5, 2))]
)
def test_a_grid_has_a_panel_a_key_in_rows_and_the_rest_hidden(count, columns, shape):
    keys = [f"key{index}" for index in range(count)]
    figure, panels = style.grid(keys, columns=columns)
    assert list(panels) == keys
    assert len(figure.axes) == np.prod(shape)
    assert panels_of(figure) == list(panels.values())
    for index, panel in enumerate(panels.values()):
        place = panel.get_subplotspec()
        assert (place.rowspan.start, place.colspan.start) == divmod(index, shape[1])


def test_a_grid_of_nothing_is_an_empty_figure():
    figure, panels = style.grid([])
    assert panels == {}
    assert panels_of(figure) == []


def test_a_grid_of_methods_is_titled_and_labelled_at_its_left_edge():
    pairs = [(target, method) for method in ("a", "b", "c") for target in ("Dev", "Hk")]
    table = pd.DataFrame([*pairs, *pairs], columns=["target", "method"])
    figure, panels = style.method_grid(table, "height")
    assert list(panels) == pairs
    assert [panel.get_title() for panel in panels.values()] == [f"{method}\n{target}" for target, method in pairs]
    assert [bool(panel.get_ylabel()) for panel in panels_of(figure)] == [True, False, False, False, True, False]
