"""Output layers of profiles, against convolutions and averages in NumPy."""

import keras
import numpy as np
import pytest
from keras import ops

from degu.models.layers.profile_outputs import profile_length, profile_output_layers
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.outputs.packing import TargetPacking
from degu.training.building import plain_copy, set_output_bias
from tests.models.profiles import convolved, profile_outputs, randomise, split

CHANNELS = 3


def built(outputs: Outputs, length: int, kernel: int, **options: bool) -> keras.Model:
    inputs = keras.Input((length, CHANNELS))
    model = keras.Model(inputs, profile_output_layers(inputs, outputs, kernel=kernel, **options))
    randomise(model)
    return model


def features(length: int) -> np.ndarray:
    return np.random.default_rng(4).normal(size=(2, length, CHANNELS)).astype(np.float32)


# Without a crop, with one, and with a convolution of one position.
@pytest.mark.parametrize(("length", "kernel"), [(16, 5), (22, 5), (12, 1)])
@pytest.mark.parametrize(("targets", "strands"), [(1, 1), (1, 2), (3, 2)])
def test_a_profile_is_the_centre_of_a_convolution_by_target_strand_and_position(length, kernel, targets, strands):
    outputs = profile_outputs(12, targets=targets, strands=strands)
    model, x = built(outputs, length, kernel), features(length)
    found = split(outputs, model(x))["profile"]
    assert found.shape == (2, targets, strands, 12)
    for row in range(2):
        positions = convolved(x[row], model.get_layer("profile"))
        crop = (len(positions) - 12) // 2
        for target in range(targets):
            for strand in range(strands):
                expected = positions[crop : crop + 12, target * strands + strand]
                np.testing.assert_allclose(found[row, target, strand], expected, atol=1e-5)


