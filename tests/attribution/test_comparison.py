"""Tables of how maps compare: what is compared with what, on which sequences, against which truth."""

import copy
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from degu.attribution.comparison import Comparison, compare_attributions, score_attributions
from degu.attribution.explained_sequences import ExplainedSequences
from degu.attribution.maps import MapBlocks, MapKey
from degu.attribution.similarity import ceiling, correct_gradients, cosine, rmse, variability
from degu.attribution.truth import score_positions
from degu.data.sequences import one_hot
from degu.data.store import SequenceStore
from tests.conftest import small_store

LENGTH = 24
# Of each kind of model, how many; only students have an epistemic head.
COUNTS = {"member": 4, "reference": 3, "student": 2}
KEYS = [MapKey(*parts) for parts in [("target0", "deep_shap", "aleatoric"), ("target0", "deep_shap", "mean")]]
KEYS += [MapKey("target0", "mutants", "mean"), MapKey("target1", "deep_shap", "mean")]
OF_STUDENTS = MapKey("target0", "deep_shap", "epistemic")
MOTIFS = ["AP1", "CTCF", "REST"]
MATTERS = {"mean": ["AP1", "REST"], "aleatoric": ["CTCF"]}
both = pytest.mark.parametrize("corrected", [False, True])


@pytest.fixture(scope="module")
def shared_store() -> SequenceStore:
    """Return a store of two targets, a tenth of whose bases are of each of three motifs."""
    store = small_store(rows=96, targets=2)
    rng = np.random.default_rng(1)
    store.truth["planted"] = rng.choice(4, size=store.tokens.shape, p=[0.7, 0.1, 0.1, 0.1]).astype(np.uint8)
    store.attributes |= {"motifs": MOTIFS, "matters": MATTERS}
    return store


@pytest.fixture
def store(shared_store) -> SequenceStore:
    """Return a copy of the store, which a test may change."""
    return copy.deepcopy(shared_store)


@pytest.fixture(scope="module")
def chosen(shared_store) -> dict[str, ExplainedSequences]:
    """Return seven test sequences of one target and five of the other."""
    store, rng = shared_store, np.random.default_rng(2)
    result = {}
    for target, number in (("target0", 7), ("target1", 5)):
        rows = np.sort(rng.choice(store.rows("test"), size=number, replace=False))
        top, quantile = np.arange(number) % 2 == 0, (np.arange(number) % 3).astype(np.int8)
        backgrounds = np.zeros((number, 1, LENGTH), dtype=np.uint8)
        result[target] = ExplainedSequences(rows, store.tokens[rows], top, quantile, backgrounds)
    return result


def write_maps(path: Path, maps: dict[MapKey, np.ndarray]) -> None:
    blocks = MapBlocks(path.with_suffix(".blocks"), "one")
    for key, values in maps.items():
        for model, own in enumerate(values):
            blocks.write(key, model, 0, own, np.zeros(len(own)))
    models = len(next(iter(maps.values())))
    blocks.assemble({key: values.shape[1] for key, values in maps.items()}, range(models), path, "digest")


@pytest.fixture(scope="module")
def maps(chosen) -> dict[str, dict[MapKey, np.ndarray]]:
    """Return maps, float32 (M, N, L, 4), of each kind of model; none for the sequence's own bases of `mutants`."""
    rng = np.random.default_rng(3)
    result = {}
    for model, count in COUNTS.items():
        result[model] = {}
        for key in [*KEYS, *([OF_STUDENTS] if model == "student" else [])]:
            tokens = chosen[key.target].tokens
            values = rng.normal(size=(count, *tokens.shape, 4)).astype(np.float32)
            result[model][key] = values * (1 - one_hot(tokens)) if key.method == "mutants" else values
    return result


@pytest.fixture(scope="module")
def shared_paths(maps, tmp_path_factory) -> dict[str, Path]:
    """Return the file of the maps of each kind of model."""
    folder = tmp_path_factory.mktemp("maps")
    paths = {model: folder / f"{model}.h5" for model in maps}
    for model, path in paths.items():
        write_maps(path, maps[model])
    return paths


@pytest.fixture
def paths(shared_paths, tmp_path) -> dict[str, Path]:
    """Return copies of these files, which a test may change."""
    return {model: Path(shutil.copy(path, tmp_path)) for model, path in shared_paths.items()}


def select(table: pd.DataFrame, key: MapKey) -> pd.DataFrame:
    rows = table[(table["target"] == key.target) & (table["method"] == key.method) & (table["head"] == key.head)]
    return rows.drop(columns=["target", "method", "head"]).reset_index(drop=True)


def doubles(maps: dict, key: MapKey, corrected: bool) -> dict[str, np.ndarray]:
    values = {model: own[key].astype(np.float64) for model, own in maps.items()}
    return {model: correct_gradients(own) if corrected else own for model, own in values.items()}


# Of models


