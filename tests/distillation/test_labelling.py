"""Labels on the fly."""

import json
import shutil

import numpy as np
import pytest

from degu.data.sequences import other_strand
from degu.distillation.labelling import MemberLabels, label_sequences
from degu.distillation.labels import ensemble_targets
from degu.errors import DeguError
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.prediction.predictor import predict_members
from tests.training.random_models import LENGTH, RECIPE, saved_model

NAMES = ("mean", "aleatoric", "epistemic", "member_mean")
TEACHER = Outputs(Heads(("mean", "aleatoric"), ("target0", "target1")), link="softplus")


@pytest.fixture(scope="module")
def members(tmp_path_factory):
    folder = tmp_path_factory.mktemp("members")
    for number in (1, 2, 3):
        saved_model(folder, f"member-{number}", outputs=TEACHER, seed=number)
    return [folder / f"member-{number}.keras" for number in (1, 2, 3)]


def test_they_are_the_saved_predictions_of_the_same_sequences(members):
    tokens = np.random.default_rng(1).integers(0, 5, size=(23, LENGTH), dtype=np.uint8)
    saved = predict_members(members, [1, 2, 3], {"train": tokens})
    expected = ensemble_targets(saved, "train")
    label = MemberLabels(members, NAMES)
    # Batches of any size, as the last one of an epoch is smaller.
    for rows in (slice(0, 10), slice(10, 20), slice(20, 23)):
        found = label(tokens[rows])
        assert list(found) == list(NAMES)
        for name, values in found.items():
            assert values.dtype == np.float32
            np.testing.assert_allclose(values, expected[name][rows], rtol=1e-4, atol=1e-6)
    assert np.ptp(expected["epistemic"]) > 0


def test_many_sequences_are_labelled_as_each_member_predicts_them(members, monkeypatch):
    monkeypatch.setattr("degu.distillation.labelling.EVALUATION_BATCH", 8)
    rng = np.random.default_rng(2)
    tokens = {
        part: rng.integers(0, 5, size=(n, LENGTH), dtype=np.uint8) for part, n in (("train", 27), ("validation", 8))
    }
    expected, found = predict_members(members, [1, 4, 6], tokens), label_sequences(members, [1, 4, 6], tokens)
    assert (found.heads, found.seeds) == (expected.heads, expected.seeds)
    for part in tokens:
        np.testing.assert_allclose(found.values[part], expected.values[part], rtol=1e-4, atol=1e-6)


def test_sequences_are_labelled_with_the_heads_that_are_wanted(members):
    tokens = {"train": np.random.default_rng(2).integers(0, 5, size=(5, LENGTH), dtype=np.uint8)}
    every, found = (label_sequences(members, [1, 2, 3], tokens, heads=heads) for heads in (None, ["aleatoric", "mean"]))
    assert found.heads == every.heads
    only = label_sequences(members, [1, 2, 3], tokens, heads=["mean"])
    assert only.heads.heads == ("mean",)
    np.testing.assert_array_equal(only.values["train"], every.heads.select(every.values["train"], "mean"))


def test_what_the_members_do_not_predict_is_told(members):
    with pytest.raises(DeguError, match="the student's loss needs 'member_lower'"):
        MemberLabels(members, ("mean", "member_lower"))


def test_members_of_other_heads_are_told(members, tmp_path):
    saved_model(tmp_path, "other", outputs=Outputs(Heads(("mean",), ("target0",))), recipe=RECIPE)
    with pytest.raises(DeguError, match=r"other\.keras: the model's heads or its length differ"):
        MemberLabels([*members, tmp_path / "other.keras"], ("mean",))


def test_the_mean_over_both_strands_is_what_members_of_both_strands_say(members, tmp_path):
    paths = [tmp_path / path.name for path in members]
    for path, copy in zip(members, paths, strict=True):
        shutil.copy(path, copy)
        description = json.loads(path.with_suffix(".json").read_text()) | {"strands": "both", "flanks": [2, 3]}
        copy.with_suffix(".json").write_text(json.dumps(description))
    tokens = np.random.default_rng(1).integers(0, 5, size=(9, LENGTH), dtype=np.uint8)
    strands = [predict_members(members, [1, 2, 3], {"x": strand}) for strand in (tokens, other_strand(tokens, (2, 3)))]
    expected = np.mean([predicted.values["x"] for predicted in strands], axis=0)
    assert np.abs(expected - strands[0].values["x"]).max() > 1e-3
    saved = predict_members(paths, [1, 2, 3], {"x": tokens}).values["x"]
    np.testing.assert_allclose(saved, expected, rtol=1e-5)
    fly = MemberLabels(paths, NAMES).predict(tokens).values["batch"]
    np.testing.assert_allclose(fly, expected, rtol=1e-4, atol=1e-6)
