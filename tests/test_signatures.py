import subprocess
import sys

import pytest

from degu import signatures
from degu.errors import DeguError
from degu.signatures import FUNCTIONS, KINDS, check_module, check_options, constant, known_modules

BUILD = """
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
    """A library of two models, a helper module and a module that cannot be imported."""
    for package in ("models", "importers", "losses", "attribution", "backgrounds"):
        (tmp_path / package).mkdir()
    (tmp_path / "models" / "wide.py").write_text(f"import not_installed\n{BUILD}")
    (tmp_path / "models" / "plain.py").write_text('"""A model."""\n\ndef build(length):\n    pass\n')
    (tmp_path / "models" / "helpers.py").write_text("def helper():\n    pass\n")
    (tmp_path / "losses" / "absolute.py").write_text(f"import not_installed\n{LOSS}")
    monkeypatch.setattr(signatures, "_LIBRARY", tmp_path)
    for function in (signatures._arguments, signatures._parse):
        function.cache_clear()
    yield tmp_path
    for function in (signatures._arguments, signatures._parse):
        function.cache_clear()


def check(options, **given):
    check_options("models", "wide", options, **given, where="my.yaml: model")


def test_modules_are_known_by_the_function_they_define(library):
    assert known_modules("models") == ["plain", "wide"]
    assert known_modules("losses") == ["absolute"]
    assert known_modules("importers") == []


def test_modules_of_the_project_are_known():
    assert {"table", "deepstarr", "lentimpra", "simulated_mpra"} <= set(known_modules("importers"))
    assert {"deepstarr", "motif_cnn", "mprann", "residualbind"} <= set(known_modules("models"))
    assert "layers" not in known_modules("models")
    assert {"mean_squared_error", "gaussian", "evidential", "pinball"} <= set(known_modules("losses"))
    assert "special" not in known_modules("losses")
    assert {"crps", "coverage"} <= set(known_modules("calibration"))
    assert {"absolute", "jackknife_plus"} <= set(known_modules("conformal"))
    assert not {"rows", "density_ratio"} & set(known_modules("conformal"))
    assert {"deep_shap", "saliency", "integrated_gradients"} <= set(known_modules("attribution"))
    assert not {"batches", "differences", "explained", "maps"} & set(known_modules("attribution"))
    assert {"dinucleotide_shuffle", "training", "uniform"} <= set(known_modules("backgrounds"))


def test_every_kind_of_module_has_a_function_and_a_word_for_a_person():
    assert FUNCTIONS.keys() == KINDS.keys()
    for package in FUNCTIONS:
        assert "__init__" not in known_modules(package)
        for name in known_modules(package):
            check_module(package, name, where="x")


@pytest.mark.parametrize(
    ("package", "name", "message"),
    [
        ("models", "plane", "there is no model 'plane'\n  expected: did you mean 'plain'"),
        ("models", "helpers", "there is no model 'helpers'"),
        ("losses", "absolut", "there is no loss 'absolut'\n  expected: did you mean 'absolute'"),
        ("importers", "table", "there is no importer 'table'\n  expected: known: none"),
        ("models", None, "there is no model 'None'"),
        ("attribution", "saliensy", "there is no attribution method 'saliensy'"),
        ("backgrounds", "shuffle", "there is no kind of background 'shuffle'"),
    ],
)
def test_unknown_module_is_named_with_the_nearest(library, package, name, message):
    with pytest.raises(DeguError, match=message) as caught:
        check_module(package, name, where="my.yaml: model.name")
    assert str(caught.value).startswith("my.yaml: model.name: ")


def test_known_module_passes(library):
    check_module("models", "plain", where="x")


def test_right_options_pass_without_importing_the_module(library):
    check({"depth": 3})
    check({"depth": 3, "width": 2, "names": ["a"], "table": {"a": 1}, "activation": "gelu", "flag": True})
    check({"depth": 3, "width": 0.5, "loose": object(), "either": None})


def test_unknown_option_is_named_with_the_nearest(library):
    with pytest.raises(DeguError, match=r"my\.yaml: model: unknown option 'widht'\n  expected: did you mean 'width'"):
        check({"depth": 3, "widht": 2})


def test_value_outside_the_literal_is_named_with_the_nearest(library):
    check({"depth": 3, "padding": "valid"})
    with pytest.raises(DeguError, match=r"my\.yaml: model: there is no padding 'vald'\n.* 'valid'"):
        check({"depth": 3, "padding": "vald"})


@pytest.mark.parametrize("option", ["length", "heads"])
def test_positional_argument_is_not_an_option(library, option):
    with pytest.raises(DeguError, match=f"unknown option '{option}'"):
        check({"depth": 3, option: 1})


def test_missing_option_is_named(library):
    with pytest.raises(DeguError, match="option 'depth' is missing"):
        check({"width": 1.0})


def test_argument_that_the_library_gives_is_neither_missing_nor_an_option(library):
    check({}, given={"depth"})
    check({}, given=frozenset({"depth"}))
    with pytest.raises(DeguError, match="unknown option 'depth'"):
        check({"depth": 3}, given={"depth"})


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("depth", 2.5, "int"),
        ("depth", "3", "int"),
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
def test_option_of_the_wrong_type_is_named(library, option, value, expected):
    with pytest.raises(DeguError, match=f"is not of type {expected}") as caught:
        check({"depth": 3, option: value})
    assert f"my.yaml: model.{option}: {value!r}" in str(caught.value)


def test_options_of_the_projects_importers_are_read():
    where = {"given": {"drop_bad_rows"}, "where": "x"}
    check_options("importers", "deepstarr", {}, **where)
    check_options("importers", "lentimpra", {"cell_type": "K562"}, **where)
    with pytest.raises(DeguError, match=r"option 'cell_type' is missing(.|\n)*see importers/lentimpra\.py"):
        check_options("importers", "lentimpra", {}, **where)


@pytest.mark.parametrize(
    ("package", "name", "good", "bad", "message"),
    [
        ("models", "motif_cnn", {"filters": 4}, {"filtres": 4}, "did you mean 'filters'"),
        ("losses", "pinball", {"level": 0.8}, {"levle": 0.8}, "did you mean 'level'"),
        ("losses", "kullback_leibler", {"reverse": True}, {"reverse": "yes"}, "'yes' is not of type bool"),
        ("losses", "mean_squared_error", {}, {"beta": 1}, "unknown option 'beta'\n  expected: known: none"),
        ("conformal", "normalized", {"std": "aleatoric"}, {"sdt": "total"}, "did you mean 'std'"),
        ("calibration", "coverage", {"level": 0.9}, {"level": "high"}, "'high' is not of type float"),
        ("attribution", "integrated_gradients", {"steps": 5}, {"stepps": 5}, "did you mean 'steps'"),
        ("attribution", "smoothgrad", {"std": 1, "seed": 2}, {"std": "wide"}, "'wide' is not of type float"),
        ("attribution", "deep_shap", {"hypothetical": True}, {"hypothetical": 1}, "1 is not of type bool"),
        ("attribution", "saliency", {}, {"backgrounds": 3}, "unknown option 'backgrounds'\n  expected: known: none"),
        ("backgrounds", "uniform", {}, {"number": 3}, "unknown option 'number'\n  expected: known: none"),
    ],
)
def test_options_are_those_of_the_function_that_the_package_is_called_by(package, name, good, bad, message):
    check_options(package, name, good, where="x")
    with pytest.raises(DeguError, match=message):
        check_options(package, name, bad, where="x")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HEADS", ("mean", "aleatoric")),
        ("POSITIVE", True),
        ("TABLE", {"a": [1, -2.5], "b": None}),
        # None of these is a name that is assigned one literal at the top of the module.
        ("ABSENT", "default"),
        ("INSIDE", "default"),
        ("FIRST", "default"),
        ("A", "default"),
    ],
)
def test_a_constant_is_read_without_importing_its_module(library, name, value):
    assert constant("losses", "absolute", name, "default") == value


def test_a_constant_that_is_no_literal_is_not_taken_for_one(library):
    with pytest.raises(ValueError, match="malformed"):
        constant("losses", "absolute", "COMPUTED", None)


def test_checking_options_does_not_load_tensorflow():
    code = (
        "import sys; from degu.signatures import check_options; "
        "check_options('models', 'motif_cnn', {'filters': 4}, where='x'); "
        "print([name for name in ('keras', 'tensorflow', 'numpy') if name in sys.modules])"
    )
    scripts = signatures._LIBRARY.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=scripts, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