@pytest.fixture(scope="module", params=[False, True], ids=["as they are", "corrected"])
def compared(request, shared_paths, shared_store, chosen) -> tuple[Comparison, bool]:
    """Return the comparison of all maps, and whether they were corrected."""
    return compare_attributions(shared_paths, shared_store, chosen, gradient_correction=request.param), request.param


def test_the_tables_are_of_the_maps_that_all_files_have(compared):
    for table in compared[0]:
        found = set(table[["target", "method", "head"]].itertuples(index=False, name=None))
        assert found == {(key.target, key.method, key.head) for key in KEYS}


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.path)
def test_each_model_is_judged_by_the_mean_map_of_each_ensemble(compared, maps, chosen, key):
    comparison, corrected = compared
    values = doubles(maps, key, corrected)
    teachers = values["member"].sum(axis=0) / 4
    references = {"reference ensemble": values["reference"].sum(axis=0) / 3, "own teachers": teachers}
    models = {"member": values["member"], "student": values["student"], "ensemble": teachers[None]}
    sequences = chosen[key.target]
    groups = {"top": sequences.top, "quantile 1": sequences.quantile == 1, "quantile 2": sequences.quantile == 2}
    table = select(comparison.models, key)
    assert len(table) == (4 + 2 + 1) * 2 * 3 * 2 + 3 * 2
    for row in table[table["model"] == "ceiling"].to_dict("records"):
        assert (row["index"], row["reference"]) == (0, "reference ensemble")
        highest = ceiling(values["member"], 3)[row["metric"]]
        assert row["value"] == pytest.approx(highest[groups[row["group"]]].mean(), rel=1e-9)
    for row in table[table["model"] != "ceiling"].to_dict("records"):
        one, group = models[row["model"]][row["index"]], groups[row["group"]]
        metric = {"rmse": rmse, "cosine": cosine}[row["metric"]]
        expected = metric(one[group], references[row["reference"]][group]).mean()
        assert row["value"] == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_the_ensemble_is_like_itself(compared):
    rows = compared[0].models.query("model == 'ensemble' and reference == 'own teachers'")
    assert len(rows) == len(KEYS) * 3 * 2
    expected = rows["metric"].map({"rmse": 0.0, "cosine": 1.0})
    np.testing.assert_allclose(rows["value"], expected, atol=1e-12)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.path)
def test_each_sequence_has_its_activity_and_how_maps_of_it_vary(compared, maps, chosen, store, key):
    comparison, corrected = compared
    table, rows, values = select(comparison.sequences, key), chosen[key.target].rows, doubles(maps, key, corrected)
    np.testing.assert_array_equal(table["sequence"], rows)
    np.testing.assert_array_equal(table["activity"], store.targets[rows, int(key.target[-1])])
    for model in ("member", "student"):
        np.testing.assert_allclose(table[model], variability(values[model]))
    np.testing.assert_array_equal(table["quantile"], chosen[key.target].quantile)
    assert list(table) == ["sequence", "activity", "quantile", "member", "student"]


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.path)
def test_the_tests_are_of_members_against_students(compared, maps, key):
    comparison, corrected = compared
    table = select(comparison.tests, key)
    assert len(table) == 3 * (2 * 2 * 2 + 1)
    own = select(comparison.models, key)
    for row in table[table["unit"] == "models"].to_dict("records"):
        rows = own[np.logical_and.reduce([own[name] == row[name] for name in ("group", "reference", "metric")])]
        for model in ("member", "student"):
            assert row[f"{model}s"] == pytest.approx(rows.loc[rows["model"] == model, "value"].mean(), rel=1e-9)
    values = doubles(maps, key, corrected)
    for row in table[table["metric"] == "variability"].to_dict("records"):
        if row["group"] == "top":
            assert row["members"] == pytest.approx(variability(values["member"])[::2].mean(), rel=1e-9)
    assert set(table["unit"]) == {"models", "sequences"}


def test_the_correction_changes_what_is_compared(paths, store, chosen):
    plain, corrected = (
        compare_attributions(paths, store, chosen, gradient_correction=wanted) for wanted in (False, True)
    )
    assert (plain.models["value"] != corrected.models["value"]).mean() > 0.9
    assert (plain.sequences["member"] > corrected.sequences["member"]).all()


def test_one_student_has_no_variability(maps, paths, store, chosen):
    write_maps(paths["student"], {key: values[:1] for key, values in maps["student"].items()})
    comparison = compare_attributions(paths, store, chosen, gradient_correction=True)
    assert "member" in comparison.sequences and "student" not in comparison.sequences
    assert "variability" not in set(comparison.tests["metric"])
    assert set(comparison.models["model"]) == {"member", "student", "ensemble", "ceiling"}


# Of positions


