"""Every figure of uncertainty: drawn from small tables made by hand."""

import functools
import itertools
from types import ModuleType

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import StepPatch
from scipy import stats

from degu.data.splits import SPLITS
from degu.figures import (
    accuracy_and_coverage,
    calibration_curves,
    conditional_coverage,
    conformal,
    interval_coverage,
    pit,
    simulated_uncertainty,
    sparsification,
    style,
)
from degu.formats.tables import write_table
from degu.outputs.heads import Heads
from degu.prediction.ensemble import Predictions
from degu.uncertainty.assessment import LEVELS, assess
from degu.uncertainty.summary import read_methods
from tests.conftest import small_store

KINDS = ("aleatoric", "epistemic", "total")
UNITS = {"Dev": "log2", "Hk": "counts"}
RECALIBRATIONS = ("none", "std_scaling", "isotonic")
# By method: its models, and the kinds of uncertainty of each.
METHODS = {
    "small": {"member": ("aleatoric", "total"), "ensemble": KINDS},
    # Of a mean and two quantiles: no member has a std.
    "quantile": {"member": (), "ensemble": ("epistemic", "total")},
    "evidential": {"member": KINDS, "ensemble": KINDS},
    "degu": {"student": KINDS},
}
PLAIN = {**METHODS, "plain": {"student": ()}}
NOISELESS = {"small": {"member": (), "ensemble": ("epistemic", "total")}, "degu": {"student": ("epistemic", "total")}}
MANY = {f"method{index}": {"member": KINDS, "ensemble": KINDS} for index in range(16)} | {
    f"student{index}": {"student": KINDS} for index in range(4)
}
SEEDS = {"member": (1, 2), "ensemble": (-1,), "student": (1, 2, 3)}
# Names of conformal methods, as the default configuration has them.
CONFORMAL = [
    *("uncalibrated", "split", "normalized_aleatoric", "normalized_epistemic", "normalized_total", "quantile"),
    *("mondrian_activity", "mondrian_gc", "mondrian_total", "jackknife_plus"),
]


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def models(methods: dict, targets: tuple[str, ...]) -> list[dict]:
    """Return the labels of every model, and the kinds of uncertainty that it has."""
    return [
        {
            "target": target,
            "unit": UNITS[target],
            "teacher": "small" if "student" in own or method == "small" else f"small-{method}",
            "method": method,
            "model": model,
            "seed": seed,
            "kinds": kinds,
        }
        for (method, own), target in itertools.product(methods.items(), targets)
        for model, kinds in own.items()
        for seed in SEEDS[model]
    ]


def tidy(rows: list[dict], columns: tuple[str, ...]) -> pd.DataFrame:
    labels = ["target", "unit", "teacher", "method", "model", "seed"]
    return pd.DataFrame(rows, columns=[*labels, *columns])


def curves(methods: dict = METHODS, targets: tuple[str, ...] = ("Dev",)) -> pd.DataFrame:
    """Return all curves of every method, of which no two are alike."""
    rng = np.random.default_rng(1)
    rows = []
    for labels in models(methods, targets):
        for kind, recalibration in itertools.product(labels["kinds"], RECALIBRATIONS):
            lines = {
                "coverage": (LEVELS, np.sort(rng.uniform(0, 1, len(LEVELS)))),
                "width": (LEVELS, np.sort(rng.uniform(0.1, 3, len(LEVELS)))),
                "pit": (np.arange(20) / 20, rng.uniform(0.5, 1.5, 20)),
            }
            if recalibration == "none":
                lines["sparsification"] = (np.arange(20) / 20, np.sort(rng.uniform(0.5, 1, 20))[::-1])
                lines["oracle"] = (np.arange(20) / 20, np.sort(rng.uniform(0, 1, 20))[::-1])
            for curve, (x, y) in lines.items():
                own = {**labels, "uncertainty": kind, "recalibration": recalibration, "curve": curve}
                rows += [{**own, "x": a, "y": b} for a, b in zip(x, y, strict=True)]
    return tidy(rows, ("uncertainty", "recalibration", "curve", "x", "y"))


def scores(methods: dict = METHODS, targets: tuple[str, ...] = ("Dev",), empty: object = np.nan) -> pd.DataFrame:
    """Return scores as they are read from a file: what accuracy does not have is NaN."""
    rng = np.random.default_rng(2)
    rows = []
    for labels in models(methods, targets):
        named = [(empty, empty, "pearson"), (empty, empty, "mse")]
        named += itertools.product(labels["kinds"], RECALIBRATIONS, ("coverage", "miscalibration_area"))
        for uncertainty, recalibration, metric in named:
            own = {"uncertainty": uncertainty, "recalibration": recalibration, "metric": metric}
            rows.append({**labels, **own, "value": rng.uniform(0.1, 0.9)})
    return tidy(rows, ("uncertainty", "recalibration", "metric", "value"))


