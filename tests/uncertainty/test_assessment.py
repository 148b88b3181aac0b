"""How far uncertainties can be trusted, from predictions made by hand: each row is what the named function returns."""

import importlib
import logging
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from degu.config.plugins import load
from degu.config.schemas import complete, read_yaml
from degu.data.sequences import gc_content
from degu.data.splits import SPLITS
from degu.data.store import SequenceStore
from degu.formats.tables import read_tables, write_table
from degu.outputs.heads import Heads
from degu.prediction.ensemble import Predictions
from degu.uncertainty.assessment import FEATURES, LEVELS, Assessment, all_intervals, assess, distributions, shifted
from degu.uncertainty.density_ratio import estimate_density_ratio
from degu.uncertainty.distributions import Distribution
from degu.uncertainty.recalibration import fit_isotonic, recalibrated
from degu.uncertainty.rows import Rows
from tests.conftest import REPOSITORY, small_store

SCHEMA = read_yaml(REPOSITORY / "config" / "schemas" / "config.schema.yaml")
# The defaults: every metric and every conformal method.
SETTINGS = complete({"datasets": ["any"]}, SCHEMA, where="configuration")["assessment"]
# The level nearest to 0.9, as `check_assessment` chooses it.
SETTINGS["conditional_level"] = 0.9
# For tests of something else: a fifth of the time.
BRIEF = {"levels": [0.8], "metrics": ["interval_width", "sharpness"]}
QUICK = {**BRIEF, "conformal": {"split": {"method": "absolute"}}}
LABELS = ["model", "seed", "target"]
TABLES = {
    "scores": ["uncertainty", "recalibration", "metric", "value"],
    "curves": ["uncertainty", "recalibration", "curve", "x", "y"],
    "conformal": ["conformal", "population", "level", "coverage", "width", "median_width"],
    "conditional": ["conformal", "level", "feature", "bin", "low", "high", "rows", "coverage", "width"],
}
# The metrics that need no std.
OF_LEVELS = {"coverage", "interval_width", "interval_score", "miscalibration_area", "pit_uniformity"}
POINTWISE = ["split", "mondrian_activity", "mondrian_gc"]


def noisy_store(targets: int = 1, rows: int = 640, truth: bool = False) -> SequenceStore:
    """Return a store of 80 calibration and 80 test rows, measured in several units."""
    store = small_store(rows=rows, targets=targets)
    store.units = ["log2", "counts"][:targets]
    if truth:
        rng = np.random.default_rng(8)
        store.truth = {name: rng.uniform(0.1, 1, (rows, targets)) for name in ("mean", "noise_std")}
    return store


def predictions_of(
    store: SequenceStore, *names: str, seeds: tuple[int, ...] = (5, 3), splits: tuple[str, ...] = SPLITS
) -> Predictions:
    """Return predictions whose mean is near what was measured, by about the stds; the interval's ends hold the mean."""
    rng = np.random.default_rng(2)
    values = {}
    for split in splits:
        measured = store.targets[store.rows(split)]
        shape = (len(seeds), *measured.shape)
        mean = measured + 0.1 * rng.standard_normal(shape)
        stds = {kind: rng.uniform(0.02, 0.2, shape) for kind in ("aleatoric", "epistemic")}
        ends = {"lower": mean - rng.uniform(0.05, 0.2, shape), "upper": mean + rng.uniform(0.05, 0.2, shape)}
        heads = {"mean": mean, **stds, **ends}
        values[split] = np.concatenate([heads[name] for name in names], axis=2).astype(np.float32)
    return Predictions(values, Heads(names, tuple(store.target_names)), list(seeds))


def assessed(store: SequenceStore, predictions: Predictions, model: str = "student", **options: object) -> Assessment:
    settings = {**SETTINGS, **options.pop("settings", {})}
    return assess(store, predictions, settings, model=model, **{"family": "normal", "seed": 1, **options})


@pytest.fixture(scope="module")
def standard() -> tuple[SequenceStore, Predictions, Assessment]:
    """Return what most tests look at: two members of a mean and an aleatoric head, by the default settings."""
    store = noisy_store()
    predictions = predictions_of(store, "mean", "aleatoric")
    return store, predictions, assessed(store, predictions, "member")


def rows_by_hand(store: SequenceStore, predictions: Predictions, index: int, target: int, split: str) -> Rows:
    """Return the rows of one model, whose stds are all positive."""
    numbers = store.rows(split)
    names, targets = predictions.heads.heads, len(store.target_names)
    chosen = [targets * position + target for position in range(len(names))]
    heads = dict(zip(names, predictions.values[split][index][:, chosen].T.astype(np.float64), strict=True))
    std = {kind: heads[kind] for kind in ("aleatoric", "epistemic") if kind in heads}
    if std:
        std["total"] = np.sqrt(np.sum([values**2 for values in std.values()], axis=0))
    return Rows(
        measured=store.targets[numbers, target].astype(np.float64),
        mean=heads["mean"],
        std=std,
        quantiles={name: heads[name] for name in ("lower", "upper") if name in heads},
        covariates={"gc": gc_content(store.tokens[numbers])},
    )


