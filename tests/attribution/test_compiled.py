"""Methods over many sequences in compiled."""

import functools
from contextlib import nullcontext

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from degu.attribution import compiled, contributions
from degu.attribution.compiled import Method, needs_backgrounds
from degu.attribution.explained import Explained
from degu.attribution.methods import deep_shap
from degu.config.plugins import constant, known_names, load, options_of
from degu.errors import DeguError
from degu.models.layers.blocks import sequence_input
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from tests.attribution.networks import (
    assert_near,
    filled,
    function_of,
    linear,
    maps_of,
    one_hot,
    outputs_of,
    parameters_by_hand,
    profile_outputs,
    profile_weights,
    random_tokens,
    scaled_outputs,
    smooth,
    weights_of,
)

# Each method, its options, and how many sequences of length 8 with 3 backgrounds the network sees for each.
METHODS = {
    "saliency": ({}, 1),
    "smoothgrad": ({"samples": 5}, 5),
    "in_silico_mutagenesis": ({}, 25),
    "integrated_gradients": ({"steps": 4}, 15),
    "expected_gradients": ({}, 3),
    "deep_shap": ({}, 4),
    "shap_deep": ({}, 10),
    "shap_gradient": ({"samples": 6}, 11),
}
SUMMED = {"integrated_gradients", "deep_shap", "shap_deep", "shap_gradient"}
PACKAGES = ("shap_deep", "shap_gradient")
every_method = pytest.mark.parametrize("name", METHODS)
every_compiled_method = pytest.mark.parametrize("name", [name for name in METHODS if name not in PACKAGES])


def example() -> Explained:
    outputs = scaled_outputs(link="softplus")
    return Explained(smooth(8, outputs), outputs, "total", target=1)


def data(number: int, name: str) -> tuple[np.ndarray, np.ndarray]:
    compared = 3 if needs_backgrounds(name) else 0
    return random_tokens(number, 8, letters=5), random_tokens(number, compared, 8, seed=1)


def method_of(explained: Explained, name: str) -> Method:
    return Method(explained, name, METHODS[name][0], 3 if needs_backgrounds(name) else 0)


@functools.cache
def expected_maps(name: str) -> tuple[np.ndarray, np.ndarray | None]:
    """Return the maps of seven sequences by a method that sees all of them at once, and what each should sum to."""
    return maps_of(load("attribution method", name), example(), *data(7, name), **METHODS[name][0])


@every_method
# Less than a sequence at a time, as far as possible; one; three, the last batch of which has one; more than there are.
@pytest.mark.parametrize("size", [0, 1, 3, 20])
def test_maps_do_not_depend_on_the_size_of_the_batches(monkeypatch, name, size):
    explained, (tokens, backgrounds) = example(), data(7, name)
    monkeypatch.setattr(contributions, "ROWS", max(1, size * METHODS[name][1]))
    values, difference = method_of(explained, name)(tokens, backgrounds)
    expected, total = expected_maps(name)
    assert values.shape == (7, 8, 4) and difference.shape == (7,)
    assert values.dtype == difference.dtype == np.float32
    # In parts, DeepSHAP divides by small changes that are rounded otherwise.
    assert_near(values, expected, 1e-5 if size else 1e-4)
    if name in SUMMED:
        assert_near(difference, total)
    else:
        assert total is None and np.isnan(difference).all()


@pytest.mark.parametrize("name", sorted(SUMMED))
def test_what_maps_sum_to_is_the_change_of_the_prediction(name):
    explained, (tokens, backgrounds) = example(), data(5, name)
    of = function_of(explained)
    expected = of(one_hot(tokens)) - of(one_hot(backgrounds).reshape(-1, 8, 4)).reshape(5, 3).mean(axis=1)
    assert_near(method_of(explained, name)(tokens, backgrounds)[1], expected)


class Counting:
    """A model that counts the sequences it is traced for."""

    def __init__(self, model: keras.Model) -> None:
        self.model, self.input_shape, self.seen = model, model.input_shape, 0

    def __call__(self, inputs: tf.Tensor, training: bool) -> tf.Tensor:
        self.seen += inputs.shape[0]
        return self.model(inputs, training=training)


