"""What is explained, against what the library predicts and NumPy."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from degu.attribution.explained import Explained, explainable_heads
from degu.errors import DeguError
from degu.outputs.heads import Heads, standard_deviations
from degu.outputs.outputs import Outputs
from tests.attribution.networks import (
    function_of,
    linear,
    one_hot,
    outputs_of,
    parameters_by_hand,
    random_tokens,
    scaled_outputs,
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
    heads = Heads(("mean", "profile", "aleatoric"), ("a", "b"), {"profile": (2, 4)})
    outputs = Outputs(heads, loss="profile_divergence", link="softplus", center=(1.0, 2.0), spread=(3.0, 4.0))
    assert explainable_heads(outputs) == ["mean", "aleatoric", "total"]
    model = smooth(8, outputs)
    expected = predicted(model, outputs)
    for head, name in (("mean", "mean"), ("aleatoric", "aleatoric"), ("total", "aleatoric")):
        found = value_of(Explained(model, outputs, head, target))
        np.testing.assert_allclose(found, expected[name][:, target], rtol=1e-4, atol=1e-5)
    with pytest.raises(DeguError, match="no head 'profile'"):
        Explained(model, outputs, "profile", target)


def test_heads_that_follow_from_a_profile_are_not_explained():
    heads = Heads(("mean", "profile", "aleatoric"), ("a",), {"profile": (2, 4)})
    assert explainable_heads(Outputs(heads, loss="negative_binomial")) == []
    assert (
        explainable_heads(Outputs(Heads(("mean", "profile"), ("a",), {"profile": (1, 4)}), loss="poisson_profile"))
        == []
    )
