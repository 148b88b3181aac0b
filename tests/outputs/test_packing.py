"""How the targets of a training are scaled, packed, weighted, and what output layers begin with."""

import numpy as np
import pytest
from keras import ops

from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.outputs.packing import TargetPacking, start_values

RECIPE = {"head_weights": "equal", "output_bias": "zero"}


def outputs_of(*heads: str, targets: int = 2, **options) -> Outputs:
    shapes = options.pop("shapes", {})
    return Outputs(Heads(heads, tuple(f"target{index}" for index in range(targets)), shapes), **options)


@pytest.mark.parametrize("targets", [1, 3])
def test_packed_arrays_come_back_by_name(targets):
    rng = np.random.default_rng(1)
    shapes = {
        "measured": (targets,),
        "member_mean": (4, targets),
        "member_epistemic": (1, targets),
        "epistemic": (targets,),
        "profile": (targets, 2, 5),
        "member_profile": (4, targets, 2, 5),
    }
    arrays = {name: rng.normal(size=(5, *shape)).astype(np.float32) for name, shape in shapes.items()}
    outputs = outputs_of("mean", "epistemic", "profile", targets=targets, shapes={"profile": (2, 5)})
    packing = TargetPacking.of_recipe(RECIPE, outputs, arrays)
    assert packing.shapes == shapes
    packed = packing.pack(arrays)
    assert packed.shape == (5, (1 + 4 + 1 + 1 + 10 + 40) * targets)
    assert packed.dtype == np.float32
    unpacked = packing.unpack(ops.array(packed))
    assert list(unpacked) == list(arrays)
    for name, values in arrays.items():
        np.testing.assert_array_equal(ops.convert_to_numpy(unpacked[name]), values)


def test_arrays_are_packed_in_the_order_of_the_packing():
    arrays = {"mean": np.ones((2, 1)), "epistemic": np.full((2, 1), 2.0)}
    turned = {name: arrays[name] for name in ("epistemic", "mean")}
    packing = TargetPacking.of_recipe(RECIPE, outputs_of("mean", "epistemic", targets=1), arrays)
    np.testing.assert_array_equal(packing.pack(turned), [[1, 2], [1, 2]])


def test_targets_are_packed_in_scaled_units_and_heads_with_trailing_axes_as_they_are():
    outputs = outputs_of(
        "mean", "epistemic", "profile", shapes={"profile": (1, 3)}, center=(1.0, -2.0), spread=(2.0, 10.0)
    )
    arrays = {
        "measured": np.array([[3.0, 8.0]]),
        "member_mean": np.array([[[1.0, -2.0], [5.0, 18.0]]]),
        "epistemic": np.array([[4.0, 5.0]]),
        "profile": np.arange(6.0).reshape(1, 2, 1, 3),
    }
    packed = TargetPacking.of_recipe(RECIPE, outputs, arrays).pack(arrays)
    np.testing.assert_allclose(packed, [[1, 1, 0, 0, 2, 2, 2, 0.5, 0, 1, 2, 3, 4, 5]])


def test_the_weight_of_a_head_with_trailing_axes_is_by_its_variance_over_rows_and_axes():
    outputs = outputs_of("mean", "profile", shapes={"profile": (2, 4)})
    profile = np.random.default_rng(2).normal(scale=[[[1.0]], [[7.0]]], size=(30, 2, 2, 4))
    arrays = {"mean": np.random.default_rng(3).normal(size=(30, 2)), "profile": profile}
    weights = TargetPacking.of_recipe({**RECIPE, "head_weights": "inverse_variance"}, outputs, arrays).weights
    np.testing.assert_allclose(weights["profile"], 1 / profile.var(axis=(0, 2, 3)), rtol=1e-5)


@pytest.mark.parametrize("scaling", [{}, {"center": (3.0, 2.0), "spread": (2.0, 0.5)}])
def test_the_weight_of_the_mean_by_counts_is_a_tenth_of_their_median_whatever_the_scaling(scaling):
    outputs = outputs_of("mean", "profile", "epistemic", loss="multinomial", shapes={"profile": (1, 4)}, **scaling)
    counts = np.random.default_rng(5).poisson([40, 900], size=(31, 2))
    spreads = np.random.default_rng(6).uniform(0.1, 0.3, size=(31, 2))
    arrays = {"mean": np.log1p(counts), "profile": np.zeros((31, 2, 1, 4)), "epistemic": spreads}
    weights = TargetPacking.of_recipe({**RECIPE, "head_weights": "median_count"}, outputs, arrays).weights
    expected = [sorted(counts[:, target])[15] / 10 for target in range(2)]
    # The error in scaled units is smaller by the square of the spread.
    np.testing.assert_allclose(weights["mean"] / np.square(outputs.spread), expected, rtol=1e-5)
    # An error of one standard deviation costs as much for each head.
    scaled = {head: outputs.scale(head, arrays[head]) for head in ("mean", "epistemic")}
    costs = {head: weights[head] * values.var(axis=0) for head, values in scaled.items()}
    np.testing.assert_allclose(costs["epistemic"], costs["mean"], rtol=1e-5)


def test_the_logarithm_of_a_count_begins_where_the_mean_is_that_of_the_targets():
    outputs = outputs_of("mean", "profile", loss="poisson_profile", shapes={"profile": (1, 4)})
    counts = np.array([[10.0, 100.0], [40.0, 900.0]])
    profile = counts[:, :, None, None] * np.array([0.1, 0.2, 0.3, 0.4])
    start = start_values(outputs, {"profile": profile})["log_count"]
    np.testing.assert_allclose(np.log1p(np.exp(start)), np.log1p(counts).mean(axis=0), rtol=1e-6)


def test_layers_begin_at_zero_unless_the_recipe_says_otherwise():
    outputs, arrays = outputs_of("mean"), {"mean": np.array([[1.0, 2.0], [3.0, 6.0]])}
    assert TargetPacking.of_recipe(RECIPE, outputs, arrays).biases == {}
    biases = TargetPacking.of_recipe({**RECIPE, "output_bias": "targets"}, outputs, arrays).biases
    np.testing.assert_allclose(biases["mean"], [2.0, 4.0])


@pytest.mark.parametrize("name", ["measured", "member_mean"])
def test_a_mean_without_a_target_of_its_own_begins_at_the_measurements_or_the_members(name):
    values = np.array([[1.0, 2.0], [3.0, 6.0]])
    values = values if name == "measured" else np.stack([values - 1, values + 1], axis=1)
    np.testing.assert_allclose(start_values(outputs_of("mean"), {name: values})["mean"], [2.0, 4.0])


def test_the_ends_of_an_interval_begin_at_the_measurements_and_nowhere_else():
    outputs = outputs_of("mean", "lower", "upper", loss="pinball")
    measured = np.array([[1.0, 2.0], [3.0, 6.0]])
    starts = start_values(outputs, {"measured": measured, "mean": measured + 1, "lower": measured - 9})
    assert {name: values.tolist() for name, values in starts.items()} == {
        "mean": [3.0, 5.0],
        "lower": [2.0, 4.0],
        "upper": [2.0, 4.0],
    }
    assert "lower" not in start_values(outputs, {"mean": measured, "lower": measured - 9})


def test_a_head_with_trailing_axes_begins_at_the_mean_of_each_of_its_values():
    outputs = outputs_of("mean", "profile", shapes={"profile": (2, 3)})
    profile = np.random.default_rng(4).normal(size=(7, 2, 2, 3))
    np.testing.assert_allclose(start_values(outputs, {"profile": profile})["profile"], profile.mean(axis=0).ravel())
