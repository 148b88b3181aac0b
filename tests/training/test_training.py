"""Training of one model: seeds, checkpoints, resumption, early stopping."""

import dataclasses
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import scoringrules
import tensorflow as tf
from sklearn.metrics import roc_auc_score

from degu.data.batches import Batches
from degu.data.sequences import one_hot
from degu.errors import DeguError
from degu.losses import mean_squared_error
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.training.checkpoint import Checkpoint, Progress
from degu.training.training import Training, TrainingData, build_model, set_output_bias, train
from tests.conftest import small_store

OUTPUTS = Outputs(Heads(("mean",), ("target0",)))
# The same architectures as published, at a width that builds quickly.
SMALL = {
    "deepstarr": {"name": "deepstarr", "width": 0.05},
    "residualbind": {"name": "residualbind", "width": 0.05},
    "mprann": {"name": "mprann", "width": 0.05},
    "motif_cnn": {"name": "motif_cnn", "filters": 4, "kernel": 5, "pool": 4, "units": 4},
}


@pytest.fixture(scope="module", autouse=True)
def deterministic():
    """Ask for what `degu.training.backend.prepare` asks for in a job."""
    tf.config.experimental.enable_op_determinism()


def overshooting_data() -> TrainingData:
    """Return data on which validation first gains and then loses: training passes 1 on its way from 0 to 3."""
    store = small_store()
    train_rows, validation_rows = store.rows("train"), store.rows("validation")
    return TrainingData(
        tokens=store.tokens[train_rows],
        targets={"mean": store.targets[train_rows] + 2.7},
        validation_tokens=store.tokens[validation_rows],
        validation_targets={"mean": store.targets[validation_rows] + 0.7},
    )


def overshooting_recipe() -> dict:
    """Return a recipe with dropout under which, on `overshooting_data`, the learning rate falls and training stops."""
    return {
        "model": {**SMALL["motif_cnn"], "dropout": 0.2},
        "loss": {"name": "mean_squared_error"},
        "head_weights": "equal",
        "output_bias": "zero",
        "precision": "float32",
        "monitor": "loss",
        "optimizer": {"name": "adam", "learning_rate": 0.03},
        "batch_size": 16,
        "epochs": 20,
        "early_stopping": {"patience": 4},
        "reduce_learning_rate": {"factor": 0.5, "patience": 2, "minimum": 1e-6},
    }


def run(checkpoint: Path, *, seed: int = 3, identity: str = "this", data: TrainingData | None = None, **changes):
    """Train on the overshooting data."""
    data = data or overshooting_data()
    recipe = {**overshooting_recipe(), **changes}
    training = Training(recipe, data, OUTPUTS, seed, checkpoint=checkpoint, identity=identity, label="test")
    train([training])
    return training.model, training.history


def weights_of(model: keras.Model) -> list[np.ndarray]:
    """Return all a model's state: weights, batch-norm statistics and dropout's counters."""
    return [keras.ops.convert_to_numpy(variable).copy() for variable in model.variables]


def losses_of(history: list[dict]) -> list[tuple]:
    return [(row["epoch"], row["loss"], row["val_loss"], row["learning_rate"]) for row in history]


def assert_same_weights(one: list[np.ndarray], other: list[np.ndarray]) -> None:
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory) -> tuple[list[np.ndarray], list[dict], Path, keras.Model]:
    """Train without interruption; keep what a kill after each epoch would have left behind, as `after-K.npz`."""
    folder = tmp_path_factory.mktemp("uninterrupted")
    original = Checkpoint.on_epoch_end

    def save_and_keep(self, epoch, logs=None):
        original(self, epoch, logs)
        shutil.copy(self.path, folder / f"after-{epoch + 1}.npz")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Checkpoint, "on_epoch_end", save_and_keep)
        model, history = run(folder / "checkpoint.npz")
    return weights_of(model), history, folder, model


def test_the_training_that_is_interrupted_below_has_seen_everything(uninterrupted):
    history = uninterrupted[1]
    assert 4 < len(history) < overshooting_recipe()["epochs"]
    assert len({row["learning_rate"] for row in history}) >= 2
    best = int(np.argmin([row["val_loss"] for row in history]))
    assert 0 < best == len(history) - 1 - overshooting_recipe()["early_stopping"]["patience"]