def both(store: SequenceStore, predictions: Predictions, index: int = 0, target: int = 0) -> dict[str, Rows]:
    return {split: rows_by_hand(store, predictions, index, target, split) for split in ("train", "calibration", "test")}


def value_of(table: pd.DataFrame, column: str = "value", **wanted: object) -> float:
    """Return the one value of the row that has all that is wanted."""
    found = table[np.logical_and.reduce([table[name] == value for name, value in wanted.items()])]
    assert len(found) == 1, wanted
    return found[column].item()


def same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    try:
        pd.testing.assert_frame_equal(one, other)
    except AssertionError:
        return False
    return True


# The tables


def test_every_table_has_its_columns_and_says_whose_each_row_is():
    store = noisy_store(targets=2, truth=True)
    tables = assessed(store, predictions_of(store, "mean", "aleatoric"), "member", settings=QUICK)._asdict()
    for name, columns in TABLES.items():
        assert set(tables[name].columns) == {*columns, *LABELS}
        assert tables[name].drop(columns=["value", "y"], errors="ignore").notna().all(axis=None)
    models = {("member", 5), ("member", 3), ("ensemble", -1)}
    for name, table in tables.items():
        found = set(table[LABELS].itertuples(index=False, name=None))
        chosen = models - {("member", 3)} if name == "predictions" else models
        assert found == {(*model, target) for model in chosen for target in ("target0", "target1")}, name
        assert table.index.tolist() == list(range(len(table)))


def test_no_measurement_comes_twice(standard):
    tables = standard[2]._asdict()
    for name, values in {
        "scores": ["value"],
        "curves": ["y"],
        "conformal": ["coverage", "width", "median_width"],
        "conditional": ["low", "high", "rows", "coverage", "width"],
    }.items():
        assert not tables[name].drop(columns=values).duplicated().any(), name


def test_the_same_call_gives_the_same_tables(standard):
    store, predictions, first = standard
    assert all(same(*pair) for pair in zip(first, assessed(store, predictions, "member"), strict=True))


# Scores


def test_accuracy_is_that_of_the_mean_on_the_test_split():
    store = noisy_store(targets=2)
    predictions = predictions_of(store, "mean", "aleatoric")
    scores = assessed(store, predictions, "member", settings=QUICK).scores
    measured = store.targets[store.rows("test")].astype(np.float64)
    members = predictions.values["test"][..., :2].astype(np.float64)
    models = {("member", 5): members[0], ("member", 3): members[1], ("ensemble", -1): (members[0] + members[1]) / 2}
    for (model, seed), mean in models.items():
        for target in range(2):
            wanted = {"model": model, "seed": seed, "target": f"target{target}", "uncertainty": "", "recalibration": ""}
            x, y = mean[:, target], measured[:, target]
            assert value_of(scores, metric="mse", **wanted) == pytest.approx(sum((x - y) ** 2) / len(x))
            assert value_of(scores, metric="pearson", **wanted) == pytest.approx(np.corrcoef(x, y)[0, 1])
            ranks = np.corrcoef(x.argsort().argsort(), y.argsort().argsort())[0, 1]
            assert value_of(scores, metric="spearman", **wanted) == pytest.approx(ranks)


@pytest.mark.parametrize("family", ["normal", "laplace"])
def test_every_score_is_the_metric_called_directly(family):
    store = noisy_store(targets=2)
    predictions = predictions_of(store, "mean", "aleatoric", "epistemic")
    conformal = {"conformal": QUICK["conformal"]}
    scores = assessed(store, predictions, family=family, settings=conformal).scores
    calibrated = scores[scores["uncertainty"] != ""]
    assert set(calibrated["metric"]) == set(SETTINGS["metrics"])
    checked = 0
    for index, seed in enumerate(predictions.seeds):
        for target in range(2):
            rows = both(store, predictions, index, target)
            for kind in ("aleatoric", "epistemic", "total"):
                # Members disagree normally, whatever the noise.
                own = "normal" if kind == "epistemic" else family
                parts = {split: (rows[split].mean, rows[split].std[kind]) for split in ("calibration", "test")}
                calibration = Distribution(*parts["calibration"], own)
                z = np.abs((rows["calibration"].measured - calibration.mean) / calibration.std)
                factor = np.sqrt(2) * np.mean(z) if own == "laplace" else np.sqrt(np.mean(z**2))
                test = Distribution(*parts["test"], own)
                isotonic = recalibrated(test, fit_isotonic(rows["calibration"].measured, calibration))
                scaled = Distribution(test.mean, test.std * factor, own)
                for recalibration, predicted in {"none": test, "std_scaling": scaled, "isotonic": isotonic}.items():
                    for metric in OF_LEVELS if recalibration == "isotonic" else SETTINGS["metrics"]:
                        expected = load("metric", metric).metric(rows["test"].measured, predicted)
                        wanted = {"uncertainty": kind, "recalibration": recalibration, "metric": metric}
                        found = value_of(scores, seed=seed, target=f"target{target}", **wanted)
                        assert found == pytest.approx(expected, rel=1e-9), wanted
                        checked += 1
    assert checked == len(calibrated)


