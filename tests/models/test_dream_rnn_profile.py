"""DREAM-RNN for profiles, against its publication and against the network that it is made from."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from degu.errors import DeguError
from degu.models import dream_rnn, dream_rnn_profile
from degu.models.layers.batch_normalization import BatchNormalization
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.training.building import build_model
from tests.models.profiles import convolved, profile_outputs, random_sequences, randomise, split


def trunk_by_hand(filters: int, units: int) -> int:
    first = sum(size * 4 * filters + filters for size in (9, 15))
    recurrent = 2 * 4 * (2 * filters * units + units * units + units)
    return first + recurrent + sum(size * 2 * units * filters + filters for size in (9, 15))


@pytest.mark.parametrize(("width", "filters", "units"), [(1, 160, 320), (0.05, 8, 16)])
@pytest.mark.parametrize("strands", [1, 2])
def test_it_has_the_parameters_of_the_trunk_a_convolution_and_a_dense_layer(width, filters, units, strands):
    model = dream_rnn_profile.build(120, profile_outputs(20, strands=strands), width=width)
    heads = (75 * 2 * filters + 1) * strands + 2 * filters + 1
    assert model.count_params() == trunk_by_hand(filters, units) + heads


def test_up_to_its_outputs_it_is_the_network_for_activity_without_its_last_convolution():
    activity = dream_rnn.build(100, Outputs(Heads(("mean",), ("activity",))), width=0.05)
    model = dream_rnn_profile.build(100, profile_outputs(10), width=0.05)
    kinds = [type(layer).__name__ for layer in model.layers]
    shared = [type(layer).__name__ for layer in activity.layers].index("GlobalAveragePooling1D") - 1
    assert kinds[:shared] == [type(layer).__name__ for layer in activity.layers][:shared]
    assert sorted(kinds[shared:]) == sorted(
        ["Cropping1D", "Conv1D", "Permute", "Flatten", "GlobalAveragePooling1D", "Dense", "Concatenate"]
    )


def test_batch_normalisation_follows_the_convolutions_of_the_trunk():
    model = dream_rnn_profile.build(100, profile_outputs(10), width=0.02, batch_normalization=True)
    normalised = [
        layer.input._keras_history.operation for layer in model.layers if isinstance(layer, BatchNormalization)
    ]
    assert [layer.kernel_size for layer in normalised] == [(9,), (15,), (9,), (15,)]


def test_a_profile_comes_from_the_central_features_and_counts_from_all():
    outputs = profile_outputs(10, strands=2)
    model = dream_rnn_profile.build(90, outputs, width=0.02)
    randomise(model)
    x = random_sequences(2, 90)
    (pooling,) = [layer for layer in model.layers if isinstance(layer, layers.GlobalAveragePooling1D)]
    features = ops.convert_to_numpy(keras.Model(model.input, pooling.input)(x))
    found = split(outputs, model(x))
    kernel, bias = model.get_layer("mean").get_weights()
    np.testing.assert_allclose(found["mean"], features.mean(axis=1) @ kernel + bias, rtol=1e-4, atol=1e-5)
    for row in range(2):
        positions = convolved(features[row], model.get_layer("profile"))
        np.testing.assert_allclose(found["profile"][row, 0], positions[3:13].T, rtol=1e-4, atol=1e-5)


def test_sequences_too_short_are_told_to_a_person():
    recipe = {"model": {"name": "dream_rnn_profile", "width": 0.02}, "precision": "float32"}
    assert build_model(recipe, 84, profile_outputs(10), 1).output_shape == (None, 11)
    with pytest.raises(DeguError, match=r"sequences of 82 bases: its features have 82 positions(.*)10 positions takes"):
        build_model(recipe, 82, profile_outputs(10), 1)