@both
def test_maps_are_scored_against_the_motifs_that_matter_to_the_head(maps, paths, store, chosen, corrected):
    del paths["reference"]
    table = score_attributions(paths, store, chosen, gradient_correction=corrected)
    assert set(table["metric"]) == {"auroc", "aupr", "signal_to_noise"}
    assert len(table) == len(KEYS) * (4 + 2 + 1) * 3
    for key in KEYS:
        values = doubles(maps, key, corrected)
        values["ensemble"] = values["member"].sum(axis=0, keepdims=True) / 4
        sequences = chosen[key.target]
        planted, inputs = store.truth["planted"][sequences.rows], one_hot(sequences.tokens)
        matters = np.isin(planted, [1 + MOTIFS.index(name) for name in MATTERS[key.head]])
        truth = np.where(matters, 1, np.where(planted == 0, 0, -1))
        for (model, index), rows in select(table, key).groupby(["model", "index"]):
            own = values[model][index]
            score = np.abs((own * inputs).sum(axis=-1))
            if key.method == "mutants" and not corrected:
                score = np.linalg.norm(own, axis=-1)
            found = rows.set_index("metric")["value"]
            expected = score_positions(score, truth).drop(columns="sequence").mean()
            assert found.to_dict() == pytest.approx(expected.to_dict(), rel=1e-6)
            areas = [
                roc_auc_score(known[known >= 0], each[known >= 0]) for known, each in zip(truth, score, strict=True)
            ]
            assert found["auroc"] == pytest.approx(np.mean(areas), rel=1e-6)


def test_contributions_of_either_sign_at_planted_motifs_and_nowhere_else_are_a_perfect_score(tmp_path, store, chosen):
    key, sequences = KEYS[1], chosen["target0"]
    inputs = one_hot(sequences.tokens)
    signs = np.random.default_rng(4).choice([-1.0, 1.0], size=(2, 7, LENGTH))
    matters = np.isin(store.truth["planted"][sequences.rows], [1, 3])
    # Those of CTCF, which matters to another head, count neither for nor against.
    other = store.truth["planted"][sequences.rows] == 2
    values = (signs * (matters + 5 * other + 0.01))[..., None] * inputs
    paths = {model: tmp_path / f"{model}.h5" for model in ("member", "student")}
    for path in paths.values():
        write_maps(path, {key: values.astype(np.float32)})
    table = score_attributions(paths, store, chosen, gradient_correction=False)
    alone = table[table["model"] != "ensemble"]
    assert (alone.loc[alone["metric"].isin(["auroc", "aupr"]), "value"] == 1).all()
    np.testing.assert_allclose(alone.loc[alone["metric"] == "signal_to_noise", "value"], 101, rtol=1e-5)


def test_where_all_that_matters_is_activating_what_lowers_the_prediction_scores_low(maps, paths, store, chosen):
    del paths["reference"]
    store.attributes["activating"] = True
    table = score_attributions(paths, store, chosen, gradient_correction=False)
    key, sequences = KEYS[1], chosen["target0"]
    planted = store.truth["planted"][sequences.rows]
    truth = np.where(np.isin(planted, [1, 3]), 1, np.where(planted == 0, 0, -1))
    for row in select(table, key).query("model == 'student' and metric == 'auroc'").to_dict("records"):
        score = (maps["student"][key][row["index"]] * one_hot(sequences.tokens)).sum(axis=-1)
        areas = [roc_auc_score(own[own >= 0], each[own >= 0]) for own, each in zip(truth, score, strict=True)]
        assert row["value"] == pytest.approx(np.mean(areas), rel=1e-6)


def test_models_of_other_kinds_are_scored_beside_them(maps, paths, store, chosen):
    paths["alone"] = paths.pop("reference")
    table = score_attributions(paths, store, chosen, gradient_correction=True)
    counts = table.drop_duplicates(["model", "index"])["model"].value_counts().to_dict()
    assert counts == {"member": 4, "student": 2, "alone": 3, "ensemble": 1}
    paths["student"], paths["alone"] = paths["alone"], paths["student"]
    turned = score_attributions(paths, store, chosen, gradient_correction=True)
    for one, other in (("alone", "student"), ("student", "alone"), ("ensemble", "ensemble")):
        found, expected = (
            part[part["model"] == name].sort_values(["target", "method", "head", "index", "metric"])["value"]
            for part, name in ((table, one), (turned, other))
        )
        np.testing.assert_array_equal(found, expected)


def test_heads_that_no_motif_matters_to_are_not_scored(maps, paths, store, chosen):
    del paths["reference"]
    store.attributes["matters"] = {"mean": ["AP1"], "aleatoric": []}
    assert set(score_attributions(paths, store, chosen, gradient_correction=True)["head"]) == {"mean"}
    # Students' alone.
    write_maps(paths["member"], {key: maps["member"][key] for key in KEYS[1:]} | {OF_STUDENTS: maps["member"][KEYS[0]]})
    assert set(score_attributions(paths, store, chosen, gradient_correction=True)["head"]) == {"mean"}