def test_isotonic_recalibration_has_metrics_of_levels_only(standard):
    scores = standard[2].scores
    found = scores.groupby("recalibration")["metric"].agg(set)
    assert found["isotonic"] == OF_LEVELS
    assert found["none"] == found["std_scaling"] == set(SETTINGS["metrics"]) > OF_LEVELS


def test_the_metrics_are_those_of_the_settings_and_what_figures_need():
    store = noisy_store()
    scores = assessed(store, predictions_of(store, "mean", "aleatoric"), settings={"metrics": ["crps"]}).scores
    assert set(scores["metric"]) == {"mse", "pearson", "spearman", "crps", "coverage", "miscalibration_area"}


def test_std_scaling_mends_a_std_that_is_a_third_of_what_it_should_be():
    store = noisy_store(rows=8000)
    predictions = predictions_of(store, "mean", "aleatoric")
    for split in SPLITS:
        predictions.values[split][..., 1] = 0.1 / 3
    scores = assessed(store, predictions, settings={"metrics": ["coverage", "sharpness"]}).scores
    of_first = {"seed": 5, "uncertainty": "total"}
    assert value_of(scores, metric="coverage", recalibration="none", **of_first) < 0.6
    for recalibration in ("std_scaling", "isotonic"):
        found = value_of(scores, metric="coverage", recalibration=recalibration, **of_first)
        assert found == pytest.approx(0.95, abs=0.02)
    sharpness = value_of(scores, metric="sharpness", recalibration="std_scaling", **of_first)
    assert sharpness == pytest.approx(0.1, rel=0.05)


# What recalibration and conformal prediction may see


def changed(store: SequenceStore, split: str) -> SequenceStore:
    """Return a store with other measurements of one split."""
    targets = store.targets.copy()
    targets[store.rows(split)] += np.float32(0.7)
    return replace(store, targets=targets)


def permuted(store: SequenceStore, split: str) -> SequenceStore:
    targets = store.targets.copy()
    rows = store.rows(split)
    targets[rows] = targets[np.random.default_rng(4).permutation(rows)]
    return replace(store, targets=targets)


def widths(table: Assessment) -> dict[str, np.ndarray]:
    """Return all of an assessment that does not depend on the measurements of the test split, but what is fitted on."""
    scores, curves, conformal = table.scores, table.curves, table.conformal
    return {
        recalibration: np.concatenate(
            [
                scores.loc[
                    scores["metric"].isin(["interval_width", "sharpness"]) & (scores["recalibration"] == recalibration),
                    "value",
                ],
                curves.loc[(curves["curve"] == "width") & (curves["recalibration"] == recalibration), "y"],
            ]
        )
        for recalibration in ("none", "std_scaling", "isotonic")
    } | {name: rows[["width", "median_width"]].to_numpy() for name, rows in conformal.groupby("conformal")}


@pytest.fixture(scope="module")
def fitted() -> tuple[SequenceStore, Predictions, dict[str, np.ndarray]]:
    store = noisy_store()
    predictions = predictions_of(store, "mean", "aleatoric", "lower", "upper", seeds=(5,))
    return store, predictions, widths(assessed(store, predictions, settings=BRIEF))


@pytest.mark.parametrize("change", [changed, permuted])
@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_no_other_split_has_a_part_in_what_is_fitted(fitted, split, change):
    store, predictions, before = fitted
    after = widths(assessed(change(store, split), predictions, settings=BRIEF))
    assert set(before) == set(after) >= {"std_scaling", "isotonic", "split", "normalized_total", "quantile", "weighted"}
    for name, values in before.items():
        np.testing.assert_array_equal(values, after[name], err_msg=name)


@pytest.mark.parametrize("change", [changed, permuted])
def test_the_calibration_split_has(fitted, change):
    store, predictions, before = fitted
    after = widths(assessed(change(store, "calibration"), predictions, settings=BRIEF))
    same_as_before = {name for name, values in before.items() if np.array_equal(values, after[name])}
    assert same_as_before == {"none", "uncalibrated"}


def test_measurements_that_are_not_of_calibration_or_test_change_no_table(standard):
    store, predictions, before = standard
    after = assessed(changed(changed(store, "train"), "validation"), predictions, "member")
    assert all(same(*pair) for pair in zip(before, after, strict=True))


def test_the_factor_is_of_the_calibration_rows_alone():
    store = noisy_store()
    rows = both(store, predictions_of(store, "mean", "aleatoric"))
    factor = distributions(rows, "total", "normal")["std_scaling"].std / rows["test"].std["total"]
    z = (rows["calibration"].measured - rows["calibration"].mean) / rows["calibration"].std["total"]
    np.testing.assert_allclose(factor, np.sqrt(np.mean(z**2)))
    for split in ("train", "test"):
        other = rows | {split: replace(rows[split], measured=rows[split].measured[::-1] + 3)}
        np.testing.assert_array_equal(
            distributions(other, "total", "normal")["std_scaling"].std / rows["test"].std["total"], factor
        )
    worse = rows | {"calibration": replace(rows["calibration"], measured=rows["calibration"].mean + 5)}
    assert (distributions(worse, "total", "normal")["std_scaling"].std / rows["test"].std["total"] > 2 * factor).all()