def conformal_table(
    methods: dict = METHODS, targets: tuple[str, ...] = ("Dev",), names: list[str] = CONFORMAL
) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    rows = []
    for labels in models(methods, targets):
        for population, level in itertools.product(("test", "shifted"), (0.8, 0.9)):
            for name in [*names, *(["weighted"] if population == "shifted" else [])]:
                own = {"conformal": name, "population": population, "level": level}
                numbers = {"coverage": rng.uniform(0.7, 1), "width": rng.uniform(1, 4), "median_width": 1.0}
                rows.append({**labels, **own, **numbers})
    return tidy(rows, ("conformal", "population", "level", "coverage", "width", "median_width"))


def conditional_table(
    methods: dict = METHODS, targets: tuple[str, ...] = ("Dev",), names: list[str] = CONFORMAL
) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    rows = []
    for labels in models(methods, targets):
        for name, feature in itertools.product(names, ("mean", "gc", *(["total"] if labels["kinds"] else []))):
            for number in range(5):
                own = {"conformal": name, "level": 0.9, "feature": feature, "bin": number, "rows": 40 + number}
                rows.append({**labels, **own, "coverage": rng.uniform(0.7, 1), "width": 1.0})
    return tidy(rows, ("conformal", "level", "feature", "bin", "rows", "coverage", "width"))


def predictions_table(methods: dict = METHODS, rows: int = 60) -> pd.DataFrame:
    """Return predictions of the first model and the ensemble of each method, as several files together have them."""
    rng = np.random.default_rng(5)
    parts = []
    for labels in models(methods, ("Dev",)):
        if labels["seed"] in (-1, 1):
            kinds = labels.pop("kinds")
            columns = ("measured", "mean", "truth_mean", "truth_noise_std", *kinds)
            numbers = {column: rng.uniform(0.1, 1, rows) for column in columns}
            parts.append(pd.DataFrame({"name": [f"row{row}" for row in range(rows)], **numbers}).assign(**labels))
    return pd.concat(parts, ignore_index=True)


BOTH = ("Dev", "Hk")
ONE_A_METHOD = (interval_coverage, calibration_curves, pit, conformal)
ROWS = {"calibration": 300, "test": 200}
# Module, what its `draw` takes, and its panels: (target, method), or what else each is for.
CASES = {}
for name, methods, targets in (
    ("one target", METHODS, ("Dev",)),
    ("two targets", METHODS, BOTH),
    ("no noise", NOISELESS, ("Dev",)),
    ("a student of a mean alone", PLAIN, ("Dev",)),
    ("twenty methods", MANY, ("Dev",)),
):
    known = [(target, method) for method, own in methods.items() for target in targets if any(own.values())]
    every = [(target, method) for method in methods for target in targets]
    featured = [
        (*pair, feature)
        for pair in every
        for feature in ("mean", "gc", "total")
        if (pair[1] == next(iter(methods)) or "student" in methods[pair[1]]) and (feature != "total" or pair in known)
    ]
    simulated = [
        (method, kind)
        for method, by_model in methods.items()
        for kind in ("aleatoric", "epistemic")
        if any(kind in kinds for model, kinds in by_model.items() if model != "member")
    ]
    lines, numbers = curves(methods, targets), scores(methods, targets)
    CASES |= {
        f"interval coverage, {name}": (interval_coverage, (lines, "Toy"), known),
        f"calibration curves, {name}": (calibration_curves, (lines, numbers, "Toy"), known),
        f"pit, {name}": (pit, (lines, "Toy"), known),
        f"conformal, {name}": (conformal, (conformal_table(methods, targets), 0.9, ROWS, "Toy"), every),
        f"conditional, {name}": (conditional_coverage, (conditional_table(methods, targets), "Toy"), featured),
        f"accuracy, {name}": (accuracy_and_coverage, (numbers, "Toy"), list(targets)),
        f"sparsification, {name}": (sparsification, (lines, "Toy"), list(targets)),
    }
    if targets == ("Dev",):
        CASES[f"simulated, {name}"] = (simulated_uncertainty, (predictions_table(methods), "Toy"), simulated)
