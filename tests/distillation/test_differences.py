"""The uncertainty of a difference."""

import keras
import numpy as np
import pytest
from scipy import stats

from degu.data.sequences import one_hot
from degu.distillation.differences import (
    Pairs,
    draw_mutants,
    features_of,
    rows_of_pairs,
    std_of_difference,
    train_difference_head,
)
from degu.models import bpnet, motif_cnn
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs

FEATURES = 6


def test_mutants_have_one_to_three_substitutions_in_the_insert():
    tokens = np.random.default_rng(1).integers(0, 4, size=(6000, 30), dtype=np.uint8)
    tokens[:, 12] = 4
    mutants = draw_mutants(tokens, slice(5, 25), np.random.default_rng(2))
    changed = mutants != tokens
    assert not changed[:, [*range(5), 12, *range(25, 30)]].any()
    assert (mutants[:, 12] == 4).all()
    # Two draws may meet at one base or at an N, so that a few mutants have fewer substitutions than were drawn.
    counts = np.bincount(changed.sum(axis=1), minlength=4) / len(tokens)
    np.testing.assert_allclose(counts, [0.02, 0.37, 0.37, 0.24], atol=0.02)
    steps = (mutants[changed].astype(int) - tokens[changed]) % 4
    assert stats.chisquare(np.bincount(steps, minlength=4)[1:]).pvalue > 0.001


def test_the_std_of_a_difference_is_that_of_each_members_difference():
    rng = np.random.default_rng(1)
    first, second = rng.normal(size=(10, 7, 2)), rng.normal(size=(10, 7, 2))
    expected = np.sqrt(np.mean((second - first - (second - first).mean(axis=0)) ** 2, axis=0))
    np.testing.assert_allclose(std_of_difference(first, second), expected)
    np.testing.assert_allclose(std_of_difference(first, first), 0)


def members(features: np.ndarray) -> np.ndarray:
    """Return what ten members predict, (M, N, 2): functions of the features that differ by their weights alone."""
    weights = np.random.default_rng(7).normal(size=(10, FEATURES, 2)) * [1.0, 50.0]
    return np.tanh(features) @ weights


def pairs_of(number: int, seed: int) -> Pairs:
    rng = np.random.default_rng(seed)
    first = rng.normal(size=(number, FEATURES)).astype(np.float32)
    second = (first + rng.exponential(0.3, size=(number, 1)) * rng.normal(size=first.shape)).astype(np.float32)
    return Pairs(first, second, std_of_difference(members(first), members(second)))


@pytest.fixture(scope="module")
def head() -> keras.Model:
    return train_difference_head(pairs_of(8000, 1), seed=3)


def test_it_learns_what_the_sum_of_the_variances_does_not_know(head):
    new = pairs_of(2000, 2)
    found = head.predict([new.first, new.second], verbose=0)
    total = np.hypot(members(new.first).std(axis=0), members(new.second).std(axis=0))
    for target in range(2):
        learned, summed = (np.corrcoef(values[:, target], new.std[:, target])[0, 1] for values in (found, total))
        assert learned > 0.9
        assert summed < 0.7
        # It is in the units of the members' predictions.
        assert found[:, target].mean() == pytest.approx(new.std[:, target].mean(), rel=0.05)


def test_the_order_of_a_pair_does_not_matter(head):
    new = pairs_of(50, 4)
    one, other = (head.predict(pair, verbose=0) for pair in ([new.first, new.second], [new.second, new.first]))
    np.testing.assert_allclose(one, other, rtol=1e-5)


def test_a_seed_gives_the_same_head_twice(head, tmp_path):
    again = train_difference_head(pairs_of(8000, 1), seed=3)
    for one, other in zip(head.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
    head.save(tmp_path / "difference.keras")
    new = pairs_of(5, 1)
    read = keras.saving.load_model(tmp_path / "difference.keras")
    np.testing.assert_array_equal(
        read.predict([new.first, new.second], verbose=0), head.predict([new.first, new.second], verbose=0)
    )


def test_it_never_says_less_than_nearly_all_pairs_have():
    pairs = pairs_of(3000, 1)
    pairs.std[:20] = 0
    head = train_difference_head(pairs, seed=3)
    far = pairs_of(300, 5).first * 1e4
    least = [np.quantile(own[own > 0], 0.001) for own in pairs.std.T]
    found = head.predict([-np.abs(far), -np.abs(far) * 1.5], verbose=0)
    assert (found >= np.array(least) * (1 - 1e-6)).all()


def test_features_are_the_last_hidden_layer_and_the_outputs():
    outputs = Outputs(Heads(("mean", "epistemic"), ("a",)))
    model = motif_cnn.build(30, outputs, filters=4, kernel=5, pool=4, units=7)
    tokens = np.random.default_rng(1).integers(0, 5, size=(9, 30), dtype=np.uint8)
    features = features_of(model)(tokens)
    assert features.shape == (9, 7 + 2)
    kernel, bias = model.get_layer("mean").get_weights()
    np.testing.assert_allclose(features[:, :7] @ kernel + bias, features[:, [7]], rtol=1e-4, atol=1e-5)


def test_features_hold_no_values_of_profiles():
    heads = ("mean", "profile", "epistemic", "profile_epistemic")
    shapes = {"profile": (2, 8), "profile_epistemic": (2, 2)}
    outputs = Outputs(Heads(heads, ("a", "b"), shapes), loss="profile_divergence", link="softplus")
    model = bpnet.build(40, outputs, filters=5, layers=1, kernel=3, profile_kernel=3)
    tokens = np.random.default_rng(1).integers(0, 5, size=(9, 40), dtype=np.uint8)
    features = features_of(model)(tokens)
    assert features.shape == (9, 5 + 2 + 2)
    parameters = outputs.split(model.predict_on_batch(one_hot(tokens)))
    np.testing.assert_allclose(features[:, 5:7], parameters["mean"], rtol=1e-5)
    np.testing.assert_allclose(features[:, 7:], parameters["epistemic"], rtol=1e-5)


@pytest.mark.parametrize(
    ("number", "expected"), [(50, (50, 16)), (4000, (4000, 10)), (39_999, (39_999, 1)), (90_000, (40_000, 1))]
)
def test_pairs_are_many_of_few_sequences_and_few_of_many(number, expected):
    rows, times = rows_of_pairs(np.arange(number) + 7, np.random.default_rng(1))
    assert (len(rows), times) == expected
    assert len(set(rows.tolist())) == len(rows)
    assert rows.min() >= 7
    assert rows.max() < number + 7


def test_the_number_of_mutants_of_a_sequence_is_chosen():
    rng = np.random.default_rng(1)
    assert [rows_of_pairs(np.arange(50), rng, mutants=own)[1] for own in (1, 4, 20)] == [1, 4, 20]
    assert rows_of_pairs(np.arange(50), rng, mutants=20, most=300)[1] == 6
