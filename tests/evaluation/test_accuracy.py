"""Accuracy as tidy tables."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from degu.data.splits import SPLITS
from degu.data.store import SequenceStore
from degu.evaluation.accuracy import (
    COLUMNS,
    METRICS,
    evaluate_baseline,
    evaluate_ensemble,
    evaluate_student,
    mean_squared_error,
    pearson,
    spearman,
    tabulate_test_predictions,
)
from degu.outputs.heads import Heads
from degu.prediction.ensemble import Predictions, read_predictions, write_predictions
from tests.conftest import small_store

KEYS = ["model", "seed", "split", "head", "target", "reference", "metric"]


def simulated_store() -> SequenceStore:
    """Return a store of two targets whose truth is known."""
    store = small_store(targets=2)
    rng = np.random.default_rng(1)
    store.truth = {"mean": rng.normal(size=(len(store), 2)), "noise_std": rng.uniform(0.1, 1, size=(len(store), 2))}
    return store


def predictions_of(store: SequenceStore, *names: str, seeds: tuple[int, ...], rng_seed: int = 2) -> Predictions:
    rng = np.random.default_rng(rng_seed)
    width = len(names) * len(store.target_names)
    values = {s: rng.normal(size=(len(seeds), len(store.rows(s)), width)).astype(np.float32) for s in SPLITS}
    return Predictions(values, Heads(names, tuple(store.target_names)), list(seeds))


def by_hand(metric: str, predicted: np.ndarray, reference: np.ndarray) -> float:
    predicted, reference = np.asarray(predicted, dtype=np.float64), np.asarray(reference, dtype=np.float64)
    if metric == "mse":
        return sum((a - b) ** 2 for a, b in zip(predicted, reference, strict=True)) / len(predicted)
    if metric == "spearman":
        predicted, reference = stats.rankdata(predicted), stats.rankdata(reference)
    return np.corrcoef(predicted, reference)[0, 1]


def indexed(table: pd.DataFrame) -> dict[tuple, float]:
    """Return the values of a table by its keys, of which none may come twice."""
    values = dict(zip(table[KEYS].itertuples(index=False, name=None), table["value"], strict=True))
    assert len(values) == len(table)
    return values


def assert_same_values(found: dict, expected: dict) -> None:
    assert set(found) == set(expected)
    for key, value in expected.items():
        assert found[key] == pytest.approx(value, rel=1e-9), key


@pytest.mark.parametrize("seed", range(3))
def test_metrics_are_those_of_numpy_and_scipy(seed):
    # Rounded, so that some ranks are tied.
    predicted, reference = np.random.default_rng(seed).normal(size=(2, 30)).round(1)
    assert mean_squared_error(predicted, reference) == pytest.approx(by_hand("mse", predicted, reference))
    assert pearson(predicted, reference) == pytest.approx(by_hand("pearson", predicted, reference))
    assert spearman(predicted, reference) == pytest.approx(by_hand("spearman", predicted, reference))
    assert spearman(predicted, reference) == pytest.approx(stats.spearmanr(predicted, reference).statistic)


def test_hand_made_metrics():
    predicted, reference = np.array([1.0, 2.0, 4.0]), np.array([-1.0, -4.0, -16.0])
    assert mean_squared_error(predicted, reference) == pytest.approx((4 + 36 + 400) / 3)
    assert spearman(predicted, reference) == pytest.approx(-1)
    assert pearson(predicted, -3 * predicted + 7) == pytest.approx(-1)


@pytest.mark.parametrize("function", [pearson, spearman])
def test_the_correlation_of_a_constant_or_of_one_point_is_nan_without_a_warning(function):
    varied, constant = np.array([1.0, 2.0, 3.0]), np.full(3, 2.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(function(constant, varied))
        assert np.isnan(function(varied, constant))
        assert np.isnan(function(varied[:1], varied[:1]))


def test_every_table_has_the_common_columns_and_what_it_does_not_know_is_empty():
    store = simulated_store()
    ensemble = predictions_of(store, "mean", "aleatoric", seeds=(1, 2))
    students = predictions_of(store, "mean", "epistemic", seeds=(1,))
    for table in (
        evaluate_ensemble(store, ensemble),
        evaluate_student(store, ensemble, students),
        evaluate_baseline(store, np.random.default_rng(1).normal(size=(len(store), 2)), "kmer_ridge"),
    ):
        assert list(table.columns) == COLUMNS
        assert (table[["dataset", "teacher", "student"]] == "").all(axis=None)
        assert table.drop(columns=["fraction", "low", "high"]).notna().all(axis=None)
        assert (table["low"].notna() == ((table["split"] == "test") & (table["model"] != "ceiling"))).all()
        assert (table["low"].dropna() <= table["high"].dropna()).all()
        assert set(table["metric"]) == set(METRICS) == {"mse", "pearson", "spearman"}
        assert set(table["split"]) == set(SPLITS)


def test_regions_and_negatives_of_the_test_split_are_scored_apart_as_well():
    store = simulated_store()
    store.negative = np.arange(len(store)) % 3 == 0
    ensemble = predictions_of(store, "mean", seeds=(1, 2))
    students = predictions_of(store, "mean", seeds=(1,), rng_seed=3)
    rows = store.rows("test")
    parts = {"test": rows, "test regions": rows[~store.negative[rows]], "test negatives": rows[store.negative[rows]]}
    for table, predictions, model in (
        (evaluate_ensemble(store, ensemble), ensemble, "member"),
        (evaluate_student(store, ensemble, students), students, "student"),
    ):
        assert set(table["split"]) == {*SPLITS, *parts}
        for part, chosen in parts.items():
            own = table[(table["split"] == part) & (table["model"] == model) & (table["seed"] == 1)]
            for _, row in own[own["reference"] == "measured"].iterrows():
                index = store.target_names.index(row["target"])
                predicted = predictions.values["test"][0, np.isin(rows, chosen), index]
                expected = by_hand(row["metric"], predicted, store.targets[chosen, index])
                assert row["value"] == pytest.approx(expected, rel=1e-5)
                assert row["low"] <= row["high"] or len(np.unique(store.group[chosen])) < 10
    # Where there are none, nothing is told of them.
    store.negative[:] = False
    assert set(evaluate_ensemble(store, ensemble)["split"]) == set(SPLITS)


def test_members_and_their_mean_are_scored_against_measurement_and_truth():
    store = simulated_store()
    ensemble = predictions_of(store, "mean", "aleatoric", seeds=(5, 3, 9))
    references = {
        ("mean", "measured"): store.targets,
        ("mean", "truth"): store.truth["mean"],
        ("aleatoric", "measured"): store.replicate_std,
        ("aleatoric", "truth"): store.truth["noise_std"],
    }
    expected = {}
    for split in SPLITS:
        values = ensemble.values[split].astype(np.float64)
        scored = {("member", seed): values[index] for index, seed in enumerate((5, 3, 9))}
        spread = np.sqrt((values[:, :, 2:] ** 2).sum(axis=0) / 3)
        scored["ensemble", -1] = np.concatenate([values[:, :, :2].sum(axis=0) / 3, spread], axis=1)
        for (model, seed), array in scored.items():
            for (head, reference), truth in references.items():
                for target in range(2):
                    predicted = array[:, target + (2 if head == "aleatoric" else 0)]
                    for metric in METRICS:
                        key = (model, seed, split, head, f"target{target}", reference, metric)
                        expected[key] = by_hand(metric, predicted, truth[store.rows(split), target])
    assert_same_values(indexed(evaluate_ensemble(store, ensemble)), expected)


def test_labels_are_scored_by_the_probability_that_a_1_is_above_a_0():
    store = small_store()
    rng = np.random.default_rng(4)
    store.targets = rng.integers(0, 2, size=store.targets.shape).astype(np.float32)
    predicted = rng.normal(size=(len(store), 1)) + store.targets
    table = evaluate_baseline(store, predicted, "model").set_index(["split", "metric"])["value"]
    for split in SPLITS:
        values, labels = predicted[store.rows(split), 0], store.targets[store.rows(split), 0]
        pairs = [[a > b for b in values[labels == 0]] for a in values[labels == 1]]
        assert table[split, "auroc"] == pytest.approx(np.mean(pairs))
        # The squared distance of log odds from labels says nothing.
        assert set(table[split].index) == {"auroc", "pearson", "spearman"}


def test_the_head_of_the_replicates_is_scored_by_their_std():
    store = small_store()
    table = evaluate_ensemble(store, predictions_of(store, "mean", "replicate_std", seeds=(1, 2)))
    chosen = table[(table["head"] == "replicate_std") & (table["model"] == "member")]
    assert set(chosen["reference"]) == {"measured"}
    store.truth = {"noise_std": np.random.default_rng(1).uniform(0.1, 1, size=store.targets.shape)}
    known = evaluate_ensemble(store, predictions_of(store, "mean", "replicate_std", seeds=(1, 2)))
    against_truth = known[(known["head"] == "replicate_std") & (known["reference"] == "truth")]
    assert set(against_truth["model"]) == {"member", "ensemble"}
    assert len(chosen) == len(SPLITS) * len(METRICS) * table[table["model"] == "member"]["seed"].nunique()


def test_the_ensemble_is_scored_by_its_mean_prediction_and_not_by_its_mean_score():
    store = small_store()
    store.targets[:] = 0
    store.targets[::2] = 1
    rows = {split: store.rows(split) for split in SPLITS}
    # Two members that err by 1 in opposite directions.
    values = {s: np.stack([store.targets[rows[s]] + 1, store.targets[rows[s]] - 1]) for s in SPLITS}
    table = evaluate_ensemble(store, Predictions(values, Heads(("mean",), ("target0",)), [1, 2]))
    errors = table[(table["metric"] == "mse") & (table["split"] == "test")].set_index("model")["value"]
    assert errors["ensemble"] == pytest.approx(0, abs=1e-12)
    assert errors["member"].tolist() == pytest.approx([1, 1])


def test_students_are_scored_against_measurement_truth_and_ensemble():
    store = simulated_store()
    ensemble = predictions_of(store, "mean", "aleatoric", seeds=(1, 2, 3))
    students = predictions_of(store, "mean", "epistemic", "aleatoric", seeds=(8, 4), rng_seed=3)
    expected = {}
    for split in SPLITS:
        rows, members = store.rows(split), ensemble.values[split].astype(np.float64)
        centre = members.sum(axis=0) / 3
        references = {
            ("mean", "measured"): store.targets[rows],
            ("mean", "truth"): store.truth["mean"][rows],
            ("mean", "ensemble"): centre[:, :2],
            ("epistemic", "ensemble"): np.sqrt(((members - centre) ** 2).sum(axis=0) / 3)[:, :2],
            ("aleatoric", "measured"): store.replicate_std[rows],
            ("aleatoric", "truth"): store.truth["noise_std"][rows],
            ("aleatoric", "ensemble"): np.sqrt((members[:, :, 2:] ** 2).sum(axis=0) / 3),
        }
        for index, seed in enumerate((8, 4)):
            for (head, reference), truth in references.items():
                start = {"mean": 0, "epistemic": 2, "aleatoric": 4}[head]
                for target in range(2):
                    predicted = students.values[split][index][:, start + target]
                    for metric in METRICS:
                        key = ("student", seed, split, head, f"target{target}", reference, metric)
                        expected[key] = by_hand(metric, predicted, truth[:, target])
    assert_same_values(indexed(evaluate_student(store, ensemble, students)), expected)


def test_without_replicates_or_truth_there_is_nothing_to_compare_with():
    store = small_store(replicates=False)
    ensemble = predictions_of(store, "mean", seeds=(1, 2))
    assert set(evaluate_ensemble(store, ensemble)["reference"]) == {"measured"}
    students = predictions_of(store, "mean", "epistemic", seeds=(1,))
    table = evaluate_student(store, ensemble, students)
    pairs = set(table[["head", "reference"]].itertuples(index=False, name=None))
    assert pairs == {("mean", "measured"), ("mean", "ensemble"), ("epistemic", "ensemble")}


@pytest.mark.parametrize("told", [True, False])
def test_members_that_tell_no_ceiling_have_no_row_of_it(told):
    store = small_store()
    ensemble = predictions_of(store, "mean", seeds=(1, 2, 3, 4))
    for values in ensemble.values.values():
        rows = np.arange(values.shape[1])
        if told:
            values *= (1 + rows)[:, None]
        else:
            # One member is away from the rest in each row, so that one half alone has a deviation.
            values[:] = 0
            values[rows % 4, rows, 0] = 1
    table = evaluate_ensemble(store, ensemble)
    assert ("epistemic" in set(table.loc[table["model"] == "ceiling", "head"])) == told


def test_constant_predictions_have_an_error_but_no_correlation():
    store = small_store()
    table = evaluate_baseline(store, np.full((len(store), 1), 0.5), "constant")
    values = table[table["split"] == "test"].set_index("metric")["value"]
    expected = np.mean((store.targets[store.rows("test"), 0].astype(float) - 0.5) ** 2)
    assert values["mse"] == pytest.approx(expected)
    assert values[["pearson", "spearman"]].isna().all()


def test_a_baseline_is_scored_on_every_split():
    store = simulated_store()
    predicted = np.random.default_rng(4).normal(size=(len(store), 2))
    expected = {}
    for split in SPLITS:
        rows = store.rows(split)
        for reference, truth in (("measured", store.targets), ("truth", store.truth["mean"])):
            for target in range(2):
                for metric in METRICS:
                    key = ("kmer_ridge", -1, split, "mean", f"target{target}", reference, metric)
                    expected[key] = by_hand(metric, predicted[rows, target], truth[rows, target])
    assert_same_values(indexed(evaluate_baseline(store, predicted, "kmer_ridge")), expected)


def test_an_ensemble_that_predicted_some_splits_is_scored_on_those(tmp_path):
    store = simulated_store()
    whole = predictions_of(store, "mean", "aleatoric", "epistemic", seeds=(1, 2))
    some = Predictions({split: whole.values[split] for split in ("calibration", "test")}, whole.heads, whole.seeds)
    write_predictions(some, tmp_path / "predictions.h5", store.digest)
    table = evaluate_ensemble(store, read_predictions(tmp_path / "predictions.h5", store))
    expected = evaluate_ensemble(store, whole)
    expected = expected[expected["split"].isin(["calibration", "test"])]
    assert_same_values(indexed(table), indexed(expected))


def test_heads_that_nothing_is_measured_of_are_left_out():
    store = simulated_store()
    table = evaluate_ensemble(store, predictions_of(store, "mean", "epistemic", "lower", "upper", seeds=(1, 2)))
    assert set(table["head"]) == {"mean"}
    assert set(table["model"]) == {"member", "ensemble"}


def test_students_are_scored_on_the_ends_of_an_interval_against_their_ensemble_alone():
    store = simulated_store()
    ensemble = predictions_of(store, "mean", "lower", "upper", seeds=(1, 2, 3))
    students = predictions_of(store, "mean", "lower", "upper", "epistemic", seeds=(5,), rng_seed=3)
    table = evaluate_student(store, ensemble, students)
    pairs = table[["head", "reference"]].drop_duplicates()
    assert pairs[pairs["head"].isin(["lower", "upper"])].to_numpy().tolist() == [
        ["lower", "ensemble"],
        ["upper", "ensemble"],
    ]
    found = indexed(table)["student", 5, "test", "upper", "target1", "ensemble", "mse"]
    expected = by_hand(
        "mse", students.values["test"][0][:, 5], ensemble.values["test"].astype(float).mean(axis=0)[:, 5]
    )
    assert found == pytest.approx(expected, rel=1e-9)


def test_test_predictions_have_a_row_a_sequence_target_and_student():
    store = simulated_store()
    ensemble = predictions_of(store, "mean", "aleatoric", seeds=(1, 2))
    students = predictions_of(store, "mean", "aleatoric", "epistemic", seeds=(6, 4), rng_seed=3)
    table = tabulate_test_predictions(store, ensemble, students)
    known = ["measured", "replicate_std", "truth_mean", "truth_noise_std"]
    heads = ("mean", "aleatoric", "epistemic")
    models = [f"{model}_{head}" for model in ("ensemble", "student") for head in heads]
    assert list(table.columns) == ["name", "target", "seed", *known, *models]
    rows = store.rows("test")
    assert len(table) == len(rows) * 2 * 2
    by_key = table.set_index(["name", "target", "seed"])
    assert by_key.index.is_unique
    for place, row in enumerate(rows):
        for target in range(2):
            for student, seed in enumerate((6, 4)):
                line = by_key.loc[store.names[row], f"target{target}", seed]
                measured = [values[row, target] for values in (store.targets, store.replicate_std)]
                truth = [store.truth[name][row, target] for name in ("mean", "noise_std")]
                np.testing.assert_array_equal(line[known].astype(float), [*measured, *truth])
                first, second = (ensemble.values["test"][member, place].astype(float) for member in range(2))
                expected = [
                    (first[target] + second[target]) / 2,
                    np.sqrt((first[2 + target] ** 2 + second[2 + target] ** 2) / 2),
                    abs(first[target] - second[target]) / 2,
                ]
                np.testing.assert_allclose(line[models[:3]].astype(float), expected, rtol=1e-9)
                own = students.values["test"][student, place]
                np.testing.assert_array_equal(line[models[3:]].astype(float), own[[target, 2 + target, 4 + target]])


def test_test_predictions_leave_out_what_the_data_set_does_not_have():
    store = small_store(replicates=False)
    ensemble = predictions_of(store, "mean", seeds=(1, 2))
    students = predictions_of(store, "mean", "epistemic", seeds=(3,))
    table = tabulate_test_predictions(store, ensemble, students)
    models = ["ensemble_mean", "ensemble_epistemic", "student_mean", "student_epistemic"]
    assert list(table.columns) == ["name", "target", "seed", "measured", *models]