every_figure = pytest.mark.parametrize("name", CASES)


@functools.cache
def drawn(name: str) -> Figure:
    """Return the figure of a case, which tests leave as it is."""
    module, arguments, _ = CASES[name]
    return module.draw(*arguments)


def table_of(name: str) -> pd.DataFrame:
    return CASES[name][1][0]


def panels_of(figure: Figure) -> list[Axes]:
    """Return the panels that can be seen."""
    return [axes for axes in figure.axes if axes.axison]


def panel_of(figure: Figure, method: str, target: str = "Dev") -> Axes:
    (panel,) = [axes for axes in panels_of(figure) if axes.get_title() == f"{method}\n{target}"]
    return panel


def legend_texts(figure: Figure) -> list[str]:
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def line_of(panel: Axes, label: str):
    (line,) = [line for line in panel.get_lines() if line.get_label() == label]
    return line


def mean_of(table: pd.DataFrame, column: str, by: str, **wanted: object) -> np.ndarray:
    """Return means over seeds, in order of another column."""
    chosen = np.logical_and.reduce([table[name].to_numpy() == value for name, value in wanted.items()])
    groups = {}
    for key, value in zip(table[by].to_numpy()[chosen], table[column].to_numpy()[chosen], strict=True):
        groups.setdefault(key, []).append(value)
    return np.array([sum(groups[key]) / len(groups[key]) for key in sorted(groups)])


# All figures


@every_figure
def test_a_figure_has_a_panel_for_everything(name):
    figure = drawn(name)
    assert isinstance(figure, Figure)
    assert figure.get_suptitle() == "Toy"
    panels = panels_of(figure)
    assert len(panels) == len(CASES[name][2])
    assert all(panel.has_data() for panel in panels)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case[0] in ONE_A_METHOD])
def test_each_panel_is_of_a_target_and_method(name):
    titles = [panel.get_title() for panel in panels_of(drawn(name))]
    assert sorted(titles) == sorted(f"{method}\n{target}" for target, method in CASES[name][2])
    # Methods come in the order of the configuration.
    methods = dict.fromkeys(title.partition("\n")[0] for title in titles)
    assert list(methods) == list(dict.fromkeys(method for _, method in CASES[name][2]))


@every_figure
def test_every_panel_says_what_its_width_is_and_the_first_of_a_row_what_its_height_is(name):
    module, _, _ = CASES[name]
    panels = panels_of(drawn(name))
    rows = {}
    for panel in panels:
        assert len(panel.get_xlabel()) > 3
        assert any(label.get_visible() for label in panel.get_xticklabels())
        rows.setdefault(panel.get_subplotspec().rowspan.start, []).append(panel)
    for row in rows.values():
        first = min(row, key=lambda panel: panel.get_subplotspec().colspan.start)
        assert len(first.get_ylabel()) > 3
        assert module is not simulated_uncertainty or all(panel.get_ylabel() for panel in row)


@every_figure
def test_a_legend_names_each_thing_once(name):
    figure = drawn(name)
    texts = legend_texts(figure)
    assert len(texts) == len(set(texts))
    assert set(texts) == {text for panel in panels_of(figure) for text in panel.get_legend_handles_labels()[1]}
    assert bool(texts) == (CASES[name][0] is not simulated_uncertainty)


@pytest.mark.parametrize("target", BOTH)
@pytest.mark.parametrize("kind", ["interval coverage", "conformal"])
def test_widths_are_in_the_unit_of_the_target(kind, target):
    label = panel_of(drawn(f"{kind}, two targets"), "degu", target).get_xlabel()
    assert label == f"mean width of the interval\n({UNITS[target]})"


def test_simulated_stds_are_in_the_unit_of_the_target():
    panels = panels_of(drawn("simulated, one target"))
    assert all("log2" in panel.get_xlabel() and "log2" in panel.get_ylabel() for panel in panels)


@pytest.mark.parametrize(
    ("unit", "expected"), [("log2", "width\n(log2)"), ("", "width"), (np.nan, "width"), (None, "width")]
)
def test_a_label_has_a_unit_where_there_is_one(unit, expected):
    assert style.with_unit("width", unit) == expected


@pytest.mark.parametrize("kind", ["conditional", "accuracy", "sparsification"])
def test_panels_of_two_targets_name_theirs(kind):
    titles = [panel.get_title() for panel in panels_of(drawn(f"{kind}, two targets"))]
    assert {target for target in BOTH for title in titles if target in title} == set(BOTH)
    assert all(titles)


