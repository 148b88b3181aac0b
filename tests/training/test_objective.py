"""The function that a training minimises: every loss in it, weights, and what it refuses."""

import dataclasses
from math import prod

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from degu.config.declarations import loss_declaration, targets_of
from degu.config.plugins import known_names, load
from degu.errors import DeguError
from degu.losses import gaussian, gaussian_as_published, mean_squared_error
from degu.outputs.heads import UNCERTAINTIES, Heads
from degu.outputs.outputs import Outputs
from degu.outputs.packing import TargetPacking
from degu.training.objective import build_objective

LOSSES = known_names("loss")
MEMBERS = 3
CLASSES = 4
# Trailing axes of the heads that have them: classes, and strands and positions.
SHAPES = {"probability": (CLASSES,), "profile": (2, 3)}


@dataclasses.dataclass(frozen=True)
class Case:
    """One loss with everything that its objective takes."""

    recipe: dict
    outputs: Outputs
    true: dict[str, np.ndarray]
    predicted: np.ndarray

    @property
    def packing(self) -> TargetPacking:
        return TargetPacking.of_recipe(self.recipe, self.outputs, self.true)

    def weighted(self, head_weights: object) -> "Case":
        """Return the same case with other weights of its heads."""
        return dataclasses.replace(self, recipe={**self.recipe, "head_weights": head_weights})

    def objective(self, rows: slice = slice(None)) -> np.ndarray:
        """Return the objective's values, (B,), of some rows."""
        packed = self.packing.pack({name: values[rows] for name, values in self.true.items()})
        function = build_objective(self.recipe, self.packing)
        return ops.convert_to_numpy(function(ops.array(packed), ops.array(self.predicted[rows])))


def case_of(loss: str, rows: int, targets: int, *more: str, link: str = "softplus", **options) -> Case:
    """Return random targets and outputs for a loss; `more` names heads that it does not take together."""
    together = loss_declaration(loss).heads
    names = tuple(dict.fromkeys(("mean", *together, *more)))
    shapes = {name: SHAPES[name] for name in names if name in SHAPES}
    heads = Heads(names, tuple(f"target{i}" for i in range(targets)), shapes)
    recipe = {"heads": list(heads.heads), "loss": {"name": loss, **options}, "head_weights": "equal"}
    recipe["output_bias"] = "zero"
    outputs = Outputs(heads, loss=loss, link=link)
    rng = np.random.default_rng([rows, targets, LOSSES.index(loss)])
    true = {
        name: rng.uniform(0.1, 1.5, size=(rows, MEMBERS, targets) if name.startswith("member_") else (rows, targets))
        for name in targets_of(recipe)
    }
    if "probability" in names:
        true["measured"] = rng.integers(0, CLASSES, size=(rows, targets))
    if "profile" in names:
        counts = 1 + rng.poisson(2, size=(rows, targets, *SHAPES["profile"]))
        of_ensemble = loss == "profile_divergence"
        true["profile"] = counts / counts.sum(axis=(2, 3), keepdims=True) if of_ensemble else counts
    sizes = {name: (rows, prod(outputs.shape(name))) for name in outputs.parameters}
    parts = [
        rng.uniform(0.1, 1.5, size=sizes[name]) if activation == "softplus" else rng.normal(size=sizes[name])
        for name, activation in outputs.parameters.items()
    ]
    true = {name: values.astype(np.float32) for name, values in true.items()}
    predicted = np.concatenate(parts, axis=1).astype(np.float32)
    return Case(recipe, outputs, true, predicted)


# Every loss


@pytest.mark.parametrize("rows", [1, 2, 7])
@pytest.mark.parametrize("targets", [1, 3])
@pytest.mark.parametrize("loss", LOSSES)
def test_a_loss_is_one_value_a_sample_and_target_and_its_objective_one_a_sample(loss, rows, targets):
    case = case_of(loss, rows, targets)
    module = load("loss", loss)
    true = {name: ops.array(values) for name, values in case.true.items()}
    parameters = case.outputs.split(ops.array(case.predicted))
    predicted = parameters if case.outputs.own_parameters else case.outputs.to_heads(parameters)
    together = loss_declaration(loss).heads
    values = module.loss(true, predicted) if together else module.loss(true["mean"], predicted["mean"])
    assert values.shape == (rows, targets)
    found = case.objective()
    assert found.shape == (rows,)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()


