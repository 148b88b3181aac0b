"""Scores of predicted profiles, against SciPy region by region."""

from functools import cache

import numpy as np
import pytest
from scipy import stats
from scipy.spatial.distance import jensenshannon

from degu.evaluation.profile_scores import COLUMNS, SUBSETS, score_profiles
from tests.data.counted import POSITIONS, STRANDS
from tests.evaluation.predicted_profiles import MEMBERS, STUDENTS, predicted


@cache
def scored():
    store, ensemble, students = predicted()
    return store, ensemble, students, score_profiles(store, ensemble, students, 1)


def is_region(store):
    return ~store.negative[store.rows("test")]


def counts_of(store):
    rows = store.rows("test")
    return store.counts[rows].sum(axis=2).reshape(len(rows), -1).astype(float)


def one(table, **labels):
    chosen = table[table[list(labels)].eq(list(labels.values())).all(axis=1)]
    assert len(chosen) == 1
    return chosen.iloc[0]


def test_every_model_is_scored_on_all_regions_on_their_thirds_and_on_negatives():
    *_, table = scored()
    assert list(table.columns) == COLUMNS
    models = {"uniform": [-1], "mean_profile": [-1], "shuffled": [-1], "replicate": [-1], "ensemble": [-1]}
    models |= {"member": MEMBERS, "student": STUDENTS}
    for model, seeds in models.items():
        own = table[table["model"] == model]
        assert sorted(set(own["seed"])) == seeds
        assert set(own["subset"]) == {"regions", *SUBSETS, "negatives"}


@pytest.mark.parametrize("subset", ["regions", "negatives"])
@pytest.mark.parametrize("model", ["member", "student", "ensemble", "uniform"])
def test_distances_and_bits_are_those_of_scipy(model, subset):
    store, ensemble, students, table = scored()
    rows = is_region(store) if subset == "regions" else ~is_region(store)
    counts = counts_of(store)[rows]
    source = students if model == "student" else ensemble
    seed = 1 if model in ("member", "student") else -1
    values = source.heads.select(source.values["test"], "profile").astype(float)
    chosen = {"ensemble": values.mean(axis=0), "uniform": np.ones_like(values[0])}.get(model, values[0])
    profiles = chosen[rows].reshape(len(counts), -1)
    distances = [jensenshannon(profile, own) for profile, own in zip(profiles, counts, strict=True)]
    known = {"model": model, "seed": seed, "subset": subset}
    mean = one(table, metric="jensen_shannon_distance", **known)
    assert mean["value"] == pytest.approx(np.mean(distances), rel=1e-5)
    # A few negatives have no interval.
    assert (mean["low"] < mean["value"] < mean["high"]) == (subset == "regions")
    median = one(table, metric="median_jensen_shannon_distance", **known)
    assert median["value"] == pytest.approx(np.median(distances), rel=1e-5)
    uniform = np.full(STRANDS * POSITIONS, 1 / (STRANDS * POSITIONS))
    of_uniform = [jensenshannon(uniform, own) for own in counts]
    normalised = np.clip(1 - np.array(distances) / of_uniform, 0, 1)
    assert one(table, metric="normalised_distance", **known)["value"] == pytest.approx(normalised.mean(), abs=1e-6)
    bits = []
    for profile, own in zip(profiles / profiles.sum(axis=1, keepdims=True), counts, strict=True):
        likelihoods = [stats.multinomial.logpmf(own, int(own.sum()), one / one.sum()) for one in (profile, uniform)]
        bits.append((likelihoods[0] - likelihoods[1]) / own.sum() / np.log(2))
    assert one(table, metric="bits_per_count", **known)["value"] == pytest.approx(np.mean(bits), abs=1e-5)


def test_the_mean_profile_is_that_of_the_training_regions():
    store, _, _, table = scored()
    rows = [row for row in store.rows("train") if not store.negative[row]]
    training = store.counts[rows].sum(axis=2).reshape(len(rows), -1)
    mean = np.mean([own / own.sum() for own in training if own.sum()], axis=0)
    expected = np.mean([jensenshannon(mean, own) for own in counts_of(store)[is_region(store)]])
    found = one(table, model="mean_profile", subset="regions", metric="jensen_shannon_distance")
    assert found["value"] == pytest.approx(expected)


def test_the_ceiling_is_each_replicate_against_the_others():
    store, _, _, table = scored()
    own = store.counts[store.rows("test")][:, 0].reshape(len(store.rows("test")), 3, -1).astype(float)
    own = own[is_region(store)]
    expected = np.mean([[jensenshannon(one[r], one.sum(axis=0) - one[r]) for r in range(3)] for one in own])
    found = one(table, model="replicate", subset="regions", metric="jensen_shannon_distance")
    assert found["value"] == pytest.approx(expected)


def test_thirds_are_those_of_the_counts_of_regions():
    store, ensemble, _, table = scored()
    counts = counts_of(store)
    number = counts.sum(axis=1)
    profiles = ensemble.heads.select(ensemble.values["test"][0], "profile").reshape(len(counts), -1)
    distances = np.array([jensenshannon(profile, own) for profile, own in zip(profiles, counts, strict=True)])
    regions = is_region(store)
    ends = np.quantile(number[regions], [1 / 3, 2 / 3])
    few, many = regions & (number < ends[0]), regions & (number >= ends[1])
    for subset, rows in ((SUBSETS[0], few), (SUBSETS[2], many)):
        found = one(table, model="member", seed=1, subset=subset, metric="jensen_shannon_distance")
        assert found["value"] == pytest.approx(distances[rows].mean(), rel=1e-5)


def test_a_region_without_counts_is_left_out():
    store, ensemble, students = predicted()
    before = score_profiles(store, ensemble, students, 1)
    row = store.rows("test")[3]
    assert not store.negative[row]
    counts = counts_of(store)
    profiles = students.heads.select(students.values["test"][0], "profile").reshape(len(counts), -1)
    store.counts[row] = 0
    after = score_profiles(store, ensemble, students, 1)
    others = [index for index in np.flatnonzero(is_region(store)) if index != 3]
    rest = [jensenshannon(profiles[index], counts[index]) for index in others]
    known = {"model": "student", "seed": 1, "subset": "regions", "metric": "jensen_shannon_distance"}
    assert one(after, **known)["value"] == pytest.approx(np.mean(rest), rel=1e-5)
    assert one(before, **known)["value"] != one(after, **known)["value"]


def test_without_negatives_all_rows_are_regions():
    store, ensemble, students = predicted()
    store.negative = None
    table = score_profiles(store, ensemble, students, 1)
    assert set(table["subset"]) == {"regions", *SUBSETS}
    mean = np.mean([jensenshannon(np.ones(STRANDS * POSITIONS), own) for own in counts_of(store)])
    known = {"model": "uniform", "subset": "regions", "metric": "jensen_shannon_distance"}
    assert one(table, **known)["value"] == pytest.approx(mean)


def test_without_replicates_there_is_no_ceiling():
    store, ensemble, students = predicted()
    store.counts = store.counts[:, :, :1]
    assert "replicate" not in set(score_profiles(store, ensemble, students, 1)["model"])
