"""Jobs that train models and write them with their provenance."""

import dataclasses
import json

import numpy as np
import pytest

from degu.training.backend import derive_seed
from degu.data.kmer_ridge import KmerRidge, fit_kmer_ridge
from degu.data.kmers import canonical_index
from degu.errors import DeguError
from degu.models.layers.kmer_ridge import mean_kmer_ridge
from degu.prediction.predictor import Predictor
from degu.training.building import Inheritance
from degu.training.checkpoint import Checkpoint
from degu.training.job import TrainingJob, train_and_save
from degu.training.training import Training
from tests.training.runs import OUTPUTS, overshooting_data, overshooting_recipe

LABELS = {"dataset": "assay", "teacher": "small", "student": None, "fraction": 0.5}


def job_of(*numbers: int, **changes) -> TrainingJob:
    recipe = {**overshooting_recipe(), "epochs": 2}
    parts = {
        "recipe": recipe,
        "stage": "member",
        "seed": 7,
        "code": "1234",
        "outputs": OUTPUTS,
        "data": dict.fromkeys(numbers, overshooting_data()),
        "label": "assay small member",
        "labels": LABELS,
        "data_digest": "digest",
        "flanks": [1, 2],
    }
    return TrainingJob(**{**parts, **changes})


def run(job: TrainingJob, folder) -> dict[int, dict]:
    """Run a job and return the descriptions of its models."""
    checkpoints = {number: folder / "checkpoints" / f"member-{number}" for number in job.data}
    folders = {number: folder / f"member-{number}" for number in job.data}
    train_and_save(job, checkpoints, folders, device="CPU", threads=1)
    return {number: json.loads((path / "model.json").read_text()) for number, path in folders.items()}


def test_each_model_is_written_with_what_it_was_trained_on_and_how(tmp_path):
    job = job_of(1, 3)
    found = run(job, tmp_path)
    for number, description in found.items():
        assert {key: description[key] for key in LABELS} == LABELS
        assert description["label"] == f"assay small member {number}"
        assert (description["seed_number"], description["seed"]) == (number, derive_seed(7, "member", number))
        assert (description["data_digest"], description["flanks"]) == ("digest", [1, 2])
        assert description["training_sequences"] == len(job.data[number].tokens)
        assert (description["device"], description["threads"], description["trained_together"]) == ("CPU", 1, 2)
        assert description["recipe"] == json.loads(json.dumps(job.recipe))
        assert [row["epoch"] for row in description["history"]] == [1, 2]
        predictor = Predictor(tmp_path / f"member-{number}" / "model.keras")
        assert description["parameters"] == predictor.model.count_params()
    first, other = (Predictor(tmp_path / f"member-{n}" / "model.keras").model.get_weights() for n in (1, 3))
    assert any((one != two).any() for one, two in zip(first, other, strict=True))


def test_a_model_is_the_same_alone_and_beside_another(tmp_path):
    run(job_of(1, 2), tmp_path / "both")
    run(job_of(2), tmp_path / "alone")
    paths = [tmp_path / name / "member-2" / "model.keras" for name in ("both", "alone")]
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_the_checkpoint_of_a_finished_training_is_removed(tmp_path):
    run(job_of(1), tmp_path)
    assert not list(tmp_path.rglob("*.npz"))


def test_a_job_that_fails_keeps_its_checkpoint_and_the_next_goes_on_from_it(tmp_path, monkeypatch, caplog):
    caplog.set_level("INFO")
    with monkeypatch.context() as patched:
        patched.setattr("degu.training.job.save_model", lambda *_: (_ for _ in ()).throw(OSError("disk")))
        with pytest.raises(OSError, match="disk"):
            run(job_of(1), tmp_path)
    assert (tmp_path / "checkpoints" / "member-1" / "checkpoint.npz").is_file()
    run(job_of(1), tmp_path)
    assert "resuming after epoch 2" in caplog.text


