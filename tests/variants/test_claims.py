"""Claims about variants, against the tables that they come from."""

import pytest

from degu.variants.claims import CLAIM_COLUMNS, check_variant_claims
from tests.figures.variant_tables import of_loci, of_pairs


def claims_of(scores=None, uncertainty=None, level=0.9):
    known = of_loci()
    claims = check_variant_claims(
        known[0] if scores is None else scores, known[1] if uncertainty is None else uncertainty, level
    )
    assert list(claims) == CLAIM_COLUMNS
    return claims


def starting(claims, words, whose="(ensemble, zero_shot, native"):
    chosen = claims[claims["claim"].str.startswith(words) & claims["claim"].str.contains(whose, regex=False)]
    return chosen.iloc[0]


def test_the_correlation_is_that_of_the_mean_over_loci_of_confident_variants():
    scores, *_ = of_loci()
    kinds = {"protocol": "zero_shot", "windows": "native", "locus": "mean over loci", "subset": "confident"}
    own = scores[scores[list(kinds)].eq(kinds).all(axis=1) & (scores["metric"] == "spearman")]
    for model in ("ensemble", "student"):
        row = starting(
            claims_of(), "predicted effects", f"({model}, zero_shot, native, mean over loci, confident variants)"
        )
        chosen = own[own["model"] == model]
        assert row["effect"] == pytest.approx(chosen["value"].mean())
        assert row["low"] == pytest.approx(chosen["low"].mean())
        assert row["verdict"] == "holds"
        assert row["student"] == ("degu" if model == "student" else "")


def test_wrong_signs_are_compared_with_chance_and_with_the_size_alone():
    _, uncertainty, *_ = of_loci()
    kinds = {
        "protocol": "zero_shot",
        "windows": "native",
        "locus": "all loci",
        "subset": "confident",
        "model": "ensemble",
    }
    own = uncertainty[uncertainty[list(kinds)].eq(kinds).all(axis=1)].set_index(["metric", "uncertainty"])["value"]
    plain = starting(claims_of(), "the standard deviation 'members'")
    assert plain["effect"] == pytest.approx(own["auroc_of_wrong_signs", "members"])
    more = starting(claims_of(), "'members' over the size of the effect")
    size = own["auroc_of_wrong_signs", "absolute_effect"]
    assert more["effect"] == pytest.approx(own["auroc_of_wrong_signs_by_ratio", "members"] - size)
    assert more["low"] < more["effect"] < more["high"]
    for low, high, verdict in ((0.6, 0.7, "holds"), (0.3, 0.4, "does not hold"), (0.4, 0.6, "undecided")):
        changed = claims_of(uncertainty=uncertainty.assign(low=low, high=high))
        assert starting(changed, "the standard deviation 'members'")["verdict"] == verdict


def test_intervals_hold_enough_up_to_a_tolerance():
    _, uncertainty, *_ = of_loci()
    words = "90% intervals by 'members' cover at least 85 % of the measured effects"
    for ends, verdict in (((0.7, 0.84), "does not hold"), ((0.8, 0.9), "undecided"), ((0.86, 0.9), "holds")):
        changed = claims_of(uncertainty=uncertainty.assign(low=ends[0], high=ends[1]))
        assert starting(changed, words)["verdict"] == verdict
    scaled = claims_of()["claim"].str.startswith("90% intervals by 'members', scaled on other variants, cover")
    assert scaled.any()


def test_without_confidence_all_variants_are_judged():
    scores, uncertainty, *_ = of_pairs()
    claims = check_variant_claims(scores, uncertainty, 0.9)
    assert set(claims["target"]) == {"Dev", "Hk"}
    assert claims["claim"].str.contains("all variants").all()


def test_each_part_says_which_variants_it_is_about():
    """Confident variants may be enough to be correlated, and too few to judge their uncertainty."""
    _, uncertainty, *_ = of_loci()
    claims = claims_of(uncertainty=uncertainty[uncertainty["subset"] == "all"])
    assert starting(claims, "predicted effects")["claim"].endswith("mean over loci, confident variants)")
    assert starting(claims, "the standard deviation")["claim"].endswith("all loci, all variants)")


def test_a_protocol_of_one_locus_has_claims_about_that_locus():
    scores, uncertainty, *_ = of_loci()
    locus = next(name for name in uncertainty["locus"] if name != "all loci")
    tables = (table[(table["protocol"] != "zero_shot") | (table["locus"] == locus)] for table in (scores, uncertainty))
    claims = claims_of(*tables)
    assert f"native, {locus}, confident variants)" in starting(claims, "predicted effects")["claim"]
    assert f"native, {locus}, confident variants)" in starting(claims, "the standard deviation")["claim"]
    assert "mean over loci" in starting(claims, "predicted effects", "(ensemble, challenge, native")["claim"]


def test_too_few_variants_have_fewer_claims():
    scores, uncertainty, *_ = of_loci()
    assert claims_of(uncertainty=uncertainty.iloc[:0])["claim"].str.startswith("predicted effects").all()
    assert claims_of(scores.iloc[:0], uncertainty.iloc[:0]).empty