@pytest.mark.parametrize("more", [(), ("lower", "aleatoric")])
@pytest.mark.parametrize("targets", [1, 3])
@pytest.mark.parametrize("loss", [name for name in LOSSES if name != "gaussian_as_published"])
def test_a_samples_value_does_not_depend_on_its_batch(loss, targets, more):
    case = case_of(loss, 7, targets, *more)
    alone = [case.objective(slice(row, row + 1)).item() for row in range(7)]
    np.testing.assert_allclose(case.objective(), alone, rtol=1e-5)
    np.testing.assert_allclose(case.objective(slice(2, 5)), alone[2:5], rtol=1e-5)


@pytest.mark.parametrize("rows", [1, 2, 7])
@pytest.mark.parametrize("targets", [1, 3])
def test_the_published_gaussian_is_the_mean_over_every_pair_of_samples(rows, targets):
    case = case_of("gaussian_as_published", rows, targets)
    mean, std = case.predicted[:, :targets].astype(float), case.predicted[:, targets:].astype(float) + 1e-4
    total = 0.0
    for target in range(targets):
        for i in range(rows):
            for j in range(rows):
                error = case.true["measured"][j, target] - mean[j, target]
                variance = std[i, target] ** 2
                total += 0.5 * (np.log(2 * np.pi * variance) + error**2 / variance)
    assert case.objective().mean() == pytest.approx(total / (rows * rows * targets), rel=1e-5)


@pytest.mark.parametrize("link", ["softplus", "log_variance"])
@pytest.mark.parametrize("loss", LOSSES)
def test_every_output_has_a_gradient_and_every_target_a_part(loss, link):
    case = case_of(loss, 6, 2, link=link)
    packing = case.packing
    function = build_objective(case.recipe, packing)
    true, predicted = (tf.constant(values) for values in (packing.pack(case.true), case.predicted))
    with tf.GradientTape() as tape:
        tape.watch([true, predicted])
        total = ops.sum(function(true, predicted))
    of_targets, of_outputs = tape.gradient(total, [true, predicted])
    assert np.isfinite(of_outputs).all()
    assert (np.abs(of_outputs).sum(axis=0) > 0).all()
    assert np.isfinite(of_targets).all()
    # Class numbers are counted with, and have no gradient.
    has_gradient = [name for name in packing.shapes if not (loss == "categorical_crossentropy" and name == "measured")]
    sums = packing.unpack(np.abs(of_targets).sum(axis=0, keepdims=True))
    assert all((ops.convert_to_numpy(sums[name]) > 0).all() for name in has_gradient)


@pytest.mark.parametrize("loss", LOSSES)
def test_keras_takes_the_mean_over_samples_and_the_same_in_a_graph(loss):
    case = case_of(loss, 7, 2)
    packing = case.packing
    inputs = keras.Input((case.predicted.shape[1],))
    model = keras.Model(inputs, keras.layers.Identity()(inputs))
    function = build_objective(case.recipe, packing)
    model.compile("sgd", loss=function, jit_compile=False)
    found = model.evaluate(case.predicted, packing.pack(case.true), batch_size=7, verbose=0)
    assert found == pytest.approx(case.objective().mean(), rel=1e-5)


def test_options_of_a_recipe_reach_the_loss():
    plain, other = (case_of("pinball", 5, 2, **options) for options in ({}, {"level": 0.5}))
    assert (plain.objective() != other.objective()).all()
    np.testing.assert_array_equal(case_of("pinball", 5, 2, level=0.9).objective(), plain.objective())


# The published loss


@pytest.mark.parametrize("targets", [1, 2])
@pytest.mark.parametrize("more", [(), ("epistemic",), ("aleatoric", "epistemic")])
def test_the_default_is_the_mean_squared_error_over_all_outputs(targets, more):
    case = case_of("mean_squared_error", 9, targets, *more, link="identity")
    together = np.concatenate([case.true[head] for head in case.recipe["heads"]], axis=1)
    expected = keras.losses.mean_squared_error(together, case.predicted)
    np.testing.assert_allclose(case.objective(), expected, rtol=1e-5)
    assert case.objective().mean() == pytest.approx(np.mean((together - case.predicted) ** 2), rel=1e-5)


