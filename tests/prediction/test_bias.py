"""Bias networks in real small trainings: what is trained, what members predict, and what is left without the bias."""

import dataclasses
import json

import numpy as np
import pytest
import tensorflow as tf

from degu.data.training_rows import training_rows
from degu.distillation.training_data import member_data
from degu.errors import DeguError
from degu.outputs.outputs import Outputs
from degu.prediction.bias import read_bias, remove_bias
from degu.prediction.predictor import Predictor
from degu.training.building import Inheritance, build_model, take_weights
from degu.training.checkpoint import Checkpoint
from degu.training.job import TrainingJob, train_and_save
from tests.conftest import small_recipe
from tests.data.counted import counted_store

MODEL = {"name": "bpnet", "filters": 4, "layers": 1, "kernel": 3, "profile_kernel": 5}
RECIPE = small_recipe() | {
    "model": MODEL,
    "heads": ["mean", "profile"],
    "loss": {"name": "multinomial"},
    "head_weights": "median_count",
    "windows": {"jitter": 3, "reverse_complement": True, "negatives": 0.1, "rows": "all", "count_threshold": None},
    "bias": "bpnet_bias",
    "profile_bins": 5,
    "epochs": 3,
    "kmer_ridge_weight": 0,
}
OF_BIAS = RECIPE | {
    "model": {**MODEL, "filters": 2},
    "windows": {**RECIPE["windows"], "jitter": 0, "negatives": None, "rows": "negatives"},
    "bias": None,
}


def job_of(store, recipe, **changes) -> TrainingJob:
    rows = training_rows(store, 1.0, 1, windows=recipe["windows"])
    parts = {
        "recipe": recipe,
        "stage": "member",
        "seed": 1,
        "code": "code",
        "outputs": Outputs.of_recipe(recipe, store.targets[rows.subset], ("starts",), profile=store.profile_shape),
        "data": member_data(store, rows, recipe, [1]),
        "label": "member",
        "labels": {"dataset": "counted", "teacher": "small", "student": None, "fraction": 1.0},
        "data_digest": store.digest,
        "flanks": [0, 0],
    }
    return TrainingJob(**parts | changes)