def test_the_history_has_an_epoch_a_row(uninterrupted):
    history = uninterrupted[1]
    assert [row["epoch"] for row in history] == list(range(1, len(history) + 1))
    assert all(set(row) == {"epoch", "loss", "val_loss", "learning_rate", "seconds"} for row in history)


def test_the_learning_rate_is_halved_after_every_two_epochs_without_gain(uninterrupted):
    history = uninterrupted[1]
    rate, best, waited = overshooting_recipe()["optimizer"]["learning_rate"], np.inf, 0
    for row in history:
        assert row["learning_rate"] == pytest.approx(rate, rel=1e-6)
        # Keras counts a gain of more than 1e-4.
        waited = 0 if row["val_loss"] < best - 1e-4 else waited + 1
        best = min(best, row["val_loss"])
        if waited == 2:
            rate, waited = rate / 2, 0


def validation_error(model: keras.Model) -> float:
    data = overshooting_data()
    predicted = keras.ops.convert_to_numpy(model(one_hot(data.validation_tokens)))
    return float(np.mean((predicted - data.validation_targets["mean"]) ** 2))


def test_the_returned_weights_are_those_of_the_best_epoch(uninterrupted):
    _, history, _, model = uninterrupted
    assert validation_error(model) == pytest.approx(min(row["val_loss"] for row in history), rel=1e-5)
    assert validation_error(model) < 0.9 * history[-1]["val_loss"]


def test_a_seed_gives_the_same_weights_twice_and_another_seed_others(uninterrupted, tmp_path):
    weights, history = uninterrupted[:2]
    again, again_history = run(tmp_path / "again.npz")
    assert_same_weights(weights_of(again), weights)
    assert losses_of(again_history) == losses_of(history)
    other, _ = run(tmp_path / "other.npz", seed=4, epochs=1)
    kernels = [(a, b) for a, b in zip(weights_of(other), weights, strict=True) if a.ndim >= 2]
    assert kernels and all((a != b).any() for a, b in kernels)


def test_a_training_killed_after_any_epoch_ends_as_if_it_had_not_been(uninterrupted, tmp_path):
    weights, history, folder, _ = uninterrupted
    for epoch in range(1, len(history)):
        checkpoint = tmp_path / f"{epoch}.npz"
        shutil.copy(folder / f"after-{epoch}.npz", checkpoint)
        # What a new process would have drawn by then.
        keras.utils.set_random_seed(epoch)
        model, resumed = run(checkpoint)
        assert losses_of(resumed) == losses_of(history), f"after epoch {epoch}"
        assert_same_weights(weights_of(model), weights)