def test_log_variances_are_compared_with_those_of_the_targets_above_the_floor():
    case = case_of("mean_squared_error", 9, 2, "aleatoric", "epistemic", link="log_variance")
    floor = 0.5
    case = dataclasses.replace(case, outputs=dataclasses.replace(case.outputs, floor=floor))
    linked = [
        2 * np.log(np.maximum(case.true[head], floor)) if head in UNCERTAINTIES else case.true[head]
        for head in case.recipe["heads"]
    ]
    assert (case.true["epistemic"] < floor).any() and (case.true["epistemic"] > floor).any()
    expected = keras.losses.mean_squared_error(np.concatenate(linked, axis=1), case.predicted)
    np.testing.assert_allclose(case.objective(), expected, rtol=1e-5)


# Several heads


def test_heads_that_a_loss_does_not_take_add_their_squared_error_on_the_scale_of_their_link():
    case = case_of("gaussian", 8, 2, "epistemic", link="log_variance")
    mean, aleatoric, epistemic = (case.predicted[:, 2 * index : 2 * index + 2] for index in range(3))
    std = np.exp(aleatoric / 2)
    likelihood = 0.5 * np.log(2 * np.pi * std**2) + (case.true["measured"] - mean) ** 2 / (2 * std**2)
    error = (2 * np.log(case.true["epistemic"]) - epistemic) ** 2
    np.testing.assert_allclose(case.objective(), (likelihood + error).mean(axis=1), rtol=1e-4)


def test_the_mean_of_a_quantile_regression_is_trained_on_the_measurements():
    case = case_of("pinball", 8, 1, link="identity")
    assert list(case.true) == ["measured", "mean"]
    mean, lower, upper = case.predicted.T
    y, target = case.true["measured"][:, 0], case.true["mean"][:, 0]
    ends = sum(np.maximum(q * (y - end), (q - 1) * (y - end)) for q, end in ((0.05, lower), (0.95, upper)))
    np.testing.assert_allclose(case.objective(), ends + (target - mean) ** 2, rtol=1e-5)


# Weights


def test_equal_weights_are_one():
    case = case_of("mean_squared_error", 5, 2, "epistemic")
    for head in ("mean", "epistemic"):
        np.testing.assert_array_equal(case.packing.weights[head], [1, 1])


def test_named_weights_are_those_of_their_heads_and_of_others_one():
    case = case_of("mean_squared_error", 5, 2, "aleatoric", "epistemic", link="identity")
    case = case.weighted({"epistemic": 30.0, "aleatoric": 0.5})
    assert {head: values.tolist() for head, values in case.packing.weights.items()} == {
        "mean": [1, 1],
        "aleatoric": [0.5, 0.5],
        "epistemic": [30, 30],
    }
    factors = {"mean": 1, "aleatoric": 0.5, "epistemic": 30}
    errors = [
        factors[head] * (case.true[head] - case.predicted[:, 2 * index : 2 * index + 2]) ** 2
        for index, head in enumerate(factors)
    ]
    np.testing.assert_allclose(case.objective(), np.concatenate(errors, axis=1).mean(axis=1), rtol=1e-5)


@pytest.mark.parametrize("link", ["identity", "softplus", "log_variance"])
def test_inverse_variance_divides_each_error_by_the_variance_of_its_targets(link):
    case = case_of("mean_squared_error", 50, 2, "epistemic", link=link)
    case.true["epistemic"][:] *= [0.01, 0.5]
    weights = case.weighted("inverse_variance").packing.weights
    linked = case.true["epistemic"].astype(float)
    linked = 2 * np.log(linked) if link == "log_variance" else linked
    np.testing.assert_allclose(weights["mean"], 1 / np.var(case.true["mean"].astype(float), axis=0), rtol=1e-5)
    np.testing.assert_allclose(weights["epistemic"], 1 / np.var(linked, axis=0), rtol=1e-4)