# Curves


def test_curves_are_those_of_the_distributions():
    store = noisy_store()
    predictions = predictions_of(store, "mean", "aleatoric", "epistemic")
    curves = assessed(store, predictions, settings=QUICK).curves
    rows = both(store, predictions, index=1)
    error = np.abs(rows["test"].measured - rows["test"].mean)
    for kind in ("aleatoric", "epistemic", "total"):
        own = curves[(curves["seed"] == 3) & (curves["uncertainty"] == kind)]
        for recalibration, predicted in distributions(rows, kind, "normal").items():
            part = dict(list(own[own["recalibration"] == recalibration].groupby("curve")))
            np.testing.assert_allclose(part["coverage"]["x"], LEVELS)
            np.testing.assert_allclose(part["width"]["x"], LEVELS)
            for position, level in enumerate(LEVELS):
                lower, upper = predicted.interval(level)
                inside = (lower <= rows["test"].measured) & (rows["test"].measured <= upper)
                assert part["coverage"]["y"].iloc[position] == pytest.approx(inside.mean())
                assert part["width"]["y"].iloc[position] == pytest.approx((upper - lower).mean())
            counts, edges = np.histogram(predicted.cdf(rows["test"].measured), 20, (0, 1))
            np.testing.assert_allclose(part["pit"]["x"], edges[:-1], atol=1e-12)
            np.testing.assert_allclose(part["pit"]["y"], counts * 20 / len(error))
            assert ("sparsification" in part) == ("oracle" in part) == (recalibration == "none")
        removed = own[(own["curve"] == "sparsification") & (own["x"] == 0.5)]["y"].item()
        most_certain = np.argsort(rows["test"].std[kind])[:40]
        expected = np.sqrt(np.mean(error[most_certain] ** 2) / np.mean(error**2))
        assert removed == pytest.approx(expected)
        best = own[(own["curve"] == "oracle") & (own["x"] == 0.5)]["y"].item()
        assert best == pytest.approx(np.sqrt(np.mean(np.sort(error)[:40] ** 2) / np.mean(error**2)))


# Conformal intervals


def coverage_and_widths(measured: np.ndarray, intervals: np.ndarray) -> tuple[float, float, float]:
    inside = [low <= y <= high for y, (low, high) in zip(measured, intervals, strict=True)]
    lengths = [high - low for low, high in intervals]
    return sum(inside) / len(inside), np.mean(lengths), np.median(lengths)


@pytest.mark.parametrize("target", [0, 1])
def test_conformal_rows_agree_with_the_method_called_by_hand(target):
    store = noisy_store(targets=2)
    predictions = predictions_of(store, "mean", "aleatoric", "epistemic", "lower", "upper")
    conformal = assessed(store, predictions, settings={"metrics": []}).conformal
    rows = both(store, predictions, index=1, target=target)
    drawn = shifted(rows, SETTINGS["shift"]["strength"], 1)
    own = conformal[(conformal["seed"] == 3) & (conformal["target"] == f"target{target}")]
    count = 0
    for level in SETTINGS["levels"]:
        for population, of_population in {"test": rows, "shifted": drawn}.items():
            expected = {}
            for name, method in SETTINGS["conformal"].items():
                if name == "jackknife_plus" or (name == "weighted" and population == "test"):
                    continue
                options = {key: value for key, value in method.items() if key != "method"}
                function = load("conformal method", method["method"]).intervals
                expected[name] = function(of_population, level, **options)
            test = of_population["test"]
            predicted = Distribution(test.mean, test.std["total"])
            expected["uncalibrated"] = np.stack(predicted.interval(level), axis=1)
            for name, intervals in expected.items():
                wanted = {"conformal": name, "population": population, "level": level}
                numbers = coverage_and_widths(test.measured, intervals)
                for column, number in zip(("coverage", "width", "median_width"), numbers, strict=True):
                    assert value_of(own, column, **wanted) == pytest.approx(number), wanted
                count += 1
    assert count == len(own)


def test_split_conformal_intervals_are_as_wide_as_the_sorted_errors_say():
    """By hand all the way: 80 calibration rows, of which the 73rd smallest error bounds 90 %."""
    store = noisy_store()
    predictions = predictions_of(store, "mean")
    conformal = assessed(store, predictions).conformal
    rows = both(store, predictions)
    assert len(rows["calibration"].measured) == 80
    error = sorted(np.abs(rows["calibration"].measured - rows["calibration"].mean))[73 - 1]
    wanted = {"conformal": "split", "population": "test", "level": 0.9, "seed": 5}
    assert value_of(conformal, "width", **wanted) == pytest.approx(2 * error)
    inside = np.abs(rows["test"].measured - rows["test"].mean) <= error
    assert value_of(conformal, "coverage", **wanted) == pytest.approx(np.mean(inside))


