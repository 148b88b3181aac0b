import subprocess
import sys

import pytest

from degu import signatures
from degu.errors import DeguError
from degu.signatures import check_module, check_options, known_modules

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
):
    raise RuntimeError("nobody calls this")
"""


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A library of two models, a helper module and a module that cannot be imported."""
    for package in ("models", "importers", "losses"):
        (tmp_path / package).mkdir()
    (tmp_path / "models" / "wide.py").write_text(f"import not_installed\n{BUILD}")
    (tmp_path / "models" / "plain.py").write_text('"""A model."""\n\ndef build(length):\n    pass\n')
    (tmp_path / "models" / "helpers.py").write_text("def helper():\n    pass\n")
    (tmp_path / "losses" / "absolute.py").write_text("X = 1\ndef loss(a, b):\n    pass\n")
    monkeypatch.setattr(signatures, "_LIBRARY", tmp_path)
    signatures._arguments.cache_clear()
    yield tmp_path
    signatures._arguments.cache_clear()


def check(options, given=frozenset()):
    check_options("models", "wide", "build", options, given=set(given), where="my.yaml: model")


def test_modules_are_known_by_the_function_they_define(library):
    assert known_modules("models") == ["plain", "wide"]
    assert known_modules("losses") == ["absolute"]
    assert known_modules("importers") == []


def test_modules_of_the_project_are_known():
    assert {"table", "deepstarr", "lentimpra", "simulated_mpra"} <= set(known_modules("importers"))
    assert {"deepstarr", "motif_cnn", "mprann", "residualbind"} <= set(known_modules("models"))
    assert "layers" not in known_modules("models")
    assert "mean_squared_error" in known_modules("losses")


@pytest.mark.parametrize(
    ("package", "name", "message"),
    [
        ("models", "plane", "there is no model 'plane'\n  expected: did you mean 'plain'"),
        ("models", "helpers", "there is no model 'helpers'"),
        ("losses", "absolut", "there is no loss 'absolut'\n  expected: did you mean 'absolute'"),
        ("importers", "table", "there is no importer 'table'\n  expected: known: none"),
        ("models", None, "there is no model 'None'"),
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


@pytest.mark.parametrize("option", ["length", "heads"])
def test_positional_argument_is_not_an_option(library, option):
    with pytest.raises(DeguError, match=f"unknown option '{option}'"):
        check({"depth": 3, option: 1})


def test_missing_option_is_named(library):
    with pytest.raises(DeguError, match="option 'depth' is missing"):
        check({"width": 1.0})


def test_argument_that_the_library_gives_is_neither_missing_nor_an_option(library):
    check({}, given={"depth"})
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
    check_options("importers", "deepstarr", "load", {}, **where)
    check_options("importers", "lentimpra", "load", {"cell_type": "K562"}, **where)
    with pytest.raises(DeguError, match="option 'cell_type' is missing"):
        check_options("importers", "lentimpra", "load", {}, **where)


def test_checking_options_does_not_load_tensorflow():
    code = (
        "import sys; from degu.signatures import check_options; "
        "check_options('models', 'motif_cnn', 'build', {'filters': 4}, given=set(), where='x'); "
        "print([name for name in ('keras', 'tensorflow', 'numpy') if name in sys.modules])"
    )
    scripts = signatures._LIBRARY.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=scripts, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
