"""Shares of counts in bins of positions, and how much replicates differ in them."""

import numpy as np
import pytest

from degu.data.profile_bins import bin_profile, replicate_share_std, shares
from degu.errors import DeguError


def some_counts() -> np.ndarray:
    return np.random.default_rng(1).poisson(2.0, size=(6, 2, 4, 2, 12)).astype(np.uint16)


def test_shares_sum_to_one_over_both_strands_and_are_unknown_without_counts():
    counts = some_counts()
    counts[2, 1, 3] = 0
    found = shares(counts)
    total = found.sum(axis=(-2, -1))
    assert np.isnan(found[2, 1, 3]).all() and np.isnan(total).sum() == 1
    np.testing.assert_allclose(total[np.isfinite(total)], 1, rtol=1e-12)
    np.testing.assert_allclose(found[0, 1, 2], counts[0, 1, 2] / counts[0, 1, 2].sum())


def test_counts_are_summed_without_overflow():
    counts = np.full((1, 1, 1, 1, 6), 60_000, dtype=np.uint16)
    np.testing.assert_array_equal(bin_profile(counts, 2), np.full((1, 1, 1, 1, 2), 180_000))
    np.testing.assert_allclose(shares(counts), 1 / 6)


def test_bins_are_neighbouring_positions():
    np.testing.assert_array_equal(bin_profile(np.arange(12.0).reshape(2, 6), 3), [[1, 5, 9], [13, 17, 21]])


@pytest.mark.parametrize("bins", [5, 0, -1, 13])
def test_bins_of_different_widths_are_refused(bins):
    with pytest.raises(DeguError, match=rf"12 positions in {bins} bins(.|\n)*divides 12"):
        bin_profile(np.zeros((3, 12)), bins)


def test_the_std_is_over_the_replicates_that_have_counts():
    counts = some_counts()
    counts[1, 0, 2] = 0
    counts[3, 1, 1:] = 0
    found = replicate_share_std(counts, 3)
    assert found.shape == (6, 2, 2, 3)
    for row, target, strand, place in np.ndindex(found.shape):
        own = []
        for replicate in counts[row, target].astype(float):
            if replicate.sum():
                own.append(replicate[strand, 4 * place : 4 * place + 4].sum() / replicate.sum())
        expected = np.std(own, ddof=1) if len(own) > 1 else np.nan
        np.testing.assert_allclose(found[row, target, strand, place], expected, rtol=1e-12)
    assert np.isnan(found[3, 1]).all() and np.isfinite(found[1, 0]).all()


def test_the_depth_of_a_replicate_does_not_matter():
    counts = some_counts()
    deeper = counts.copy()
    deeper[:, :, 1] *= 7
    np.testing.assert_allclose(replicate_share_std(deeper, 4), replicate_share_std(counts, 4), rtol=1e-9)
    alike = np.repeat(counts[:, :, :1], 3, axis=2)
    np.testing.assert_allclose(replicate_share_std(alike, 4), 0, atol=1e-15)


def test_the_std_of_independent_counts_is_that_of_the_multinomial():
    probability = np.array([0.1, 0.2, 0.3, 0.4])
    drawn = np.random.default_rng(2).multinomial(50, probability, size=(20_000, 1, 2, 1))
    found = replicate_share_std(drawn.astype(np.uint16), 4)
    expected = np.sqrt(probability * (1 - probability) / 50)
    np.testing.assert_allclose(np.sqrt(np.square(found).mean(axis=0)).ravel(), expected, rtol=0.02)