@pytest.mark.parametrize(("family", "quantile"), [("normal", 1.6448536269514722), ("laplace", np.log(10) / 2**0.5)])
def test_uncalibrated_intervals_are_those_of_the_family(family, quantile):
    store = noisy_store()
    predictions = predictions_of(store, "mean", "aleatoric")
    conformal = assessed(store, predictions, family=family).conformal
    width = value_of(conformal, "width", conformal="uncalibrated", population="test", level=0.9, seed=5)
    assert width == pytest.approx(2 * quantile * both(store, predictions)["test"].std["total"].mean())


def conformal_names(assessment: Assessment, model: str, population: str = "test") -> list[str]:
    table = assessment.conformal
    chosen = table[(table["model"] == model) & (table["population"] == population)]
    return list(dict.fromkeys(chosen["conformal"]))


def test_a_model_of_a_mean_alone_has_accuracy_and_split_conformal_and_nothing_that_needs_a_std():
    store = noisy_store(truth=True)
    found = assessed(store, predictions_of(store, "mean"))
    assert set(found.scores["metric"]) == {"mse", "pearson", "spearman"}
    assert set(found.scores["uncertainty"]) == set(found.scores["recalibration"]) == {""}
    assert found.curves.empty
    assert set(found.curves.columns) == {*TABLES["curves"], *LABELS}
    assert conformal_names(found, "student") == POINTWISE
    assert conformal_names(found, "student", "shifted") == [*POINTWISE, "weighted"]
    assert set(found.conditional["conformal"]) == set(POINTWISE)
    assert set(found.conditional["feature"]) == {"mean", "gc"}
    assert set(found.predictions.columns) == {"name", "measured", "mean", "truth_mean", "truth_noise_std", *LABELS}


def test_members_of_a_mean_alone_make_an_ensemble_with_an_epistemic_uncertainty():
    store = noisy_store()
    found = assessed(store, predictions_of(store, "mean"), "member")
    assert set(found.curves["model"]) == {"ensemble"}
    assert set(found.curves["uncertainty"]) == {"epistemic", "total"}
    assert conformal_names(found, "member") == POINTWISE
    expected = ["uncalibrated", "split", "normalized_epistemic", "normalized_total", *POINTWISE[1:], "mondrian_total"]
    assert conformal_names(found, "ensemble") == expected


@pytest.mark.parametrize("model", ["member", "student"])
def test_columns_of_numbers_hold_numbers_where_a_model_has_no_std(model):
    store = noisy_store()
    curves = assessed(store, predictions_of(store, "mean"), model, settings=QUICK).curves
    assert curves["x"].dtype == curves["y"].dtype == np.float64


@pytest.mark.parametrize("heads", [("mean",), ("mean", "lower"), ("mean", "upper")])
def test_without_both_ends_of_an_interval_there_is_no_quantile_method(heads):
    store = noisy_store()
    assert "quantile" not in conformal_names(assessed(store, predictions_of(store, *heads)), "student")


def test_ends_of_an_interval_give_the_quantile_method_to_members_and_ensemble():
    store = noisy_store()
    predictions = predictions_of(store, "mean", "lower", "upper")
    found = assessed(store, predictions, "member")
    assert "quantile" in conformal_names(found, "member")
    assert "quantile" in conformal_names(found, "ensemble")
    ends = {split: predictions.values[split].astype(np.float64).mean(axis=0) for split in ("calibration", "test")}
    measured = store.targets[store.rows("calibration"), 0]
    scores = sorted(np.maximum(ends["calibration"][:, 1] - measured, measured - ends["calibration"][:, 2]))
    expected = np.mean(ends["test"][:, 2] - ends["test"][:, 1]) + 2 * scores[73 - 1]
    wanted = {"model": "ensemble", "conformal": "quantile", "population": "test", "level": 0.9}
    assert value_of(found.conformal, "width", **wanted) == pytest.approx(expected)


def test_jackknife_plus_appears_only_where_members_were_trained_without_rows(standard):
    store, predictions, without = standard
    excluded = np.arange(len(store.rows("train"))) % 2 == np.arange(2)[:, None]
    with_rows = assessed(store, predictions, "member", excluded=excluded)
    assert "jackknife_plus" not in set(without.conformal["conformal"]) | set(without.conditional["conformal"])
    for table in (with_rows.conformal, with_rows.conditional):
        assert set(table.loc[table["conformal"] == "jackknife_plus", "model"]) == {"ensemble"}
    assert same(without.scores, with_rows.scores)
    # By hand: the member that did not see a row predicts it.
    measured = store.targets[store.rows("train"), 0]
    train, test = (predictions.values[split][..., 0].astype(np.float64) for split in ("train", "test"))
    blind = np.where(excluded[0], 0, 1)
    residual = np.abs(measured - np.where(blind == 0, train[0], train[1]))
    n = len(measured)
    high = np.sort(test[blind] + residual[:, None], axis=0)[int(np.ceil(0.9 * (n + 1))) - 1]
    low = np.sort(test[blind] - residual[:, None], axis=0)[int(np.floor(0.1 * (n + 1))) - 1]
    wanted = {"conformal": "jackknife_plus", "population": "test", "level": 0.9}
    assert value_of(with_rows.conformal, "width", **wanted) == pytest.approx(np.mean(high - low))
    inside = (low <= store.targets[store.rows("test"), 0]) & (store.targets[store.rows("test"), 0] <= high)
    assert value_of(with_rows.conformal, "coverage", **wanted) == pytest.approx(inside.mean())


