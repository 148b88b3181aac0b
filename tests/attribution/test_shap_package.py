"""What the package `shap` is given, the rules it gets for operations it does not know, and what it leaves behind."""

import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import KerasTensor, layers, ops
from scipy.special import ndtr

from degu.attribution import shap_package
from degu.attribution.explained import Explained
from degu.attribution.shap_package import HeadModel, RowExplainer, deep_tf, head_change, reason_of, refusal
from degu.models.layers.blocks import sequence_input
from tests.attribution.networks import (
    HEADS,
    assert_near,
    filled,
    function_of,
    one_hot,
    outputs_of,
    random_tokens,
    scaled_outputs,
    smooth,
)

WEIGHTS = np.array([1.0, -2.0, 0.5], dtype=np.float32)


def weighted_sum(function, *shapes: tuple[int, ...]) -> keras.Model:
    """Return a model of the weighted sum, (B, 1), of what a function returns, (B, 3)."""
    inputs = [keras.Input(shape) for shape in shapes]
    values = layers.Lambda(lambda x: function(*x) if isinstance(x, list) else function(x))(
        inputs if len(inputs) > 1 else inputs[0]
    )
    dense = layers.Dense(1, use_bias=False)
    model = keras.Model(inputs, dense(values))
    dense.set_weights([WEIGHTS[:, None]])
    return model


