"""A bias network within another one, against sums in NumPy."""

import dataclasses
from math import prod

import keras
import numpy as np
import pytest
from keras import layers, ops

from degu.errors import DeguError
from degu.models import bpnet
from degu.models.layers.bias import add_bias, without_bias
from degu.package.keras_networks import check_no_code, layers_with_code
from degu.training.building import plain_copy
from tests.models.profiles import logit_outputs, profile_outputs, random_sequences, randomise, split

POSITIONS, LENGTH = 8, 36
OPTIONS = {"filters": 3, "kernel": 5, "profile_kernel": 7}
OUTPUTS = logit_outputs(POSITIONS, strands=2, targets=2, bins=4, link="softplus")
BIAS_OUTPUTS = logit_outputs(POSITIONS, strands=2, targets=2)
SHIFT = np.array([0.5, -0.25])


def network(outputs=OUTPUTS, length: int = LENGTH, seed: int = 1, depth: int = 2) -> keras.Model:
    model = bpnet.build(length, outputs, layers=depth, **OPTIONS)
    randomise(model, seed)
    return model


def bias_network(length: int = 26) -> keras.Model:
    return network(BIAS_OUTPUTS, length, seed=2, depth=1)


def frozen_weights(model: keras.Model, bias: keras.Model) -> list[np.ndarray]:
    """Return the weights of the copy of a bias network within a model, in the order of the network."""
    names = [layer.name for layer in bias.layers if layer.weights]
    return [weights for name in names for weights in model.get_layer(f"bias_{name}").get_weights()]


def values(model: keras.Model, x: np.ndarray) -> np.ndarray:
    return ops.convert_to_numpy(model(x))


@pytest.mark.parametrize(("length", "crop"), [(LENGTH, 0), (26, 5)])
def test_logits_are_added_and_counts_are_added(length, crop):
    model, bias, x = network(), bias_network(length), random_sequences(5, LENGTH)
    own = split(OUTPUTS, model(x))
    its = split(BIAS_OUTPUTS, bias(x[:, crop : LENGTH - crop]))
    found = split(OUTPUTS, add_bias(model, OUTPUTS, bias, BIAS_OUTPUTS, SHIFT)(x))
    np.testing.assert_allclose(found["profile_logits"], own["profile_logits"] + its["profile_logits"], atol=1e-5)
    np.testing.assert_allclose(found["mean"], np.log(np.exp(own["mean"]) + np.exp(its["mean"] + SHIFT)), atol=1e-5)
    np.testing.assert_array_equal(found["epistemic"], own["epistemic"])


def test_counts_are_added_in_the_units_of_the_data():
    outputs = dataclasses.replace(OUTPUTS, center=(3.0, 1.0), spread=(2.0, 0.5))
    bias_outputs = dataclasses.replace(BIAS_OUTPUTS, center=(-1.0, 0.0), spread=(0.25, 3.0))
    model, bias, x = network(), bias_network(LENGTH), random_sequences(5, LENGTH)
    own = outputs.unscale("mean", split(outputs, model(x))["mean"])
    its = bias_outputs.unscale("mean", split(bias_outputs, bias(x))["mean"])
    combined = split(outputs, add_bias(model, outputs, bias, bias_outputs, SHIFT)(x))["mean"]
    expected = np.logaddexp(own, its + SHIFT)
    np.testing.assert_allclose(outputs.unscale("mean", combined), expected, rtol=1e-5, atol=1e-5)


def test_a_bias_of_nothing_changes_nothing_and_one_of_much_is_all():
    model, bias, x = network(), bias_network(), random_sequences(5, LENGTH)
    bias.set_weights([np.zeros(weights.shape) for weights in bias.get_weights()])
    nothing = add_bias(model, OUTPUTS, bias, BIAS_OUTPUTS, [-1e4, -1e4])
    np.testing.assert_array_equal(values(nothing, x), values(model, x))
    much = add_bias(model, OUTPUTS, bias, BIAS_OUTPUTS, [1e4, 2e4])
    np.testing.assert_allclose(split(OUTPUTS, much(x))["mean"], [[1e4, 2e4]] * 5, rtol=1e-6)


