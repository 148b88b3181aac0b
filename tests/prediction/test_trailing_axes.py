"""Heads with trailing axes, from the store through training to the targets of a student."""

import sys
import types

import keras
import numpy as np
import pytest
from scipy.special import softmax

from degu.data.sequences import one_hot
from degu.data.splits import SPLITS
from degu.data.training_rows import training_rows
from degu.distillation.labels import ensemble_targets, student_targets
from degu.distillation.targets import read_targets, write_targets
from degu.distillation.training_data import member_data, student_data
from degu.evaluation.accuracy import evaluate_ensemble
from degu.outputs.outputs import Outputs
from degu.prediction.ensemble import read_predictions, write_predictions
from degu.prediction.predictor import Predictor, predict_store
from degu.training.saving import save_model
from degu.training.training import Training, train
from tests.conftest import small_store
from tests.distillation.test_training_data import STUDENT
from tests.training.runs import SMALL

STRANDS, POSITIONS, CLASSES = 2, 24, 3


@pytest.fixture
def profile_network(monkeypatch):
    """An architecture `profile_network` that puts out a profile of the sequence's length beside a mean."""

    def build(length, outputs):
        inputs = keras.Input((length, 4))
        x = keras.layers.Conv1D(6, 5, padding="same", activation="relu")(inputs)
        pooled, parts = keras.layers.GlobalAveragePooling1D()(x), []
        for name in outputs.parameters:
            if len(outputs.shape(name)) == 1:
                parts.append(keras.layers.Dense(1, name=name)(pooled))
            else:
                profile = keras.layers.Conv1D(STRANDS, 5, padding="same", name=name)(x)
                parts.append(keras.layers.Flatten()(keras.layers.Permute((2, 1))(profile)))
        return keras.Model(inputs, keras.layers.Concatenate()(parts))

    module = types.ModuleType("degu.models.profile_network")
    module.build = build
    monkeypatch.setitem(sys.modules, "degu.models.profile_network", module)


def counted_store():
    """Return a store whose counts are where a sequence has an A (forward strand) and a C (reverse strand)."""
    store = small_store(rows=160, length=POSITIONS)
    found = np.stack([store.tokens == 0, store.tokens == 1], axis=1)
    counts = np.random.default_rng(1).poisson(4 * found[:, None, None], size=(160, 1, 2, STRANDS, POSITIONS))
    store.counts = counts.astype(np.uint16)
    store.attributes["depths"] = {"target0": counts.sum(axis=(0, 1, 3, 4)).tolist()}
    return store


def trained(folder, recipe, store, data, outputs):
    """Train, save and return the paths of the models of some seeds."""
    paths = []
    for number, own in data.items():
        training = Training(
            recipe, own, outputs, number, checkpoint=folder / "checkpoint.npz", identity=str(number), label="test"
        )
        train([training])
        paths.append(folder / f"{number}.keras")
        save_model(training.trained, outputs, {}, paths[-1], paths[-1].with_suffix(".json"))
    return paths


def test_a_profile_goes_from_counts_to_the_targets_of_a_student(tmp_path, recipe, profile_network):
    store = counted_store()
    shapes = {"profile": (STRANDS, POSITIONS)}
    recipe = {**recipe, "model": {"name": "profile_network"}, "heads": ["mean", "profile"], "head_shapes": shapes}
    recipe |= {"epochs": 25, "target_scaling": "standard"}
    rows = training_rows(store, 1.0, 1)
    outputs = Outputs.of_recipe(recipe, store.targets[rows.subset], ("target0",))
    assert outputs.parameters == {"mean": "linear", "profile": "linear"}
    data = member_data(store, rows, recipe, [1, 2])
    assert data[1].targets["profile"].shape == (len(rows.subset), 1, STRANDS, POSITIONS)
    paths = trained(tmp_path, recipe, store, data, outputs)

    predictor = Predictor(paths[0])
    assert predictor.outputs == outputs
    found = predictor.predict(store.tokens)["profile"]
    assert found.shape == (160, 1, STRANDS, POSITIONS)
    assert np.corrcoef(found.ravel(), store.total_counts.ravel())[0, 1] > 0.7

    predictions = predict_store(paths, [1, 2], store)
    write_predictions(predictions, tmp_path / "predictions.h5", store.digest)
    ensemble = read_predictions(tmp_path / "predictions.h5", store, profiles=True)
    assert ensemble.heads == outputs.heads
    alone = read_predictions(tmp_path / "predictions.h5", store)
    assert alone.heads == outputs.heads.of_one_value()
    for split in SPLITS:
        expected = ensemble.heads.select(ensemble.values[split], "mean")
        np.testing.assert_array_equal(alone.heads.select(alone.values[split], "mean"), expected)
    profiles = np.stack([Predictor(path).predict(store.tokens[store.rows("test")])["profile"] for path in paths])
    near = {"rtol": 1e-4, "atol": 1e-5}
    np.testing.assert_allclose(ensemble.heads_of_ensemble("test")["profile"], profiles.mean(axis=0), **near)
    members = ensemble_targets(ensemble, "test")["member_profile"]
    np.testing.assert_allclose(np.moveaxis(members, 1, 0), profiles, **near)

    names = ("mean", "profile", "epistemic")
    write_targets(student_targets(store, ensemble, names), tmp_path / "targets.h5", store.digest)
    own = student_data(store, rows, read_targets(tmp_path / "targets.h5", store), STUDENT, [1])[1]
    assert own.targets["profile"].shape == (len(rows.subset), 1, STRANDS, POSITIONS)
    # Tables of accuracy hold the heads of one value a target.
    assert set(evaluate_ensemble(store, ensemble)["head"]) == {"mean"}


