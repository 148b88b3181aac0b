"""Named predictions of a model."""

import json

import numpy as np
import pytest

from degu.errors import DeguError
from degu.outputs.heads import HEADS, UNCERTAINTIES, Heads

TWO_TARGETS = ("Dev", "Hk")


def heads_of(*names: str) -> Heads:
    return Heads(names, TWO_TARGETS)


def test_columns_go_by_head_and_then_by_target():
    assert heads_of("mean", "epistemic").columns == [
        ("mean", "Dev"),
        ("mean", "Hk"),
        ("epistemic", "Dev"),
        ("epistemic", "Hk"),
    ]


@pytest.mark.parametrize("shape", [(), (7,), (2, 3)])
def test_select_returns_the_columns_that_carry_the_head(shape):
    heads = heads_of("mean", "aleatoric", "epistemic")
    values = np.random.default_rng(1).normal(size=(*shape, 6))
    for head in heads.heads:
        wanted = [index for index, (name, _) in enumerate(heads.columns) if name == head]
        np.testing.assert_array_equal(heads.select(values, head), values[..., wanted])


def test_select_refuses_a_head_that_the_model_lacks():
    with pytest.raises(DeguError, match="no head 'aleatoric'"):
        heads_of("mean", "epistemic").select(np.zeros((1, 4)), "aleatoric")


@pytest.mark.parametrize("names", [(), ("epistemic",), ("epistemic", "mean"), ("mean", "mean")])
def test_the_mean_comes_first_and_no_head_twice(names):
    with pytest.raises(DeguError, match="'mean' first"):
        heads_of(*names)


def test_an_unknown_head_is_refused_with_the_nearest_known():
    with pytest.raises(DeguError, match="did you mean 'epistemic'"):
        heads_of("mean", "epistemc")


def test_every_known_head_may_follow_the_mean_in_any_order():
    assert heads_of("mean", *reversed(HEADS[1:])).heads[1:] == HEADS[:0:-1]
    assert set(UNCERTAINTIES) < set(HEADS)


def test_heads_survive_json():
    heads = heads_of("mean", "lower", "upper")
    assert Heads.from_json(json.loads(json.dumps(heads.to_json()))) == heads
