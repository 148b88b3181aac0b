"""Ceilings against the correlations that a prediction without any error reaches."""

import numpy as np
import pytest

from degu.data.importers import simulated_profiles
from degu.data.profile_bins import replicate_share_std
from degu.data.profile_simulation import draw_counts
from degu.evaluation.ceilings import activity_ceiling, epistemic_ceiling, share_std_ceiling
from tests.conftest import REPOSITORY


@pytest.mark.parametrize("members", [4, 7, 10, 20])
@pytest.mark.parametrize("spread", [0.3, 0.6])
def test_the_true_deviation_reaches_the_ceiling_of_the_deviation_over_members(members, spread):
    rng = np.random.default_rng(members)
    found, reached = [], []
    for draw in range(10):
        true = np.exp(spread * rng.standard_normal(2000))
        values = rng.standard_normal((members, 2000)) * true + rng.standard_normal(2000)
        found.append(epistemic_ceiling(values, seed=draw).highest)
        reached.append(np.corrcoef(values.std(axis=0), true)[0, 1])
    assert np.mean(found) == pytest.approx(np.mean(reached), abs=0.05 if members == 4 else 0.02)


def test_members_that_disagree_everywhere_alike_leave_nothing_to_predict():
    rng = np.random.default_rng(3)
    ceiling = epistemic_ceiling(rng.standard_normal((10, 5000)))
    assert abs(ceiling.split_half) < 0.03
    assert ceiling.highest < 0.25


def opposed(members):
    """Return values of one pair of members that agree in each column, while all others are apart."""
    pairs = [(i, j) for i in range(members) for j in range(i)]
    values = np.arange(members)[:, None] * np.ones(len(pairs))
    for column, pair in enumerate(pairs):
        values[list(pair), column] = 0.0
    return values


@pytest.mark.parametrize("members", [np.ones((4, 30)), opposed(4)], ids=["no deviation", "halves that differ"])
def test_halves_that_have_nothing_in_common_tell_no_ceiling(members):
    ceiling = epistemic_ceiling(members)
    assert ceiling.split_half <= 0 and ceiling.reliability == 0
    assert np.isnan(ceiling.highest)


def test_replicates_that_have_nothing_in_common_tell_no_ceiling():
    ceiling = activity_ceiling(np.array([[1.0, 4.0], [2.0, 3.0], [3.0, 2.0], [4.0, 1.0]]))
    assert ceiling.split_half == pytest.approx(-1)
    assert ceiling.reliability == 0 and np.isnan(ceiling.highest)


def test_three_members_have_no_two_halves_with_a_deviation():
    assert np.isnan(epistemic_ceiling(np.zeros((3, 10)))).all()


@pytest.mark.parametrize("replicates", [2, 3, 5])
@pytest.mark.parametrize("noise", [0.3, 1.0])
def test_the_true_activity_reaches_the_ceiling_of_the_mean_over_replicates(replicates, noise):
    rng = np.random.default_rng(replicates)
    true = rng.standard_normal(20000)
    values = true[:, None] + noise * rng.standard_normal((20000, replicates))
    ceiling = activity_ceiling(values)
    assert ceiling.split_half == pytest.approx(1 / (1 + noise**2), abs=0.02)
    assert ceiling.reliability == pytest.approx(1 / (1 + noise**2 / replicates), abs=0.02)
    assert ceiling.highest == pytest.approx(np.corrcoef(values.mean(axis=1), true)[0, 1], abs=0.01)


def test_absent_replicates_are_left_out():
    rng = np.random.default_rng(5)
    values = rng.standard_normal(500)[:, None] + 0.5 * rng.standard_normal((500, 3))
    holes = values.copy()
    holes[:250, 2] = np.nan
    expected = [np.corrcoef(values[:, 0], values[:, 1])[0, 1]]
    expected += [np.corrcoef(values[250:, 2], values[250:, i])[0, 1] for i in (0, 1)]
    ceiling = activity_ceiling(holes)
    assert ceiling.split_half == pytest.approx(np.mean(expected))
    factor, r = 2.5, ceiling.split_half
    assert ceiling.reliability == pytest.approx(factor * r / (1 + (factor - 1) * r))