def test_members_that_all_saw_every_row_have_no_jackknife_plus():
    store = noisy_store()
    excluded = np.zeros((2, len(store.rows("train"))), dtype=bool)
    found = assessed(store, predictions_of(store, "mean"), "member", excluded=excluded, settings={"metrics": []})
    assert "jackknife_plus" not in set(found.conformal["conformal"])


def test_the_methods_and_levels_are_those_of_the_settings():
    store = noisy_store()
    settings = {
        "levels": [0.6],
        "conformal": {"mine": {"method": "mondrian", "by": "gc", "bins": 2}},
        "conditional_level": 0.7,
        "bins": 3,
    }
    predictions = predictions_of(store, "mean", "aleatoric")
    found = assessed(store, predictions, settings=settings)
    assert set(found.conformal["conformal"]) == {"uncalibrated", "mine"}
    assert set(found.conformal["level"]) == {0.6}
    assert set(found.conditional["level"]) == {0.7}
    assert set(found.conditional["bin"]) == {0, 1, 2}
    expected = importlib.import_module("degu.uncertainty.conformal.mondrian").intervals(
        both(store, predictions), 0.6, by="gc", bins=2
    )
    width = value_of(found.conformal, "width", conformal="mine", population="test", seed=5)
    assert width == pytest.approx(np.mean(expected[:, 1] - expected[:, 0]))


def test_a_model_that_no_method_applies_to_has_no_conformal_rows():
    store = noisy_store()
    settings = {"conformal": {"normalized_total": {"method": "normalized", "std": "total"}}}
    found = assessed(store, predictions_of(store, "mean"), settings=settings)
    assert found.conformal.empty and found.conditional.empty
    whole = assessed(store, predictions_of(store, "mean", "aleatoric"), settings=settings)
    for name in ("curves", "conformal", "conditional"):
        empty, full = getattr(found, name), getattr(whole, name)
        assert set(empty.columns) == set(full.columns) == {*TABLES[name], *LABELS}
        # Read back from a file, one of no rows and one of some can be joined.
        assert pd.concat([empty, full]).dtypes.to_dict() == full.dtypes.to_dict()


@pytest.mark.parametrize("suffix", ["tsv", "parquet"])
def test_tables_without_rows_go_through_files(suffix, tmp_path):
    store = noisy_store()
    found = assessed(store, predictions_of(store, "mean"), settings=QUICK)
    write_table(found.curves.assign(teacher="small"), tmp_path / f"empty.{suffix}")
    read = read_tables(tmp_path / f"empty.{suffix}")
    assert read.empty
    assert set(read.columns) == {*TABLES["curves"], *LABELS, "teacher"}


# The shifted population


def many_rows(n: int = 6000, seed: int = 3) -> dict[str, Rows]:
    """Return calibration and test rows of normal GC content, whose number stands in `mean`."""
    rng = np.random.default_rng(seed)

    def rows(count: int) -> Rows:
        numbers = np.arange(count, dtype=float)
        return Rows(
            measured=numbers + 0.25,
            mean=numbers,
            std={"total": numbers + 0.5},
            quantiles={"lower": numbers - 1, "upper": numbers + 1},
            covariates={"gc": rng.normal(0.5, 0.1, count)},
            members=np.stack([numbers, numbers + 2]),
        )

    return {"train": rows(10), "calibration": rows(n), "test": rows(n)}


def test_shifted_test_rows_are_test_rows_with_all_that_belongs_to_them():
    rows = many_rows(500)
    test = shifted(rows, 1.0, 1)["test"]
    drawn = test.mean.astype(int)
    assert len(drawn) == 500
    assert len(set(drawn)) < 500, "with replacement"
    np.testing.assert_array_equal(test.measured, test.mean + 0.25)
    np.testing.assert_array_equal(test.std["total"], test.mean + 0.5)
    np.testing.assert_array_equal(test.quantiles["lower"], test.mean - 1)
    np.testing.assert_array_equal(test.quantiles["upper"], test.mean + 1)
    np.testing.assert_array_equal(test.covariates["gc"], rows["test"].covariates["gc"][drawn])
    np.testing.assert_array_equal(test.members, np.stack([test.mean, test.mean + 2]))


def test_calibration_rows_keep_everything_and_get_weights():
    rows = many_rows(500)
    found = shifted(rows, 1.0, 1)
    assert found["train"] is rows["train"]
    assert replace(found["calibration"], weights=None) == rows["calibration"]
    assert rows["calibration"].weights is rows["test"].weights is None


@pytest.mark.parametrize("strength", [0.5, 1.0, -1.0])
def test_the_shifted_population_is_richer_in_gc_by_what_an_exponential_tilt_says(strength):
    """A normal of std s tilted by exp(a z) is a normal whose mean has moved by a s."""
    rows = many_rows()
    gc, drawn = (part["test"].covariates["gc"] for part in (rows, shifted(rows, strength, 1)))
    assert drawn.mean() - gc.mean() == pytest.approx(strength * gc.std(), abs=0.12 * gc.std())