@pytest.mark.parametrize(
    "name",
    [
        *(name for name in CASES if name.endswith(("two targets", "simulated, one target"))),
        *(name for name in CASES if name.endswith("twenty methods") and not name.startswith("simulated")),
    ],
)
def test_no_text_lies_outside_the_figure(name):
    module, arguments, _ = CASES[name]
    # Afresh: a closed figure is not laid out anew.
    figure = module.draw(*arguments)
    figure.canvas.draw()
    width, height = figure.canvas.get_width_height()
    texts = [text for legend in figure.legends for text in legend.get_texts()]
    texts += [part for panel in panels_of(figure) for part in (panel.yaxis.label, panel.xaxis.label, panel.title)]
    for text in texts:
        if text.get_text():
            box = text.get_window_extent()
            assert box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1, text.get_text()


@pytest.mark.parametrize("name", ["conformal, no noise", "pit, no noise", "simulated, no noise"])
def test_a_figure_drawn_twice_is_saved_to_the_same_bytes(name, tmp_path):
    module, arguments, _ = CASES[name]
    for folder in ("first", "second"):
        style.save(module.draw(*arguments), [tmp_path / folder / "figure.pdf", tmp_path / folder / "figure.png"])
    for suffix in ("pdf", "png"):
        first, second = ((tmp_path / folder / f"figure.{suffix}").read_bytes() for folder in ("first", "second"))
        assert first == second


# Coverage against width


@pytest.mark.parametrize("target", BOTH)
@pytest.mark.parametrize("method", METHODS)
def test_interval_coverage_joins_the_means_over_seeds(method, target):
    table = table_of("interval coverage, two targets")
    panel = panel_of(drawn("interval coverage, two targets"), method, target)
    expected = {}
    for model, kinds in METHODS[method].items():
        for kind in kinds:
            wanted = {"method": method, "target": target, "model": model, "uncertainty": kind, "recalibration": "none"}
            label = f"{kind}, one member" if model == "member" else kind
            expected[label] = [mean_of(table, "y", "x", curve=curve, **wanted) for curve in ("width", "coverage")]
    assert set(panel.get_legend_handles_labels()[1]) == set(expected)
    for label, (width, coverage) in expected.items():
        line = line_of(panel, label)
        np.testing.assert_allclose(line.get_xdata(), width)
        np.testing.assert_allclose(line.get_ydata(), coverage)
        assert to_hex(line.get_color()) == style.COLORS[label.split(",")[0]].lower()
        assert (line.get_linestyle() == ":") == ("one member" in label)
    # A point where the nominal level is 95 %, the last of the levels.
    points = [(line.get_xdata()[0], line.get_ydata()[0]) for line in panel.get_lines() if len(line.get_xdata()) == 1]
    assert len(points) == len(expected)
    last = [(width[-1], coverage[-1]) for width, coverage in expected.values()]
    np.testing.assert_allclose(sorted(points), sorted(last))


def test_interval_coverage_is_of_what_was_predicted_not_of_what_was_recalibrated():
    table = table_of("interval coverage, one target")
    only = interval_coverage.draw(table[table["recalibration"] == "none"], "Toy")
    for one, other in zip(panels_of(only), panels_of(drawn("interval coverage, one target")), strict=True):
        assert len(one.get_lines()) == len(other.get_lines())


# Calibration curves


@pytest.mark.parametrize("target", BOTH)
@pytest.mark.parametrize("method", METHODS)
def test_calibration_curves_are_means_over_seeds_of_ensembles_and_students(method, target):
    table, numbers, _ = CASES["calibration curves, two targets"][1]
    panel = panel_of(drawn("calibration curves, two targets"), method, target)
    model = next(model for model in METHODS[method] if model != "member")
    expected = {
        "total, std scaled": ("total", "std_scaling"),
        "total, isotonic": ("total", "isotonic"),
        **{kind: (kind, "none") for kind in METHODS[method][model]},
    }
    assert set(panel.get_legend_handles_labels()[1]) == set(expected)
    wanted = {"method": method, "target": target, "model": model}
    for label, (kind, recalibration) in expected.items():
        line = line_of(panel, label)
        own = {"curve": "coverage", "uncertainty": kind, "recalibration": recalibration, **wanted}
        np.testing.assert_allclose(line.get_xdata().astype(float), LEVELS)
        np.testing.assert_allclose(line.get_ydata(), mean_of(table, "y", "x", **own))
    assert len({line_of(panel, f"total{word}").get_linestyle() for word in ("", ", std scaled", ", isotonic")}) == 3
    (text,) = [text.get_text() for text in panel.texts]
    own = {"metric": "miscalibration_area", "uncertainty": "total", **wanted}
    area = {name: mean_of(numbers, "value", "target", recalibration=name, **own).item() for name in RECALIBRATIONS}
    lines = [f"{area['none']:.3f}", f"{area['std_scaling']:.3f}, std scaled", f"{area['isotonic']:.3f}, isotonic"]
    assert text == f"area {'; '.join(lines)}"


