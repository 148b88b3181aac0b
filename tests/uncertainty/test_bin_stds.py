"""Standard deviations of bins, against draws and formulas by hand."""

import numpy as np
import pytest
from scipy import stats

from degu.uncertainty.bin_stds import (
    counts_std,
    expected_shares,
    expected_total,
    log_count_std,
    number_of_bins,
    share_std,
)

RNG = np.random.default_rng(1)
BINS, WIDTH, STRANDS = 3, 4, 2
PROFILE = RNG.dirichlet(np.ones(STRANDS * BINS * WIDTH), size=(2, 2)).reshape(2, 2, STRANDS, BINS * WIDTH)
SHARES = PROFILE.reshape(2, 2, STRANDS, BINS, WIDTH).sum(axis=-1)
HEADS = {
    "mean": np.array([[0.4, 3.0], [2.0, 6.0]]),
    "aleatoric": np.full((2, 2), 0.03),
    "epistemic": np.full((2, 2), 0.02),
    "profile": PROFILE,
    "profile_aleatoric": 0.03 * SHARES * RNG.random(SHARES.shape),
    "profile_epistemic": 0.02 * SHARES * RNG.random(SHARES.shape),
}


def without(*names):
    return {head: values for head, values in HEADS.items() if head not in names}


def test_shares_and_counts_are_sums_over_bins():
    np.testing.assert_allclose(expected_shares(HEADS), SHARES)
    np.testing.assert_allclose(expected_total(HEADS)[..., 0, 0], np.exp(HEADS["mean"]) - 1)
    assert expected_total({"mean": np.array([[-1.0]])}).item() == 0


def test_bins_are_known_from_either_uncertainty():
    assert number_of_bins(HEADS) == number_of_bins(without("profile_aleatoric")) == BINS
    assert number_of_bins(without("profile_epistemic")) == BINS
    assert number_of_bins(without("profile_aleatoric", "profile_epistemic")) == 0


@pytest.mark.parametrize("replicates", [1, 3])
def test_replicates_together_have_a_part_of_the_noise_of_one(replicates):
    expected = HEADS["profile_epistemic"] ** 2 + HEADS["profile_aleatoric"] ** 2 / replicates
    np.testing.assert_allclose(share_std(HEADS, replicates) ** 2, expected)
    expected = HEADS["epistemic"] ** 2 + HEADS["aleatoric"] ** 2 / replicates
    np.testing.assert_allclose(log_count_std(HEADS, replicates) ** 2, expected)


def test_without_a_head_for_noise_counts_are_poisson():
    """With nothing but noise, the counts in a bin have their expectation as variance, and shares are multinomial."""
    heads = without("profile_aleatoric", "aleatoric", "epistemic") | {"profile_epistemic": np.zeros(SHARES.shape)}
    heads["mean"] = np.log1p(np.array([[50.0, 200.0], [1000.0, 5.0]]))
    total = np.expm1(heads["mean"])[..., None, None]
    of_shares = share_std(heads, 3)
    np.testing.assert_allclose(of_shares, stats.binom.std(np.rint(total), SHARES) / total, rtol=1e-6)
    found = counts_std(heads, of_shares, log_count_std(heads, 3))
    # One is added to counts before their logarithm is taken.
    np.testing.assert_allclose(found**2, SHARES * total * (1 - SHARES) + (SHARES * (1 + total)) ** 2 / total)
    assert (np.abs(found**2 / (SHARES * total) - 1) < 0.1)[total[..., 0, 0] > 100].all()


def test_no_noise_is_infinite_where_no_count_is_expected():
    heads = without("profile_aleatoric", "aleatoric") | {"mean": np.full((2, 2), -0.1)}
    assert (share_std(heads, 3) <= 1).all()
    assert (log_count_std(heads, 3) < 1.1).all()


def test_counts_spread_as_draws_of_shares_and_log_counts_do():
    rng = np.random.default_rng(2)
    of_shares, of_log_count = 0.03 * SHARES, np.full((2, 2), 0.04)
    shares = SHARES + of_shares * rng.standard_normal((20_000, *SHARES.shape))
    totals = np.expm1(HEADS["mean"] + of_log_count * rng.standard_normal((20_000, 2, 2)))
    drawn = shares * totals[..., None, None]
    np.testing.assert_allclose(counts_std(HEADS, of_shares, of_log_count), drawn.std(axis=0), rtol=0.03)


def test_standard_deviations_below_zero_count_as_zero():
    heads = without("profile_aleatoric") | {"profile_epistemic": -np.ones(SHARES.shape), "epistemic": -np.ones((2, 2))}
    zero = heads | {"profile_epistemic": np.zeros(SHARES.shape), "epistemic": np.zeros((2, 2))}
    np.testing.assert_array_equal(share_std(heads, 2), share_std(zero, 2))
    np.testing.assert_array_equal(log_count_std(heads, 2), log_count_std(zero, 2))
