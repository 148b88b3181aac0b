"""The residual network of GOPHER against its publication."""

import numpy as np
import pytest
from keras import layers, ops

from degu.errors import DeguError
from degu.models import residual_profile
from degu.models.layers.batch_normalization import BatchNormalization
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.training.building import build_model, plain_copy
from tests.models.profiles import profile_outputs, random_sequences, randomise, split


def layers_of(model, kind):
    return [layer for layer in model.layers if isinstance(layer, kind)]


def parameters_by_hand(length: int, positions: int, sizes: tuple[int, ...], channels: int, tracks: int) -> int:
    """Return the number of weights of that published, with batch normalisation's four, and a dense layer for counts."""
    first, second, third, units, last = sizes

    def part(before: int, filters: int, size: int, depth: int) -> int:
        return size * before * filters + 5 * filters + depth * (3 * filters * filters + 5 * filters)

    encoder = part(4, first, 19, 5) + part(first, second, 7, 5) + part(second, third, 7, 4)
    bottleneck = length // 64 * third * units + 5 * units + units * positions * channels + 5 * positions * channels
    return encoder + bottleneck + part(channels, last, 7, 5) + (last + 1) * tracks + last + 1


@pytest.mark.parametrize(
    ("width", "sizes", "channels"), [(1, (192, 256, 512, 512, 256), 8), (0.125, (24, 32, 64, 64, 32), 1)]
)
def test_it_has_the_published_number_of_parameters(width, sizes, channels):
    model = residual_profile.build(2048, profile_outputs(2048), width=width)
    assert model.count_params() == parameters_by_hand(2048, 2048, sizes, channels, 1)
    assert model.output_shape == (None, 2049)


def small(length=128, positions=10, **options):
    outputs = profile_outputs(positions, **options)
    return residual_profile.build(length, outputs, width=0.03), outputs


def test_its_convolutions_are_those_published():
    model, _ = small()
    found = [(layer.kernel_size[0], layer.dilation_rate[0]) for layer in layers_of(model, layers.Conv1D)]
    blocks = [[(3, 2**number) for number in range(depth)] for depth in (5, 5, 4, 5)]
    openings = [[(19, 1)], [(7, 1)], [(7, 1)], [(7, 1)]]
    expected = [shape for opening, block in zip(openings, blocks, strict=True) for shape in (*opening, *block)]
    # The dense layer at each position.
    assert found == [*expected, (1, 1)]
    assert {layer.padding for layer in layers_of(model, layers.Conv1D)[:-1]} == {"same"}
    assert [layer.output.shape[1] for layer in layers_of(model, layers.MaxPooling1D)] == [32, 8, 2]
    normalised = [layer.input._keras_history.operation for layer in layers_of(model, BatchNormalization)]
    assert len(normalised) == len(found) - 1 + 2
    assert {type(layer) for layer in normalised} == {layers.Conv1D, layers.Dense}


def test_dropout_and_activations_come_where_published():
    model = residual_profile.build(128, profile_outputs(10), width=0.03, activation="exponential")
    rates = [layer.rate for layer in layers_of(model, layers.Dropout)]
    within = [0.1] * 4
    assert rates == [*within, 0.1, *within, 0.1, *[0.1] * 3, 0.2, 0.3, 0.1, 0.1, *within]
    kinds = [layer.activation.__name__ for layer in layers_of(model, layers.Activation)]
    # One after each normalisation but the last of a block, and one after each of the four sums.
    assert kinds == ["exponential", *["relu"] * (len(layers_of(model, BatchNormalization)) - 1)]
    assert len(layers_of(model, layers.Add)) == 4


def test_a_profile_is_a_dense_layer_at_each_position_and_counts_come_from_their_mean():
    model, outputs = small(strands=2, bins=5, link="softplus")
    randomise(model)
    x = random_sequences(2, 128)
    layer = model.get_layer("profile")
    features = ops.convert_to_numpy(type(model)(model.input, layer.input)(x))
    assert features.shape[1] == 10
    found = split(outputs, model(x))
    kernel, bias = layer.get_weights()
    np.testing.assert_allclose(found["profile"][:, 0], (features @ kernel[0] + bias).swapaxes(1, 2), rtol=1e-4)
    kernel, bias = model.get_layer("mean").get_weights()
    np.testing.assert_allclose(found["mean"], features.mean(axis=1) @ kernel + bias, rtol=1e-4)
    kernel, bias = model.get_layer("epistemic").get_weights()
    averages = features.reshape(2, 5, 2, -1).mean(axis=2) @ kernel[0] + bias
    np.testing.assert_allclose(found["epistemic"][:, 0], np.logaddexp(0, averages).swapaxes(1, 2), rtol=1e-4)


def test_each_base_reaches_each_position_through_the_bottleneck():
    model, outputs = small()
    x = np.repeat(random_sequences(1, 128), 3, axis=0)
    # What the pools leave over at the end of 130 bases would not count.
    x[0, 0], x[1, 127] = 3, 3
    first, last, unchanged = split(outputs, model(x))["profile"][:, 0, 0]
    assert (first != unchanged).all() and (last != unchanged).all()


def test_sequences_too_short_and_outputs_without_positions_are_told_to_a_person():
    recipe = {"model": {"name": "residual_profile", "width": 0.03}, "precision": "float32"}
    assert build_model(recipe, 64, profile_outputs(10), 1).output_shape == (None, 11)
    with pytest.raises(DeguError, match="model 'residual_profile' cannot be built for sequences of 63 bases"):
        build_model(recipe, 63, profile_outputs(10), 1)
    with pytest.raises(DeguError, match="it predicts profiles, and the parameters mean have no positions"):
        build_model(recipe, 64, Outputs(Heads(("mean",), ("activity",))), 1)


def test_it_trains_and_what_is_kept_computes_the_same():
    model, outputs = small(bins=2)
    x, before = random_sequences(8, 128), [weights.copy() for weights in model.get_weights()]
    model.compile("adam", "mse", jit_compile=False)
    model.fit(x, np.ones((8, outputs.width)), verbose=0)
    assert any((old != new).any() for old, new in zip(before, model.get_weights(), strict=True))
    found = ops.convert_to_numpy(plain_copy(model)(x))
    np.testing.assert_allclose(found, ops.convert_to_numpy(model(x)), rtol=1e-4, atol=1e-5)
