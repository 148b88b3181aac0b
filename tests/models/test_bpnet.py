"""BPNet against its publication, and against its definition in NumPy."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from degu.errors import DeguError
from degu.models import bpnet
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.training.building import build_model, plain_copy
from tests.models.profiles import convolved, profile_outputs, random_sequences, randomise, split

# Sees 5 + 2 * (2 + 4) + 6 bases for each position of the profile.
SMALL = {"filters": 3, "layers": 2, "kernel": 5, "profile_kernel": 7}
SEEN = 23


def parameters_by_hand(filters: int, dilated: int, kernel: int, profile_kernel: int, tracks: int = 1) -> int:
    first = kernel * 4 * filters + filters
    residual = dilated * (3 * filters * filters + filters)
    return first + residual + (profile_kernel * filters + 1) * tracks + (filters + 1)


def test_it_has_the_parameters_of_the_accessibility_network_of_chrombpnet():
    assert parameters_by_hand(512, 8, 21, 75) == 6_377_986
    assert bpnet.build(2114, profile_outputs(1000)).count_params() == 6_377_986


@pytest.mark.parametrize("sizes", [(128, 4, 21, 75), (3, 2, 5, 7), (2, 0, 3, 1)])
def test_options_set_its_sizes(sizes):
    options = dict(zip(("filters", "layers", "kernel", "profile_kernel"), sizes, strict=True))
    model = bpnet.build(400, profile_outputs(10, strands=2), **options)
    assert model.count_params() == parameters_by_hand(*sizes, tracks=2)


def test_batch_normalization_adds_the_four_numbers_of_each_filter():
    sizes = {"filters": 3, "layers": 2, "kernel": 5, "profile_kernel": 7}
    outputs = profile_outputs(10)
    plain, normalized = (
        bpnet.build(400, outputs, **sizes, batch_normalization=chosen).count_params() for chosen in (False, True)
    )
    assert normalized == plain + 4 * 3


def test_its_convolutions_are_those_published():
    model = bpnet.build(2114, profile_outputs(1000), filters=2)
    found = [layer for layer in model.layers if isinstance(layer, layers.Conv1D)]
    shapes = [(layer.kernel_size[0], layer.dilation_rate[0], layer.activation.__name__) for layer in found]
    assert shapes == [(21, 1, "relu"), *[(3, 2**number, "relu") for number in range(1, 9)], (75, 1, "linear")]
    assert {layer.padding for layer in found} == {"valid"}


def test_the_central_1000_of_2114_bases_are_predicted_without_a_crop():
    for length, crop in ((2114, 0), (2116, 1), (3114, 500)):
        model = bpnet.build(length, profile_outputs(1000), filters=1)
        crops = [layer.cropping for layer in model.layers if layer.name == "profile_features"]
        assert crops == ([(crop, crop)] if crop else [])
    with pytest.raises(ValueError, match="takes 1074"):
        bpnet.build(2112, profile_outputs(1000), filters=1)


def let_all_bases_count(model: keras.Model) -> None:
    """Give a model weights above zero, so that no rectified linear unit hides a base, the largest at the ends."""
    for layer in model.layers:
        if isinstance(layer, layers.Conv1D):
            kernel = np.full(layer.kernel.shape, 0.01)
            kernel[[0, -1]] = 1
            layer.set_weights([kernel, np.zeros(layer.filters)])


def changed_positions(model: keras.Model, outputs: Outputs, bases: list[int]) -> list[list[int]]:
    """Return which positions of the profile change with each base."""
    (x,) = random_sequences(1, model.input_shape[1])
    batch = np.repeat(x[None], len(bases) + 1, axis=0)
    for row, base in enumerate(bases):
        batch[row, base] = 100
    profiles = split(outputs, model(batch))["profile"][:, 0, 0]
    return [np.flatnonzero(profile != profiles[-1]).tolist() for profile in profiles[:-1]]


def test_a_position_sees_the_bases_around_it_alone():
    outputs, length = profile_outputs(8), 8 + SEEN - 1 + 4
    model = bpnet.build(length, outputs, **SMALL)
    let_all_bases_count(model)
    expected = [[p for p in range(8) if p + 2 <= base < p + 2 + SEEN] for base in range(length)]
    assert changed_positions(model, outputs, list(range(length))) == expected
    # The two at either end are cropped.
    assert expected[1] == [] and expected[2] == [0] and expected[-3] == [7]


def test_a_position_of_that_published_sees_1115_bases():
    outputs = profile_outputs(1000)
    model = bpnet.build(2114, outputs, filters=1)
    let_all_bases_count(model)
    first, last, *others = changed_positions(model, outputs, [0, 2113, 1, 1113, 1114, 1115])
    assert (first, last) == ([0], [999])
    assert [(positions[0], positions[-1]) for positions in others] == [(0, 1), (0, 999), (0, 999), (1, 999)]


def test_it_computes_what_it_is_defined_as():
    outputs = profile_outputs(8, strands=2)
    model = bpnet.build(8 + SEEN - 1 + 2, outputs, **SMALL)
    randomise(model)
    x = random_sequences(2, model.input_shape[1])
    found = split(outputs, model(x))
    first, *dilated, profile = [layer for layer in model.layers if isinstance(layer, layers.Conv1D)]
    for row in range(2):
        y = np.maximum(convolved(x[row], first), 0)
        for layer, dilation in zip(dilated, (2, 4), strict=True):
            y = np.maximum(convolved(y, layer), 0) + y[dilation:-dilation]
        np.testing.assert_allclose(found["profile"][row, 0], convolved(y, profile)[1:-1].T, rtol=1e-4, atol=1e-5)
        kernel, bias = model.get_layer("mean").get_weights()
        np.testing.assert_allclose(found["mean"][row], y.mean(axis=0) @ kernel + bias, rtol=1e-4, atol=1e-5)


def test_it_predicts_activity_alone_too():
    outputs = Outputs(Heads(("mean", "aleatoric"), ("activity",)))
    assert bpnet.build(30, outputs, **SMALL).output_shape == (None, 2)


@pytest.mark.parametrize(
    ("length", "told"),
    [
        (29, "sequences of 29 bases: its features have 13 positions, and a profile of 8 positions takes 14"),
        (31, "sequences of 31 bases: its features have 15 positions, and the 14 that"),
        (16, "sequences of 16 bases: its convolutions see 17 bases"),
    ],
)
def test_lengths_that_do_not_fit_are_told_to_a_person(length, told):
    recipe = {"model": {"name": "bpnet", **SMALL}, "precision": "float32"}
    assert build_model(recipe, 30, profile_outputs(8), 1).output_shape == (None, 9)
    with pytest.raises(DeguError, match=told):
        build_model(recipe, length, profile_outputs(8), 1)


@pytest.mark.parametrize("precision", ["float32", "mixed_bfloat16"])
def test_it_trains_and_what_is_kept_computes_in_single_precision(tmp_path, precision):
    recipe = {"model": {"name": "bpnet", **SMALL}, "precision": precision}
    outputs = profile_outputs(8, bins=4, link="softplus")
    try:
        model = build_model(recipe, 30, outputs, 1)
    finally:
        keras.mixed_precision.set_dtype_policy("float32")
    assert model.layers[1].compute_dtype == precision.removeprefix("mixed_")
    x, before = random_sequences(6, 30), [weights.copy() for weights in model.get_weights()]
    model.compile("adam", "mse", jit_compile=False)
    model.fit(x, np.ones((6, outputs.width)), verbose=0)
    assert all((old != new).any() for old, new in zip(before, model.get_weights(), strict=True))
    copy = plain_copy(model)
    assert {layer.compute_dtype for layer in copy.layers} == {"float32"}
    copy.save(tmp_path / "model.keras")
    kept = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(ops.convert_to_numpy(kept(x)), ops.convert_to_numpy(copy(x)))
    tolerance = 1e-5 if precision == "float32" else 0.05
    np.testing.assert_allclose(ops.convert_to_numpy(copy(x)), ops.convert_to_numpy(model(x)), atol=tolerance)
