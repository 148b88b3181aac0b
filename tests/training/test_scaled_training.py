"""Trainings with targets in several units, of several heads and of members."""

import logging
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from sklearn.metrics import roc_auc_score

from degu.data.sequences import one_hot
from degu.errors import DeguError
from degu.losses import mean_squared_error
from degu.outputs.outputs import Outputs
from degu.training.training import Training, TrainingData, train
from degu.uncertainty.scores import crps_normal
from tests.conftest import small_store
from tests.training.runs import SMALL, run


@pytest.fixture(scope="module", autouse=True)
def deterministic():
    """Ask for what `degu.training.backend.prepare` asks for in a job."""
    tf.config.experimental.enable_op_determinism()


# Targets, scaling and weights


def data_of(store, names: tuple[str, ...], *, factor: float = 1.0, offset: float = 0.0) -> TrainingData:
    """Return a store's measurements, moved and stretched, under the names of targets."""
    rng = np.random.default_rng(11)
    members = store.targets[:, None] + 0.1 * rng.normal(size=(len(store), 3, store.targets.shape[1]))
    arrays = {
        "measured": factor * store.targets + offset,
        "mean": factor * store.targets + offset,
        "aleatoric": factor * store.replicate_std,
        "epistemic": factor * members.std(axis=1),
        "member_mean": factor * members + offset,
    }
    rows = [store.rows(split) for split in ("train", "validation")]
    train_targets, validation_targets = ({name: arrays[name][part].astype("f4") for name in names} for part in rows)
    return TrainingData(store.tokens[rows[0]], train_targets, store.tokens[rows[1]], validation_targets)


def trained(
    folder: Path, recipe: dict, data: TrainingData, targets: tuple[str, ...]
) -> tuple[Outputs, keras.Model, list]:
    outputs = Outputs.of_recipe(recipe, data.targets.get("mean", data.targets.get("measured")), targets)
    training = Training(recipe, data, outputs, 3, checkpoint=folder / "c.npz", identity="this", label="test")
    train([training])
    (folder / "c.npz").unlink()
    return outputs, training.model, training.history


def predictions_of(outputs: Outputs, model: keras.Model, tokens: np.ndarray) -> dict[str, np.ndarray]:
    values = outputs.predictions(keras.ops.convert_to_numpy(model(one_hot(tokens), training=False)))
    return {head: outputs.heads.select(values, head) for head in outputs.heads.heads}


@pytest.mark.parametrize(
    ("loss", "heads", "names", "link"),
    [
        ("mean_squared_error", ["mean", "aleatoric"], ("mean", "aleatoric"), "log_variance"),
        ("evidential", ["mean", "aleatoric", "epistemic"], ("measured",), "identity"),
    ],
)
def test_with_a_standard_scaling_the_units_of_the_activity_are_no_matter(tmp_path, recipe, loss, heads, names, link):
    store, factor, offset = small_store(targets=2), 37.5, -1234.0
    recipe = {**recipe, "loss": {"name": loss}, "heads": heads, "epochs": 3, "target_scaling": "standard"}
    recipe["uncertainty"] = {"link": link, "floor": 1e-4}
    recipe["model"] = {**SMALL["motif_cnn"], "dropout": 0.2}
    first, other = (
        predictions_of(*trained(tmp_path, recipe, data, tuple(store.target_names))[:2], store.tokens)
        for data in (data_of(store, names), data_of(store, names, factor=factor, offset=offset))
    )
    # What single precision leaves of three epochs, against predictions that differ by 0.02 and more.
    for head in heads:
        of_std = head in ("aleatoric", "epistemic")
        np.testing.assert_allclose(
            (other[head] - (0 if of_std else offset)) / factor, first[head], atol=3e-4, err_msg=head
        )
        assert np.ptp(first[head]) > 0.01


def test_without_a_scaling_the_units_of_the_activity_matter(tmp_path, recipe):
    store = small_store()
    first, other = (
        predictions_of(*trained(tmp_path, {**recipe, "epochs": 1}, data, ("target0",))[:2], store.tokens)["mean"]
        for data in (data_of(store, ("mean",)), data_of(store, ("mean",), factor=2.0, offset=1.0))
    )
    assert not np.allclose((other - 1) / 2, first, atol=0.02)


