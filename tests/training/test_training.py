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
import tensorflow as tf

from degu.data.batches import Batches
from degu.data.sequences import one_hot
from degu.errors import DeguError
from degu.training.building import Inheritance, build_model
from degu.training.checkpoint import Checkpoint, Progress
from degu.training.training import Training, TrainingData, train
from tests.training.runs import (
    OUTPUTS,
    assert_same_weights,
    losses_of,
    overshooting_data,
    overshooting_recipe,
    run,
    weights_of,
)


@pytest.fixture(scope="module", autouse=True)
def deterministic():
    """Ask for what `degu.training.backend.prepare` asks for in a job."""
    tf.config.experimental.enable_op_determinism()


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


@pytest.mark.system
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
    steps = -(-len(overshooting_data().tokens) // overshooting_recipe()["batch_size"]) + 1
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
    assert Checkpoint(whole, "this", {}, None).load(None) == 3
    part = tmp_path / "checkpoint.npz"
    part.write_bytes(whole.read_bytes()[:kept])
    with caplog.at_level(logging.WARNING):
        assert Checkpoint(part, "this", {}, None).load(None) == 0
    assert "not readable" in caplog.text


def test_a_loss_that_is_not_finite_is_told_and_not_saved(tmp_path):
    data = overshooting_data()
    far = {"mean": np.full_like(data.validation_targets["mean"], 1e30)}
    extreme = dataclasses.replace(data, validation_targets=far)
    with pytest.raises(DeguError, match=r"loss after epoch 1 is .* inf in validation"):
        run(tmp_path / "checkpoint.npz", data=extreme, epochs=2)
    assert not (tmp_path / "checkpoint.npz").exists()


def test_training_moves_the_batch_norm_statistics_that_a_new_member_does_not_inherit(uninterrupted):
    trained = uninterrupted[3]
    moved = [layer for layer in trained.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert all((keras.ops.convert_to_numpy(layer.moving_mean) != 0).any() for layer in moved)
    fresh = build_model(overshooting_recipe(), 24, OUTPUTS, 3)
    for layer in fresh.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            np.testing.assert_array_equal(layer.moving_mean, 0)
            np.testing.assert_array_equal(layer.moving_variance, 1)


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


@pytest.mark.system
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


@pytest.mark.system
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


# Changes and labels on the fly


def test_labels_made_on_the_fly_train_as_the_same_labels_made_before(uninterrupted, tmp_path):
    data = overshooting_data()
    known = {row.tobytes(): value for row, value in zip(data.tokens, data.targets["mean"], strict=True)}
    flying = dataclasses.replace(
        data, label=lambda tokens: {"mean": np.stack([known[row.tobytes()] for row in tokens])}
    )
    model, history = run(tmp_path / "checkpoint.npz", data=flying)
    assert_same_weights(weights_of(model), uninterrupted[0])
    assert losses_of(history) == losses_of(uninterrupted[1])


@pytest.mark.system
def test_an_augmented_training_that_is_killed_ends_as_if_it_had_not_been(tmp_path, monkeypatch):
    def mutate(tokens, rng):
        return np.where(rng.random(tokens.shape) < 0.1, rng.integers(0, 4, tokens.shape), tokens).astype(np.uint8)

    data = dataclasses.replace(overshooting_data(), augment=mutate)
    whole, history = run(tmp_path / "whole.npz", data=data, epochs=4)
    plain, _ = run(tmp_path / "plain.npz", epochs=4)
    assert any((one != other).any() for one, other in zip(weights_of(whole), weights_of(plain), strict=True))
    run(tmp_path / "killed.npz", data=data, epochs=2)
    resumed, resumed_history = run(tmp_path / "killed.npz", data=data, epochs=4)
    assert_same_weights(weights_of(resumed), weights_of(whole))
    assert losses_of(resumed_history) == losses_of(history)


def test_targets_that_the_loss_refuses_are_told_before_training(tmp_path):
    with pytest.raises(DeguError, match=r"measurements are no labels(.|\n)*expected: 0 or 1"):
        data = overshooting_data()
        targets = {"measured": data.targets["mean"]}
        run(tmp_path / "c.npz", data=dataclasses.replace(data, targets=targets), loss={"name": "binary_crossentropy"})
    assert not (tmp_path / "c.npz").exists()


def test_a_function_that_builds_its_layers_once_is_refused(tmp_path):
    inputs = keras.Input((24, 4))
    network = keras.Model(inputs, keras.layers.Dense(1, name="mean")(keras.layers.Flatten()(inputs)))
    begun = Inheritance(build=lambda length, outputs: network)
    trainings = [
        Training(
            overshooting_recipe(),
            overshooting_data(),
            OUTPUTS,
            seed,
            checkpoint=tmp_path / f"{seed}.npz",
            identity="this",
            label="test",
            inheritance=begun,
        )
        for seed in (1, 2)
    ]
    with pytest.raises(DeguError, match=r"two models share weights(?s:.*)within the function"):
        train(trainings)
