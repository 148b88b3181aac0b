"""Normal noise on one-hot values."""

import numpy as np
import pytest
from scipy import stats

from degu.config.plugins import constant
from degu.data.augmentation.gaussian_noise import augment
from degu.data.sequences import one_hot
from degu.errors import DeguError
from tests.data.augmentation.strings import SIGNIFICANCE, random_tokens


@pytest.mark.parametrize(("mean", "std"), [(0.0, 0.2), (0.5, 0.3), (-1, 2)])
def test_the_noise_is_normal_with_its_mean_and_standard_deviation(mean, std):
    values = one_hot(random_tokens(50, 40))
    noise = augment(values, np.random.default_rng(0), mean=mean, std=std) - values
    assert stats.kstest(noise.ravel(), stats.norm(mean, std).cdf).pvalue > SIGNIFICANCE


def test_every_value_has_noise_of_its_own_those_of_n_too():
    values = one_hot(np.full((30, 20), 4, dtype=np.uint8))
    result = augment(values, np.random.default_rng(0))
    assert np.unique(result).size > 0.99 * result.size


def test_values_keep_their_shape_and_type_and_are_not_changed():
    values = one_hot(random_tokens(6, 9))
    before = values.copy()
    result = augment(values, np.random.default_rng(1))
    assert result.shape == (6, 9, 4) and result.dtype == np.float32
    np.testing.assert_array_equal(values, before)
    np.testing.assert_array_equal(augment(values, np.random.default_rng(1)), result)
    assert (augment(values, np.random.default_rng(2)) != result).any()
    assert augment(values[:0], np.random.default_rng(1)).shape == (0, 9, 4)


def test_without_spread_and_mean_nothing_changes():
    values = one_hot(random_tokens(6, 9))
    np.testing.assert_array_equal(augment(values, np.random.default_rng(1), std=0), values)


def test_it_declares_that_it_changes_one_hot_values():
    assert constant("augmentation", "gaussian_noise", "ONE_HOT", False)
    assert not constant("augmentation", "mutation", "ONE_HOT", False)


@pytest.mark.parametrize(
    ("options", "name"), [({"std": -0.1}, "std"), ({"std": float("nan")}, "std"), ({"mean": float("inf")}, "mean")]
)
def test_options_out_of_range_are_refused(options, name):
    with pytest.raises(DeguError, match=rf"^augmentations\.gaussian_noise\.{name}: (.|\n)*expected: (.|\n)*remedy: "):
        augment(one_hot(random_tokens(2, 5)), np.random.default_rng(0), **options)
