"""What uncertainties of profiles are worth, against plain NumPy, and which regions are shown."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy import stats

from degu.evaluation.ceilings import epistemic_ceiling, share_std_ceiling
from degu.evaluation.profile_uncertainty import COLUMNS, choose_examples, judge_profile_uncertainty
from degu.outputs.heads import Heads
from degu.prediction.ensemble import Predictions
from tests.data.counted import POSITIONS, STRANDS
from tests.evaluation.predicted_profiles import BINS, STUDENTS, predicted


@cache
def judged():
    store, ensemble, students = predicted()
    return store, ensemble, students, judge_profile_uncertainty(store, ensemble, students, 1)


def one(table, subset="regions", **labels):
    labels["subset"] = subset
    chosen = table[table[list(labels)].eq(list(labels.values())).all(axis=1)]
    assert len(chosen) == 1
    return chosen.iloc[0]


def binned(values):
    return values.reshape(*values.shape[:-1], BINS, POSITIONS // BINS).sum(axis=-1)


def of_members(ensemble):
    return binned(ensemble.heads.select(ensemble.values["test"], "profile").astype(float))


def rows_of(store, subset="regions"):
    negative = store.negative[store.rows("test")]
    return ~negative if subset == "regions" else negative


def shares_of(counts):
    own = binned(counts.astype(float))
    return own / own.sum(axis=(-2, -1), keepdims=True)


def test_the_epistemic_head_is_compared_with_the_std_over_members_in_each_bin():
    store, ensemble, students, table = judged()
    assert list(table.columns) == COLUMNS
    regions = rows_of(store)
    expected = of_members(ensemble)[:, regions].std(axis=0).ravel()
    for index, seed in enumerate(STUDENTS):
        head = students.heads.select(students.values["test"][index], "profile_epistemic")[regions].ravel()
        row = one(table, model="student", seed=seed, head="profile_epistemic", metric="pearson")
        assert row["value"] == pytest.approx(stats.pearsonr(head, expected)[0], abs=1e-6)
        assert row["low"] < row["value"] < row["high"]
        assert row["reference"] == "ensemble"
    members = of_members(ensemble)[:, regions]
    ceiling = epistemic_ceiling(members.reshape(len(members), -1), 1).highest
    assert one(table, model="ceiling", head="profile_epistemic")["value"] == pytest.approx(ceiling)


def test_a_head_that_is_the_same_everywhere_is_warned_of(caplog):
    store, ensemble, students = predicted()
    heads = {head: students.heads.select(students.values["test"], head) for head in students.heads.heads}
    heads["profile_epistemic"] = heads["profile_epistemic"].copy()
    heads["profile_epistemic"][0] = 1e-4
    constant = students.heads.join(heads).astype(np.float32)
    judge_profile_uncertainty(store, ensemble, replace(students, values={**students.values, "test": constant}), 1)
    target = store.target_names[0]
    warning = f"student {STUDENTS[0]}: profile_epistemic of {target} is the same in all bins of all windows, and has"
    assert any(record.getMessage().startswith(warning) for record in caplog.records)
    assert not any(f"student {STUDENTS[1]}: profile_epistemic" in record.getMessage() for record in caplog.records)


def test_the_aleatoric_head_is_compared_with_the_std_over_replicates():
    store, _, _, table = judged()
    counts = store.counts[store.rows("test")]
    expected = np.array([shares_of(own[0]).std(axis=0, ddof=1) for own in counts]).ravel()
    row = one(table, model="student", seed=1, head="profile_aleatoric", metric="pearson")
    # A constant head follows nothing.
    assert np.isnan(row["value"]) or abs(row["value"]) < 0.1
    changed = predicted()[2]
    values = changed.values["test"].copy()
    start = changed.heads.width - STRANDS * BINS
    values[..., start:] = expected.reshape(len(counts), -1)
    changed.values["test"] = values
    again = judge_profile_uncertainty(store, judged()[1], changed, 1)
    assert one(again, model="student", seed=1, head="profile_aleatoric", metric="pearson")["value"] == pytest.approx(1)
    ceiling = one(table, model="ceiling", head="profile_aleatoric", reference="replicates")["value"]
    assert ceiling == share_std_ceiling(counts[rows_of(store), 0], BINS, 1).highest
    assert 0 < ceiling < 1


def test_a_head_that_no_model_has_needs_no_ceiling():
    store, ensemble, students = predicted()
    heads = Heads(students.heads.heads[:-1], students.heads.targets, dict(list(students.heads.shapes.items())[:-1]))
    values = {"test": students.values["test"][..., : heads.width]}
    table = judge_profile_uncertainty(store, ensemble, Predictions(values, heads, students.seeds), 1)
    assert set(table.loc[table["model"] == "ceiling", "head"]) == {"profile_epistemic"}


@pytest.mark.parametrize("subset", ["regions", "negatives"])
@pytest.mark.parametrize("model", ["student", "ensemble"])
def test_intervals_are_those_of_both_uncertainties_together(model, subset):
    store, ensemble, students, table = judged()
    counts = store.counts[store.rows("test")]
    measured = shares_of(counts.sum(axis=2))
    if model == "student":
        heads = {head: students.heads.select(students.values["test"][0], head) for head in students.heads.heads}
        variance = heads["profile_epistemic"] ** 2 + heads["profile_aleatoric"] ** 2 / 3
        middle, seed = binned(heads["profile"]), 1
    else:
        variance, middle, seed = of_members(ensemble).var(axis=0), of_members(ensemble).mean(axis=0), -1
    half = stats.norm.ppf(0.975) * np.sqrt(variance)
    rows = rows_of(store, subset)
    inside = ((measured >= middle - half) & (measured <= middle + half))[rows]
    row = one(table, subset, model=model, seed=seed, head="total", metric="coverage")
    assert row["value"] == pytest.approx(inside.mean(), abs=2e-3)
    # A few negatives have no interval.
    assert (row["low"] <= row["value"] <= row["high"]) == (subset == "regions")
    width = one(table, subset, model=model, seed=seed, head="total", metric="width")
    assert width["value"] == pytest.approx(2 * half[rows].mean(), rel=1e-5)


def test_examples_are_regions_of_many_counts_with_what_was_predicted_for_them():
    store, ensemble, students, _ = judged()
    examples = choose_examples(store, ensemble, students)
    rows = store.rows("test")
    names = list(store.names[rows])
    number = store.counts[rows].sum(axis=(1, 2, 3, 4))
    regions = examples.drop_duplicates("region")
    assert list(regions["kind"]) == ["well predicted"] * 2 + ["badly predicted"] * 2 + ["uncertain"] * 2
    assert regions["counts"].min() >= np.quantile(number[rows_of(store)], 2 / 3)
    assert not store.negative[[rows[names.index(name)] for name in regions["region"]]].any()
    assert len(examples) == 6 * STRANDS * BINS
    assert set(examples["replicates"]) == {store.counts.shape[2]} == {3}
    assert sorted(set(examples["position"])) == [-10, -6, -2, 2, 6]
    profile = students.heads.select(students.values["test"][0], "profile")
    spread = students.heads.select(students.values["test"][0], "profile_epistemic")
    for (region, strand), own in examples.groupby(["region", "strand"], sort=False):
        row, side = names.index(region), "+-".index(strand)
        np.testing.assert_allclose(own["measured"], shares_of(store.counts[rows[row], 0].sum(axis=0))[side])
        np.testing.assert_allclose(own["student"], binned(profile[row, 0])[side], rtol=1e-5)
        np.testing.assert_allclose(own["student_epistemic"], spread[row, 0, side], rtol=1e-5)
        np.testing.assert_allclose(own["ensemble_epistemic"], of_members(ensemble).std(axis=0)[row, 0, side], rtol=1e-4)