@pytest.mark.parametrize("loss", ["multinomial", "dirichlet_multinomial", "poisson_profile", "negative_binomial"])
def test_counts_are_learned_as_a_profile_of_probabilities_and_a_total(tmp_path, recipe, profile_network, loss):
    store = counted_store()
    store.targets = np.log1p(store.total_counts.sum(axis=(2, 3)))
    heads = ["mean", "aleatoric", "profile"] if loss == "negative_binomial" else ["mean", "profile"]
    recipe = {**recipe, "model": {"name": "profile_network"}, "heads": heads, "loss": {"name": loss}}
    recipe |= {"head_shapes": {"profile": (STRANDS, POSITIONS)}, "epochs": 40, "output_bias": "targets"}
    recipe |= {"head_weights": "median_count", "early_stopping": {"patience": 40, "minimum_steps": 0}}
    recipe["optimizer"]["learning_rate"] = 0.02
    rows = training_rows(store, 1.0, 1)
    outputs = Outputs.of_recipe(recipe, store.targets[rows.subset], ("target0",))
    data = member_data(store, rows, recipe, [1])
    (path,) = trained(tmp_path, recipe, store, data, outputs)
    found = Predictor(path).predict(store.tokens)
    assert list(found) == heads
    np.testing.assert_allclose(found["profile"].sum(axis=(2, 3)), 1, rtol=1e-4)
    # The expected counts are known: where a sequence has an A or a C, and nowhere else.
    expected = np.stack([store.tokens == 0, store.tokens == 1], axis=1)[:, None]
    assert (found["profile"] * ~expected).sum(axis=(2, 3)).mean() < 0.1
    assert np.corrcoef(found["mean"][:, 0], np.log1p(8 * expected.sum(axis=(1, 2, 3))))[0, 1] > 0.8
    if loss == "negative_binomial":
        # Poisson counts of this total, about 96, differ by a tenth.
        assert 0.05 < np.median(found["aleatoric"]) < 0.3


def test_classes_are_learned_and_predicted_as_probabilities(tmp_path, recipe):
    store = small_store(rows=240)
    order = np.argsort(np.argsort((store.tokens == 0).sum(axis=1), kind="stable"))
    store.targets = (order * CLASSES // len(store))[:, None].astype(np.float32)
    recipe = {**recipe, "heads": ["probability"], "head_shapes": {"probability": [CLASSES]}, "epochs": 30}
    recipe |= {"loss": {"name": "categorical_crossentropy"}, "early_stopping": {"patience": 30, "minimum_steps": 0}}
    recipe["model"] = {**SMALL["motif_cnn"], "units": 8}
    recipe["optimizer"]["learning_rate"] = 0.02
    recipe["reduce_learning_rate"] = {"factor": 0.5, "patience": 30, "minimum": 1e-6}
    rows = training_rows(store, 1.0, 1)
    outputs = Outputs.of_recipe(recipe, store.targets, ("target0",))
    assert outputs.parameters == {"logits": "linear"}
    paths = trained(tmp_path, recipe, store, member_data(store, rows, recipe, [1, 2]), outputs)
    predictor = Predictor(paths[0])
    found = predictor.predict(store.tokens)["probability"]
    logits = keras.ops.convert_to_numpy(predictor.model(one_hot(store.tokens), training=False))
    np.testing.assert_allclose(found, softmax(logits.reshape(-1, 1, CLASSES), axis=-1), rtol=1e-4)
    assert (found.argmax(axis=-1) == store.targets).mean() > 0.6

    ensemble = predict_store(paths, [1, 2], store)
    for split in SPLITS:
        heads = ensemble.heads_of_ensemble(split)
        assert list(heads) == ["probability"]
        np.testing.assert_allclose(heads["probability"].sum(axis=-1), 1, rtol=1e-5)
    students = student_targets(store, ensemble, ("member_probability", "probability"))
    assert students["train"]["member_probability"].shape == (len(store.rows("train")), 2, 1, CLASSES)
    assert evaluate_ensemble(store, ensemble).empty
