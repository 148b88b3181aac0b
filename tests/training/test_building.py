"""Fresh models, and plain copies of trained ones."""

import keras
import numpy as np
import pytest

from degu.data.kmer_ridge import KmerRidge
from degu.data.kmers import canonical_index
from degu.errors import DeguError
from degu.models.layers.blocks import output_layers
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.outputs.packing import TargetPacking
from degu.training.building import build_model, plain_copy, set_output_bias, take_weights
from tests.training.runs import (
    OUTPUTS,
    SMALL,
    assert_same_weights,
    weights_of,
)


@pytest.mark.parametrize("name", SMALL)
def test_two_seeds_differ_in_every_kernel_and_one_seed_in_none(name):
    recipe = {"model": SMALL[name], "precision": "float32"}
    first, same, other = (weights_of(build_model(recipe, 40, OUTPUTS, seed)) for seed in (1, 1, 2))
    assert_same_weights(first, same)
    kernels = [(a, b) for a, b in zip(first, other, strict=True) if a.ndim >= 2]
    assert len(kernels) >= 4
    assert all((a != b).any() for a, b in kernels)


@pytest.mark.parametrize("name", SMALL)
def test_batch_norm_starts_anew_in_a_member_built_after_another_was_trained(name):
    recipe = {"model": SMALL[name], "precision": "float32"}
    before = build_model(recipe, 40, OUTPUTS, 1)
    untouched = weights_of(before)
    for variable in before.weights:
        variable.assign(variable + 1)
    model = build_model(recipe, 40, OUTPUTS, 1)
    assert_same_weights(weights_of(model), untouched)
    normalised = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert normalised
    for layer in normalised:
        np.testing.assert_array_equal(layer.moving_mean, 0)
        np.testing.assert_array_equal(layer.moving_variance, 1)
        np.testing.assert_array_equal(layer.beta, 0)
        np.testing.assert_array_equal(layer.gamma, 1)


def test_a_model_does_not_depend_on_random_numbers_drawn_before():
    recipe = {"model": SMALL["motif_cnn"], "precision": "float32"}
    first = weights_of(build_model(recipe, 40, OUTPUTS, 1))
    keras.random.normal((3,))
    np.random.default_rng().normal()
    keras.utils.set_random_seed(99)
    assert_same_weights(weights_of(build_model(recipe, 40, OUTPUTS, 1)), first)


# Shortest sequences, worked out by hand from the pools and the unpadded convolutions.
@pytest.mark.parametrize(
    ("name", "shortest"), [("deepstarr", 16), ("residualbind", 25), ("mprann", 21), ("motif_cnn", 4)]
)
def test_sequences_too_short_for_a_model_are_told_to_a_person(name, shortest):
    recipe = {"model": SMALL[name], "precision": "float32"}
    assert build_model(recipe, shortest, OUTPUTS, 1).output_shape == (None, 1)
    with pytest.raises(DeguError, match=f"model '{name}' cannot be built for sequences of {shortest - 1} bases"):
        build_model(recipe, shortest - 1, OUTPUTS, 1)


@pytest.mark.parametrize("link", ["identity", "softplus", "log_variance"])
def test_training_may_begin_at_the_mean_of_the_targets(recipe, link):
    outputs = Outputs(Heads(("mean", "epistemic"), ("a", "b")), link=link)
    model = build_model(recipe, 24, outputs, 1)
    targets = {"mean": np.array([[1.0, -3.0], [3.0, -5.0]]), "epistemic": np.full((2, 2), 0.05)}
    packing = TargetPacking.of_recipe({**recipe, "output_bias": "targets"}, outputs, targets)
    set_output_bias(model, packing)
    parameters = {
        name: keras.activations.get(outputs.parameters[name])(model.get_layer(name).bias)
        for name in ("mean", "epistemic")
    }
    heads = outputs.to_heads(parameters)
    np.testing.assert_allclose(heads["mean"], [2.0, -4.0], rtol=1e-6)
    np.testing.assert_allclose(heads["epistemic"], [0.05, 0.05], rtol=1e-4)


def test_heads_without_a_target_begin_where_they_began(recipe):
    outputs = Outputs(Heads(("mean", "aleatoric"), ("a",)), loss="gaussian", link="log_variance")
    model = build_model(recipe, 24, outputs, 1)
    recipe["output_bias"] = "targets"
    set_output_bias(model, TargetPacking.of_recipe(recipe, outputs, {"measured": np.array([[2.0], [4.0]])}))
    assert model.get_layer("mean").bias.numpy() == pytest.approx([3.0])
    assert model.get_layer("aleatoric").bias.numpy() == pytest.approx([0.0])


def test_dropout_can_be_taken_out_of_a_model():
    recipe = {"model": {**SMALL["motif_cnn"], "dropout": 0.5}, "precision": "float32"}
    tokens = np.eye(4, dtype="f4")[np.random.default_rng(1).integers(0, 4, size=(3, 40))]
    model = build_model({**recipe, "dropout": "none"}, 40, OUTPUTS, 1)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    np.testing.assert_array_equal(model(tokens, training=True), model(tokens, training=False))
    assert_same_weights(
        [variable.numpy() for variable in model.weights],
        [variable.numpy() for variable in build_model({**recipe, "dropout": "model"}, 40, OUTPUTS, 1).weights],
    )


