"""What is explained, against what the library predicts and NumPy."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from degu.attribution.explained import Explained, explainable_heads
from degu.errors import DeguError
from degu.losses import poisson_profile
from degu.outputs.heads import Heads, standard_deviations
from degu.outputs.outputs import Outputs
from tests.attribution.networks import (
    function_of,
    linear,
    one_hot,
    outputs_of,
    parameters_by_hand,
    profile_outputs,
    profile_weights,
    random_tokens,
    scaled_outputs,
    slopes,
    smooth,
)

LOSSES_AND_LINKS = [{"link": "identity"}, {"link": "softplus"}, {"link": "log_variance"}, {"loss": "evidential"}]
TOKENS = random_tokens(40, 8, letters=5)


def value_of(explained: Explained, tokens: np.ndarray = TOKENS) -> np.ndarray:
    return ops.convert_to_numpy(explained(tf.constant(one_hot(tokens), dtype=tf.float32)))


def predicted(model: keras.Model, outputs: Outputs) -> dict[str, np.ndarray]:
    values = outputs.predictions(model.predict(one_hot(TOKENS).astype(np.float32), verbose=0))
    return {head: outputs.heads.select(values, head) for head in outputs.heads.heads}


@pytest.mark.parametrize("options", LOSSES_AND_LINKS)
@pytest.mark.parametrize("target", [0, 1])
def test_the_value_is_what_the_model_predicts_in_the_units_of_the_data(options, target):
    outputs = scaled_outputs(**options)
    model = smooth(8, outputs)
    heads = predicted(model, outputs)
    for head in ("mean", "aleatoric", "epistemic"):
        np.testing.assert_allclose(value_of(Explained(model, outputs, head, target)), heads[head][:, target], rtol=1e-4)
    total = standard_deviations(heads)["total"][:, target]
    np.testing.assert_allclose(value_of(Explained(model, outputs, "total", target)), total, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("options", LOSSES_AND_LINKS)
@pytest.mark.parametrize("head", ["mean", "aleatoric", "epistemic", "total"])
def test_the_value_is_the_head_in_double_precision(options, head):
    outputs = scaled_outputs(**options)
    explained = Explained(smooth(8, outputs), outputs, head, 1)
    expected = function_of(explained)(one_hot(TOKENS))
    np.testing.assert_allclose(value_of(explained), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", ["aleatoric", "epistemic"])
def test_the_total_of_one_uncertainty_is_that_one_where_it_is_not_negative(kind):
    outputs = outputs_of("mean", kind, spread=(3.0,))
    model = smooth(8, outputs)
    own = value_of(Explained(model, outputs, kind))
    assert own.min() < 0 < own.max()
    total = value_of(Explained(model, outputs, "total"))
    np.testing.assert_allclose(total, np.maximum(own, 0), rtol=1e-5, atol=1e-5)


def test_where_no_variance_is_predicted_the_total_has_a_finite_slope():
    outputs = outputs_of("mean", "aleatoric", "epistemic")
    model = linear(8, outputs)
    for kind in ("aleatoric", "epistemic"):
        model.get_layer(kind).set_weights([np.zeros((32, 1)), np.zeros(1)])
    explained, inputs = Explained(model, outputs, "total"), tf.constant(one_hot(TOKENS), dtype=tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        values = explained(inputs)
    np.testing.assert_allclose(values.numpy(), 0, atol=1e-5)
    assert np.isfinite(tape.gradient(values, inputs).numpy()).all()


@pytest.mark.parametrize("target", [0, 1])
def test_parameters_are_those_of_the_target_in_their_order(target):
    outputs = scaled_outputs(loss="evidential")
    model = smooth(8, outputs)
    parameters = Explained(model, outputs, "epistemic", target).parameters(one_hot(TOKENS).astype(np.float32))
    by_hand = parameters_by_hand(model, outputs, one_hot(TOKENS))
    assert list(by_hand) == ["mean", "evidence", "shape", "rate"]
    expected = np.stack([values[:, target] for values in by_hand.values()], axis=1)
    np.testing.assert_allclose(ops.convert_to_numpy(parameters), expected, rtol=1e-4, atol=1e-5)


def test_the_same_head_of_another_model_is_that_models():
    outputs = scaled_outputs()
    first, second = smooth(8, outputs, seed=1), smooth(8, outputs, seed=2)
    through = Explained(first, outputs, "epistemic", 1).through(second)
    np.testing.assert_array_equal(value_of(through), value_of(Explained(second, outputs, "epistemic", 1)))
    assert not np.allclose(value_of(through), value_of(Explained(first, outputs, "epistemic", 1)))


@pytest.mark.parametrize(
    ("heads", "expected"),
    [
        (("mean",), ["mean"]),
        (("mean", "aleatoric"), ["mean", "aleatoric", "total"]),
        (("mean", "epistemic", "aleatoric"), ["mean", "epistemic", "aleatoric", "total"]),
    ],
)
def test_models_with_an_uncertainty_have_a_total(heads, expected):
    assert explainable_heads(outputs_of(*heads)) == expected


@pytest.mark.parametrize(
    ("heads", "head", "message"),
    [
        (("mean", "aleatoric"), "aleatorik", "no head 'aleatorik'\n  expected: did you mean 'aleatoric'"),
        (("mean", "epistemic"), "totl", "no head 'totl'\n  expected: did you mean 'total'"),
        (("mean", "epistemic"), "aleatoric", "no head 'aleatoric'\n  expected: .*known: epistemic, mean, total"),
        (("mean",), "total", "no head 'total'\n  expected: .*known: mean"),
    ],
)
def test_a_head_that_the_model_has_not_is_refused_and_the_nearest_named(heads, head, message):
    outputs = outputs_of(*heads)
    with pytest.raises(DeguError, match=message):
        Explained(linear(5, outputs), outputs, head)


@pytest.mark.parametrize("target", [0, 1])
def test_heads_of_one_value_a_target_are_explained_beside_profiles(target):
    outputs = profile_outputs()
    assert explainable_heads(outputs) == ["mean", "aleatoric", "total", "profile"]
    model = smooth(8, outputs)
    expected = predicted(model, outputs)
    for head, name in (("mean", "mean"), ("aleatoric", "aleatoric"), ("total", "aleatoric")):
        found = value_of(Explained(model, outputs, head, target))
        np.testing.assert_allclose(found, expected[name][:, target], rtol=1e-4, atol=1e-5)


# Profiles


@pytest.mark.parametrize("target", [0, 1])
def test_of_a_profile_it_is_the_sum_of_logits_less_their_mean_weighted_by_their_probabilities(target):
    outputs = profile_outputs()
    model = smooth(8, outputs)
    explained = Explained(model, outputs, "profile", target)
    logits = parameters_by_hand(model, outputs, one_hot(TOKENS))["profile_logits"][:, target]
    probability = predicted(model, outputs)["profile"][:, target]
    expected = (probability * (logits - logits.mean(axis=(1, 2), keepdims=True))).sum(axis=(1, 2))
    np.testing.assert_allclose(value_of(explained), expected, rtol=1e-4, atol=1e-5)
    assert explained.size == 8 and explained.parameters(one_hot(TOKENS).astype(np.float32)).shape == (40, 8)


def test_points_about_a_sequence_are_weighed_by_its_probabilities():
    outputs = profile_outputs()
    model, points = smooth(8, outputs), random_tokens(40, 8, seed=3, letters=5)
    explained = Explained(model, outputs, "profile", 1)
    own, others = (parameters_by_hand(model, outputs, one_hot(t))["profile_logits"][:, 1] for t in (TOKENS[:4], points))
    weights = np.repeat(profile_weights(own), 10, axis=0)
    found = explained.about(tf.constant(one_hot(TOKENS[:4]), tf.float32))(tf.constant(one_hot(points), tf.float32))
    np.testing.assert_allclose(found, (weights * others).sum(axis=(1, 2)), rtol=1e-4, atol=1e-5)
    # Other heads do not depend on what is explained.
    mean = Explained(model, outputs, "mean", 1)
    assert mean.about(tf.constant(one_hot(TOKENS[:4]))) is mean


def test_the_probabilities_of_a_profile_have_no_gradient():
    outputs = profile_outputs()
    model, inputs = smooth(8, outputs), one_hot(TOKENS[:3])
    weights = profile_weights(parameters_by_hand(model, outputs, inputs)["profile_logits"][:, 0])
    by_hand = [
        slopes(lambda x, own=own: (parameters_by_hand(model, outputs, x)["profile_logits"][:, 0] * own).sum((1, 2)), x)
        for own, x in zip(weights, inputs[:, None], strict=True)
    ]
    x = tf.constant(inputs, dtype=tf.float32)
    for explained in (Explained(model, outputs, "profile"), Explained(model, outputs, "profile").about(x)):
        with tf.GradientTape() as tape:
            tape.watch(x)
            value = explained(x)
        np.testing.assert_allclose(tape.gradient(value, x), np.concatenate(by_hand), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    ("loss", "heads", "expected"),
    [
        ("poisson_profile", ("mean", "profile"), ["mean", "profile"]),
        ("negative_binomial", ("mean", "aleatoric", "profile"), ["mean", "aleatoric", "total", "profile"]),
        ("multinomial", ("mean", "profile", "profile_aleatoric"), ["mean", "profile"]),
        ("multinomial", ("profile",), ["profile"]),
        # A profile of no logits, as the mean squared error has it.
        ("mean_squared_error", ("mean", "profile"), ["mean"]),
    ],
)
def test_heads_that_a_loss_makes_of_one_value_are_explained_whatever_it_makes_of_profiles(loss, heads, expected):
    shapes = {head: (2, 4) for head in heads if head.startswith("profile")}
    outputs = Outputs(Heads(heads, ("a", "b"), shapes), loss=loss)
    assert explainable_heads(outputs) == expected
    model = smooth(8, outputs)
    known = predicted(model, outputs)
    for head in set(expected) - {"total", "profile"}:
        np.testing.assert_allclose(
            value_of(Explained(model, outputs, head, 1)), known[head][:, 1], rtol=1e-4, atol=1e-5
        )


def test_heads_that_follow_from_a_profile_are_not_explained(monkeypatch):
    heads = Heads(("mean", "aleatoric", "profile"), ("a",), {"profile": (2, 4)})
    outputs = Outputs(heads, loss="poisson_profile")

    def made(parameters):
        return {"mean": parameters["log_count"] + ops.max(parameters["profile_logits"], axis=(-2, -1)), "profile": None}

    monkeypatch.setattr(poisson_profile, "heads", made)
    assert explainable_heads(outputs) == ["aleatoric", "total", "profile"]
    with pytest.raises(DeguError, match="no head 'mean'"):
        Explained(smooth(8, outputs), outputs, "mean")
