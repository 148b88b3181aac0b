"""The tables of an assessment of variants, on simulated effects."""

import numpy as np
import pytest
from scipy import stats

from degu.variants.assessment import Judged, assess_variants
from degu.variants.effects import HEAD, MEMBERS, SUM, Effects
from tests.variants.sets import context_set, pair_set

PROTOCOLS = {
    "zero_shot": {"parts": [], "calibration": []},
    "challenge": {"parts": ["challenge"], "calibration": ["train"]},
}


def models(measured, seed=1):
    """Return members that err, their ensemble, a student with both ways to have a std, and a baseline."""
    rng = np.random.default_rng(seed)
    members = measured + rng.normal(size=(3, len(measured)))
    spread = {MEMBERS: members.std(axis=0), SUM: np.ones(len(measured))}
    return [
        Effects("kmer_ridge", "", -1, rng.normal(size=len(measured))),
        *(Effects("member", "", seed, effect) for seed, effect in enumerate(members, 1)),
        Effects("ensemble", "", -1, members.mean(axis=0), spread),
        Effects("student", "degu", 1, members.mean(axis=0), {HEAD: spread[MEMBERS] / 2, SUM: np.ones(len(measured))}),
        Effects("student", "degu", 2, members.mean(axis=0)),
    ]


@pytest.fixture(scope="module")
def tables():
    variants = context_set(400)
    judged = Judged(variants, variants.parts, PROTOCOLS, 0.5, 0.9, 1)
    found = {
        (windows, "activity"): models(variants.effect, seed) for seed, windows in enumerate(("native", "construct"))
    }
    return variants, assess_variants(judged, found)


def test_every_model_has_its_scores(tables):
    _, found = tables
    counts = found.scores.groupby(["model", "student", "seed"]).size()
    assert counts.nunique() == 1
    # Two kinds of window, two protocols, two loci and their mean, six subsets, two metrics.
    assert set(counts) == {2 * 2 * 3 * 6 * 2}
    assert list(found.scores.columns[:8]) == [
        *("windows", "target", "protocol", "locus", "subset", "model", "student", "seed"),
    ]


def test_a_perfect_rank_has_the_score_of_its_noise(tables):
    variants, found = tables
    rows = found.scores[(found.scores["model"] == "ensemble") & (found.scores["metric"] == "pearson")]
    row = rows[(rows["locus"] == "one") & (rows["subset"] == "all") & (rows["protocol"] == "zero_shot")].iloc[0]
    effects = found.effects[(found.effects["model"] == "ensemble") & (found.effects["windows"] == "native")]
    own = effects[effects["locus"] == "one"]
    assert row["value"] == pytest.approx(stats.pearsonr(own["measured"], own["effect"])[0])
    np.testing.assert_array_equal(effects["measured"], variants.effect)


def test_std_is_scaled_by_variants_outside_the_protocol(tables):
    variants, found = tables
    rows = found.uncertainty
    assert set(rows.loc[rows["recalibration"] == "std_scaling", "protocol"]) == {"challenge"}
    chosen = rows[(rows["windows"] == "native") & (rows["model"] == "student") & (rows["uncertainty"] == HEAD)]
    chosen = chosen[(chosen["protocol"] == "challenge") & (chosen["locus"] == "all loci") & (chosen["subset"] == "all")]
    widths = chosen[chosen["metric"] == "interval_width"].set_index("recalibration")["value"]
    effects = found.effects
    own = effects[(effects["model"] == "student") & (effects["seed"] == 1) & (effects["windows"] == "native")]
    train = own[own["part"] == "train"]
    factor = np.sqrt(np.mean(((train["measured"] - train["effect"]) / train[f"std_{HEAD}"]) ** 2))
    assert widths["std_scaling"] / widths["none"] == pytest.approx(factor)
    assert len(train) == (variants.parts == "train").sum()


def test_the_ways_of_each_model_are_judged(tables):
    _, found = tables
    coverage = found.uncertainty[found.uncertainty["metric"] == "coverage"]
    ways = {model: set(own["uncertainty"]) for model, own in coverage.groupby("model")}
    assert ways == {"ensemble": {MEMBERS, SUM}, "student": {HEAD, SUM}}
    assert set(coverage["locus"]) == {"one", "two", "all loci"}
    assert set(coverage["reference"]) == {"measured", "members"}
    assert set(found.curves["uncertainty"]) == {MEMBERS, SUM, HEAD}
    assert set(found.curves["subset"]) == {"all", "confident"}
    signs = found.uncertainty[found.uncertainty["metric"] == "auroc_of_wrong_signs"]
    assert set(signs["uncertainty"]) == {MEMBERS, SUM, HEAD, "absolute_effect"}


def test_effects_tell_what_takes_them(tables):
    variants, found = tables
    own = found.effects[(found.effects["model"] == "kmer_ridge") & (found.effects["windows"] == "native")]
    expected = ["zero_shot,challenge" if part == "challenge" else "zero_shot" for part in variants.parts]
    assert list(own["protocols"]) == expected
    np.testing.assert_array_equal(own["confident"], variants.confidence >= 0.5)
    assert not (found.effects["model"] == "member").any()


def test_pairs_have_a_ceiling_and_no_confident_ones():
    variants = pair_set(200)
    judged = Judged(variants, variants.parts, {"all": {"parts": [], "calibration": []}}, 0.5, 0.9, 1)
    found = assess_variants(judged, {("whole", "activity"): models(variants.effect)})
    ceiling = found.scores[found.scores["model"] == "ceiling"]
    assert len(ceiling) == 1
    assert "confident" not in set(found.scores["subset"])
    assert set(found.scores["locus"]) == {"pairs"}
    assert not found.effects["confident"].any()


def test_the_same_seed_gives_the_same_tables(tables):
    variants, found = tables
    judged = Judged(variants, variants.parts, PROTOCOLS, 0.5, 0.9, 1)
    again = assess_variants(judged, {("native", "activity"): models(variants.effect, 0)})
    own = found.scores[found.scores["windows"] == "native"].reset_index(drop=True)
    assert own.equals(again.scores)
