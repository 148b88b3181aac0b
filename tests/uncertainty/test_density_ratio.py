import numpy as np
import pytest

from degu.uncertainty.density_ratio import estimate_density_ratio


@pytest.mark.parametrize(("n", "m"), [(20_000, 20_000), (30_000, 10_000)])
def test_recovers_the_known_ratio_of_two_normal_distributions(n, m):
    # N(shift, 1) over N(0, 1) is exp(x . shift - |shift|^2 / 2); the second covariate has another unit.
    rng = np.random.default_rng(0)
    shift, unit = np.array([1.0, -0.5]), np.array([1.0, 1000.0])
    ratio = estimate_density_ratio(rng.standard_normal((n, 2)) * unit, (rng.standard_normal((m, 2)) + shift) * unit)
    x = rng.uniform(-1.5, 1.5, (200, 2))
    np.testing.assert_allclose(ratio(x * unit), np.exp(x @ shift - shift @ shift / 2), rtol=0.15)


def test_same_population_has_a_ratio_of_about_one():
    rng = np.random.default_rng(0)
    ratio = estimate_density_ratio(rng.random((5000, 3)), rng.random((3000, 3)))
    np.testing.assert_allclose(ratio(rng.random((100, 3))), 1, atol=0.2)


def test_covariate_that_never_varies_does_no_harm():
    rng = np.random.default_rng(0)
    covariates = np.column_stack([rng.random(100), np.ones(100)])
    assert np.isfinite(estimate_density_ratio(covariates, covariates + np.array([0.5, 0]))(covariates)).all()
