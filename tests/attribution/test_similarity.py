"""Similarity of maps, and tests of whether students' differ from members'."""

from itertools import product
from statistics import mean, stdev

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.spatial import distance

from degu.attribution.explained_sequences import ExplainedSequences
from degu.attribution.similarity import (
    ceiling,
    compare_models,
    correct_gradients,
    cosine,
    groups_of,
    rmse,
    student_tests,
    summarize,
    variability,
)

SEQUENCES, LENGTH = 9, 6
MODELS = {"member": 4, "student": 3, "ensemble": 1}
# Sequences 0 and 7 are in neither quantile, 1 in no group.
TOP = np.array([1, 0, 0, 1, 1, 0, 0, 1, 1], dtype=bool)
QUANTILE = np.array([0, 0, 2, 2, 1, 1, 1, 0, 2], dtype=np.int8)


def maps_of(*shape: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(*shape, LENGTH, 4))


def example() -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return maps of every kind of model, and of two references."""
    maps = {name: maps_of(count, SEQUENCES, seed=count) for name, count in MODELS.items()}
    maps["student"] *= 1.3
    return maps, {"reference ensemble": maps_of(SEQUENCES, seed=8), "own teachers": maps["member"].mean(axis=0)}


def chosen(top: np.ndarray = TOP, quantile: np.ndarray = QUANTILE) -> ExplainedSequences:
    number = len(top)
    tokens, backgrounds = np.zeros((number, LENGTH), np.uint8), np.zeros((number, 1, LENGTH), np.uint8)
    return ExplainedSequences(np.arange(number), tokens, top, quantile, backgrounds)


GROUPS = {"top": TOP, "quantile 1": QUANTILE == 1, "quantile 2": QUANTILE == 2}


# The ceiling


@pytest.mark.parametrize("noise", [0.3, 1.0, 3.0])
@pytest.mark.parametrize(("members", "number"), [(10, 2), (4, 10)])
def test_the_ceiling_is_what_the_expected_map_reaches(noise, members, number):
    rng = np.random.default_rng(members)
    # Maps as long as those of real sequences: of few values, the length of a map is not known well.
    expected = rng.normal(size=(100, 100, 4)) * rng.uniform(0.5, 2, size=(100, 1, 1))

    def drawn(models: int) -> np.ndarray:
        return expected + noise * rng.normal(size=(models, *expected.shape))

    found = {name: [] for name in ("rmse", "cosine")}
    reached = {name: [] for name in ("rmse", "cosine")}
    for _ in range(20):
        reference = drawn(number).mean(axis=0)
        for name, metric in (("rmse", rmse), ("cosine", cosine)):
            found[name].append(ceiling(drawn(members), number)[name].mean())
            reached[name].append(metric(expected, reference).mean())
    for name in found:
        assert np.mean(found[name]) == pytest.approx(np.mean(reached[name]), rel=0.02), name


def test_maps_without_anything_in_common_leave_nothing_to_reach():
    rng = np.random.default_rng(2)
    assert ceiling(rng.normal(size=(50, 400, LENGTH, 4)), 2)["cosine"].mean() < 0.15
    assert (ceiling(np.zeros((3, 2, LENGTH, 4)), 2)["cosine"] == 0).all()


def test_models_that_agree_leave_everything_to_reach():
    values = np.repeat(maps_of(1, SEQUENCES), 4, axis=0)
    found = ceiling(values, 3)
    np.testing.assert_allclose(found["cosine"], 1)
    np.testing.assert_allclose(found["rmse"], 0, atol=1e-12)


# The correction


@pytest.mark.parametrize("shape", [(4,), (5, 4), (2, 3, 5, 4)])
def test_a_corrected_map_sums_to_0_at_each_position_and_stays_so(shape):
    values = np.random.default_rng(3).normal(size=shape)
    corrected = correct_gradients(values)
    np.testing.assert_allclose(corrected.sum(axis=-1), 0, atol=1e-12)
    np.testing.assert_allclose(correct_gradients(corrected), corrected, atol=1e-12)


def test_the_correction_keeps_differences_of_bases_and_drops_what_all_four_share():
    rng = np.random.default_rng(4)
    values, shared = rng.normal(size=(2, 5, 4)), rng.normal(size=(2, 5, 1))
    corrected = correct_gradients(values)
    np.testing.assert_allclose(np.diff(corrected, axis=-1), np.diff(values, axis=-1))
    np.testing.assert_allclose(correct_gradients(values + shared), corrected)


def test_the_correction_is_the_projection_on_the_simplex():
    values = np.random.default_rng(5).normal(size=(7, 4))
    # An orthonormal basis of the directions in which a one-hot vector can move and still sum to 1.
    basis = np.linalg.svd(np.ones((1, 4)))[2][1:]
    np.testing.assert_allclose(correct_gradients(values), values @ basis.T @ basis, atol=1e-12)


# Two maps


def test_rmse_and_cosine_of_every_map_are_those_of_its_numbers_as_a_vector():
    values, reference = maps_of(3, 5), maps_of(5, seed=2)
    distances, cosines = rmse(values, reference), cosine(values, reference)
    assert distances.shape == cosines.shape == (3, 5)
    for model, sequence in np.ndindex(3, 5):
        one, other = values[model, sequence].ravel(), reference[sequence].ravel()
        root = distance.euclidean(one, other) / (4 * LENGTH) ** 0.5
        assert distances[model, sequence] == pytest.approx(root, rel=1e-12)
        assert cosines[model, sequence] == pytest.approx(1 - distance.cosine(one, other), rel=1e-9)


def test_rmse_of_a_map_moved_by_a_constant_is_that_constant():
    values = maps_of(5)
    np.testing.assert_allclose(rmse(values - 0.25, values), 0.25)
    np.testing.assert_array_equal(rmse(values, values), 0)


def test_cosine_knows_direction_and_sign_alone():
    values = maps_of(5)
    np.testing.assert_allclose(cosine(3 * values, values), 1)
    np.testing.assert_allclose(cosine(-1e-6 * values, values), -1)
    turned = np.stack([values[..., 1], -values[..., 0], values[..., 3], -values[..., 2]], axis=-1)
    np.testing.assert_allclose(cosine(turned, values), 0, atol=1e-12)


def test_the_cosine_with_a_map_of_zeros_is_0():
    values, zeros = maps_of(2), np.zeros((2, LENGTH, 4))
    for one, other in ((values, zeros), (zeros, values), (zeros, zeros)):
        np.testing.assert_array_equal(cosine(one, other), 0)


# Several models


def test_variability_is_the_root_mean_square_over_a_map_of_the_std_over_models():
    values = maps_of(4, 5)
    expected = [
        mean(stdev(values[:, sequence, position, base]) ** 2 for position, base in np.ndindex(LENGTH, 4)) ** 0.5
        for sequence in range(5)
    ]
    np.testing.assert_allclose(variability(values), expected)


def test_variability_of_two_models_is_their_rmse_over_the_root_of_2():
    values = maps_of(2, 5)
    np.testing.assert_allclose(variability(values), rmse(values[0], values[1]) / 2**0.5)
    np.testing.assert_allclose(variability(values + maps_of(5, seed=3)), variability(values))


def test_every_model_is_compared_with_every_reference_on_every_sequence():
    maps, references = example()
    table = compare_models(maps, references)
    assert list(table) == ["model", "index", "sequence", "reference", "rmse", "cosine"]
    assert len(table) == 2 * SEQUENCES * sum(MODELS.values())
    assert not table.duplicated(["model", "index", "sequence", "reference"]).any()
    for row in table.sample(60, random_state=1).itertuples():
        one, other = maps[row.model][row.index, row.sequence], references[row.reference][row.sequence]
        assert row.rmse == pytest.approx(np.sqrt(((one - other) ** 2).sum() / (4 * LENGTH)), rel=1e-12)
        assert row.cosine == pytest.approx(1 - distance.cosine(one.ravel(), other.ravel()), rel=1e-9)


def test_groups_are_the_top_ones_and_each_quantile():
    groups = groups_of(chosen())
    assert list(groups) == ["top", "quantile 1", "quantile 2"]
    for name, expected in GROUPS.items():
        np.testing.assert_array_equal(groups[name], expected)


def test_a_group_without_a_sequence_is_left_out():
    nothing = np.zeros(SEQUENCES, dtype=bool)
    assert list(groups_of(chosen(top=nothing))) == ["quantile 1", "quantile 2"]
    assert list(groups_of(chosen(quantile=nothing.astype(np.int8)))) == ["top"]
    assert list(groups_of(chosen(quantile=np.where(QUANTILE == 1, 3, QUANTILE)))) == ["top", "quantile 2", "quantile 3"]


def test_a_summary_has_each_models_mean_over_each_group():
    similarity = compare_models(*example())
    table = summarize(similarity, GROUPS)
    assert set(table) == {"model", "index", "reference", "group", "metric", "value"}
    assert not table.duplicated(["model", "index", "reference", "group", "metric"]).any()
    assert len(table) == sum(MODELS.values()) * 2 * 3 * 2
    rows = similarity.to_dict("records")
    for row in table.to_dict("records"):
        own = [
            each[row["metric"]]
            for each in rows
            if all(each[name] == row[name] for name in ("model", "index", "reference"))
            and GROUPS[row["group"]][each["sequence"]]
        ]
        assert len(own) == GROUPS[row["group"]].sum()
        assert row["value"] == pytest.approx(mean(own), rel=1e-12)


# Whether students differ from members


def all_tests(maps: dict[str, np.ndarray], references: dict[str, np.ndarray], groups: dict = GROUPS) -> pd.DataFrame:
    spread = {name: variability(values) for name, values in maps.items() if len(values) > 1}
    return pd.DataFrame(student_tests(compare_models(maps, references), spread, groups))


def only(table: pd.DataFrame, **wanted: str) -> pd.Series:
    (row,) = [row for _, row in table.iterrows() if all(row[name] == value for name, value in wanted.items())]
    return row


def assert_test(row: pd.Series, result, members: np.ndarray, students: np.ndarray) -> None:
    assert (row["statistic"], row["p"]) == pytest.approx((result.statistic, result.pvalue), rel=1e-9)
    assert (row["members"], row["students"]) == pytest.approx((np.mean(members), np.mean(students)), rel=1e-12)


METRICS = {"rmse": rmse, "cosine": cosine}


def test_there_is_one_test_a_group_reference_metric_and_unit_and_no_other():
    maps, references = example()
    table = all_tests(maps, references)
    keys = [(*key, unit) for key in product(GROUPS, references, METRICS) for unit in ("models", "sequences")]
    keys += [(group, "each other", "variability", "sequences") for group in GROUPS]
    assert sorted(table[["group", "reference", "metric", "unit"]].itertuples(index=False, name=None)) == sorted(keys)


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("reference", ["reference ensemble", "own teachers"])
@pytest.mark.parametrize("metric", METRICS)
def test_models_are_compared_by_welchs_test_of_their_means_over_sequences(group, reference, metric):
    maps, references = example()
    row = only(all_tests(maps, references), group=group, reference=reference, metric=metric, unit="models")
    members, students = (
        [METRICS[metric](one[GROUPS[group]], references[reference][GROUPS[group]]).mean() for one in maps[name]]
        for name in ("member", "student")
    )
    assert (len(members), len(students)) == (4, 3)
    assert_test(row, stats.ttest_ind(members, students, equal_var=False), members, students)
    assert (row["test"], row["n"]) == ("Welch t", "4, 3")


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("reference", ["reference ensemble", "own teachers"])
@pytest.mark.parametrize("metric", METRICS)
def test_sequences_are_compared_in_pairs_by_their_means_over_models(group, reference, metric):
    maps, references = example()
    row = only(all_tests(maps, references), group=group, reference=reference, metric=metric, unit="sequences")
    members, students = (
        [
            np.mean([METRICS[metric](one[sequence], references[reference][sequence]) for one in maps[name]])
            for sequence in np.flatnonzero(GROUPS[group])
        ]
        for name in ("member", "student")
    )
    assert_test(row, stats.wilcoxon(members, students), members, students)
    assert (row["test"], row["n"]) == ("Wilcoxon signed-rank", GROUPS[group].sum())


@pytest.mark.parametrize("group", GROUPS)
def test_variabilities_are_compared_in_pairs_by_sequence(group):
    maps, references = example()
    row = only(all_tests(maps, references), group=group, metric="variability")
    members, students = (variability(maps[name])[GROUPS[group]] for name in ("member", "student"))
    assert_test(row, stats.wilcoxon(members, students), members, students)
    assert (row["unit"], row["reference"], row["n"]) == ("sequences", "each other", GROUPS[group].sum())


def without_n(table: pd.DataFrame, unit: str) -> pd.DataFrame:
    chosen = (table["unit"] == unit) & (table["metric"] != "variability")
    return table[chosen].drop(columns="n").reset_index(drop=True)


def test_pairs_of_a_model_and_a_sequence_are_never_pooled():
    maps, references = example()
    table = all_tests(maps, references)
    # More sequences that tell the same are no more models, and more models that tell the same no more sequences.
    twice = {name: np.concatenate([values, values], axis=1) for name, values in maps.items()}
    twice_references = {name: np.concatenate([values, values]) for name, values in references.items()}
    twice_groups = {name: np.concatenate([values, values]) for name, values in GROUPS.items()}
    found = all_tests(twice, twice_references, twice_groups)
    pd.testing.assert_frame_equal(without_n(found, "models"), without_n(table, "models"))
    found = all_tests({name: np.concatenate([values, values]) for name, values in maps.items()}, references)
    pd.testing.assert_frame_equal(without_n(found, "sequences"), without_n(table, "sequences"))


def test_students_drawn_as_members_are_seldom_told_apart():
    rejected = 0
    for seed in range(200):
        maps = {"member": maps_of(5, 1, seed=seed), "student": maps_of(5, 1, seed=1000 + seed)}
        # Sequences are alike: pooled, 20 of them would make any difference significant.
        maps = {name: np.repeat(values, 20, axis=1) for name, values in maps.items()}
        table = all_tests(maps, {"zero": np.zeros((20, LENGTH, 4))}, {"top": np.ones(20, dtype=bool)})
        rejected += only(table, metric="rmse", unit="models")["p"] < 0.05
    assert rejected <= stats.binom.ppf(0.999, 200, 0.05)


def test_one_model_has_no_test_of_models_and_no_variability():
    maps, references = example()
    table = all_tests(maps | {"student": maps["student"][:1]}, references)
    assert set(table["metric"]) == {"rmse", "cosine"}
    models = table[table["unit"] == "models"]
    assert models[["statistic", "p"]].isna().all(axis=None) and set(models["n"]) == {"4, 1"}
    assert models[["members", "students"]].notna().all(axis=None)
    assert table.loc[table["unit"] == "sequences", "p"].notna().all()


def test_students_that_are_their_members_have_no_difference_to_test():
    maps, references = example()
    table = all_tests({"member": maps["member"], "student": maps["member"]}, references)
    sequences = table[table["unit"] == "sequences"]
    assert sequences[["statistic", "p"]].isna().all(axis=None)
    np.testing.assert_array_equal(table["members"], table["students"])
    np.testing.assert_allclose(table.loc[table["unit"] == "models", "p"], 1)