@pytest.mark.parametrize("bins", [1, 3, 4, 12])
def test_bins_are_averages_of_a_convolution_and_then_pass_the_activation(bins):
    outputs = profile_outputs(12, targets=2, strands=2, bins=bins, link="softplus")
    model, x = built(outputs, 20, 5), features(20)
    found = split(outputs, model(x))["epistemic"]
    assert found.shape == (2, 2, 2, bins)
    for row in range(2):
        positions = convolved(x[row], model.get_layer("epistemic"))
        crop = (len(positions) - 12) // 2
        positions = positions[crop : crop + 12]
        averages = positions.reshape(bins, 12 // bins, 4).mean(axis=1)
        expected = np.logaddexp(0, averages.T.reshape(2, 2, bins))
        np.testing.assert_allclose(found[row], expected, rtol=1e-4, atol=1e-5)


def test_standard_deviations_begin_at_their_bias_and_all_else_differs_between_sequences():
    shapes = {"profile": (2, 12), "profile_epistemic": (2, 3)}
    heads = Heads(("mean", "aleatoric", *shapes), ("track",), shapes)
    outputs = Outputs(heads, link="softplus")
    inputs = keras.Input((20, CHANNELS))
    found = split(outputs, keras.Model(inputs, profile_output_layers(inputs, outputs, kernel=5))(features(20)))
    for head in ("aleatoric", "profile_epistemic"):
        np.testing.assert_allclose(found[head], np.log(2), rtol=1e-6)
    for head in ("mean", "profile"):
        assert np.abs(np.subtract(*found[head])).max() > 1e-3


def test_what_has_no_positions_comes_from_the_mean_of_all_features():
    outputs = profile_outputs(4, targets=2)
    model, x = built(outputs, 20, 5), features(20)
    kernel, bias = (ops.convert_to_numpy(weights) for weights in model.get_layer("mean").weights)
    np.testing.assert_allclose(split(outputs, model(x))["mean"], x.mean(axis=1) @ kernel + bias, atol=1e-5)


def test_the_mean_of_all_features_can_be_normalised_by_the_batch_while_profiles_stay_as_they_are():
    outputs = profile_outputs(4)
    plain, normalized = built(outputs, 20, 5), built(outputs, 20, 5, normalize=True)
    for layer in plain.layers:
        normalized.get_layer(layer.name).set_weights(layer.get_weights()) if layer.weights else None
    (layer,) = [layer for layer in normalized.layers if isinstance(layer, keras.layers.BatchNormalization)]
    gamma, beta, moving_mean, moving_variance = 2.0, 0.5, np.array([0.1, 0.2, 0.3]), np.array([1.0, 4.0, 9.0])
    layer.set_weights([np.full(CHANNELS, gamma), np.full(CHANNELS, beta), moving_mean, moving_variance])
    x = features(20)
    found, expected = split(outputs, normalized(x)), split(outputs, plain(x))
    np.testing.assert_allclose(found["profile"], expected["profile"], rtol=1e-5)
    kernel, bias = (ops.convert_to_numpy(weights) for weights in plain.get_layer("mean").weights)
    pooled = gamma * (x.mean(axis=1) - moving_mean) / np.sqrt(moving_variance + layer.epsilon) + beta
    np.testing.assert_allclose(found["mean"], pooled @ kernel + bias, atol=1e-5)


def test_outputs_without_positions_and_classes_are_dense():
    outputs = Outputs(Heads(("probability",), ("state",), {"probability": (5,)}))
    model = built(outputs, 9, 75)
    assert model.output_shape == (None, 5)
    (layer,) = [layer for layer in model.layers if layer.weights]
    assert (layer.name, layer.units) == ("probability", 5)


def test_the_outputs_are_parameters_in_order_each_from_a_layer_of_its_name():
    outputs = profile_outputs(6, strands=2, bins=3)
    model = built(outputs, 10, 5)
    weighted = [layer.name for layer in model.layers if layer.weights]
    assert sorted(weighted) == ["epistemic", "mean", "profile"]
    for number, name in enumerate(outputs.parameters):
        layer = model.get_layer(name)
        layer.set_weights([np.zeros(layer.kernel.shape), np.full(layer.bias.shape, number)])
    expected = [0] * 1 + [1] * 12 + [2] * 6
    np.testing.assert_array_equal(ops.convert_to_numpy(model(features(10))), [expected] * 2)


def test_the_length_of_profiles_is_the_largest_last_axis():
    assert profile_length(profile_outputs(12, bins=3)) == 12
    with pytest.raises(ValueError, match="the parameters mean have no positions"):
        profile_length(Outputs(Heads(("mean",), ("activity",))))


@pytest.mark.parametrize(
    ("length", "kernel", "bins", "told"),
    [
        (15, 5, 0, "its features have 15 positions, and a profile of 12 positions takes 16"),
        (17, 5, 0, "its features have 17 positions, and the 16 that a profile of 12 positions takes have another"),
        (16, 4, 0, "its features have 16 positions, and the 15 that"),
        (16, 5, 5, "the 5 bins of 'epistemic' do not divide the 12 positions"),
    ],
)
def test_lengths_that_do_not_fit_are_told(length, kernel, bins, told):
    with pytest.raises(ValueError, match=told):
        built(profile_outputs(12, bins=bins), length, kernel)


def test_a_crop_spares_the_convolution_what_it_is_not_asked_for():
    model = built(profile_outputs(12), 40, 5)
    assert model.get_layer("profile").input.shape == (None, 16, CHANNELS)


def test_outputs_are_in_single_precision_beside_a_network_that_is_not():
    outputs = profile_outputs(6, bins=3)
    keras.mixed_precision.set_dtype_policy("mixed_bfloat16")
    try:
        model = built(outputs, 1002, 5)
    finally:
        keras.mixed_precision.set_dtype_policy("float32")
    assert model.output.dtype == "float32"
    assert model.get_layer("profile").output.dtype == "float32"
    # In half precision the sum of a thousand ones would be 256.
    layer = model.get_layer("mean")
    layer.set_weights([np.ones(layer.kernel.shape), np.zeros(1)])
    found = split(outputs, model(np.ones((1, 1002, CHANNELS), dtype=np.float32)))["mean"]
    np.testing.assert_allclose(found, [[CHANNELS]], rtol=1e-6)


def test_a_profile_may_begin_at_the_mean_of_its_targets_over_positions():
    outputs = profile_outputs(4, targets=2, strands=2, bins=2, link="softplus")
    model = built(outputs, 8, 5)
    for name in outputs.parameters:
        layer = model.get_layer(name)
        layer.set_weights([np.zeros(layer.kernel.shape), np.zeros(layer.bias.shape)])
    rng = np.random.default_rng(3)
    std = np.broadcast_to([[[0.2], [0.4]], [[0.6], [0.8]]], (5, 2, 2, 2))
    targets = {"mean": rng.normal(size=(5, 2)), "profile": rng.normal(size=(5, 2, 2, 4)), "epistemic": std}
    recipe = {"output_bias": "targets", "head_weights": "equal"}
    set_output_bias(model, TargetPacking.of_recipe(recipe, outputs, targets))
    found = split(outputs, model(features(8)))
    np.testing.assert_allclose(found["mean"][0], targets["mean"].mean(axis=0), rtol=1e-5)
    expected = np.broadcast_to(targets["profile"].mean(axis=(0, 3))[..., None], (2, 2, 4))
    np.testing.assert_allclose(found["profile"][0], expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found["epistemic"][0] + outputs.floor, std[0], rtol=1e-5)


def test_they_are_kept_and_copied_as_layers_of_keras(tmp_path):
    outputs = profile_outputs(6, strands=2, bins=3, link="softplus")
    model, x = built(outputs, 20, 5), features(20)
    model.save(tmp_path / "model.keras")
    for other in (keras.saving.load_model(tmp_path / "model.keras"), plain_copy(model)):
        np.testing.assert_array_equal(ops.convert_to_numpy(other(x)), ops.convert_to_numpy(model(x)))
        assert all(type(layer).__module__.startswith("keras.") for layer in other.layers)
