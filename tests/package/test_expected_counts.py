"""Expected counts and their standard deviations, against draws."""

import numpy as np
import pytest

from degu.package.expected_counts import expected_counts, kinds_of

RNG = np.random.default_rng(1)
BINS, WIDTH = 3, 4
PROFILE = RNG.dirichlet(np.ones(2 * BINS * WIDTH), size=(2, 2)).reshape(2, 2, 2, BINS * WIDTH)
SHARES = PROFILE.reshape(2, 2, 2, BINS, WIDTH).sum(axis=-1)
HEADS = {
    "mean": np.array([[0.4, 3.0], [2.0, 6.0]]),
    "aleatoric": np.full((2, 2), 0.03),
    "epistemic": np.full((2, 2), 0.02),
    "profile": PROFILE,
    "profile_aleatoric": 0.02 * SHARES * RNG.random(SHARES.shape),
    "profile_epistemic": 0.04 * SHARES * RNG.random(SHARES.shape),
}


def drawn(*kinds, number=20_000):
    """Return the standard deviation of the counts, where the logarithm and the bins err by themselves."""
    rng = np.random.default_rng(2)
    total, squares = np.zeros(PROFILE.shape), np.zeros(PROFILE.shape)
    center = PROFILE * np.expm1(HEADS["mean"])[..., None, None]
    for _ in range(number):
        log_count, shares = HEADS["mean"], SHARES
        for kind in kinds:
            log_count = log_count + HEADS[kind] * rng.standard_normal(log_count.shape)
            shares = shares + HEADS[f"profile_{kind}"] * rng.standard_normal(shares.shape)
        profile = PROFILE * np.repeat(shares / SHARES, WIDTH, axis=-1)
        away = profile * (np.exp(log_count) - 1)[..., None, None] - center
        total, squares = total + away, squares + away**2
    return np.sqrt(squares / number - (total / number) ** 2)


def test_counts_are_the_shares_of_all_counts():
    found = expected_counts(HEADS)["mean"]
    np.testing.assert_allclose(np.log1p(found.sum(axis=(-2, -1))), HEADS["mean"])
    np.testing.assert_allclose(found / found.sum(axis=(-2, -1), keepdims=True), PROFILE)


def test_small_errors_of_both_spread_as_draws_of_them_do():
    found = expected_counts(HEADS)
    assert list(found) == ["mean", "epistemic", "total"]
    np.testing.assert_allclose(found["epistemic"], drawn("epistemic"), rtol=0.03)
    np.testing.assert_allclose(found["total"], drawn("epistemic", "aleatoric"), rtol=0.03)


def test_bins_without_a_share_spread_over_their_positions_alike():
    profile = PROFILE.copy()
    profile[..., :WIDTH] = 0
    found = expected_counts({**HEADS, "profile": profile})["epistemic"][..., :WIDTH]
    of_bin = np.expm1(HEADS["mean"])[..., None, None] * HEADS["profile_epistemic"][..., :1]
    np.testing.assert_allclose(found, np.broadcast_to(of_bin / WIDTH, found.shape))


def test_no_count_and_no_standard_deviation_is_below_zero():
    heads = {**HEADS, "mean": np.full((2, 2), -0.5), "epistemic": np.full((2, 2), -1.0)}
    found = expected_counts({**heads, "profile_epistemic": -HEADS["profile_epistemic"]})
    assert (found["mean"] == 0).all()
    assert (found["epistemic"] == 0).all()


@pytest.mark.parametrize(
    ("missing", "kinds"),
    [
        (("profile_epistemic",), ["mean"]),
        (("epistemic",), ["mean"]),
        (("aleatoric",), ["mean", "epistemic"]),
        (("profile_aleatoric",), ["mean", "epistemic"]),
        (("aleatoric", "profile_aleatoric", "epistemic"), ["mean"]),
    ],
)
def test_what_a_student_does_not_predict_is_left_out(missing, kinds):
    heads = {head: values for head, values in HEADS.items() if head not in missing}
    assert list(expected_counts(heads)) == kinds_of(list(heads)) == kinds
