from typing import get_args

import keras
import numpy as np
import pytest
from keras import ops
from scipy import special
from scipy.special import expit

from degu.data.sequences import one_hot
from degu.models import mprann
from degu.models.layers.activations import Activation, activate, silu, softmax
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.prediction.predictor import Predictor
from degu.training.saving import save_model


def test_silu_is_x_times_its_sigmoid():
    x = np.linspace(-8, 8, 33, dtype=np.float32)[None]
    inputs = keras.Input((33,))
    model = keras.Model(inputs, silu(inputs))
    np.testing.assert_allclose(ops.convert_to_numpy(model(x)), x * expit(x), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("name", get_args(Activation))
def test_every_activation_that_a_recipe_may_name_is_elementwise(name):
    inputs = keras.Input((4,))
    model = keras.Model(inputs, activate(inputs, name))
    x = np.linspace(-2, 2, 12, dtype=np.float32).reshape(3, 4)
    values = ops.convert_to_numpy(model(x))
    one_by_one = [ops.convert_to_numpy(model(np.full((1, 4), value, np.float32)))[0, 0] for value in x.ravel()]
    np.testing.assert_allclose(values.ravel(), one_by_one, rtol=1e-5, atol=1e-6)


def test_silu_is_a_product_of_layers_and_no_activation_of_its_own():
    inputs = keras.Input((3,))
    kinds = [type(layer).__name__ for layer in keras.Model(inputs, activate(inputs, "silu")).layers]
    assert sorted(kinds) == ["Activation", "InputLayer", "Multiply"]


@pytest.mark.parametrize("shape", [(50, 2), (50, 7), (20, 9, 250)])
@pytest.mark.parametrize("scale", [0.1, 3, 10])
def test_the_softmax_is_that_of_keras(shape, scale):
    x = scale * np.random.default_rng(1).normal(size=shape).astype(np.float32)
    found, expected = (ops.convert_to_numpy(function(x)) for function in (softmax, keras.activations.softmax))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
    np.testing.assert_allclose(found, special.softmax(x.astype(np.float64), axis=-1), rtol=0, atol=1e-6)


def test_a_network_with_the_softmax_predicts_the_same_once_saved_and_loaded(tmp_path):
    outputs = Outputs(Heads(("mean", "epistemic"), ("Dev", "Hk")), link="softplus", center=(1, 2), spread=(3, 4))
    keras.utils.set_random_seed(1)
    model = mprann.build(30, outputs, width=0.05)
    tokens = np.random.default_rng(1).integers(0, 5, size=(40, 30), dtype=np.uint8)
    save_model(model, outputs, {}, tmp_path / "model.keras", tmp_path / "model.json")
    loaded = Predictor(tmp_path / "model.keras")
    softened = [layer for layer in loaded.model.layers if getattr(layer, "activation", None) is softmax]
    assert len(softened) == 3
    expected = outputs.predictions(ops.convert_to_numpy(model(one_hot(tokens), training=False)))
    np.testing.assert_allclose(loaded.predict_array(tokens), expected, rtol=1e-5)


@pytest.mark.parametrize(("name", "function"), [("relu", lambda x: np.maximum(x, 0)), ("sigmoid", expit)])
def test_other_activations_go_by_their_name(name, function):
    x = np.linspace(-3, 3, 7, dtype=np.float32)[None]
    inputs = keras.Input((7,))
    model = keras.Model(inputs, activate(inputs, name))
    np.testing.assert_allclose(ops.convert_to_numpy(model(x)), function(x), rtol=1e-5, atol=1e-7)