@pytest.mark.parametrize("changes", [{"code": "5678"}, {"data_digest": "other"}, {"seed": 8}])
def test_another_code_data_or_seed_starts_anew(tmp_path, monkeypatch, caplog, changes):
    with monkeypatch.context() as patched:
        patched.setattr("degu.training.job.save_model", lambda *_: (_ for _ in ()).throw(OSError("disk")))
        with pytest.raises(OSError, match="disk"):
            run(job_of(1), tmp_path)
    run(job_of(1, **changes), tmp_path)
    assert "of another recipe, data set or seed" in caplog.text


def test_a_bad_target_leaves_nothing_behind(tmp_path):
    data = overshooting_data()
    data.validation_targets["mean"][:] = np.inf
    with pytest.raises(DeguError, match="loss after epoch 1"):
        run(job_of(1, data={1: data}), tmp_path)
    assert not (tmp_path / "member-1").exists()


# Ridge regression on k-mers


@pytest.mark.parametrize("margin", [0, 3])
def test_a_member_holds_its_network_and_the_ridge_regression_on_its_own_sequences(tmp_path, margin):
    recipe = {**overshooting_recipe(), "epochs": 2}
    whole = overshooting_data()
    half = dataclasses.replace(
        whole, tokens=whole.tokens[::2], targets={name: values[::2] for name, values in whole.targets.items()}
    )
    data = {1: whole, 2: half}
    alone = run(job_of(data=data, recipe=recipe), tmp_path / "alone")
    both = run(job_of(data=data, recipe={**recipe, "kmer_ridge_weight": 0.3}, kmer_margin=margin), tmp_path / "both")
    tokens = whole.validation_tokens
    for number, own in data.items():
        network, model = (Predictor(tmp_path / name / f"member-{number}" / "model.keras") for name in ("alone", "both"))
        ridge = fit_kmer_ridge(own.tokens, own.targets["mean"], tokens, whole.validation_targets["mean"], margin=margin)
        expected = 0.7 * network.predict(tokens)["mean"] + 0.3 * ridge.predict(tokens)
        np.testing.assert_allclose(model.predict(tokens)["mean"], expected, rtol=1e-4, atol=1e-4)
        # The regression has a coefficient for each of 4,096 words, and an intercept.
        assert both[number]["parameters"] == alone[number]["parameters"] + 4097 == model.model.count_params()
        assert both[number]["history"] == [
            {**row, "seconds": both[number]["history"][index]["seconds"]}
            for index, row in enumerate(alone[number]["history"])
        ]


def test_a_student_is_trained_with_the_ridge_regression_that_it_inherits(tmp_path):
    data = overshooting_data()
    number = canonical_index(6).max() + 1
    ridge = KmerRidge(0.1 * np.random.default_rng(3).standard_normal((number, 1)), np.array([0.5]))
    recipe = {**overshooting_recipe(), "epochs": 3, "kmer_ridge_weight": 0.4}
    job = job_of(data={1: data}, recipe=recipe, stage="student", inheritance={1: Inheritance(ridge=ridge)})
    run(job, tmp_path / "with")
    found = Predictor(tmp_path / "with" / "member-1" / "model.keras")
    kept = mean_kmer_ridge([(found.model, found.outputs)])
    np.testing.assert_allclose(kept.coefficients, ridge.coefficients, rtol=1e-5)
    np.testing.assert_allclose(kept.intercept, ridge.intercept, rtol=1e-5)
    # The network has learned what is left of the targets, as one does that is trained on that alone.
    tokens = {"targets": data.tokens, "validation_targets": data.validation_tokens}
    rest = {
        name: {"mean": (getattr(data, name)["mean"] - 0.4 * ridge.predict(own).astype(np.float32)) / 0.6}
        for name, own in tokens.items()
    }
    alone = {**recipe, "kmer_ridge_weight": 0}
    # The loss is smaller by 0.6 squared where the network's share is, and Adam does not see by how much.
    run(job_of(data={1: dataclasses.replace(data, **rest)}, recipe=alone, stage="student"), tmp_path / "without")
    network = Predictor(tmp_path / "without" / "member-1" / "model.keras")
    expected = 0.6 * network.predict(data.tokens)["mean"] + 0.4 * ridge.predict(data.tokens)
    np.testing.assert_allclose(found.predict(data.tokens)["mean"], expected, atol=2e-3)