def test_one_replicate_has_no_ceiling():
    assert np.isnan(activity_ceiling(np.zeros((10, 1)))).all()


@pytest.fixture(scope="module")
def rates():
    """Return the cuts that a simulator expects in each of 16 bins of windows, (n, 1, 16); on average 70 in all."""
    files = {"motifs": REPOSITORY / "resources" / "jaspar_motifs.txt"}
    drawn = simulated_profiles.load(
        files, drop_bad_rows=False, seed=5, number=300, effects={"HNF4A": 1.0, "CEBPB": 0.6, "HNF1A": 1.5}
    )
    shares = drawn.truth["profile"][:, 0].reshape(300, 1, 16, -1).sum(axis=-1)
    return shares * np.expm1(drawn.truth["mean"])[:, :, None]


def reached_and_found(rates, replicates, extra=0.0):
    """Return draws of the std over replicates, what their expectation reaches, and the ceilings of some draws."""
    rng = np.random.default_rng(replicates)

    def draw():
        if not extra:
            return draw_counts(rates, replicates, 0.02, rng)
        part = rng.gamma(1 / extra, extra, (len(rates), replicates, *rates.shape[1:]))
        return rng.poisson(rates[:, None] / replicates * part)

    drawn = [draw() for _ in range(100)]
    stds = replicate_share_std(np.concatenate(drawn)[:, None], 16).reshape(len(drawn), -1)
    there = np.isfinite(stds)
    true = np.nanmean(stds, axis=0)
    reached = np.mean([np.corrcoef(stds[row, there[row]], true[there[row]])[0, 1] for row in range(20)])
    found = np.mean([share_std_ceiling(counts, 16, seed).highest for seed, counts in enumerate(drawn[:3])])
    return stds, reached, found


@pytest.mark.parametrize(
    ("depth", "replicates", "within", "extra"),
    [(0.5, 2, 0.11, 0.0), (5.0, 2, 0.11, 0.3), (0.5, 3, 0.06, 0.3), (5.0, 3, 0.06, 0.0), (1.0, 5, 0.06, 0.3)],
)
def test_the_expected_std_over_replicates_reaches_the_ceiling_of_that_of_shares(
    rates, depth, replicates, within, extra
):
    """Where `extra` is above 0, replicates differ in each bin by more than the chance of reads."""
    _, reached, found = reached_and_found(depth * rates, replicates, extra)
    assert found == pytest.approx(reached, abs=within)


def test_the_formula_for_normal_values_would_be_too_high_where_counts_are_few(rates):
    """This is why the ceiling of shares has a form of its own."""
    stds, reached, found = reached_and_found(0.5 * rates, 3)
    # A standard deviation of three normal values has the expectation 0.8862 of the true one.
    normal = np.sqrt(1 - (1 - 0.8862**2) * np.nanmean(stds[0] ** 2) / np.nanvar(stds[0]))
    assert normal > reached + 0.2
    assert abs(found - reached) < 0.07


def test_shares_of_one_replicate_have_no_ceiling():
    counts = np.random.default_rng(1).poisson(3, (20, 1, 1, 8))
    assert np.isnan(share_std_ceiling(counts, 4)).all()
    assert np.isnan(share_std_ceiling(np.zeros((20, 3, 1, 8), dtype=np.uint16), 4)).all()


def test_shares_that_differ_alike_everywhere_leave_nothing_to_predict():
    counts = np.random.default_rng(1).poisson(40, (400, 3, 1, 8))
    assert share_std_ceiling(counts, 8).highest < 0.3


def test_shares_that_differ_by_less_than_chance_tell_no_ceiling():
    counts = np.random.default_rng(2).poisson(40, (400, 3, 1, 8))
    ceiling = share_std_ceiling(counts, 8)
    assert ceiling.reliability == 0 and np.isnan(ceiling.highest)


def test_replicates_that_are_missing_in_a_region_are_left_out():
    counts = np.random.default_rng(1).poisson(3 + np.arange(8), (50, 3, 1, 8))
    counts[:10, 2] = 0
    counts[10:15] = 0
    found = share_std_ceiling(counts, 4)
    assert np.isnan(found.split_half)
    assert 0 <= found.highest == np.sqrt(found.reliability) < 1