@every_compiled_method
def test_rows_are_how_many_sequences_the_network_sees(monkeypatch, name):
    explained, (tokens, backgrounds) = example(), data(4, name)
    counting = Counting(explained.model)
    monkeypatch.setattr(deep_shap, "rescale_model", lambda model, _: model)
    module, (options, expected) = load("attribution method", name), METHODS[name]
    maps_of(module, explained.through(counting), tokens, backgrounds, **options)
    assert counting.seen == 4 * expected
    assert module.rows(8, backgrounds.shape[1], **options) == expected


class Watching(Counting):
    """A model that counts the sequences whenever it runs."""

    def __call__(self, inputs: tf.Tensor, training: bool) -> tf.Tensor:
        tf.numpy_function(self.add, [tf.shape(inputs)[0]], [])
        return self.model(inputs, training=training)

    def add(self, number: int) -> None:
        self.seen += int(number)


@pytest.mark.parametrize("name", PACKAGES)
def test_rows_are_how_many_sequences_the_network_sees_by_a_package(name):
    explained, (tokens, backgrounds) = example(), data(4, name)
    watching = Watching(explained.model)
    module, (options, expected) = load("attribution method", name), METHODS[name]
    maps_of(module, explained.through(watching), tokens, backgrounds, **options)
    assert watching.seen == 4 * expected
    assert module.rows(8, backgrounds.shape[1], **options) == expected


def test_a_package_gets_no_sequence_twice_to_fill_up_a_batch(monkeypatch):
    explained, (tokens, backgrounds) = example(), data(5, "shap_deep")
    watching = Watching(explained.model)
    monkeypatch.setattr(contributions, "ROWS", 3 * METHODS["shap_deep"][1])
    method_of(explained.through(watching), "shap_deep")(tokens, backgrounds)
    assert watching.seen == 5 * METHODS["shap_deep"][1]


@every_compiled_method
def test_batches_hold_as_many_rows_as_allowed_and_at_least_one_sequence(monkeypatch, name):
    explained, (tokens, backgrounds) = example(), data(3, name)
    counting = Counting(explained.model)
    monkeypatch.setattr(deep_shap, "rescale_model", lambda model, _: model)
    rows = METHODS[name][1]
    # What needs many sequences for one goes on in parts: by position, or by background.
    least = {"in_silico_mutagenesis": 1 + 3, "integrated_gradients": 5, "deep_shap": 2}.get(name, rows)
    for allowed, seen in ((3 * rows - 1 if rows > 1 else 2, 2 * rows), (1, least)):
        monkeypatch.setattr(contributions, "ROWS", allowed)
        method, counting.seen = method_of(explained.through(counting), name), 0
        method(tokens, backgrounds)
        # The function is traced once, whatever the number of sequences and parts.
        assert counting.seen == seen


@every_method
def test_no_sequences_have_no_maps(name):
    values, difference = method_of(example(), name)(*data(0, name))
    assert values.shape == (0, 8, 4) and difference.shape == (0,)


@every_method
def test_a_method_without_what_it_compares_with_or_with_what_it_does_not_is_refused(name):
    options = METHODS[name][0]
    if needs_backgrounds(name):
        with pytest.raises(DeguError, match=f"^0 backgrounds for {name}\n  expected: some"):
            Method(example(), name, options, 0)
    else:
        with pytest.raises(DeguError, match=f"^5 backgrounds for {name}\n  expected: none"):
            Method(example(), name, options, 5)


def test_the_methods_that_compare_are_known():
    assert {name for name in METHODS if needs_backgrounds(name)} == SUMMED | {"expected_gradients"}


def test_maps_of_deep_shap_alone_must_sum_to_the_difference():
    assert [name for name in METHODS if method_of(example(), name).exact] == ["deep_shap", "shap_deep"]


