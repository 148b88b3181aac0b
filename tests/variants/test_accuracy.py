"""Correlations of effects, against SciPy and against effects of a known correlation."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from degu.variants.accuracy import MEAN, EffectScorer, labelled
from degu.variants.effects import Effects
from degu.variants.subsets import choices, subsets
from tests.variants.sets import context_set, pair_set

PROTOCOLS = {"zero_shot": {"parts": []}, "challenge": {"parts": ["challenge"]}}


def scored(variants, effect, seed=1, confident=0.5):
    chosen = list(choices(variants, variants.parts, PROTOCOLS))
    rows = EffectScorer(variants, chosen, confident, seed).score(Effects("ensemble", "", -1, effect))
    return {(row["protocol"], row["locus"], row["subset"], row["metric"]): row for row in rows}


@pytest.fixture(scope="module")
def simulated():
    """Return variants, and predictions that correlate with the measured effects by 0.6."""
    variants = context_set(800)
    noise = np.random.default_rng(8).normal(size=len(variants))
    return variants, 0.6 * variants.effect + 0.8 * noise


def test_scores_are_those_of_scipy(simulated):
    variants, effect = simulated
    found = scored(variants, effect)
    for protocol, parts in (("zero_shot", ("train", "challenge")), ("challenge", ("challenge",))):
        for locus in ("one", "two"):
            rows = np.flatnonzero(np.isin(variants.parts, parts) & (variants.loci == locus))
            masks = subsets(variants.effect[rows], variants.confidence[rows], 0.5)
            for subset, mask in masks.items():
                pair = effect[rows][mask], variants.effect[rows][mask]
                known = {"pearson": stats.pearsonr(*pair)[0], "spearman": stats.spearmanr(*pair)[0]}
                for metric, value in known.items():
                    row = found[protocol, locus, subset, metric]
                    assert row["value"] == pytest.approx(value, abs=1e-9)
                    assert row["number"] == mask.sum()


def test_the_mean_over_loci_has_an_interval_of_its_own(simulated):
    found = scored(*simulated)
    mean = found["zero_shot", MEAN, "all", "pearson"]
    one, two = (found["zero_shot", locus, "all", "pearson"] for locus in ("one", "two"))
    assert mean["value"] == pytest.approx((one["value"] + two["value"]) / 2)
    assert mean["number"] == one["number"] + two["number"]
    # The mean of two independent scores varies less by the root of two.
    widths = [row["high"] - row["low"] for row in (one, two)]
    assert mean["high"] - mean["low"] == pytest.approx(np.hypot(*widths) / 2, rel=0.2)


def test_the_interval_of_the_mean_holds_the_truth_as_often_as_it_says():
    held = []
    for draw in range(40):
        variants = context_set(200, seed=draw)
        alone = replace(variants, confidence=None)
        effect = 0.6 * variants.effect + 0.8 * np.random.default_rng(1000 + draw).normal(size=200)
        chosen = list(choices(alone, alone.parts, {"zero_shot": {"parts": []}}))
        rows = EffectScorer(alone, chosen, 0.5, draw).score(Effects("ensemble", "", -1, effect))
        own = next(row for row in rows if (row["locus"], row["subset"], row["metric"]) == (MEAN, "all", "pearson"))
        held.append(own["low"] < 0.6 < own["high"])
    # Of 40 intervals of 95 %, fewer than 33 hold the truth with a probability below 1 %.
    assert sum(held) >= 33


def test_intervals_are_as_wide_as_the_theory_says(simulated):
    variants, effect = simulated
    alone = replace(variants, groups=np.arange(len(variants)).astype(str))
    row = scored(alone, effect)["zero_shot", "one", "all", "pearson"]
    ends = np.tanh(np.arctanh(row["value"]) + np.array([-1.96, 1.96]) / np.sqrt(row["number"] - 3))
    assert (row["low"], row["high"]) == pytest.approx(tuple(ends), abs=0.03)


def test_groups_are_drawn_as_a_whole(simulated):
    """Variants that all say the same count as one."""
    variants, effect = simulated
    copies = {
        name: np.tile(values, 4) for name, values in vars(variants).items() if values is not None and name != "groups"
    }
    groups = np.tile(np.arange(len(variants)).astype(str), 4)
    row = scored(replace(variants, groups=groups, **copies), np.tile(effect, 4))["zero_shot", "one", "all", "pearson"]
    once = scored(replace(variants, groups=groups[: len(variants)]), effect)["zero_shot", "one", "all", "pearson"]
    assert row["high"] - row["low"] == pytest.approx(once["high"] - once["low"], rel=0.15)


def test_same_seed_same_interval(simulated):
    first, second, other = (scored(*simulated, seed=seed) for seed in (1, 1, 2))
    assert first == second
    assert first != other


def test_few_variants_have_no_score():
    variants = context_set(8)
    assert not [key for key in scored(variants, variants.effect) if key[2] == "quartile_1" and key[0] == "challenge"]


def test_ceilings_come_from_replicates():
    variants = pair_set(3000)
    chosen = list(choices(variants, variants.parts, {"all": {"parts": []}}))
    (row,) = EffectScorer(variants, chosen, 0.5, 1).ceilings()
    # The variance of the effect is 1, and that of the noise of a mean over four replicates is 0.09 / 4.
    assert row["value"] == pytest.approx(np.sqrt(1 / (1 + 0.09 / 4)), abs=0.01)
    assert list(EffectScorer(context_set(), [], 0.5, 1).ceilings()) == []


def test_rows_say_whose_they_are():
    assert labelled([{"value": 1}], Effects("student", "degu", 2, np.zeros(1)), target="a") == [
        {"value": 1, "model": "student", "student": "degu", "seed": 2, "target": "a"}
    ]