def draw(*shape: int, seed: int, low: float = -2.0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(low, 2, shape).astype(np.float32)


# The head


@pytest.mark.parametrize(("head", "options"), HEADS)
def test_the_package_is_given_the_head_in_the_units_of_the_data(head, options):
    outputs = scaled_outputs(**options)
    explained = Explained(smooth(8, outputs), outputs, head, 1)
    inputs = one_hot(random_tokens(5, 8))
    values = HeadModel(explained).model([inputs.astype(np.float32)]).numpy()
    assert values.shape == (5, 1)
    assert_near(values[:, 0], function_of(explained)(inputs), 1e-4)


def test_the_change_of_the_head_is_from_the_mean_over_the_backgrounds():
    outputs = scaled_outputs(link="softplus")
    explained = Explained(smooth(8, outputs), outputs, "total", 1)
    tokens, backgrounds = random_tokens(3, 8), random_tokens(3, 4, 8, seed=1)
    of = function_of(explained)
    expected = of(one_hot(tokens)) - of(one_hot(backgrounds).reshape(-1, 8, 4)).reshape(3, 4).mean(axis=1)
    found = head_change(explained, *(tf.constant(one_hot(part), tf.float32) for part in (tokens, backgrounds)))
    assert_near(found.numpy(), expected)


# Rules

FUNCTIONS = {
    "Neg": (ops.negative, np.negative),
    "Sqrt": (ops.sqrt, np.sqrt),
    "LeakyRelu": (lambda x: ops.leaky_relu(x, 0.3), lambda x: np.where(x > 0, x, 0.3 * x)),
    "Erfc": (lambda x: ops.gelu(x, approximate=False), lambda x: x * ndtr(x)),
}


@pytest.mark.parametrize("operation", FUNCTIONS)
def test_functions_of_one_number_contribute_their_change(operation):
    function, by_hand = FUNCTIONS[operation]
    low = 0.1 if operation == "Sqrt" else -2.0
    value, backgrounds = draw(3, seed=1, low=low), draw(4, 3, seed=2, low=low)
    (found,) = RowExplainer(weighted_sum(function, (3,)))([value], [backgrounds])
    assert_near(found, WEIGHTS * (by_hand(value) - by_hand(backgrounds)).mean(axis=0))


@pytest.mark.parametrize("operation", ["SpaceToBatchND", "BatchToSpaceND"])
def test_a_dilated_convolution_contributes_what_it_is_linear_in(operation, monkeypatch):
    convolution = layers.Conv1D(1, 3, dilation_rate=4, padding="same", use_bias=False)
    inputs = keras.Input((12, 2))
    model = filled(keras.Model([inputs], layers.Dense(1, use_bias=False)(layers.Flatten()(convolution(inputs)))))
    value, backgrounds = draw(12, 2, seed=1), draw(4, 12, 2, seed=2)
    (found,) = RowExplainer(model)([value], [backgrounds])
    change = (value - backgrounds.mean(axis=0)).ravel()
    alone = model([np.reshape(np.diag(change), (24, 12, 2))]).numpy()[:, 0]
    assert_near(found.ravel(), alone)
    monkeypatch.delitem(shap_package._RULES, operation)
    with pytest.raises(Exception, match=f"no entry for: shap_{operation}"):
        RowExplainer(model)([value], [backgrounds])


def test_two_inputs_share_what_their_product_contributes():
    values = [draw(3, seed=seed) for seed in (1, 2)]
    backgrounds = [draw(5, 3, seed=seed) for seed in (3, 4)]
    found = RowExplainer(weighted_sum(lambda first, second: first * second, (3,), (3,)))(values, backgrounds)
    for own in (0, 1):
        change = values[own] - backgrounds[own]
        other = (values[1 - own] + backgrounds[1 - own]) / 2
        assert_near(found[own], (WEIGHTS * change * other).mean(axis=0))


# One explainer for all rows


def test_each_row_has_its_own_backgrounds_and_the_model_is_traced_once():
    traced = []

    def counted(values: KerasTensor) -> KerasTensor:
        traced.append(1)
        return ops.tanh(values)

    explainer = RowExplainer(weighted_sum(counted, (3,)))
    explainer([draw(3, seed=1)], [draw(4, 3, seed=2)])
    before = len(traced)
    for seed in (5, 6, 7):
        value, backgrounds = draw(3, seed=seed), draw(4, 3, seed=10 + seed)
        (found,) = explainer([value], [backgrounds])
        assert_near(found, WEIGHTS * (np.tanh(value) - np.tanh(backgrounds)).mean(axis=0))
    assert len(traced) == before


def test_nothing_is_warned_of():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        explainer = RowExplainer(weighted_sum(ops.tanh, (3,)))
        explainer([draw(3, seed=1)], [draw(4, 3, seed=2)])


@pytest.mark.parametrize("function", [ops.tanh, ops.sin])
def test_tensorflow_and_the_package_are_as_before_even_after_an_error(function):
    handlers = dict(deep_tf.op_handlers)
    try:
        RowExplainer(weighted_sum(function, (3,)))([draw(3, seed=1)], [draw(4, 3, seed=2)])
    except Exception as error:
        assert function is ops.sin
        assert "no entry for: shap_Sin" in str(error)
    assert deep_tf.op_handlers == handlers
    x = tf.constant([0.5, -1.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.sin(x) + tf.nn.relu(x)
    np.testing.assert_allclose(tape.gradient(y, x), [np.cos(0.5) + 1, np.cos(1.0)], rtol=1e-5)


# Errors


class _Waving(Explained):
    """A head with an operation that the package has no rule for."""

    def of_parameters(self, parameters: KerasTensor) -> KerasTensor:
        return ops.sin(super().of_parameters(parameters))


def pair_of(length: int) -> tuple[tf.Tensor, tf.Tensor]:
    tokens, backgrounds = random_tokens(2, length), random_tokens(2, 3, length, seed=1)
    return tuple(tf.constant(one_hot(part), tf.float32) for part in (tokens, backgrounds))


def test_the_step_to_the_head_is_named_if_no_layer_is_at_fault():
    outputs = scaled_outputs()
    error = refusal(_Waving(smooth(8, outputs), outputs, "mean"), *pair_of(8), "a reason", where="here")
    assert str(error).startswith(
        "here: the package shap cannot explain the step to the head 'mean': "
        "it has no rule for TensorFlow's operation Sin\n  remedy:   explain this model by deep_shap"
    )


def test_the_first_of_several_layers_is_named():
    inputs = sequence_input(8)
    x = layers.LSTM(3, return_sequences=True, name="first")(layers.Dense(3, activation="relu")(inputs))
    x = layers.GlobalMaxPooling1D(name="second")(x)
    model = filled(keras.Model(inputs, layers.Dense(1, name="mean")(x)))
    assert "layer 'first' (LSTM): it has no rule" in str(
        refusal(Explained(model, outputs_of("mean"), "mean"), *pair_of(8), "")
    )


def test_a_reason_is_given_if_each_step_alone_can_be_explained():
    outputs = scaled_outputs(link="softplus")
    error = refusal(Explained(smooth(8, outputs), outputs, "total"), *pair_of(8), "its sums are off by 2")
    assert str(error).startswith("the package shap cannot explain the network as a whole: its sums are off by 2\n")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (LookupError("gradient registry has no entry for: shap_Sin"), "it has no rule for TensorFlow's operation Sin"),
        (ValueError("in user code:\n\n    ValueError: no for '{{node a/b}} = C'"), "ValueError: no"),
        (AssertionError(), "AssertionError"),
    ],
)
def test_the_reason_is_what_the_error_says_in_its_last_line(error, expected):
    assert reason_of(error) == expected
