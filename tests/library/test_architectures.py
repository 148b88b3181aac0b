"""Networks that a person asks for."""

import functools

import keras
import pytest

from degu.errors import DeguError
from degu.library.architectures import Architecture, architecture_of


def build(length, outputs, width=3):
    raise AssertionError


class Builder:
    def __call__(self, length, outputs):
        raise AssertionError


def test_a_name_and_a_mapping_name_an_architecture():
    assert architecture_of("motif_cnn") == Architecture({"name": "motif_cnn"})
    given = {"name": "deepstarr", "width": 0.5}
    found = architecture_of(given)
    assert found == Architecture(given)
    assert found.model is not given


def test_a_function_is_named_with_its_module():
    assert architecture_of(build) == Architecture({"name": f"{__name__}.build"}, build)
    partial, builder = functools.partial(build, width=5), Builder()
    assert architecture_of(partial).build is partial
    assert architecture_of(builder) == Architecture({"name": f"{__name__}.Builder"}, builder)
    assert "." in architecture_of(lambda length, outputs: None).model["name"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (keras.Sequential(), r"build: a model was given(?s:.*)Ensemble\(\[model"),
        (keras.Model, "build: a model was given, and each member needs a fresh one"),
        (lambda length: None, "cannot be called with two arguments(?s:.*)give further arguments a default"),
        (lambda length, outputs, width: None, "cannot be called with two arguments"),
        ({"filters": 3}, r"\{'filters': 3\} names no architecture"),
        (None, "build: None was given(?s:.*)the name of a module of degu.models"),
        (3, "build: 3 was given"),
    ],
)
def test_anything_else_is_refused(given, told):
    with pytest.raises(DeguError, match=told):
        architecture_of(given)


def test_the_argument_is_named():
    with pytest.raises(DeguError, match="student_build: 3 was given"):
        architecture_of(3, "student_build")
