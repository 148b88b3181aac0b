"""Jobs that train models and write them with their provenance."""

import json

import numpy as np
import pytest

from degu.training.backend import derive_seed
from degu.errors import DeguError
from degu.prediction.predictor import Predictor
from degu.training.job import TrainingJob, train_and_save
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
