from fractions import Fraction
from math import ceil

import numpy as np
import pytest

from degu.errors import DeguError
from degu.uncertainty.rows import Inapplicable, Rows, need_split, rank, weighted_bounds


def small(**options):
    return Rows(measured=np.arange(3.0), mean=np.ones(3), **options)


def test_rows_need_no_more_than_measured_and_mean():
    rows = small()
    assert rows.std == rows.quantiles == rows.covariates == {}
    assert rows.weights is rows.members is rows.excluded is None
    np.testing.assert_array_equal(rows.need("mean"), np.ones(3))


def test_need_returns_arrays_and_parts_of_mappings():
    rows = small(std={"total": np.full(3, 2.0)}, weights=np.full(3, 3.0))
    assert rows.need("std", "total") is rows.std["total"]
    assert rows.need("weights") is rows.weights


def test_what_is_missing_is_named_with_what_there_is():
    rows = small(std={"aleatoric": np.ones(3), "total": np.ones(3)})
    with pytest.raises(Inapplicable, match="no std 'epistemic'") as caught:
        rows.need("std", "epistemic")
    assert "known: aleatoric, total" in str(caught.value)
    with pytest.raises(Inapplicable, match="no quantiles 'lower'"):
        rows.need("quantiles", "lower")
    with pytest.raises(Inapplicable, match="no weights"):
        rows.need("weights")
    with pytest.raises(Inapplicable, match="no rows of the split 'train'"):
        need_split({"test": rows}, "train")
    assert issubclass(Inapplicable, DeguError)


def test_feature_is_the_mean_a_std_or_a_covariate():
    rows = small(std={"total": np.full(3, 2.0)}, covariates={"gc": np.full(3, 0.4)})
    assert rows.feature("mean") is rows.mean
    assert rows.feature("total") is rows.std["total"]
    assert rows.feature("gc") is rows.covariates["gc"]
    with pytest.raises(Inapplicable, match="cannot be grouped by 'gd'") as caught:
        rows.feature("gd")
    assert "did you mean 'gc'?" in str(caught.value)


@pytest.mark.parametrize("level", ["0.5", "0.7", "0.8", "0.9", "0.95", "0.99"])
def test_rank_is_that_of_exact_fractions(level):
    exact = Fraction(level)
    for n in [*range(1, 2000), 39_999, 99_999, 999_999]:
        assert rank(n, float(exact)) == ceil((n + 1) * exact), n
        assert rank(n, 1 - float(1 - exact)) == ceil((n + 1) * exact), n


def test_weighted_bounds_are_weighted_quantiles_with_each_new_row_at_infinity():
    rng = np.random.default_rng(1)
    scores, weights, own = rng.exponential(size=30), rng.uniform(0.5, 2, 30), np.array([0.1, 1.0, 30.0])
    levels = np.array([0.3, 0.6, 0.9])
    found = weighted_bounds(scores, weights, own[:, None], levels)
    assert found.shape == (3, 3)
    for (row, column), value in np.ndenumerate(found):
        all_weights = np.append(weights, own[row])
        assert value == np.quantile(
            np.append(scores, np.inf), levels[column], weights=all_weights, method="inverted_cdf"
        )
    assert np.isinf(found[2, 2])


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9])
def test_weighted_bounds_of_equal_weights_are_scores_of_the_rank(level):
    scores = np.random.default_rng(2).permutation(19).astype(float)
    assert weighted_bounds(scores, np.full(19, 0.7), 0.7, level) == rank(19, level) - 1