# PIT histograms


@pytest.mark.parametrize("method", METHODS)
def test_pit_histograms_are_means_over_seeds_as_predicted_and_scaled(method):
    table = table_of("pit, two targets")
    panel = panel_of(drawn("pit, two targets"), method, "Hk")
    stairs = [patch for patch in panel.patches if isinstance(patch, StepPatch)]
    assert len(stairs) == 2
    model = next(model for model in METHODS[method] if model != "member")
    wanted = {"method": method, "target": "Hk", "model": model, "uncertainty": "total", "curve": "pit"}
    for patch, recalibration in zip(stairs, ("none", "std_scaling"), strict=True):
        values, edges, _ = patch.get_data()
        np.testing.assert_allclose(values, mean_of(table, "y", "x", recalibration=recalibration, **wanted))
        np.testing.assert_allclose(np.asarray(edges, dtype=float), np.arange(21) / 20)
        assert patch.get_fill() == (recalibration == "none")


# Conformal intervals


@pytest.mark.parametrize("target", BOTH)
@pytest.mark.parametrize("method", METHODS)
def test_conformal_points_are_means_over_seeds(method, target):
    table = table_of("conformal, two targets")
    panel = panel_of(drawn("conformal, two targets"), method, target)
    model = next(model for model in METHODS[method] if model != "member")
    names = {name: (name, "test") for name in CONFORMAL}
    # On the shifted rows, what the shift breaks and what mends it.
    names |= {f"{name}, GC shift": (name, "shifted") for name in ("split", "weighted")}
    assert set(panel.get_legend_handles_labels()[1]) == set(names)
    for label, (name, population) in names.items():
        wanted = {"method": method, "target": target, "model": model, "level": 0.9}
        wanted |= {"conformal": name, "population": population}
        line = line_of(panel, label)
        assert line.get_xdata()[0] == pytest.approx(mean_of(table, "width", "target", **wanted).item())
        assert line.get_ydata()[0] == pytest.approx(mean_of(table, "coverage", "target", **wanted).item())


@pytest.mark.parametrize(("level", "calibration", "test", "rank"), [(0.9, 300, 200, 271), (0.8, 79, 50, 64)])
def test_the_band_is_where_a_valid_method_lies(level, calibration, test, rank):
    """The test rows below the 271st of 300 calibration errors, by urn: 300 - 271 + 1 = 30 gaps lie above it."""
    panel = panels_of(conformal.draw(conformal_table(), level, {"calibration": calibration, "test": test}, "Toy"))[0]
    (band,) = panel.patches
    draws = np.random.default_rng(1).beta(rank, calibration + 1 - rank, 400_000)
    covered = np.random.default_rng(2).binomial(test, draws) / test
    low, high = np.quantile(covered, [0.005, 0.995])
    assert band.get_y() == pytest.approx(low, abs=1.5 / test)
    assert band.get_y() + band.get_height() == pytest.approx(high, abs=1.5 / test)
    assert any(set(line.get_ydata()) == {level} for line in panel.get_lines() if len(line.get_xdata()) == 2)


def test_an_infinite_width_is_not_drawn_and_does_no_harm():
    table = conformal_table()
    table.loc[table["conformal"] == "mondrian_gc", "width"] = np.inf
    figure = conformal.draw(table, 0.9, ROWS, "Toy")
    figure.canvas.draw()
    assert all(np.isfinite(panel.get_xlim()).all() for panel in panels_of(figure))


def test_targets_without_a_unit_are_drawn():
    """A unit is optional (importers/table.py)."""
    figure = conformal.draw(conformal_table().assign(unit=np.nan), 0.9, ROWS, "Toy")
    assert len(panels_of(figure)) == len(METHODS)


def test_without_a_unit_there_are_no_brackets():
    panels = panels_of(interval_coverage.draw(curves().assign(unit=""), "Toy"))
    assert all(panel.get_xlabel().strip() == "mean width of the interval" for panel in panels)


# Coverage within bins