def test_training_changes_the_network_and_leaves_the_bias():
    model, bias, x = network(), bias_network(), random_sequences(6, LENGTH)
    combined = add_bias(model, OUTPUTS, bias, BIAS_OUTPUTS, SHIFT)
    assert len(combined.trainable_weights) == len(model.weights)
    own, its = ([weights.copy() for weights in part] for part in (model.get_weights(), frozen_weights(combined, bias)))
    combined.compile("adam", "mse", jit_compile=False)
    combined.fit(x, np.ones((6, OUTPUTS.width)), verbose=0)
    assert all((old != new).any() for old, new in zip(own, model.get_weights(), strict=True))
    for old, new, given in zip(its, frozen_weights(combined, bias), bias.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
        np.testing.assert_array_equal(old, given)
    # What was given can still be trained.
    assert bias.trainable and all(layer.trainable for layer in bias.layers)
    np.testing.assert_array_equal(values(without_bias(combined, OUTPUTS), x), values(model, x))


def test_a_bias_network_drops_nothing_while_the_network_is_trained():
    inputs = keras.Input((LENGTH, 4), name="sequence")
    flat = layers.Flatten()(layers.Dropout(0.5)(inputs))
    parts = [layers.Dense(prod(BIAS_OUTPUTS.shape(name)), name=name)(flat) for name in BIAS_OUTPUTS.parameters]
    bias = keras.Model(inputs, layers.Concatenate()(parts))
    combined, x = add_bias(network(), OUTPUTS, bias, BIAS_OUTPUTS, SHIFT), random_sequences(5, LENGTH)
    np.testing.assert_array_equal(ops.convert_to_numpy(combined(x, training=True)), values(combined, x))
    assert bias.get_layer(index=1).rate == 0.5


def test_a_bias_network_normalises_by_the_statistics_that_it_has_while_the_network_is_trained():
    bias = plain_copy(bpnet.build(LENGTH, BIAS_OUTPUTS, layers=1, batch_normalization=True, **OPTIONS))
    randomise(bias)
    combined, x = add_bias(network(), OUTPUTS, bias, BIAS_OUTPUTS, SHIFT), random_sequences(6, LENGTH)
    np.testing.assert_array_equal(ops.convert_to_numpy(combined(x, training=True)), values(combined, x))
    combined.compile("adam", "mse", jit_compile=False)
    combined.fit(x, np.ones((6, OUTPUTS.width)), verbose=0)
    for own, given in zip(frozen_weights(combined, bias), bias.get_weights(), strict=True):
        np.testing.assert_array_equal(own, given)


def test_it_is_kept_copied_and_taken_apart_without_code(tmp_path):
    x = random_sequences(5, LENGTH)
    model, bias = network(), bias_network()
    bias.compile("adam", "mse")
    combined = add_bias(model, OUTPUTS, bias, BIAS_OUTPUTS, SHIFT)
    assert layers_with_code(keras.saving.serialize_keras_object(combined)) == []
    copy = plain_copy(combined)
    copy.save(tmp_path / "model.keras")
    check_no_code(tmp_path / "model.keras")
    kept = keras.saving.load_model(tmp_path / "model.keras")
    for other in (copy, kept):
        np.testing.assert_array_equal(values(other, x), values(combined, x))
        np.testing.assert_array_equal(values(without_bias(other, OUTPUTS), x), values(model, x))
        assert len(other.trainable_weights) == len(model.weights)


def test_it_computes_in_single_precision_beside_a_network_that_does_not():
    x = random_sequences(5, LENGTH)
    bias = bias_network(LENGTH)
    keras.mixed_precision.set_dtype_policy("mixed_bfloat16")
    try:
        model = network()
        combined = add_bias(model, OUTPUTS, bias, BIAS_OUTPUTS, SHIFT)
    finally:
        keras.mixed_precision.set_dtype_policy("float32")
    frozen = [layer for layer in combined.layers if layer.weights and not layer.trainable]
    assert len(frozen) == len([layer for layer in bias.layers if layer.weights])
    assert {layer.compute_dtype for layer in frozen} == {"float32"}
    found = split(OUTPUTS, combined(x))["profile_logits"] - split(OUTPUTS, model(x))["profile_logits"]
    np.testing.assert_allclose(found, split(BIAS_OUTPUTS, bias(x))["profile_logits"], atol=1e-5)


@pytest.mark.parametrize(
    ("bias", "bias_outputs", "told"),
    [
        (lambda: bias_network(38), BIAS_OUTPUTS, "takes sequences of 38 bases, and the network those of 36"),
        (
            lambda: network(logit_outputs(7, strands=2, targets=2), 25, depth=1),
            logit_outputs(7, strands=2, targets=2),
            r"puts out 'profile_logits' of the shape \(2, 2, 7\)\n  expected: \(2, 2, 8\)",
        ),
        (
            lambda: network(profile_outputs(8, strands=2, targets=2)),
            profile_outputs(8, strands=2, targets=2),
            "the bias network does not put out 'profile_logits'",
        ),
    ],
)
def test_a_bias_network_of_something_else_is_refused(bias, bias_outputs, told):
    with pytest.raises(DeguError, match=told):
        add_bias(network(), OUTPUTS, bias(), bias_outputs, SHIFT)


def test_a_bias_network_that_uses_a_layer_twice_is_refused():
    inputs = keras.Input((LENGTH, 4), name="sequence")
    twice = layers.Conv1D(4, 1)
    flat = layers.Flatten()(twice(twice(inputs)))
    parts = [layers.Dense(prod(BIAS_OUTPUTS.shape(name)), name=name)(flat) for name in BIAS_OUTPUTS.parameters]
    bias = keras.Model(inputs, layers.Concatenate()(parts))
    with pytest.raises(DeguError, match=r"layer 'flatten.*' of the bias network follows on one that is used twice"):
        add_bias(network(), OUTPUTS, bias, BIAS_OUTPUTS, SHIFT)
