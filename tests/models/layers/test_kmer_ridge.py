"""The ridge regression as layers, against counts of k-mers in strings and the regression itself."""

import dataclasses

import keras
import numpy as np
import pytest
from keras import ops

from degu.data.kmer_ridge import KmerRidge
from degu.data.kmers import canonical_index, count_kmers
from degu.data.sequences import one_hot
from degu.models import bpnet, motif_cnn
from degu.models.layers.blocks import sequence_input
from degu.models.layers.kmer_ridge import KmerCounts, add_kmer_ridge, mean_kmer_ridge
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.prediction.predictor import Predictor
from degu.training.saving import save_model
from tests.models.profiles import profile_outputs, split

TARGETS = ("Dev", "Hk")


def random_tokens(number=7, length=25, seed=0):
    return np.random.default_rng(seed).integers(0, 5, size=(number, length), dtype=np.uint8)


def counts_of(tokens, k):
    inputs = sequence_input(tokens.shape[1])
    return ops.convert_to_numpy(keras.Model(inputs, KmerCounts(k)(inputs))(one_hot(tokens)))


@pytest.mark.parametrize("k", [2, 3, 5, 6])
def test_the_layer_counts_every_word(k):
    tokens = random_tokens()
    counts = counts_of(tokens, k)
    expected = np.zeros((len(tokens), 4**k))
    for row, sequence in enumerate(tokens):
        for start in range(len(sequence) - k + 1):
            window = sequence[start : start + k]
            if window.max() < 4:
                expected[row, int("".join(map(str, window)), 4)] += 1
    np.testing.assert_array_equal(counts, expected)
    assert expected.sum() > 0


def test_kmers_of_the_margins_are_not_counted():
    tokens = random_tokens()
    inputs = sequence_input(tokens.shape[1])
    layer = KmerCounts(3, margin=4)
    counts = keras.Model(inputs, KmerCounts.from_config(layer.get_config())(inputs))(one_hot(tokens))
    np.testing.assert_array_equal(ops.convert_to_numpy(counts), counts_of(tokens[:, 4:-4], 3))


def test_canonical_counts_are_sums_of_the_layers():
    tokens = random_tokens()
    summed = np.zeros((len(tokens), canonical_index(4).max() + 1))
    np.add.at(summed, (slice(None), canonical_index(4)), counts_of(tokens, 4))
    np.testing.assert_array_equal(summed, count_kmers(tokens, 4).toarray())


def random_ridge(k=6, seed=4):
    rng = np.random.default_rng(seed)
    number = canonical_index(k).max() + 1
    return KmerRidge(rng.standard_normal((number, 2)), np.array([3.0, -40.0]), penalties=[1.0, 1.0], k=k)


def built(heads, **options):
    outputs = Outputs(Heads(heads, TARGETS), center=(10.0, -1.0), spread=(2.0, 0.5), **options)
    keras.utils.set_random_seed(1)
    return motif_cnn.build(25, outputs, filters=4, kernel=5, pool=4, units=4), outputs


@pytest.mark.parametrize("weight", [0.25, 0.5])
@pytest.mark.parametrize(
    ("heads", "options"),
    [
        (("mean",), {}),
        (("mean", "aleatoric", "replicate_std"), {"loss": "beta_gaussian", "link": "softplus"}),
        (("mean", "aleatoric", "epistemic"), {"loss": "evidential"}),
        (("mean", "lower", "upper"), {"loss": "pinball"}),
    ],
)
def test_the_mean_is_the_weighted_mean_in_the_units_of_the_data(tmp_path, weight, heads, options):
    network, outputs = built(heads, **options)
    ridge, tokens = random_ridge(), random_tokens()
    save_model(network, outputs, {}, tmp_path / "network.keras", tmp_path / "network.json")
    both = add_kmer_ridge(network, outputs, ridge, weight)
    save_model(both, outputs, {}, tmp_path / "both.keras", tmp_path / "both.json")
    alone, found = (Predictor(tmp_path / f"{name}.keras").predict(tokens) for name in ("network", "both"))
    change = weight * (ridge.predict(tokens) - alone["mean"])
    for head in heads:
        expected = alone[head] + (change if head in ("mean", "lower", "upper") else 0)
        np.testing.assert_allclose(found[head], expected, rtol=1e-4, atol=1e-3)
    assert np.abs(change).min() > 0