def test_deep_shap_checks_the_models_layers_and_the_others_take_any():
    inputs = sequence_input(8)
    x = layers.Flatten()(layers.LayerNormalization(name="odd")(layers.Conv1D(3, 3)(inputs)))
    explained = Explained(filled(keras.Model(inputs, layers.Dense(1, name="mean")(x))), outputs_of("mean"), "mean")
    for name in METHODS:
        if name == "deep_shap":
            with pytest.raises(DeguError, match=r"^model\.keras: .* at layer 'odd' \(LayerNormalization\)"):
                method_of(explained, name).check(*data(6, name), where="model.keras")
        else:
            method_of(explained, name).check(*data(6, name))


@every_method
def test_on_a_linear_network_the_map_of_a_profile_is_weight_times_change(name):
    outputs = profile_outputs()
    model, (tokens, backgrounds) = linear(8, outputs), data(5, name)
    logits = parameters_by_hand(model, outputs, one_hot(tokens))["profile_logits"][:, 1]
    kernel = weights_of(model, "profile_logits")[0].reshape(8, 4, 2, 8)[:, :, 1]
    slope = np.einsum("lcp,np->nlc", kernel, profile_weights(logits).reshape(5, 8))
    if name == "in_silico_mutagenesis":
        expected = np.where((tokens == 4)[..., None], 0, slope - (slope * one_hot(tokens)).sum(axis=-1, keepdims=True))
    elif needs_backgrounds(name):
        expected = slope * (one_hot(tokens)[:, None] - one_hot(backgrounds)).mean(axis=1)
    else:
        expected = slope
    found, difference = method_of(Explained(model, outputs, "profile", 1), name)(tokens, backgrounds)
    # By the package, the mean over six random backgrounds out of three is not that over all.
    if name == "shap_gradient":
        found, expected = found[found != 0] != 0, (found != 0)[found != 0]
    assert_near(found, expected, 1e-4)
    if name in SUMMED:
        change = slope[:, None] * (one_hot(tokens)[:, None] - one_hot(backgrounds))
        assert_near(difference, change.sum(axis=(2, 3)).mean(axis=1), 1e-4)


@every_method
def test_recurrent_networks_are_refused_before_the_work_and_methods_that_explain_them_named(name):
    inputs, outer = sequence_input(8), sequence_input(8)
    x = layers.Bidirectional(layers.LSTM(3, return_sequences=True), name="recurrent")(inputs)
    inner = keras.Model(inputs, layers.GlobalAveragePooling1D()(x), name="inner")
    model = keras.Model(outer, layers.Dense(1, name="mean")(inner(outer)))
    method = method_of(Explained(model, outputs_of("mean"), "mean"), name)
    if name not in ("deep_shap", "shap_deep"):
        method.check(*data(2, name))
        return
    known = "expected_gradients, in_silico_mutagenesis, integrated_gradients, saliency, shap_gradient, smoothgrad"
    message = (
        rf"^folder: {name} does not explain recurrent .*'recurrent' \(Bidirectional\)\n  expected: one of {known}\n"
    )
    with pytest.raises(DeguError, match=message):
        method.check(*data(2, name), where="folder")


@pytest.mark.parametrize("name", known_names("model"))
def test_models_say_whether_they_are_recurrent(name):
    of_profiles = name == "bpnet" or "profile" in name
    heads = Heads(("mean", "profile"), ("a",), {"profile": (1, 16)}) if of_profiles else Heads(("mean",), ("a",))
    small = {"width": 0.02, "layers": 1, "filters": 2}
    options = {option: value for option, value in small.items() if option in options_of("model", name)}
    outputs = Outputs(heads, loss="profile_divergence" if of_profiles else "mean_squared_error")
    model = load("model", name).build(250 if of_profiles else 249, outputs, **options)
    refused = (
        pytest.raises(DeguError, match="recurrent") if constant("model", name, "RECURRENT", False) else nullcontext()
    )
    with refused:
        compiled.refuse_recurrent(model, "deep_shap")


@pytest.mark.parametrize(("number", "compared"), [(6, 5), (1, 1)])
def test_a_model_that_deep_shap_knows_passes_the_check(number, compared):
    outputs = outputs_of("mean")
    method = Method(Explained(linear(8, outputs), outputs, "mean"), "deep_shap", {}, compared)
    method.check(random_tokens(number, 8), random_tokens(number, compared, 8, seed=1))
