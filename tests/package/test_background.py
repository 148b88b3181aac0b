"""Quantiles among many predictions, against SciPy's, and the effects of substitutions."""

import numpy as np
import pytest
from scipy import stats

from degu.package.background import Background, effects_of_substitutions


def test_quantiles_are_shares_of_the_values_below():
    rng = np.random.default_rng(1)
    activity, effect = rng.normal(size=(5000, 2)) * [1, 10], rng.laplace(size=(7000, 2))
    background = Background.of_values(activity, effect)
    new = rng.normal(size=(50, 2)) * [1, 10]
    for target in range(2):
        expected = [stats.percentileofscore(activity[:, target], value) / 100 for value in new[:, target]]
        np.testing.assert_allclose(background.quantile_of_activity(new)[:, target], expected, atol=2e-3)
        sizes = np.abs(effect[:, target])
        expected = [stats.percentileofscore(sizes, abs(value)) / 100 for value in new[:, target]]
        np.testing.assert_allclose(background.quantile_of_effect(new)[:, target], expected, atol=2e-3)
    assert background.quantile_of_activity(np.array([[-1e9, 1e9]])).tolist() == [[0, 1]]


def test_it_is_read_back_as_it_was():
    background = Background.of_values(np.arange(10.0)[:, None], np.arange(5.0)[:, None])
    again = Background.from_arrays(background.to_arrays())
    np.testing.assert_array_equal(again.activity, background.activity)
    np.testing.assert_array_equal(again.effect, background.effect)


def test_one_known_base_of_the_insert_is_changed_to_another():
    rng = np.random.default_rng(2)
    constructs = rng.integers(0, 5, size=(30, 12), dtype=np.uint8)
    seen = []

    def predict(tokens):
        seen.append(tokens.copy())
        return tokens[:, [3]].astype(float)

    effects = effects_of_substitutions(predict, constructs, slice(2, 9), number=3000, rng=rng)
    mutants, references = seen
    changed = mutants != references
    assert (changed.sum(axis=1) == 1).all()
    assert (mutants[changed] < 4).all()
    assert (references[changed] < 4).all()
    assert not changed[:, [0, 1, 9, 10, 11]].any()
    # A fifth of the bases are N, and positions and new bases are drawn evenly.
    assert len(effects) == pytest.approx(2400, abs=100)
    assert stats.chisquare(changed[:, 2:9].sum(axis=0)).pvalue > 0.001
    steps = (mutants[changed].astype(int) - references[changed]) % 4
    assert stats.chisquare(np.bincount(steps, minlength=4)[1:]).pvalue > 0.001
    np.testing.assert_array_equal(effects, mutants[:, [3]].astype(float) - references[:, [3]])
