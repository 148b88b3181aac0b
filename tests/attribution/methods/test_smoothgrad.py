"""SmoothGrad against finite differences at the same noisy inputs."""

import numpy as np
import pytest

from degu.attribution.explained import Explained
from degu.attribution.methods import saliency, smoothgrad
from tests.attribution.networks import (
    assert_near,
    function_of,
    maps_of,
    one_hot,
    random_tokens,
    scaled_outputs,
    slopes,
    smooth,
)

TOKENS = random_tokens(3, 8, letters=5)


def example() -> Explained:
    outputs = scaled_outputs(link="softplus")
    return Explained(smooth(8, outputs), outputs, "total", target=1)


def test_without_noise_it_is_the_saliency():
    values, difference = maps_of(smoothgrad, example(), TOKENS, samples=4, std=0.0)
    assert_near(values, maps_of(saliency, example(), TOKENS)[0])
    assert difference is None


@pytest.mark.parametrize(("samples", "std", "seed"), [(1, 0.1, 0), (7, 0.5, 4)])
def test_it_is_the_mean_slope_over_copies_with_the_same_noise_on_each_sequence(samples, std, seed):
    noise = std * np.random.default_rng(seed).standard_normal((samples, 8, 4), dtype=np.float32).astype(np.float64)
    expected = np.mean([slopes(function_of(example()), one_hot(TOKENS) + copy) for copy in noise], axis=0)
    assert_near(maps_of(smoothgrad, example(), TOKENS, samples=samples, std=std, seed=seed)[0], expected)


def test_its_noise_comes_from_the_seed_alone():
    first, again, other = (maps_of(smoothgrad, example(), TOKENS, samples=5, seed=seed)[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 1e-3 * np.abs(first).max()


def test_with_many_samples_the_seed_matters_little():
    small, large = (
        np.abs(np.subtract(*(maps_of(smoothgrad, example(), TOKENS, samples=samples, seed=seed)[0] for seed in (1, 2))))
        for samples in (10, 1000)
    )
    assert large.mean() < small.mean() / 4