@pytest.mark.parametrize("name", SMALL)
def test_a_model_takes_the_weights_of_one_with_fewer_heads(name):
    recipe = {"model": SMALL[name], "precision": "float32"}
    more = Outputs(Heads(("mean", "epistemic"), ("target0",)))
    source = build_model(recipe, 40, OUTPUTS, 1)
    model, fresh = (build_model(recipe, 40, more, 2) for _ in range(2))
    take_weights(model, source, more)
    for layer in model.layers:
        other = fresh if layer.name == "epistemic" else source
        if layer.weights:
            assert_same_weights(layer.get_weights(), other.get_layer(layer.name).get_weights())


def test_a_model_keeps_its_own_ridge_regression_where_it_takes_the_weights_of_another():
    recipe = {"model": SMALL["motif_cnn"], "precision": "float32", "kmer_ridge_weight": 0.5}
    number = canonical_index(6).max() + 1
    own, other = (KmerRidge(np.full((number, 1), value), np.zeros(1)) for value in (1.0, 2.0))
    source, model = (build_model(recipe, 40, OUTPUTS, seed, ridge) for seed, ridge in ((1, other), (2, own)))
    take_weights(model, source, OUTPUTS)
    for layer in model.layers:
        if layer.weights and layer.name != "kmer_ridge":
            assert_same_weights(layer.get_weights(), source.get_layer(layer.name).get_weights())
    np.testing.assert_array_equal(model.get_layer("kmer_ridge").kernel, np.ones((4096, 1)))


def test_a_model_of_another_shape_is_refused():
    source = build_model({"model": SMALL["motif_cnn"], "precision": "float32"}, 40, OUTPUTS, 1)
    model = build_model({"model": {**SMALL["motif_cnn"], "filters": 5}, "precision": "float32"}, 40, OUTPUTS, 1)
    with pytest.raises(DeguError, match=r"initial_weights: the layer 'conv1d' has other weights"):
        take_weights(model, source, OUTPUTS)


RECIPE = {"model": {"name": "mine"}, "precision": "float32"}
TWO_HEADS = Outputs(Heads(("mean", "epistemic"), ("a", "b")))


def own_network(length, outputs):
    inputs = keras.Input((length, 4))
    x = keras.layers.GlobalMaxPooling1D()(keras.layers.Conv1D(5, 3)(inputs))
    return keras.Model(inputs, output_layers(x, outputs))


def test_a_function_builds_the_network_in_place_of_the_architecture_that_the_recipe_names():
    model = build_model(RECIPE, 12, TWO_HEADS, 1, build=own_network)
    assert [layer.name for layer in model.layers[-3:]] == ["mean", "epistemic", "outputs"]
    again, other = (weights_of(build_model(RECIPE, 12, TWO_HEADS, seed, build=own_network)) for seed in (1, 2))
    assert_same_weights(weights_of(model), again)
    assert (model.layers[1].get_weights()[0] != other[0]).any()


def test_a_sequential_network_with_its_input_and_a_network_within_another_are_taken():
    def sequential(length, outputs):
        parts = [keras.Input((length, 4)), keras.layers.Flatten(), keras.layers.Dense(1, name="mean")]
        return keras.Sequential(parts)

    def nested(length, outputs):
        trunk = keras.Sequential([keras.layers.Conv1D(5, 3), keras.layers.GlobalMaxPooling1D()])
        inputs = keras.Input((length, 4))
        return keras.Model(inputs, output_layers(trunk(inputs), outputs))

    x = np.random.default_rng(1).normal(size=(3, 12, 4)).astype(np.float32)
    for build in (sequential, nested):
        model = build_model(RECIPE, 12, OUTPUTS, 1, build=build)
        assert model.get_layer("mean").bias.shape == (1,)
        np.testing.assert_allclose(plain_copy(model)(x), model(x), rtol=1e-6)


class Subclassed(keras.Model):
    def call(self, inputs):
        return inputs


@pytest.mark.parametrize(
    ("build", "told"),
    [
        (
            lambda length, outputs: None,
            "model 'mine' is no model, but NoneType(?s:.*)end the function with",
        ),
        (lambda length, outputs: keras.Sequential([keras.layers.Dense(1)]), "does not know what it takes(?s:.*)first"),
        (lambda length, outputs: Subclassed(), "is of the class Subclassed(?s:.*)functional model"),
        (lambda length, outputs: own_network(length + 1, outputs), r"takes arrays of shape \(None, 13, 4\)"),
        (lambda length, outputs: own_network(length, OUTPUTS), r"puts out \(None, 1\)(?s:.*)\(None, 4\), for the"),
    ],
)
def test_what_is_no_network_of_these_outputs_is_refused(build, told):
    with pytest.raises(DeguError, match=told):
        build_model(RECIPE, 12, TWO_HEADS, 1, build=build)


def test_outputs_without_a_layer_for_each_parameter_are_refused():
    def build(length, outputs):
        inputs = keras.Input((length, 4))
        return keras.Model(inputs, keras.layers.Dense(outputs.width)(keras.layers.Flatten()(inputs)))

    with pytest.raises(DeguError, match=r"no layer named 'mean'(?s:.*)end it with output_layers\(x, outputs\)"):
        build_model(RECIPE, 12, TWO_HEADS, 1, build=build)