def test_a_shift_of_no_strength_changes_little():
    rows = many_rows()
    gc, drawn = (part["test"].covariates["gc"] for part in (rows, shifted(rows, 0.0, 1)))
    assert drawn.mean() == pytest.approx(gc.mean(), abs=0.1 * gc.std())


def test_the_draw_follows_from_the_seed():
    rows = many_rows(300)
    first, again, other = (shifted(rows, 1.0, seed)["test"].mean for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_weights_are_the_ratio_estimated_from_gc_alone():
    rows = many_rows(400)
    found = shifted(rows, 1.0, 1)
    gc = {split: found[split].covariates["gc"][:, None] for split in ("calibration", "test")}
    ratio = estimate_density_ratio(gc["calibration"], gc["test"])
    for split in ("calibration", "test"):
        np.testing.assert_allclose(found[split].weights, ratio(gc[split]))
    # Nothing that was measured or predicted has a part in them.
    other = {
        split: replace(part, measured=-part.measured, mean=part.mean**2, std={"total": part.mean * 0})
        for split, part in rows.items()
    }
    for split in ("calibration", "test"):
        np.testing.assert_array_equal(shifted(other, 1.0, 1)[split].weights, found[split].weights)


def test_weights_are_about_those_that_the_rows_were_drawn_with():
    rows = many_rows(20_000)
    found = shifted(rows, 1.0, 1)
    gc = found["calibration"].covariates["gc"]
    z = (gc - rows["test"].covariates["gc"].mean()) / rows["test"].covariates["gc"].std()
    middle = np.abs(z) < 2
    weights = found["calibration"].weights
    # The mean of exp(z) of a standard normal z is exp(1/2).
    np.testing.assert_allclose(weights[middle], np.exp(z[middle] - 0.5), rtol=0.15)
    assert weights.mean() == pytest.approx(1, abs=0.1)


def test_rows_that_do_not_differ_in_gc_can_be_drawn():
    rows = many_rows(50)
    flat = {split: replace(part, covariates={"gc": np.full(len(part.mean), 0.5)}) for split, part in rows.items()}
    found = shifted(flat, 1.0, 1)
    np.testing.assert_allclose(found["calibration"].weights, 1, rtol=1e-6)


def test_the_weighted_method_is_for_the_shifted_population_alone(standard):
    found = standard[2]
    weighted = found.conformal[found.conformal["conformal"] == "weighted"]
    assert set(weighted["population"]) == {"shifted"}
    assert set(weighted["model"]) == {"member", "ensemble"}
    assert "weighted" not in set(found.conditional["conformal"])


def test_the_strength_and_the_seed_of_the_shift_matter_to_the_shifted_population_alone():
    store = noisy_store()
    predictions = predictions_of(store, "mean", "aleatoric", seeds=(5,))
    first = assessed(store, predictions)
    for other in (
        assessed(store, predictions, seed=2),
        assessed(store, predictions, settings={"shift": {"strength": 2}}),
    ):
        one, two = (table.conformal.set_index("population") for table in (first, other))
        assert same(one.loc["test"], two.loc["test"])
        assert not same(one.loc["shifted"], two.loc["shifted"])
        assert all(same(getattr(first, name), getattr(other, name)) for name in ("scores", "curves", "conditional"))


def test_weights_restore_the_coverage_that_a_shift_breaks():
    """Noise that grows with GC: the split method covers too little of GC-rich rows."""
    rng = np.random.default_rng(7)

    def rows(n: int) -> Rows:
        gc = rng.normal(0.5, 0.1, n)
        noise = rng.standard_normal(n) * np.exp(10 * (gc - 0.5))
        return Rows(measured=noise, mean=np.zeros(n), covariates={"gc": gc})

    found = shifted({"calibration": rows(4000), "test": rows(4000)}, 1.0, 1)
    methods = {"split": {"method": "absolute"}, "weighted": {"method": "weighted"}}
    covered = {
        name: np.mean((ends[:, 0] <= found["test"].measured) & (found["test"].measured <= ends[:, 1]))
        for name, ends in all_intervals(found, methods, 0.9, "normal")
    }
    assert covered["split"] < 0.82
    assert covered["weighted"] == pytest.approx(0.9, abs=0.04)


# Coverage within bins


def test_coverage_is_told_within_bins_of_activity_gc_and_uncertainty():
    store = noisy_store()
    predictions = predictions_of(store, "mean", "aleatoric")
    conditional = assessed(store, predictions).conditional
    rows = both(store, predictions)
    test = rows["test"]
    features = {"mean": test.mean, "gc": test.covariates["gc"], "total": test.std["total"]}
    assert set(conditional["feature"]) == set(FEATURES) == set(features)
    assert set(conditional["level"]) == {SETTINGS["conditional_level"]} == {0.9}
    own = conditional[conditional["seed"] == 5]
    methods = dict(all_intervals(rows, SETTINGS["conformal"], 0.9, "normal"))
    assert set(methods) == set(own["conformal"])
    for name, intervals in methods.items():
        for feature, values in features.items():
            bins = own[(own["conformal"] == name) & (own["feature"] == feature)]
            assert bins["rows"].sum() == len(values) == 80
            for row in bins.itertuples():
                inside = (row.low <= values) & (values <= row.high)
                assert inside.sum() == row.rows
                coverage, width, _ = coverage_and_widths(test.measured[inside], intervals[inside])
                assert (row.coverage, row.width) == (pytest.approx(coverage), pytest.approx(width))
    by_activity = own[(own["conformal"] == "split") & (own["feature"] == "mean")]
    assert by_activity["bin"].tolist() == [0, 1, 2, 3, 4]
    assert by_activity["rows"].tolist() == [16] * 5


def test_bins_add_up_to_the_coverage_of_all(standard):
    found = standard[2]
    conditional, conformal = found.conditional, found.conformal
    for keys, bins in conditional.groupby(["model", "seed", "conformal", "feature"]):
        model, seed, name, _ = keys
        whole = {"model": model, "seed": seed, "conformal": name, "level": 0.9, "population": "test"}
        mean = np.average(bins["coverage"], weights=bins["rows"])
        assert mean == pytest.approx(value_of(conformal, "coverage", **whole))


# Single predictions


@pytest.mark.parametrize("model", ["member", "student"])
def test_predictions_of_the_first_model_and_of_the_ensemble_are_tabulated(model):
    store = noisy_store(targets=2, truth=True)
    predictions = predictions_of(store, "mean", "aleatoric")
    table = assessed(store, predictions, model, settings=QUICK).predictions
    seeds = {5, -1} if model == "member" else {5}
    assert set(table["seed"]) == seeds
    rows = store.rows("test")
    for target in range(2):
        own = table[(table["seed"] == 5) & (table["target"] == f"target{target}")]
        assert own["name"].tolist() == [f"row{row}" for row in rows]
        np.testing.assert_array_equal(own["measured"], store.targets[rows, target])
        np.testing.assert_array_equal(own["mean"], predictions.values["test"][0][:, target])
        np.testing.assert_array_equal(own["aleatoric"], predictions.values["test"][0][:, 2 + target])
        np.testing.assert_array_equal(own["truth_mean"], store.truth["mean"][rows, target])
        np.testing.assert_array_equal(own["truth_noise_std"], store.truth["noise_std"][rows, target])
    assert len(table) == len(rows) * 2 * len(seeds)
    if model == "member":
        ensemble = table[(table["seed"] == -1) & (table["target"] == "target0")]
        means = predictions.values["test"][..., 0].astype(np.float64)
        np.testing.assert_allclose(ensemble["epistemic"], np.abs(means[0] - means[1]) / 2, rtol=1e-9)
        variance = ensemble["aleatoric"] ** 2 + ensemble["epistemic"] ** 2
        np.testing.assert_allclose(ensemble["total"] ** 2, variance)


def test_a_truth_that_nobody_knows_has_no_column(standard):
    assert [column for column in standard[2].predictions if column.startswith("truth")] == []


# Models of all kinds


def test_predictions_of_calibration_and_test_alone_are_enough(standard):
    """As Monte Carlo dropout makes them. Whatever the members left out, nothing is predicted for it."""
    store, whole, expected = standard
    some = replace(whole, values={split: whole.values[split] for split in ("calibration", "test")})
    excluded = np.ones((2, len(store.rows("train"))), dtype=bool)
    found = assessed(store, some, "member", excluded=excluded)
    assert all(same(*pair) for pair in zip(expected, found, strict=True))


def test_negative_stds_are_said_once_a_model_and_count_as_zero(caplog):
    store = noisy_store(targets=2)
    predictions = predictions_of(store, "mean", "epistemic")
    predictions.values["test"][1, :7, 2] *= -1
    with caplog.at_level(logging.WARNING):
        table = assessed(store, predictions, settings=QUICK).scores
    lines = [record.getMessage() for record in caplog.records if "negative" in record.getMessage()]
    assert lines == ["student 3: 7 of 160 predicted epistemic stds are negative and count as 0"]
    std = np.maximum(predictions.values["test"][1, :, 2].astype(float), 0)
    wanted = {"metric": "sharpness", "seed": 3, "target": "target0", "recalibration": "none", "uncertainty": "total"}
    assert value_of(table, **wanted) == pytest.approx(np.sqrt(np.mean(std**2)), rel=1e-6)


def test_a_head_that_is_nowhere_positive_gives_scores_and_no_normalised_intervals():
    """As the published epistemic head may turn out."""
    store = noisy_store()
    predictions = predictions_of(store, "mean", "epistemic")
    for values in predictions.values.values():
        values[..., 1] *= -1
    found = assessed(store, predictions)
    assert value_of(found.scores, metric="coverage", recalibration="none", uncertainty="total", seed=5) == 0
    scaled = value_of(found.scores, metric="coverage", recalibration="std_scaling", uncertainty="total", seed=5)
    assert scaled == pytest.approx(0.95, abs=0.06)
    assert not [name for name in conformal_names(found, "student") if name.startswith("normalized")]
    numbers = found.scores[~found.scores["metric"].isin(["error_correlation"])]["value"]
    assert np.isfinite(numbers).all()
