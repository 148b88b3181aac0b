"""The folder of a student put together: parts and facts come from the splits that they should come from."""

import numpy as np
import pytest

from degu.data.splits import SPLITS
from degu.outputs.heads import Heads
from degu.package.assembly import calibration_of_profiles, facts_of, heads_by_split, parts_of, write_package
from degu.package.construct import Construct
from degu.package.folder import ModelFolder
from degu.package.novelty import Novelty
from degu.package.students import combine
from degu.prediction.ensemble import Predictions
from degu.uncertainty.profile_calibration import ProfileCalibration
from tests.conftest import small_store
from tests.evaluation.predicted_profiles import predicted
from tests.training.random_models import LENGTH, OUTPUTS, saved_model

HEADS = Heads(("mean", "aleatoric", "epistemic"), ("target0", "target1"))


@pytest.fixture(scope="module")
def store():
    store = small_store(rows=200, length=LENGTH, targets=2)
    store.attributes["flanks"] = [2, 1]
    store.tokens[:, :2], store.tokens[:, -1:] = 1, 2
    return store


@pytest.fixture(scope="module")
def heads(store):
    rng = np.random.default_rng(1)
    values = {split: rng.gamma(2, size=(3, len(store.rows(split)), 6)).astype(np.float32) for split in SPLITS}
    predictions = Predictions(values, HEADS, [1, 2, 3])
    found = heads_by_split(predictions)
    for split in SPLITS:
        expected = combine([{name: HEADS.select(one, name) for name in HEADS.heads} for one in values[split]])
        assert found[split].keys() == expected.keys()
        for name in expected:
            np.testing.assert_array_equal(found[split][name], expected[name])
    return found


def test_intervals_come_from_calibration_rows_and_warnings_from_the_inserts_of_training_rows(store, heads):
    parts = parts_of(store, heads, np.linspace(-1, 1, 50)[:, None] * [1.0, 2.0])
    rows = {split: store.rows(split) for split in SPLITS}
    np.testing.assert_allclose(parts["calibration"].measured, store.targets[rows["calibration"]])
    np.testing.assert_allclose(parts["calibration"].mean, heads["calibration"]["mean"])
    total = np.hypot(heads["train"]["aleatoric"], heads["train"]["epistemic"])
    np.testing.assert_allclose(parts["calibration"].floor / np.median(total, axis=0), np.full(2, 0.01), rtol=1e-4)
    expected = Novelty.of_training(store.tokens[rows["train"], 2:-1], heads["train"]["epistemic"])
    np.testing.assert_array_equal(parts["novelty"].frequencies, expected.frequencies)
    means = np.concatenate([heads[split]["mean"] for split in SPLITS])
    np.testing.assert_allclose(parts["background"].activity[[0, -1]], [means.min(axis=0), means.max(axis=0)])
    np.testing.assert_allclose(parts["background"].effect[-1], [1, 2])


def test_the_accuracy_is_that_on_the_test_split(store, heads, tmp_path):
    parts = parts_of(store, heads, np.ones((5, 2)))
    facts = facts_of(store, HEADS, heads, parts["calibration"])
    measured, mean = store.targets[store.rows("test")], heads["test"]["mean"]
    for target, own in enumerate(facts["measured"]):
        assert own["rows"] == len(measured)
        assert own["pearson"] == pytest.approx(np.corrcoef(measured[:, target], mean[:, target])[0, 1], abs=1e-3)
    assert (facts["heads"], facts["calibration_rows"]) == (list(HEADS.heads), len(store.rows("calibration")))

    saved_model(tmp_path, "student", outputs=OUTPUTS)
    named = {"title": "An assay", "student": "degu", "teacher": "motif_cnn", "members": 3, "dataset": "small"}
    write_package(
        tmp_path / "package",
        students={4: tmp_path / "student.keras"},
        difference=None,
        facts={**facts, **named, "fraction": 1.0},
        construct=Construct.of_store(store, "one"),
        parts=parts,
    )
    folder = ModelFolder(tmp_path / "package")
    assert (folder.targets, folder.construct.left, folder.construct.right) == (["target0", "target1"], "CC", "G")
    card = (tmp_path / "package" / "README.md").read_text()
    assert f"| target0 | {len(measured)} | {facts['measured'][0]['pearson']:.3f} |" in card
    assert "| target | method | 0.5 | 0.8 | 0.9 |" in card
    assert "| target0 | normalized | " in card
    assert (folder.runtime, folder.facts["onnx_distance"]) == ("keras", None)


def test_a_folder_holds_the_figure_and_the_student_as_onnx(store, heads, tmp_path):
    pytest.importorskip("tf2onnx")
    parts = parts_of(store, heads, np.ones((5, 2)))
    saved_model(tmp_path, "student", outputs=OUTPUTS)
    (tmp_path / "figure.png").write_bytes(b"a figure")
    named = {"title": "An assay", "student": "degu", "teacher": "motif_cnn", "members": 3, "dataset": "small"}
    write_package(
        tmp_path / "package",
        students={4: tmp_path / "student.keras"},
        difference=None,
        facts={**facts_of(store, HEADS, heads, parts["calibration"]), **named, "fraction": 1.0},
        construct=Construct.of_store(store, "one"),
        parts=parts,
        figure=tmp_path / "figure.png",
        compared=store.tokens[:50],
    )
    folder = ModelFolder(tmp_path / "package")
    assert folder.runtime == "onnx"
    assert folder.facts["onnx_distance"] < 1e-5
    assert "![Predicted against measured activity](predictions.png)" in (tmp_path / "package/README.md").read_text()
    assert (tmp_path / "package/predictions.png").read_bytes() == b"a figure"


def test_profiles_are_calibrated_by_the_counts_of_calibration_windows():
    store, _, students = predicted(200, ("calibration", "validation"))
    heads = heads_by_split(students, profiles=True)
    one = [students.heads.select(values, "profile_epistemic") for values in students.values["calibration"]]
    together = combine([{"profile_epistemic": values} for values in one])["profile_epistemic"]
    np.testing.assert_array_equal(heads["calibration"]["profile_epistemic"], together)
    assert set(heads_by_split(students)["calibration"]) == {"mean"}
    rows = store.rows("calibration")
    expected = ProfileCalibration.of_predictions(
        store.counts[rows], store.group[rows], heads["calibration"], heads["validation"]
    )
    found = calibration_of_profiles(store, heads).to_arrays()
    for name, values in expected.to_arrays().items():
        np.testing.assert_array_equal(found[name], values)
    plain = {split: {"mean": own["mean"], "profile": own["profile"]} for split, own in heads.items()}
    assert calibration_of_profiles(store, plain) is None
    store.counts = None
    assert calibration_of_profiles(store, heads) is None
