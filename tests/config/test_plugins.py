"""Plugins and their options are found, checked and loaded."""

import sys

import pytest

from degu.config import plugins
from degu.config.plugins import (
    KINDS,
    check_methods,
    check_name,
    check_options,
    complete_options,
    constant,
    default_options,
    known_names,
    load,
    module_name,
)
from degu.errors import DeguError

BUILD = """
from degu.models.layers.names import Shade
from elsewhere import Tone

RANGES = {"width": {"above": 0}, "rates": {"at_least": 0, "below": 1}, "most": {"at_least": "least"}}
NOT_EMPTY = ("activation", "names")


def build(
    length,
    heads: int = 3,
    *,
    depth: int,
    width: float = 1.0,
    names: list[str] = (),
    table: dict = {},
    activation: str = "relu",
    flag: bool = False,
    loose=None,
    either: int | None = None,
    padding: Literal["same", "valid"] = "same",
    shade: Shade = "dark",
    tone: Tone = "low",
    rates: dict[str, float] | None = None,
    least: int = 2,
    most: int = 5,
):
    raise RuntimeError("nobody calls this")
"""

LOSS = """
HEADS = ("mean", "aleatoric")
POSITIVE = True
TABLE = {"a": [1, -2.5], "b": None}
A = B = 1
FIRST, SECOND = 1, 2
TYPED: int = 4
COMPUTED = 1 + 1


def loss(a, b, *, power: float = 2.0):
    INSIDE = 3
    return a
"""


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A library of two models and a loss; one model and the loss cannot be imported."""
    for package in ("models", "data/importers", "losses", "attribution/methods", "attribution/backgrounds"):
        (tmp_path / package).mkdir(parents=True)
    (tmp_path / "models" / "wide.py").write_text(f"import not_installed\n{BUILD}")
    (tmp_path / "models" / "plain.py").write_text('"""A model."""\n\ndef build(length):\n    pass\n')
    (tmp_path / "models" / "layers").mkdir()
    (tmp_path / "models" / "layers" / "names.py").write_text(
        'from typing import Literal\n\nShade = Literal["dark", "light"]\n'
    )
    (tmp_path / "losses" / "absolute.py").write_text(f"import not_installed\n{LOSS}")
    monkeypatch.setattr(plugins, "_LIBRARY", tmp_path)
    for function in (plugins.options_of, plugins._parse):
        function.cache_clear()
    yield tmp_path
    for function in (plugins.options_of, plugins._parse):
        function.cache_clear()


def check(options, **given):
    check_options("model", "wide", options, **given, where="my.yaml: model")


@pytest.mark.parametrize(
    ("option", "default"),
    [("width", 1.0), ("names", ()), ("table", {}), ("activation", "relu"), ("either", None), ("depth", None)],
)
def test_the_default_of_an_option_is_read_without_an_import(library, option, default):
    assert default_options("model", "wide")[option] == default


def test_options_that_are_not_set_have_their_defaults(library):
    complete = complete_options("model", "wide", {"width": 2.0})
    assert complete == {**default_options("model", "wide"), "width": 2.0}


def test_the_modules_of_a_package_are_its_plugins(library):
    assert known_names("model") == ["plain", "wide"]
    assert known_names("loss") == ["absolute"]
    assert known_names("importer") == []


def test_modules_of_the_project_are_known():
    assert {"table", "deepstarr", "lentimpra", "simulated_mpra"} <= set(known_names("importer"))
    assert {"deletion", "gaussian_noise", "two_point_crossover"} <= set(known_names("augmentation"))
    assert {"deepstarr", "motif_cnn", "mprann", "residualbind"} <= set(known_names("model"))
    assert "layers" not in known_names("model")
    assert {"mean_squared_error", "gaussian", "evidential", "pinball"} <= set(known_names("loss"))
    assert "log_gamma" not in known_names("loss")
    assert {"crps", "coverage"} <= set(known_names("metric"))
    assert {"absolute", "jackknife_plus"} <= set(known_names("conformal method"))
    assert {"deep_shap", "saliency", "integrated_gradients"} <= set(known_names("attribution method"))
    assert {"dinucleotide_shuffle", "training", "uniform"} <= set(known_names("background"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_module_of_a_kind_has_its_function(kind):
    assert known_names(kind)
    for name in known_names(kind):
        check_name(kind, name, where="x")
        assert f"\ndef {KINDS[kind].function}(" in (plugins._folder(kind) / f"{name}.py").read_text()


def test_a_plugin_is_loaded_by_its_kind_and_name():
    assert load("metric", "crps").__name__ == module_name("metric", "crps") == "degu.uncertainty.calibration.crps"


def test_a_plugin_that_does_not_exist_is_reported_with_the_nearest():
    with pytest.raises(DeguError, match="there is no metric 'crpss'\n  expected: did you mean 'crps'"):
        load("metric", "crpss")


def test_an_import_that_fails_within_a_plugin_is_reported_by_python(monkeypatch):
    monkeypatch.setitem(sys.modules, "scoringrules", None)
    for name in ("degu.uncertainty.calibration.crps", "degu.uncertainty.distributions", "degu.uncertainty.scores"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    with pytest.raises(ImportError, match="scoringrules"):
        load("metric", "crps")


@pytest.mark.parametrize(
    ("package", "name", "message"),
    [
        ("model", "plane", "there is no model 'plane'\n  expected: did you mean 'plain'"),
        ("loss", "absolut", "there is no loss 'absolut'\n  expected: did you mean 'absolute'"),
        ("importer", "table", "there is no importer 'table'\n  expected: known: none"),
        ("model", None, "there is no model 'None'"),
        ("attribution method", "saliensy", "there is no attribution method 'saliensy'"),
        ("background", "shuffle", "there is no background 'shuffle'"),
    ],
)
def test_an_unknown_module_is_reported_with_the_nearest(library, package, name, message):
    with pytest.raises(DeguError, match=message) as caught:
        check_name(package, name, where="my.yaml: model.name")
    assert str(caught.value).startswith("my.yaml: model.name: ")


def test_a_known_module_passes(library):
    check_name("model", "plain", where="x")


def test_right_options_pass_without_importing_the_module(library):
    check({"depth": 3})
    check({"depth": 3, "width": 2, "names": ["a"], "table": {"a": 1}, "activation": "gelu", "flag": True})
    check({"depth": 3, "width": 0.5, "loose": object(), "either": None})


def test_an_unknown_option_is_reported_with_the_nearest(library):
    with pytest.raises(DeguError, match=r"my\.yaml: model: unknown option 'widht'\n  expected: did you mean 'width'"):
        check({"depth": 3, "widht": 2})


def test_a_value_outside_the_literal_is_reported_with_the_nearest(library):
    check({"depth": 3, "padding": "valid"})
    with pytest.raises(DeguError, match=r"my\.yaml: model\.padding: there is no padding 'vald'\n.* 'valid'"):
        check({"depth": 3, "padding": "vald"})


def test_an_annotation_may_stand_in_another_module_of_the_library(library):
    check({"depth": 3, "shade": "light", "tone": "any"})
    with pytest.raises(DeguError, match=r"^my\.yaml: model\.shade: there is no shade 'lite'\n.*known: dark, light"):
        check({"depth": 3, "shade": "lite"})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"width": 0}, r"model\.width: 0 is out of range\n  expected: a number above 0"),
        ({"width": "-1"}, r"model\.width: -1 is out of range"),
        ({"rates": {"a": 0.5, "b": 1}}, r"model\.rates\.b: 1 is out of range"),
        ({"most": 1}, r"model\.most: 1 is out of range\n  expected: a number of at least 2, as `least` says"),
        # The other end of the range is a default.
        ({"least": 6}, r"model\.most: 5 is out of range\n  expected: a number of at least 6, as `least` says"),
        ({"activation": " "}, r"model\.activation: option 'activation' is empty\n.*see models/wide\.py"),
        ({"names": []}, r"model\.names: option 'names' is empty"),
    ],
)
def test_a_value_out_of_its_range_is_named(library, options, message):
    with pytest.raises(DeguError, match=rf"^my\.yaml: {message}"):
        check({"depth": 3, **options})


def test_values_in_their_ranges_pass(library):
    check({"depth": 3, "width": 0.1, "rates": {"a": 0}, "least": 5, "activation": "x", "names": ["a"]})
    check({"depth": 3, "rates": None})


@pytest.mark.parametrize("option", ["length", "heads"])
def test_a_positional_argument_is_not_an_option(library, option):
    with pytest.raises(DeguError, match=f"unknown option '{option}'"):
        check({"depth": 3, option: 1})


def test_a_missing_option_is_named(library):
    with pytest.raises(DeguError, match="option 'depth' is missing"):
        check({"width": 1.0})


def test_an_argument_that_the_pipeline_passes_is_neither_missing_nor_an_option(library):
    check({}, given={"depth"})
    check({}, given=frozenset({"depth"}))
    with pytest.raises(DeguError, match="unknown option 'depth'"):
        check({"depth": 3}, given={"depth"})


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("depth", 2.5, "int"),
        ("depth", "03", "int"),
        ("depth", True, "int"),
        ("depth", None, "int"),
        ("width", "1e-3", "float"),
        ("width", False, "float"),
        ("names", "a", "list"),
        ("table", ["a"], "dict"),
        ("activation", 3, "str"),
        ("flag", 1, "bool"),
    ],
)
def test_an_option_with_the_wrong_type_is_named(library, option, value, expected):
    with pytest.raises(DeguError, match=f"is not of type {expected}") as caught:
        check({"depth": 3, option: value})
    assert f"my.yaml: model.{option}: {value!r}" in str(caught.value)


def test_options_of_the_projects_importers_are_read():
    where = {"given": {"drop_bad_rows"}, "where": "x"}
    check_options("importer", "deepstarr", {}, **where)
    check_options("importer", "lentimpra", {"cell_type": "K562"}, **where)
    with pytest.raises(DeguError, match=r"option 'cell_type' is missing(.|\n)*see data/importers/lentimpra\.py"):
        check_options("importer", "lentimpra", {}, **where)


@pytest.mark.parametrize(
    ("package", "name", "good", "bad", "message"),
    [
        ("model", "motif_cnn", {"filters": 4}, {"filtres": 4}, "did you mean 'filters'"),
        ("loss", "pinball", {"level": 0.8}, {"levle": 0.8}, "did you mean 'level'"),
        ("loss", "kullback_leibler", {"reverse": True}, {"reverse": "yes"}, "'yes' is not of type bool"),
        ("loss", "mean_squared_error", {}, {"beta": 1}, "unknown option 'beta'\n  expected: known: none"),
        ("conformal method", "normalized", {"std": "aleatoric"}, {"sdt": "total"}, "did you mean 'std'"),
        ("metric", "coverage", {"level": 0.9}, {"level": "high"}, "'high' is not of type float"),
        ("attribution method", "integrated_gradients", {"steps": 5}, {"stepps": 5}, "did you mean 'steps'"),
        ("attribution method", "smoothgrad", {"std": 1, "seed": 2}, {"std": "wide"}, "'wide' is not of type float"),
        ("attribution method", "deep_shap", {"hypothetical": True}, {"hypothetical": 1}, "1 is not of type bool"),
        (
            "attribution method",
            "saliency",
            {},
            {"backgrounds": 3},
            "unknown option 'backgrounds'\n  expected: known: none",
        ),
        ("augmentation", "mutation", {"fraction": 0.1}, {"fraction": "a lot"}, "'a lot' is not of type float"),
        # Scripts of EvoAug's authors give this option, which their published package does not have.
        ("augmentation", "mutation", {}, {"mutate_frac": 0.1}, "unknown option 'mutate_frac'.*\n.*known: fraction"),
        ("augmentation", "inversion", {"minimum": 2}, {"rng": 2}, "unknown option 'rng'"),
        ("background", "uniform", {}, {"number": 3}, "unknown option 'number'\n  expected: known: none"),
    ],
)
def test_options_are_those_of_the_function_that_each_kind_defines(package, name, good, bad, message):
    check_options(package, name, good, where="x")
    with pytest.raises(DeguError, match=message):
        check_options(package, name, bad, where="x")


def test_methods_are_checked_by_the_plugins_that_they_name():
    methods = {"plain": {"method": "absolute"}, "mine": {"method": "mondrian", "by": "gc", "bins": 3}}
    check_methods("conformal method", methods, where="conformal")
    check_methods("conformal method", {}, where="conformal")


def test_text_of_a_number_is_read_as_the_option_wants_it():
    """Snakemake gives values within {...} of `--config` as text."""
    options = {"filters": "4", "dropout": "0.25"}
    assert check_options("model", "motif_cnn", options, where="x") == {"filters": 4, "dropout": 0.25}
    assert check_options("model", "motif_cnn", {"filters": 4.0}, where="x") == {"filters": 4}
    methods = {"mine": {"method": "mondrian", "by": "gc", "bins": "3"}}
    check_methods("conformal method", methods, where="conformal")
    assert methods == {"mine": {"method": "mondrian", "by": "gc", "bins": 3}}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"method": "mondrain"}, r"^conformal\.mine\.method: there is no conformal method 'mondrain'"),
        ({"method": "mondrian", "bin": 3}, r"^conformal\.mine: unknown option 'bin'"),
        ({"method": "mondrian", "bins": "3.5"}, r"^conformal\.mine\.bins: 3\.5 is not of type int"),
    ],
)
def test_a_mistake_in_a_method_is_reported_with_its_name(settings, message):
    with pytest.raises(DeguError, match=message):
        check_methods("conformal method", {"plain": {"method": "absolute"}, "mine": settings}, where="conformal")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HEADS", ("mean", "aleatoric")),
        ("POSITIVE", True),
        ("TABLE", {"a": [1, -2.5], "b": None}),
        # None of these is assigned one literal at the top level of the module.
        ("ABSENT", "default"),
        ("INSIDE", "default"),
        ("FIRST", "default"),
        ("A", "default"),
    ],
)
def test_a_constant_is_read_without_importing_its_module(library, name, value):
    assert constant("loss", "absolute", name, "default") == value


def test_a_constant_that_is_not_a_literal_is_an_error(library):
    with pytest.raises(ValueError, match="malformed"):
        constant("loss", "absolute", "COMPUTED", None)