@pytest.mark.parametrize("target", BOTH)
@pytest.mark.parametrize("method", ["small", "degu"])
def test_conditional_coverage_is_the_mean_over_seeds_within_bins(method, target):
    table = table_of("conditional, two targets")
    panels = panels_of(drawn("conditional, two targets"))
    own = [panel for panel in panels if panel.get_title() == f"{method}, {target}"]
    assert len(own) == 3
    model = "student" if method == "degu" else "ensemble"
    for panel, (feature, words) in zip(own, conditional_coverage.FEATURES.items(), strict=True):
        assert panel.get_xlabel() == f"bin of {words}, low to high"
        assert set(panel.get_legend_handles_labels()[1]) == set(CONFORMAL)
        wanted = {"method": method, "target": target, "model": model, "feature": feature}
        for name in CONFORMAL:
            line = line_of(panel, name)
            np.testing.assert_array_equal(line.get_xdata(), [1, 2, 3, 4, 5])
            np.testing.assert_allclose(line.get_ydata(), mean_of(table, "coverage", "bin", conformal=name, **wanted))
        (band,) = panel.patches
        low, high = stats.binom.ppf([0.005, 0.995], 42, 0.9) / 42
        assert (band.get_y(), band.get_y() + band.get_height()) == (pytest.approx(low), pytest.approx(high))
    assert own[0].get_ylabel() == "coverage of 90 % intervals"


def test_conditional_coverage_leaves_baselines_and_members_out():
    titles = {panel.get_title() for panel in panels_of(drawn("conditional, one target"))}
    assert titles == {"small, Dev", "degu, Dev"}


def test_conditional_coverage_of_a_teacher_that_is_itself_a_baseline():
    """As config/README.md has it: the tables of `small-evidential` come first, and its students are its own."""
    table = conditional_table({name: METHODS[name] for name in ("evidential", "quantile", "degu")})
    table.loc[table["method"] == "degu", "teacher"] = "small-evidential"
    titles = {panel.get_title() for panel in panels_of(conditional_coverage.draw(table, "Toy"))}
    assert titles == {"evidential, Dev", "degu, Dev"}


# Sparsification


@pytest.mark.parametrize("target", BOTH)
def test_sparsification_shows_means_over_seeds_and_the_best_there_can_be(target):
    table = table_of("sparsification, two targets")
    (panel,) = [panel for panel in panels_of(drawn("sparsification, two targets")) if panel.get_title() == target]
    expected = {
        f"{method}, {model}": (method, model)
        for method, own in METHODS.items()
        for model, kinds in own.items()
        if "total" in kinds
    }
    assert set(panel.get_legend_handles_labels()[1]) == {*expected, "by the true error"}
    wanted = {"target": target, "uncertainty": "total"}
    for label, (method, model) in expected.items():
        own = {"curve": "sparsification", "method": method, "model": model, **wanted}
        np.testing.assert_allclose(line_of(panel, label).get_ydata(), mean_of(table, "y", "x", **own))
    oracle = line_of(panel, "by the true error")
    np.testing.assert_allclose(oracle.get_ydata(), mean_of(table, "y", "x", curve="oracle", **wanted))
    np.testing.assert_allclose(oracle.get_xdata().astype(float), np.arange(20) / 20)


# Accuracy against coverage


@pytest.mark.parametrize("empty", [np.nan, ""])
@pytest.mark.parametrize("target", BOTH)
def test_accuracy_and_coverage_shows_every_seed_and_their_mean(target, empty):
    table = scores(targets=BOTH, empty=empty)
    figure = accuracy_and_coverage.draw(table, "Toy")
    (panel,) = [panel for panel in panels_of(figure) if panel.get_title() == target]
    expected = {}
    for method, own in METHODS.items():
        for model, kinds in own.items():
            if "total" in kinds:
                label = f"{method}, {'one ' if model != 'ensemble' else ''}{model if model != 'member' else 'model'}"
                wanted = {"target": target, "method": method, "model": model}
                coverage = mean_of(
                    table, "value", "seed", metric="coverage", uncertainty="total", recalibration="none", **wanted
                )
                expected[label] = (coverage, mean_of(table, "value", "seed", metric="pearson", **wanted))
    assert list(dict.fromkeys(panel.get_legend_handles_labels()[1])) == list(expected)
    clouds = [(line.get_xdata(), line.get_ydata()) for line in panel.get_lines() if line.get_markersize() == 3]
    for label, (coverage, accuracy) in expected.items():
        line = line_of(panel, label)
        assert line.get_xdata()[0] == pytest.approx(coverage.mean())
        assert line.get_ydata()[0] == pytest.approx(accuracy.mean())
        points = set(zip(coverage, accuracy, strict=True))
        assert any(set(zip(*cloud, strict=True)) == points for cloud in clouds), label
        assert (line.get_fillstyle() == "none") == label.endswith("ensemble")