def run(job, folder):
    train_and_save(job, {1: folder}, {1: folder}, device="CPU", threads=1)
    return folder / "model.keras"


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Train a bias network on negatives and a member with it; return the data set, the bias and their two files."""
    tf.config.experimental.enable_op_determinism()
    store, _ = counted_store(120)
    folder = tmp_path_factory.mktemp("trained")
    bias_file = run(job_of(store, OF_BIAS), folder / "bias")
    bias = read_bias(bias_file, store, training_rows(store, 1.0, 1).subset)
    member = run(job_of(store, RECIPE, inheritance={1: Inheritance(bias=bias)}), folder / "member")
    return store, bias, bias_file, member


def description_of(path) -> dict:
    return json.loads(path.with_suffix(".json").read_text())


def test_the_bias_network_is_trained_on_negatives_alone(trained):
    store, _, bias_file, _ = trained
    train = store.rows("train")
    assert description_of(bias_file)["training_sequences"] == store.negative[train].sum() < len(train)
    assert description_of(bias_file)["bias"] is None


def test_log_counts_are_shifted_to_the_mean_of_the_training_negatives(trained):
    store, bias, bias_file, _ = trained
    negatives = [row for row in store.rows("train") if store.negative[row]]
    logs = [np.log(1 + int(store.counts[row].sum())) for row in negatives]
    predicted = Predictor(bias_file).predict(store.tokens[negatives])["mean"][:, 0]
    assert bias.shift == pytest.approx([np.mean(logs) - np.mean(predicted)], abs=1e-5)


def weights_of_copy(model, layer) -> list:
    return model.get_layer(f"bias_{layer.name}").get_weights() if layer.weights else []


def test_training_leaves_the_bias_network_as_it_is_and_changes_the_network(trained):
    store, bias, _, member = trained
    model = Predictor(member).model
    for layer in bias.model.layers:
        for own, given in zip(layer.get_weights(), weights_of_copy(model, layer), strict=True):
            np.testing.assert_array_equal(own, given)
    seed = description_of(member)["seed"]
    outputs = job_of(store, RECIPE).outputs
    fresh = build_model(RECIPE, store.tokens.shape[1], outputs, seed, bias=bias)
    assert len(fresh.trainable_weights) == len(model.trainable_weights) > 0
    for begun, ended in zip(fresh.trainable_weights, model.trainable_weights, strict=True):
        assert (np.asarray(begun) != np.asarray(ended)).any()


def test_a_member_is_its_network_and_the_bias_together(trained, tmp_path):
    store, bias, bias_file, member = trained
    remove_bias(member, tmp_path / "without_bias.keras")
    parts = (tmp_path / "without_bias.keras", bias_file, member)
    network, enzyme, both = (Predictor(path).predict(store.tokens) for path in parts)
    expected = np.logaddexp(network["mean"], enzyme["mean"] + bias.shift[0])
    np.testing.assert_allclose(both["mean"], expected, rtol=1e-5)
    # Added logits are multiplied odds.
    product = network["profile"].astype(float) * enzyme["profile"]
    np.testing.assert_allclose(both["profile"], product / product.sum(axis=(-2, -1), keepdims=True), rtol=1e-3)
    assert np.abs(both["profile"] - network["profile"]).max() > 1e-3


def test_what_is_left_is_described_as_such(trained, tmp_path):
    _, bias, _, member = trained
    remove_bias(member, tmp_path / "without_bias.keras")
    whole, left = description_of(member), description_of(tmp_path / "without_bias.keras")
    assert whole["bias"] == {"digest": bias.digest, "shift": list(bias.shift)}
    assert left["bias"] == {**whole["bias"], "removed": True}
    assert left["parameters"] == whole["parameters"] - bias.model.count_params()
    assert left["flops"] < whole["flops"]
    changed = {"bias", "parameters", "flops"}
    assert {key: value for key, value in left.items() if key not in changed} == {
        key: value for key, value in whole.items() if key not in changed
    }


def test_a_student_begins_from_the_network_of_a_member_with_a_bias(trained):
    store, _, _, member = trained
    outputs = job_of(store, RECIPE).outputs
    student = build_model({**RECIPE, "bias": None}, store.tokens.shape[1], outputs, 5)
    source = Predictor(member).model
    take_weights(student, source, outputs)
    for layer in filter(lambda layer: layer.weights, student.layers):
        for own, given in zip(layer.get_weights(), source.get_layer(layer.name).get_weights(), strict=True):
            np.testing.assert_array_equal(own, given)


@pytest.fixture
def interrupted(trained, tmp_path, monkeypatch):
    """Begin to train the member, stop after its first epoch, and return the job and its folder."""
    store, bias, _, _ = trained
    original = Checkpoint.on_epoch_end

    def stop(self, epoch, logs=None):
        original(self, epoch, logs)
        raise KeyboardInterrupt

    job = job_of(store, RECIPE, inheritance={1: Inheritance(bias=bias)})
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Checkpoint, "on_epoch_end", stop)
        run(job, tmp_path)
    return job, tmp_path


def test_a_training_goes_on_with_its_bias_and_the_negatives_that_it_would_have_had(
    trained, interrupted, monkeypatch, caplog
):
    job, folder = interrupted
    other = Inheritance(bias=dataclasses.replace(trained[1], digest="other"))
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("degu.training.job.train", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        run(dataclasses.replace(job, inheritance={1: other}), folder)
    assert "of another recipe, data set or seed" in caplog.text
    caplog.clear()
    assert run(job, folder).read_bytes() == trained[3].read_bytes()
    assert "training from the start" not in caplog.text


def test_a_data_set_without_negatives_is_refused(trained):
    store, _, bias_file, _ = trained
    regions = np.flatnonzero(~store.negative)
    with pytest.raises(DeguError, match="no negatives among the training rows"):
        read_bias(bias_file, store, regions)


def test_a_member_without_a_bias_is_refused(trained, tmp_path):
    with pytest.raises(DeguError, match="contains no bias network"):
        remove_bias(trained[2], tmp_path / "without_bias.keras")
