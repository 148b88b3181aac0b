"""Named outputs of a model."""

import numpy as np
import pytest

from degu.errors import DeguError
from degu.heads import Heads

TWO_TARGETS = ("Dev", "Hk")


def heads_of(*names: str, **options) -> Heads:
    return Heads(names, TWO_TARGETS, **options)


def test_columns_go_by_head_and_then_by_target():
    assert heads_of("mean", "epistemic").columns == [
        ("mean", "Dev"),
        ("mean", "Hk"),
        ("epistemic", "Dev"),
        ("epistemic", "Hk"),
    ]


def test_select_returns_the_columns_that_carry_the_head():
    heads = heads_of("mean", "aleatoric", "epistemic")
    values = np.arange(2 * 3 * 6).reshape(2, 3, 6)
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


def test_standard_deviations_are_put_out_as_they_are():
    values = np.array([[1.0, 2.0, 0.0, 0.3]])
    heads = heads_of("mean", "epistemic")
    np.testing.assert_array_equal(heads.to_outputs(values), values)
    np.testing.assert_array_equal(heads.from_outputs(values), values)


def test_log_variance_is_the_logarithm_of_the_squared_std_and_leaves_the_mean():
    heads = heads_of("mean", "epistemic", scale="log_variance")
    values = np.array([[-1.0, 2.0, 0.5, 3.0]])
    np.testing.assert_allclose(heads.to_outputs(values), [[-1.0, 2.0, np.log(0.25), np.log(9.0)]])
    np.testing.assert_allclose(heads.from_outputs(np.array([[-1.0, 2.0, 0.0, np.log(4.0)]])), [[-1.0, 2.0, 1.0, 2.0]])


@pytest.mark.parametrize("scale", ["std", "log_variance"])
@pytest.mark.parametrize("shape", [(), (7,), (3, 7)])
def test_outputs_turn_back_into_the_values_they_came_from(scale, shape):
    heads = heads_of("mean", "aleatoric", "epistemic", scale=scale)
    values = np.random.default_rng(1).uniform(0.01, 3, size=(*shape, 6)).astype(np.float32)
    before = values.copy()
    np.testing.assert_allclose(heads.from_outputs(heads.to_outputs(values)), values, rtol=1e-5)
    np.testing.assert_array_equal(values, before)


def test_no_logarithm_is_taken_of_a_std_below_the_floor():
    heads = Heads(("mean", "epistemic"), ("activity",), scale="log_variance", floor=0.01)
    outputs = heads.to_outputs(np.array([[-5.0, 0.0], [-5.0, 0.001], [-5.0, 0.02]]))
    np.testing.assert_allclose(outputs[:, 1], np.log(np.array([0.01, 0.01, 0.02]) ** 2))
    np.testing.assert_array_equal(outputs[:, 0], -5.0)


def test_heads_survive_json():
    heads = heads_of("mean", "aleatoric", scale="log_variance", floor=0.5)
    assert Heads.from_json(heads.to_json()) == heads


def test_heads_of_a_recipe_take_the_data_sets_targets(recipe):
    recipe = {**recipe, "heads": ["mean", "epistemic"], "uncertainty": {"scale": "log_variance", "floor": 0.2}}
    heads = Heads.of_recipe(recipe, ["Dev", "Hk"])
    assert heads == Heads(("mean", "epistemic"), TWO_TARGETS, scale="log_variance", floor=0.2)


def test_log_variances_with_a_softplus_are_refused():
    with pytest.raises(DeguError, match="softplus cannot put out the negative log variance"):
        Heads(("mean", "epistemic"), ("activity",), scale="log_variance", activation="softplus")