def test_heads_are_weighted_by_the_variance_of_the_training_targets(tmp_path, recipe):
    store = small_store(rows=160)
    data = data_of(store, ("mean", "epistemic"))
    # Other targets for validation, whose variance is no matter.
    data.validation_targets["epistemic"][:] *= 3
    recipe = {**recipe, "heads": ["mean", "epistemic"], "epochs": 1, "head_weights": "inverse_variance"}
    outputs, model, history = trained(tmp_path, recipe, data, ("target0",))
    found = predictions_of(outputs, model, data.validation_tokens)
    errors = [
        np.mean((found[head] - data.validation_targets[head]) ** 2) / np.var(data.targets[head], dtype=np.float64)
        for head in ("mean", "epistemic")
    ]
    assert history[0]["val_loss"] == pytest.approx(np.mean(errors), rel=1e-4)


def test_each_member_is_a_target_of_its_own(tmp_path, recipe):
    store = small_store(rows=160, targets=2)
    data = data_of(store, ("member_mean",))
    recipe = {**recipe, "heads": ["mean", "epistemic"], "loss": {"name": "crps_of_members"}, "epochs": 1}
    recipe["uncertainty"] = {"link": "softplus", "floor": 1e-3}
    outputs = Outputs.of_recipe(recipe, store.targets, tuple(store.target_names))
    training = Training(recipe, data, outputs, 3, checkpoint=tmp_path / "c.npz", identity="this", label="test")
    train([training])
    model, history = training.model, training.history
    found = predictions_of(outputs, model, data.validation_tokens)
    members = data.validation_targets["member_mean"]
    assert (found["epistemic"] >= 1e-3).all()
    expected = crps_normal(members, found["mean"][:, None], found["epistemic"][:, None])
    assert history[0]["val_loss"] == pytest.approx(np.mean(expected), rel=1e-4)


def test_a_loss_that_meets_every_sample_with_every_other_is_not_trained(tmp_path, monkeypatch):
    def published(true, predicted):
        return keras.ops.square(true - predicted)[:, 0] / (1 + keras.ops.square(predicted))

    monkeypatch.setattr(mean_squared_error, "loss", published)
    with pytest.raises(DeguError, match="the loss 'mean_squared_error' has shape"):
        run(tmp_path / "checkpoint.npz", epochs=1)


def test_a_loss_of_one_value_a_sample_is_not_trained(tmp_path, monkeypatch):
    def averaged(true, predicted):
        return keras.ops.mean(keras.ops.square(true - predicted), axis=-1)

    monkeypatch.setattr(mean_squared_error, "loss", averaged)
    with pytest.raises(DeguError, match="the loss 'mean_squared_error' has shape"):
        run(tmp_path / "checkpoint.npz", epochs=1)
    assert not (tmp_path / "checkpoint.npz").exists()


def test_of_labels_the_auroc_is_followed_and_its_best_epoch_kept(tmp_path, caplog):
    """Against scikit-learn: Keras integrates over 200 thresholds."""
    rng = np.random.default_rng(5)
    tokens = rng.integers(0, 4, size=(400, 40), dtype=np.uint8)
    labels = ((tokens == 2).mean(axis=1) + rng.normal(0, 0.05, 400) > 0.25).astype(np.float32)[:, None]
    data = TrainingData(tokens[:200], {"measured": labels[:200]}, tokens[200:], {"measured": labels[200:]})
    changes = {"loss": {"name": "binary_crossentropy"}, "monitor": "auroc", "epochs": 8, "data": data}
    caplog.set_level(logging.INFO)
    model, _ = run(tmp_path / "checkpoint.npz", **changes)
    told = float(caplog.messages[-1].rpartition("validation auroc ")[2])
    predicted = keras.ops.convert_to_numpy(model(one_hot(tokens[200:])))[:, 0]
    assert 0.6 < told < 1
    assert roc_auc_score(labels[200:, 0], predicted) == pytest.approx(told, abs=0.01)
