"""Ridge regression on k-mers against planted effects and its closed form."""

import numpy as np
import pytest

from degu.data.kmer_ridge import PENALTIES, fit_kmer_ridge, kmer_ridge_of
from degu.data.kmers import count_kmers
from degu.data.sequences import decode
from degu.data.store import SequenceStore
from tests.data.test_kmers import dictionary_counts


def planted_store(number=600, k=3, noise=0.0):
    """Return a store whose two targets are linear in the counts of canonical words."""
    rng = np.random.default_rng(0)
    tokens = rng.integers(0, 4, size=(number, 80), dtype=np.uint8)
    counts = [dictionary_counts(sequence, k) for sequence in decode(tokens)]
    first = [2.0 * count["AAC"] - 1.0 * count["AGC"] + 3 for count in counts]
    second = [-0.5 * count["CGA"] for count in counts]
    targets = np.column_stack([first, second]) + noise * rng.standard_normal((number, 2))
    return SequenceStore(
        tokens=tokens,
        targets=targets.astype(np.float32),
        split=np.resize(np.repeat([0, 1, 2, 3], [7, 1, 1, 1]), number).astype(np.uint8),
        group=np.arange(number),
        names=np.full(number, ""),
        target_names=["first", "second"],
        units=["", ""],
    )


def fitted(store, train):
    """Return what a ridge regression on words of three predicts for every row, and its penalties."""
    validation = store.rows("validation")
    ridge = fit_kmer_ridge(
        store.tokens[train], store.targets[train], store.tokens[validation], store.targets[validation], k=3
    )
    return ridge.predict(store.tokens), ridge.penalties


def test_ridge_recovers_a_planted_effect_of_words():
    store = planted_store()
    predicted, chosen = fitted(store, store.rows("train"))
    assert predicted.shape == store.targets.shape
    test = store.rows("test")
    for target in range(2):
        assert np.corrcoef(predicted[test, target], store.targets[test, target])[0, 1] > 0.99
        np.testing.assert_allclose(predicted[test, target].mean(), store.targets[test, target].mean(), atol=0.2)
    assert chosen == [PENALTIES[0], PENALTIES[0]]


def test_penalty_is_the_best_on_the_validation_split():
    store = planted_store(noise=8.0)
    train, validation = store.rows("train"), store.rows("validation")
    predicted, chosen = fitted(store, train)
    counts = count_kmers(store.tokens, 3).toarray().astype(np.float64)
    for target in range(2):
        y = store.targets[:, target].astype(np.float64)
        # Ridge with an intercept in closed form.
        centre, level = counts[train].mean(axis=0), y[train].mean()
        x = counts[train] - centre
        fits = {}
        for alpha in PENALTIES:
            weights = np.linalg.solve(x.T @ x + alpha * np.eye(x.shape[1]), x.T @ (y[train] - level))
            fits[alpha] = level + (counts - centre) @ weights
        errors = {alpha: np.mean((fit[validation] - y[validation]) ** 2) for alpha, fit in fits.items()}
        best = min(errors, key=errors.get)
        assert chosen[target] == best
        np.testing.assert_allclose(predicted[:, target], fits[best], atol=0.02)
    assert max(chosen) > PENALTIES[0]


def test_rows_outside_the_training_and_validation_sets_do_not_matter():
    store, other = planted_store(noise=1.0), planted_store(noise=1.0)
    other.targets[other.rows("test")] = 1e6
    other.targets[other.rows("calibration")] = -1e6
    train = store.rows("train")[:200]
    other.targets[other.rows("train")[200:]] = 1e6
    np.testing.assert_array_equal(fitted(store, train)[0], fitted(other, train)[0])


def test_a_margin_leaves_out_the_kmers_at_both_ends():
    store = planted_store()
    rows, validation = store.rows("train"), store.rows("validation")
    parts = [(store.tokens[chosen], store.targets[chosen]) for chosen in (rows, validation)]
    (tokens, activity), (validation_tokens, wanted) = parts
    within = fit_kmer_ridge(tokens[:, 10:-10], activity, validation_tokens[:, 10:-10], wanted, k=3)
    ridge = fit_kmer_ridge(tokens, activity, validation_tokens, wanted, k=3, margin=10)
    np.testing.assert_array_equal(ridge.coefficients, within.coefficients)
    np.testing.assert_array_equal(ridge.predict(store.tokens), within.predict(store.tokens[:, 10:-10]))


@pytest.mark.parametrize(("effect_within", "margin"), [(True, 20), (False, 0)])
def test_the_margin_is_left_out_where_that_is_more_accurate_on_validation(effect_within, margin):
    rng = np.random.default_rng(3)
    tokens = rng.integers(0, 4, size=(600, 80), dtype=np.uint8)
    counted = tokens[:, 20:60] if effect_within else tokens
    words = count_kmers(counted, 6)
    activity = words @ rng.standard_normal((words.shape[1], 1))
    store = SequenceStore(
        tokens=tokens,
        targets=activity.astype(np.float32),
        split=np.resize(np.repeat([0, 1, 2, 3], [7, 1, 1, 1]), 600).astype(np.uint8),
        group=np.arange(600),
        names=np.full(600, ""),
        target_names=["cuts"],
        units=[""],
        counts=np.zeros((600, 1, 1, 1, 40), np.uint16),
    )
    assert store.margin == 20
    assert kmer_ridge_of(store, store.rows("train")).margin == margin
