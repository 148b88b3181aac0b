"""Pearson's correlation against SciPy."""

import warnings

import numpy as np
import pytest
from scipy import stats

from degu.data.correlation import pearson


@pytest.mark.parametrize("seed", range(3))
def test_the_correlation_is_that_of_scipy(seed):
    one, other = np.random.default_rng(seed).normal(size=(2, 30))
    assert pearson(one, other) == pytest.approx(stats.pearsonr(one, other).statistic, rel=1e-12)


@pytest.mark.parametrize("values", [[1.0, 1.0, 1.0], [2.0], []])
def test_a_constant_or_a_single_value_has_no_correlation(values):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(pearson(np.array(values), np.arange(len(values), dtype=float)))
        assert np.isnan(pearson(np.arange(len(values), dtype=float), np.array(values)))