def test_a_student_with_a_ridge_regression_goes_on_after_a_kill_as_if_there_had_been_none(tmp_path, monkeypatch):
    data, recipe = overshooting_data(), {**overshooting_recipe(), "epochs": 3, "kmer_ridge_weight": 0.4}
    number = canonical_index(6).max() + 1
    ridge = KmerRidge(np.random.default_rng(3).standard_normal((number, 1)), np.array([0.5]))
    job = job_of(data={1: data}, recipe=recipe, stage="student", inheritance={1: Inheritance(ridge=ridge)})
    run(job, tmp_path / "whole")
    end_epoch = Training.end_epoch

    def killed(training, *losses):
        end_epoch(training, *losses)
        if len(training.history) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Training, "end_epoch", killed)
        with pytest.raises(KeyboardInterrupt):
            run(job, tmp_path / "killed")
    run(job, tmp_path / "killed")
    whole, resumed = (Predictor(tmp_path / name / "member-1" / "model.keras") for name in ("whole", "killed"))
    for one, other in zip(whole.model.get_weights(), resumed.model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


# Fine-tuning


def tuned_job(*numbers: int, **changes) -> TrainingJob:
    """Return a job whose sequences are changed each epoch, and which ends with the original ones."""

    def mutate(tokens, rng):
        return np.where(rng.random(tokens.shape) < 0.2, rng.integers(0, 4, tokens.shape), tokens).astype(np.uint8)

    data = dataclasses.replace(overshooting_data(), augment=mutate)
    recipe = {**overshooting_recipe(), "epochs": 3, "fine_tuning": {"epochs": 2, "learning_rate": 0.003}}
    return job_of(*numbers, recipe=recipe, data=dict.fromkeys(numbers, data), **changes)


def test_fine_tuning_goes_on_from_the_best_weights_and_its_history_from_the_last_epoch(tmp_path):
    history = run(tuned_job(1), tmp_path)[1]["history"]
    assert [row["epoch"] for row in history] == [1, 2, 3, 4, 5]
    assert [row["stage"] for row in history] == ["main"] * 3 + ["fine_tuning"] * 2
    assert [row["learning_rate"] for row in history] == pytest.approx([0.01] * 3 + [0.003] * 2)
    assert history[3]["val_loss"] < 1.5 * min(row["val_loss"] for row in history[:3])
    assert not list(tmp_path.rglob("*.npz"))


def test_the_sequences_of_fine_tuning_are_the_original_ones(tmp_path, monkeypatch):
    seen = []
    original = Training.__init__

    def note(self, recipe, data, *arguments, **options):
        seen.append((data.augment is not None, options["inheritance"].model is not None))
        original(self, recipe, data, *arguments, **options)

    monkeypatch.setattr(Training, "__init__", note)
    run(tuned_job(1), tmp_path)
    assert seen == [(True, False), (False, True)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return the folder of two members whose training was not interrupted."""
    folder = tmp_path_factory.mktemp("whole")
    run(tuned_job(1, 2), folder)
    return folder


@pytest.mark.system
@pytest.mark.parametrize("killed_after", range(1, 5))
def test_a_job_killed_in_either_stage_ends_as_if_it_had_not_been(tmp_path, monkeypatch, killed_after, whole):
    epochs = []
    original = Checkpoint.on_epoch_end

    def save_and_fail(self, epoch, logs=None):
        original(self, epoch, logs)
        epochs.append(epoch)
        if len(epochs) == 2 * killed_after:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Checkpoint, "on_epoch_end", save_and_fail)
        with pytest.raises(KeyboardInterrupt):
            run(tuned_job(1, 2), tmp_path / "killed")
    run(tuned_job(1, 2), tmp_path / "killed")
    for number in (1, 2):
        models = [folder / f"member-{number}" / "model.keras" for folder in (whole, tmp_path / "killed")]
        assert models[0].read_bytes() == models[1].read_bytes()
