from collections import Counter
from itertools import product

import numpy as np
import pytest

from degu.data.sequences import decode
from degu.data.store import SequenceStore
from degu.evaluation.kmer_ridge import ALPHAS, canonical_index, count_kmers, predict_kmer_ridge


def canonical_word(word):
    return min(word, word.translate(str.maketrans("ACGT", "TGCA"))[::-1])


def words(k):
    return ["".join(letters) for letters in product("ACGT", repeat=k)]


def dictionary_counts(sequence, k):
    windows = (sequence[start : start + k] for start in range(len(sequence) - k + 1))
    return Counter(canonical_word(window) for window in windows if "N" not in window)


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_words_share_an_index_just_with_their_reverse_complement(k):
    index = canonical_index(k)
    assert index.shape == (4**k,)
    names = [canonical_word(word) for word in words(k)]
    assert len(set(index)) == len(set(names)) == len(set(zip(index, names, strict=True)))
    assert sorted(set(index)) == list(range(len(set(names))))


@pytest.mark.parametrize(("k", "number"), [(1, 2), (2, 10), (3, 32), (4, 136), (6, 2080)])
def test_number_of_canonical_words_is_the_known_one(k, number):
    # (4^k + palindromes) / 2, with 4^(k/2) palindromes for an even k and none for an odd one.
    assert canonical_index(k).max() + 1 == number


@pytest.mark.parametrize("k", [1, 3, 4, 6])
def test_counts_agree_with_a_dictionary_of_canonical_words(k):
    tokens = np.random.default_rng(0).integers(0, 4, size=(12, 60), dtype=np.uint8)
    tokens[np.random.default_rng(1).random(tokens.shape) < 0.05] = 4
    counts = count_kmers(tokens, k)
    assert counts.dtype == np.float32
    column = dict(zip(words(k), canonical_index(k), strict=True))
    expected = np.zeros(counts.shape)
    for row, sequence in enumerate(decode(tokens)):
        for word, count in dictionary_counts(sequence, k).items():
            expected[row, column[word]] = count
    np.testing.assert_array_equal(counts.toarray(), expected)
    assert 0 < expected.sum() < 12 * (60 - k + 1)


def test_sequence_and_its_reverse_complement_have_the_same_counts():
    tokens = np.random.default_rng(0).integers(0, 4, size=(5, 30), dtype=np.uint8)
    np.testing.assert_array_equal(count_kmers(tokens, 4).toarray(), count_kmers(3 - tokens[:, ::-1], 4).toarray())


def test_sequence_of_unknown_bases_has_no_counts():
    counts = count_kmers(np.full((2, 10), 4, dtype=np.uint8), 3)
    assert counts.shape == (2, 32)
    assert counts.sum() == 0


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


def test_ridge_recovers_a_planted_effect_of_words():
    store = planted_store()
    predicted, chosen = predict_kmer_ridge(store, store.rows("train"), k=3)
    assert predicted.shape == store.targets.shape
    test = store.rows("test")
    for target in range(2):
        assert np.corrcoef(predicted[test, target], store.targets[test, target])[0, 1] > 0.99
        np.testing.assert_allclose(predicted[test, target].mean(), store.targets[test, target].mean(), atol=0.2)
    assert chosen == [ALPHAS[0], ALPHAS[0]]


def test_penalty_is_the_best_on_the_validation_split():
    store = planted_store(noise=8.0)
    train, validation = store.rows("train"), store.rows("validation")
    predicted, chosen = predict_kmer_ridge(store, train, k=3)
    counts = count_kmers(store.tokens, 3).toarray().astype(np.float64)
    for target in range(2):
        y = store.targets[:, target].astype(np.float64)
        # Ridge with an intercept in closed form.
        centre, level = counts[train].mean(axis=0), y[train].mean()
        x = counts[train] - centre
        fits = {}
        for alpha in ALPHAS:
            weights = np.linalg.solve(x.T @ x + alpha * np.eye(x.shape[1]), x.T @ (y[train] - level))
            fits[alpha] = level + (counts - centre) @ weights
        errors = {alpha: np.mean((fit[validation] - y[validation]) ** 2) for alpha, fit in fits.items()}
        best = min(errors, key=errors.get)
        assert chosen[target] == best
        np.testing.assert_allclose(predicted[:, target], fits[best], atol=0.02)
    assert max(chosen) > ALPHAS[0]


def test_rows_outside_the_training_and_validation_sets_do_not_matter():
    store, other = planted_store(noise=1.0), planted_store(noise=1.0)
    other.targets[other.rows("test")] = 1e6
    other.targets[other.rows("calibration")] = -1e6
    train = store.rows("train")[:200]
    other.targets[other.rows("train")[200:]] = 1e6
    np.testing.assert_array_equal(predict_kmer_ridge(store, train, k=3)[0], predict_kmer_ridge(other, train, k=3)[0])