# Uncertainty against the truth


@pytest.mark.parametrize("method", METHODS)
def test_simulated_uncertainty_shows_each_sequence_with_its_truth(method):
    table = table_of("simulated, one target")
    axes = drawn("simulated, one target").axes
    noise, error = [panel for panel in axes if panel.get_title().startswith(f"{method}\n")]
    own = table[(table["method"] == method) & (table["model"] != "member")]
    if method == "quantile":
        assert noise.get_title() == "quantile\nno aleatoric head"
        assert not noise.axison
    else:
        np.testing.assert_allclose(noise.collections[0].get_offsets(), own[["truth_noise_std", "aleatoric"]])
        correlation = np.corrcoef(own["truth_noise_std"], own["aleatoric"])[0, 1]
        assert noise.get_title() == f"{method}\nPearson r = {correlation:.2f}"
    miss = np.abs(own["mean"] - own["truth_mean"])
    np.testing.assert_allclose(error.collections[0].get_offsets(), np.column_stack([own["epistemic"], miss]))
    assert error.get_title() == f"{method}\nSpearman r = {stats.spearmanr(own['epistemic'], miss).statistic:.2f}"
    # Ten bins of six sequences each.
    order = np.argsort(own["epistemic"].to_numpy()).reshape(10, 6)
    (line,) = error.get_lines()
    np.testing.assert_allclose(line.get_xdata().astype(float), own["epistemic"].to_numpy()[order].mean(axis=1))
    np.testing.assert_allclose(line.get_ydata(), miss.to_numpy()[order].mean(axis=1))


def test_a_method_without_uncertainty_says_so():
    axes = drawn("simulated, a student of a mean alone").axes
    titles = [panel.get_title() for panel in axes if panel.get_title().startswith("plain")]
    assert titles == ["plain\nno aleatoric head", "plain\nno epistemic uncertainty"]


def test_methods_of_no_aleatoric_head_at_all_are_drawn():
    assert "aleatoric" not in table_of("simulated, no noise")
    titles = [panel.get_title() for panel in drawn("simulated, no noise").axes]
    assert [title for title in titles if "no aleatoric" in title] == [
        f"{name}\nno aleatoric head" for name in NOISELESS
    ]


@pytest.mark.parametrize("value", [0.0, 0.3])
def test_an_uncertainty_that_is_the_same_everywhere_is_drawn(value):
    """As the published epistemic head may be, when all that it predicts is negative."""
    table = predictions_table().assign(aleatoric=value, epistemic=value)
    figure = simulated_uncertainty.draw(table, "Toy")
    figure.canvas.draw()
    assert len(panels_of(figure)) == 2 * len(METHODS)


# Colours and markers


@pytest.mark.parametrize("count", [1, 9, 20, 40])
def test_no_two_methods_are_drawn_alike(count):
    styles = style.method_styles(f"method{index}" for index in range(count))
    assert len({(to_hex(own["color"]), own["marker"]) for own in styles.values()}) == len(styles) == count


def test_a_method_named_twice_has_one_style_and_the_first_eight_differ_in_colour():
    styles = style.method_styles(["a", "b", "a", "c"])
    assert list(styles) == ["a", "b", "c"]
    colors = [to_hex(own["color"]) for own in style.method_styles("abcdefgh").values()]
    assert len(set(colors)) == 8


# Linear RGB to what is seen without one kind of cone (Vienot, Brettel and Mollon 1999), by mixing red and green.
DICHROMATS = {
    "protanopia": [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]],
    "deuteranopia": [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]],
}


def lab(color: object, kind: str) -> np.ndarray:
    """Return CIE L*a*b* of a colour as a dichromat sees it."""
    rgb = np.array(to_rgb(color))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.array(DICHROMATS[kind]) @ linear, 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ linear
    ratio = xyz / [0.9505, 1.0, 1.089]
    f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("kind", DICHROMATS)