def test_a_profile_stays_beside_a_mean_with_a_ridge_regression():
    tokens, ridge, outputs = random_tokens(length=30), random_ridge(), profile_outputs(8, strands=2, targets=2)
    network = bpnet.build(30, outputs, filters=3, layers=2, kernel=5, profile_kernel=7)
    alone, found = (
        split(outputs, model(one_hot(tokens))) for model in (network, add_kmer_ridge(network, outputs, ridge, 0.25))
    )
    np.testing.assert_array_equal(found["profile"], alone["profile"])
    np.testing.assert_allclose(found["mean"], 0.75 * alone["mean"] + 0.25 * ridge.predict(tokens), rtol=1e-4)


def test_the_mean_of_the_regressions_of_models_is_in_the_units_of_the_data():
    tokens, ridges = random_tokens(), [random_ridge(seed=4), random_ridge(seed=5)]
    members = []
    for number, ridge in enumerate(ridges):
        network, outputs = built(("mean",))
        # Members on other rows have targets of another scale.
        outputs = dataclasses.replace(outputs, spread=(1.0 + number, 2.0))
        members.append((add_kmer_ridge(network, outputs, ridge, 0.5), outputs))
    expected = np.mean([ridge.predict(tokens) for ridge in ridges], axis=0)
    np.testing.assert_allclose(mean_kmer_ridge(members).predict(tokens), expected, rtol=1e-4)
    one = mean_kmer_ridge(members[1:])
    np.testing.assert_allclose(one.coefficients, ridges[1].coefficients, rtol=1e-5)
    np.testing.assert_allclose(one.intercept, ridges[1].intercept, rtol=1e-5)
    assert one.k == ridges[1].k


def test_it_computes_in_single_precision_beside_a_network_that_does_not():
    tokens, ridge = random_tokens(), random_ridge()
    keras.mixed_precision.set_dtype_policy("mixed_bfloat16")
    try:
        network, outputs = built(("mean",))
        network.get_layer("mean").set_weights([np.zeros((4, 2)), np.zeros(2)])
        model = add_kmer_ridge(network, outputs, ridge, 0.5)
    finally:
        keras.mixed_precision.set_dtype_policy("float32")
    found = outputs.unscale("mean", ops.convert_to_numpy(model(one_hot(tokens))))
    expected = 0.5 * (ridge.predict(tokens) + np.array(outputs.center))
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-4)


def test_its_gradient_is_the_effect_of_each_mutation():
    inputs = sequence_input(25)
    _, outputs = built(("mean",))
    mean = keras.layers.Dense(2, name="mean", kernel_initializer="zeros")(keras.layers.Flatten()(inputs))
    model = add_kmer_ridge(keras.Model(inputs, mean), outputs, random_ridge(k=3), 0.5)
    tokens = np.random.default_rng(2).integers(0, 4, size=(1, 25), dtype=np.uint8)
    tensorflow = pytest.importorskip("tensorflow")
    sequence = tensorflow.constant(one_hot(tokens))
    with tensorflow.GradientTape() as tape:
        tape.watch(sequence)
        value = model(sequence)[:, 0]
    gradient, value = tape.gradient(value, sequence).numpy()[0], float(value[0])
    mutants = np.repeat(tokens, 100, axis=0)
    mutants[np.arange(100), np.repeat(np.arange(25), 4)] = np.tile(np.arange(4), 25)
    effects = ops.convert_to_numpy(model(one_hot(mutants)))[:, 0].reshape(25, 4) - value
    own = gradient[np.arange(25), tokens[0]][:, None]
    # Windows overlap, but a count is linear in the letters of one position.
    np.testing.assert_allclose(gradient - own, effects, rtol=1e-3, atol=1e-3)