def test_a_training_stopped_by_an_error_amid_an_epoch_ends_as_if_it_had_not_been(uninterrupted, tmp_path, monkeypatch):
    weights, history = uninterrupted[:2]
    checkpoint = tmp_path / "checkpoint.npz"

    batches, original = [], Batches.__getitem__

    def fail(self, index):
        batches.append(index)
        if len(batches) == 3 * steps + 2:
            raise KeyboardInterrupt
        return original(self, index)

    # Batches of training and validation in an epoch.
    steps = -(-len(overshooting_data().tokens) // 16) + 1
    with monkeypatch.context() as patch:
        patch.setattr(Batches, "__getitem__", fail)
        with pytest.raises(KeyboardInterrupt):
            run(checkpoint)
    begun = []
    monkeypatch.setattr(Progress, "on_epoch_begin", lambda self, epoch, logs=None: begun.append(epoch))
    model, resumed = run(checkpoint)
    assert begun[0] in (2, 3)
    assert losses_of(resumed) == losses_of(history)
    assert_same_weights(weights_of(model), weights)


def test_a_training_killed_after_it_had_stopped_early_is_not_trained_on(uninterrupted, tmp_path, monkeypatch):
    weights, history, folder, _ = uninterrupted
    checkpoint = tmp_path / "checkpoint.npz"
    shutil.copy(folder / f"after-{len(history)}.npz", checkpoint)
    monkeypatch.setattr(Progress, "on_epoch_begin", lambda *_, **__: pytest.fail("an epoch was begun"))
    model, resumed = run(checkpoint)
    assert losses_of(resumed) == losses_of(history)
    assert_same_weights(weights_of(model), weights)


def test_a_training_killed_after_its_last_epoch_is_not_trained_on(uninterrupted, tmp_path, monkeypatch):
    _, history, folder, _ = uninterrupted
    checkpoint = tmp_path / "checkpoint.npz"
    shutil.copy(folder / "after-2.npz", checkpoint)
    monkeypatch.setattr(Progress, "on_epoch_begin", lambda *_, **__: pytest.fail("an epoch was begun"))
    model, resumed = run(checkpoint, epochs=2)
    assert losses_of(resumed) == losses_of(history)[:2]
    assert validation_error(model) == pytest.approx(min(row["val_loss"] for row in history[:2]), rel=1e-5)


def test_a_checkpoint_of_another_identity_is_ignored_with_a_warning(uninterrupted, tmp_path, caplog):
    _, history, folder, _ = uninterrupted
    checkpoint = tmp_path / "checkpoint.npz"
    shutil.copy(folder / "after-3.npz", checkpoint)
    with caplog.at_level(logging.WARNING):
        _, fresh = run(checkpoint, identity="other", epochs=1)
    assert "another recipe, data set or seed" in caplog.text
    assert losses_of(fresh) == losses_of(history)[:1]


@pytest.mark.parametrize("kept", [0, 2, 2000])
def test_a_truncated_checkpoint_is_ignored_with_a_warning(uninterrupted, tmp_path, caplog, kept):
    whole = uninterrupted[2] / "after-3.npz"
    assert Checkpoint(whole, "this", None, None, None).load(None) == 3
    part = tmp_path / "checkpoint.npz"
    part.write_bytes(whole.read_bytes()[:kept])
    with caplog.at_level(logging.WARNING):
        assert Checkpoint(part, "this", None, None, None).load(None) == 0
    assert "not readable" in caplog.text


def test_a_loss_that_is_not_finite_is_told_and_not_saved(tmp_path):
    data = overshooting_data()
    far = {"mean": np.full_like(data.validation_targets["mean"], 1e30)}
    extreme = dataclasses.replace(data, validation_targets=far)
    with pytest.raises(DeguError, match=r"loss after epoch 1 is .* inf in validation"):
        run(tmp_path / "checkpoint.npz", data=extreme, epochs=2)
    assert not (tmp_path / "checkpoint.npz").exists()


@pytest.mark.parametrize(("loss", "val_loss"), [(float("nan"), 1.0), (float("inf"), 1.0), (1.0, float("nan"))])
def test_no_loss_may_be_other_than_finite(loss, val_loss):
    with pytest.raises(DeguError, match="loss after epoch 3"):
        Progress("test", 5).on_epoch_end(2, {"loss": loss, "val_loss": val_loss, "learning_rate": 0.1})


def test_each_epoch_is_logged_with_its_losses_and_the_time_left_at_most(caplog):
    progress = Progress("test", 4)
    progress.history = [{"seconds": 70.0}]
    progress.on_epoch_begin(1)
    with caplog.at_level(logging.INFO, logger="degu.training.checkpoint"):
        progress.on_epoch_end(1, {"loss": 0.25, "val_loss": 0.5, "learning_rate": 0.001})
    assert "test: epoch 2/4, loss 0.25, validation loss 0.5, learning rate 0.001" in caplog.text
    # Two epochs of 35 s, the mean of 70 s and of next to nothing.
    assert "at most 1:10 left" in caplog.text


@pytest.mark.parametrize("name", SMALL)
def test_two_seeds_differ_in_every_kernel_and_one_seed_in_none(name):
    recipe = {"model": SMALL[name], "precision": "float32"}
    first, same, other = (weights_of(build_model(recipe, 40, OUTPUTS, seed)) for seed in (1, 1, 2))
    assert_same_weights(first, same)
    kernels = [(a, b) for a, b in zip(first, other, strict=True) if a.ndim >= 2]
    assert len(kernels) >= 4
    assert all((a != b).any() for a, b in kernels)


@pytest.mark.parametrize("name", SMALL)
def test_batch_norm_starts_anew_in_a_member_built_after_another_was_trained(name):
    recipe = {"model": SMALL[name], "precision": "float32"}
    before = build_model(recipe, 40, OUTPUTS, 1)
    untouched = weights_of(before)
    for variable in before.weights:
        variable.assign(variable + 1)
    model = build_model(recipe, 40, OUTPUTS, 1)
    assert_same_weights(weights_of(model), untouched)
    normalised = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert normalised
    for layer in normalised:
        np.testing.assert_array_equal(layer.moving_mean, 0)
        np.testing.assert_array_equal(layer.moving_variance, 1)
        np.testing.assert_array_equal(layer.beta, 0)
        np.testing.assert_array_equal(layer.gamma, 1)


def test_training_moves_the_batch_norm_statistics_that_a_new_member_does_not_inherit(uninterrupted):
    trained = uninterrupted[3]
    moved = [layer for layer in trained.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert all((keras.ops.convert_to_numpy(layer.moving_mean) != 0).any() for layer in moved)
    fresh = build_model(overshooting_recipe(), 24, OUTPUTS, 3)
    for layer in fresh.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            np.testing.assert_array_equal(layer.moving_mean, 0)
            np.testing.assert_array_equal(layer.moving_variance, 1)


def test_a_model_does_not_depend_on_random_numbers_drawn_before():
    recipe = {"model": SMALL["motif_cnn"], "precision": "float32"}
    first = weights_of(build_model(recipe, 40, OUTPUTS, 1))
    keras.random.normal((3,))
    np.random.default_rng().normal()
    keras.utils.set_random_seed(99)
    assert_same_weights(weights_of(build_model(recipe, 40, OUTPUTS, 1)), first)


# Shortest sequences, worked out by hand from the pools and the unpadded convolutions.
@pytest.mark.parametrize(
    ("name", "shortest"), [("deepstarr", 16), ("residualbind", 25), ("mprann", 21), ("motif_cnn", 4)]
)
def test_sequences_too_short_for_a_model_are_told_to_a_person(name, shortest):
    recipe = {"model": SMALL[name], "precision": "float32"}
    assert build_model(recipe, shortest, OUTPUTS, 1).output_shape == (None, 1)
    with pytest.raises(DeguError, match=f"model '{name}' cannot be built for sequences of {shortest - 1} bases"):
        build_model(recipe, shortest - 1, OUTPUTS, 1)


# Several side by side


def packed(folder: Path, seeds: list[int], data: list[TrainingData] | None = None, **changes) -> list[Training]:
    """Train on the overshooting data, one model a seed, in one go."""
    data = data or [overshooting_data()] * len(seeds)
    recipe = {**overshooting_recipe(), **changes}
    trainings = [
        Training(recipe, own, OUTPUTS, seed, checkpoint=folder / f"{seed}.npz", identity=f"{seed}", label=f"{seed}")
        for seed, own in zip(seeds, data, strict=True)
    ]
    train(trainings)
    return trainings


def test_members_trained_side_by_side_are_those_trained_alone(uninterrupted, tmp_path):
    """Dropout, shuffling, learning rates and early stopping are each member's own."""
    near = overshooting_data()
    # What is passed later on the way makes a later best epoch.
    far = dataclasses.replace(near, validation_targets={"mean": near.validation_targets["mean"] + 0.9})
    seeds, data, lengths = [3, 4], [near, far], set()
    side_by_side = packed(tmp_path, seeds, data)
    for seed, own, training in zip(seeds, data, side_by_side, strict=True):
        model, history = run(tmp_path / f"alone-{seed}.npz", seed=seed, data=own)
        assert losses_of(training.history) == losses_of(history)
        assert_same_weights(weights_of(training.model), weights_of(model))
        assert [layer.name for layer in training.model.layers] == [layer.name for layer in model.layers]
        lengths.add(len(history))
    # One stopped while others went on.
    assert len(lengths) > 1
    assert_same_weights(weights_of(side_by_side[0].model), uninterrupted[0])


def test_members_on_rows_of_their_own_may_differ_in_their_number_of_batches(tmp_path):
    whole = overshooting_data()
    part = dataclasses.replace(whole, tokens=whole.tokens[:20], targets={"mean": whole.targets["mean"][:20]})
    for training, own in zip(packed(tmp_path, [3, 4], [whole, part], epochs=3), [whole, part], strict=True):
        seed = int(training.label)
        model, history = run(tmp_path / f"alone-{seed}.npz", seed=seed, data=own, epochs=3)
        assert losses_of(training.history) == losses_of(history)
        assert_same_weights(weights_of(training.model), weights_of(model))


def test_members_killed_side_by_side_go_on_each_from_its_own_last_epoch(uninterrupted, tmp_path):
    """A kill between the writing of two checkpoints leaves one an epoch ahead; a third may have none."""
    weights, history, folder, _ = uninterrupted
    recipe, trainings = overshooting_recipe(), []
    for epoch in (2, 5, len(history)):
        checkpoint = tmp_path / f"{epoch}.npz"
        shutil.copy(folder / f"after-{epoch}.npz", checkpoint)
    for name in ("2", "5", str(len(history)), "none"):
        checkpoint = tmp_path / f"{name}.npz"
        trainings.append(
            Training(recipe, overshooting_data(), OUTPUTS, 3, checkpoint=checkpoint, identity="this", label=name)
        )
    train(trainings)
    for training in trainings:
        assert losses_of(training.history) == losses_of(history)
        assert_same_weights(weights_of(training.model), weights)


def test_an_infinite_loss_of_one_member_is_told_by_its_name(tmp_path):
    data = overshooting_data()
    far = {"mean": np.full_like(data.validation_targets["mean"], 1e30)}
    extreme = dataclasses.replace(data, validation_targets=far)
    with pytest.raises(DeguError, match=r"loss after epoch 1 is .* inf in validation") as caught:
        packed(tmp_path, [3, 4], [data, extreme])
    assert str(caught.value).startswith("4: ")


def test_mixed_precision_computes_in_bfloat16_and_keeps_single_precision(tmp_path):
    data = overshooting_data()
    recipe = {**overshooting_recipe(), "precision": "mixed_bfloat16"}
    training = Training(recipe, data, OUTPUTS, 3, checkpoint=tmp_path / "c.npz", identity="this", label="test")
    assert {layer.compute_dtype for layer in training.model.layers if layer.weights} == {"bfloat16", "float32"}
    assert training.model.output.dtype == "float32"
    train([training])
    kept = training.trained
    assert {layer.dtype_policy.name for layer in kept.layers[1:]} == {"float32"}
    mixed, single = (keras.ops.convert_to_numpy(model(one_hot(data.tokens))) for model in (training.model, kept))
    assert not np.array_equal(mixed, single)
    np.testing.assert_allclose(mixed, single, rtol=0.05)
    # A model built after it is none of it.
    assert build_model(overshooting_recipe(), 24, OUTPUTS, 3).dtype_policy.name == "float32"


def test_what_is_kept_of_a_model_needs_nothing_but_keras(uninterrupted, tmp_path):
    tokens, model = overshooting_data().tokens, uninterrupted[3]
    training = Training(
        overshooting_recipe(), overshooting_data(), OUTPUTS, 3, checkpoint=tmp_path / "c", identity="this", label="test"
    )
    training.model.set_weights(model.get_weights())
    training.trained.save(tmp_path / "model.keras")
    # The optimiser's state would be two thirds of the file.
    assert not training.trained.compiled
    np.save(tmp_path / "sequences.npy", one_hot(tokens))
    code = "import keras, numpy; model = keras.saving.load_model('model.keras', compile=False); "
    code += "numpy.save('predicted.npy', model.predict(numpy.load('sequences.npy'), verbose=0))"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": ""})
    expected = keras.ops.convert_to_numpy(model(one_hot(tokens)))
    np.testing.assert_allclose(np.load(tmp_path / "predicted.npy"), expected, rtol=1e-5)


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
    expected = scoringrules.crps_normal(members, found["mean"][:, None], found["epistemic"][:, None])
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


@pytest.mark.parametrize("link", ["identity", "softplus", "log_variance"])
def test_training_may_begin_at_the_mean_of_the_targets(recipe, link):
    outputs = Outputs(Heads(("mean", "epistemic"), ("a", "b")), link=link)
    model = build_model(recipe, 24, outputs, 1)
    targets = {"mean": np.array([[1.0, -3.0], [3.0, -5.0]]), "epistemic": np.full((2, 2), 0.05)}
    set_output_bias(model, outputs, targets)
    parameters = {
        name: keras.activations.get(outputs.parameters[name])(model.get_layer(name).bias)
        for name in ("mean", "epistemic")
    }
    heads = outputs.to_heads(parameters)
    np.testing.assert_allclose(heads["mean"], [2.0, -4.0], rtol=1e-6)
    np.testing.assert_allclose(heads["epistemic"], [0.05, 0.05], rtol=1e-4)


def test_heads_without_a_target_begin_where_they_began(recipe):
    outputs = Outputs(Heads(("mean", "aleatoric"), ("a",)), loss="gaussian", link="log_variance")
    model = build_model(recipe, 24, outputs, 1)
    set_output_bias(model, outputs, {"measured": np.array([[2.0], [4.0]])})
    assert model.get_layer("mean").bias.numpy() == pytest.approx([3.0])
    assert model.get_layer("aleatoric").bias.numpy() == pytest.approx([0.0])


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