@pytest.mark.parametrize(
    "colors",
    [
        {name: style.COLORS[name] for name in KINDS},
        {name: own["color"] for name, own in style.method_styles("abcdefgh").items()},
        pit.COLORS,
    ],
    ids=["kinds", "methods", "pit"],
)
def test_the_colour_blind_can_tell_them_apart(kind, colors):
    """A difference of 2.3 in L*a*b* is just noticeable."""
    for one, other in itertools.combinations(colors, 2):
        assert np.linalg.norm(lab(colors[one], kind) - lab(colors[other], kind)) > 8, (one, other)


def drawn_styles(panel: Axes, labels: list[str]) -> list[tuple]:
    lines = [line_of(panel, label) for label in labels]
    return [(to_hex(line.get_color()), line.get_marker(), line.get_linestyle(), line.get_fillstyle()) for line in lines]


@pytest.mark.parametrize(
    "name",
    [
        "accuracy, one target",
        "accuracy, twenty methods",
        "sparsification, one target",
        "sparsification, twenty methods",
    ],
)
def test_every_line_of_a_panel_has_a_style_of_its_own(name):
    (panel,) = panels_of(drawn(name))
    labels = panel.get_legend_handles_labels()[1]
    assert len(set(drawn_styles(panel, labels))) == len(labels)


@pytest.mark.parametrize("count", [10, 20])
def test_every_conformal_method_has_a_style_of_its_own(count):
    names = ["split", *(f"conformal{index}" for index in range(1, count))]
    (panel,) = panels_of(conformal.draw(conformal_table({"degu": METHODS["degu"]}, names=names), 0.9, ROWS, "Toy"))
    labels = panel.get_legend_handles_labels()[1]
    assert len(set(drawn_styles(panel, labels))) == len(labels) == count + 2
    panel = panels_of(conditional_coverage.draw(conditional_table(names=names), "Toy"))[0]
    labels = panel.get_legend_handles_labels()[1]
    assert len(set(drawn_styles(panel, labels))) == len(labels) == count


# From an assessment to a figure, by way of files


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, list]:
    """Return the tables of a teacher with noise, a baseline of quantiles, a student, and one of a mean alone."""
    store = small_store(rows=400, targets=2)
    store.units = ["log2", "counts"]
    rng = np.random.default_rng(1)
    store.truth = {name: rng.uniform(0.1, 1, (len(store), 2)) for name in ("mean", "noise_std")}
    folder = tmp_path_factory.mktemp("assessments")
    settings = {
        "metrics": ["coverage", "miscalibration_area"],
        "levels": [0.8],
        "conditional_level": 0.8,
        "bins": 3,
        "shift": {"strength": 1.0},
        "conformal": {"split": {"method": "absolute"}, "normalized_total": {"method": "normalized", "std": "total"}},
    }
    paths = {}
    for teacher, student, heads in (
        ("small", "", ("mean", "aleatoric")),
        ("small-quantile", "", ("mean", "lower", "upper")),
        ("small", "plain", ("mean",)),
        ("small", "degu", ("mean", "aleatoric", "epistemic")),
    ):
        values = {
            split: rng.uniform(0.1, 1, (2, len(store.rows(split)), 2 * len(heads))).astype(np.float32)
            for split in SPLITS
        }
        predictions = Predictions(values, Heads(heads, tuple(store.target_names)), [1, 2])
        model = "student" if student else "member"
        assessment = assess(store, predictions, settings, model=model, family="normal", seed=1)
        for table, frame in assessment._asdict().items():
            suffix = "parquet" if table in ("curves", "predictions") else "tsv"
            path = folder / f"{teacher}-{student}-{table}.{suffix}"
            write_table(frame.assign(dataset="toy", teacher=teacher, student=student, fraction=1.0), path)
            paths.setdefault(table, []).append(path)
    return paths


@pytest.mark.parametrize(
    ("module", "tables", "further", "count"),
    [
        (interval_coverage, ["curves"], (), 6),
        (calibration_curves, ["curves", "scores"], (), 6),
        (pit, ["curves"], (), 6),
        (sparsification, ["curves"], (), 2),
        (accuracy_and_coverage, ["scores"], (), 2),
        (conformal, ["conformal"], (0.8, ROWS), 8),
        (conditional_coverage, ["conditional"], (), 16),
        (simulated_uncertainty, ["predictions"], (), 5),
    ],
    ids=lambda value: value.__name__.rpartition(".")[2] if isinstance(value, ModuleType) else None,
)
def test_an_assessment_is_drawn_from_its_files(files, module, tables, further, count):
    figure = module.draw(*(read_methods(files[table]) for table in tables), *further, "Toy")
    figure.canvas.draw()
    assert len(panels_of(figure)) == count