def test_by_inverse_variance_every_head_counts_alike_however_small_its_scale():
    case = case_of("mean_squared_error", 60, 1, "epistemic", link="identity").weighted("inverse_variance")
    values = []
    for factor in (1.0, 0.003):
        case.true["epistemic"][:] *= factor
        # Always the mean is predicted.
        predicted = np.concatenate([np.broadcast_to(v.mean(axis=0), v.shape) for v in case.true.values()], axis=1)
        values.append(dataclasses.replace(case, predicted=predicted).objective().mean())
    assert values == pytest.approx([1.0, 1.0], rel=1e-4)


def test_a_head_that_does_not_vary_has_a_finite_weight():
    case = case_of("mean_squared_error", 5, 1, "epistemic")
    case.true["epistemic"][:] = 0.25
    assert np.isfinite(case.weighted("inverse_variance").packing.weights["epistemic"]).all()


def test_heads_without_targets_of_their_own_have_a_weight_that_is_not_used():
    case = case_of("gaussian", 5, 2)
    np.testing.assert_array_equal(case.weighted("inverse_variance").objective(), case.objective())


# What is refused

MISSHAPEN = {
    "a value a sample": lambda true, predicted: ops.mean(ops.square(true - predicted), axis=-1),
    "every error under every variance": lambda true, predicted: (
        ops.square(true - predicted)[:, 0] / (1 + ops.square(predicted[:, :1]))
    ),
    "a value a target": lambda true, predicted: ops.mean(ops.square(true - predicted), axis=0, keepdims=True),
    "one value": lambda true, predicted: ops.mean(ops.square(true - predicted)),
    "a further axis": lambda true, predicted: ops.square(true - predicted)[..., None],
}


@pytest.mark.parametrize("name", MISSHAPEN)
@pytest.mark.parametrize(("rows", "targets"), [(2, 1), (7, 1), (7, 3)])
def test_a_loss_of_another_shape_is_refused(monkeypatch, name, rows, targets):
    monkeypatch.setattr(mean_squared_error, "loss", MISSHAPEN[name])
    with pytest.raises(DeguError, match=r"the loss 'mean_squared_error' has shape \((.|\n)*\(B, T\)"):
        case_of("mean_squared_error", rows, targets, link="identity").objective()


def test_a_value_a_sample_is_refused_for_several_targets(monkeypatch):
    monkeypatch.setattr(mean_squared_error, "loss", lambda true, predicted: ops.square(true - predicted)[:, :1])
    case_of("mean_squared_error", 7, 1).objective()
    with pytest.raises(DeguError, match=r"has shape \(7, 1\)"):
        case_of("mean_squared_error", 7, 3).objective()


def test_a_loss_of_several_heads_is_checked_as_well(monkeypatch):
    def published(true, predicted):
        squared = ops.square(true["measured"] - predicted["mean"])[:, 0]
        return squared / ops.square(predicted["aleatoric"])

    monkeypatch.setattr(gaussian, "loss", published)
    with pytest.raises(DeguError, match=r"the loss 'gaussian' has shape \(5, 5\)"):
        case_of("gaussian", 5, 1).objective()
    assert gaussian_as_published.loss is not published


def graph_of(case: Case) -> tf.Graph:
    """Trace an objective as `fit` does, for batches of any size."""
    packing = case.packing
    function = build_objective(case.recipe, packing)
    shapes = (packing.pack(case.true).shape[1], case.predicted.shape[1])
    return tf.function(function, autograph=False).get_concrete_function(
        *(tf.TensorSpec((None, width), tf.float32) for width in shapes)
    )


@pytest.mark.parametrize("name", MISSHAPEN)
def test_a_loss_of_another_shape_is_refused_in_a_graph_as_well(monkeypatch, name):
    monkeypatch.setattr(mean_squared_error, "loss", MISSHAPEN[name])
    with pytest.raises(DeguError, match="the loss 'mean_squared_error' has shape"):
        graph_of(case_of("mean_squared_error", 7, 1, link="identity"))


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_passes_the_check_in_a_graph(loss):
    assert graph_of(case_of(loss, 7, 1)).output_shapes.rank == 1
