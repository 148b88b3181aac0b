"""The folder of a student: what is put in comes out, and what was changed since is refused."""

import json

import keras
import numpy as np
import pytest

from degu.errors import DeguError
from degu.models import motif_cnn
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.package.background import Background
from degu.package.calibration import Calibration
from degu.package.construct import Construct
from degu.package.facts import write_facts
from degu.package.folder import ModelFolder, folder_aside, write_contents
from degu.package.novelty import Novelty
from degu.package.students import combine
from degu.prediction.predictor import Predictor
from degu.training.saving import save_model
from tests.command import profile_models
from tests.command.profile_models import profile_outputs, save_student, write_profile_model

LENGTH = 24
OUTPUTS = Outputs(Heads(("mean", "aleatoric", "epistemic"), ("Dev", "Hk")), center=(1.0, 2.0), spread=(3.0, 4.0))


@pytest.fixture(scope="module")
def students(tmp_path_factory):
    """Return the files of two students."""
    folder = tmp_path_factory.mktemp("students")
    paths = {}
    for seed in (1, 4):
        keras.utils.set_random_seed(seed)
        model = motif_cnn.build(LENGTH, OUTPUTS, filters=4, kernel=5, pool=4, units=4)
        paths[seed] = folder / f"seed-{seed}" / "model.keras"
        save_model(model, OUTPUTS, {"flanks": [2, 2]}, paths[seed], paths[seed].with_suffix(".json"))
    return paths


def write(path, students, **facts):
    rng = np.random.default_rng(1)
    heads = {name: rng.normal(size=(50, 2)) for name in ("mean", "aleatoric", "epistemic")}
    parts = {
        "calibration": Calibration.of_predictions(rng.normal(size=(50, 2)), heads, heads),
        "novelty": Novelty.of_training(rng.integers(0, 4, (60, 20), dtype=np.uint8), np.abs(heads["epistemic"])),
        "background": Background.of_values(heads["mean"], heads["mean"]),
    }
    known = {
        "title": "",
        "targets": ["Dev", "Hk"],
        "units": ["log2", "log2"],
        "heads": ["mean", "aleatoric", "epistemic"],
        **facts,
    }
    with folder_aside(path) as aside:
        construct = Construct(LENGTH, "AC", "GT")
        write_contents(aside, students=students, facts=known, construct=construct, parts=parts)
    return parts


@pytest.fixture
def folder(tmp_path, students):
    path = tmp_path / "student"
    write(path, students, title="An assay")
    return path


def test_it_predicts_what_its_students_predict_together(folder, students):
    model = ModelFolder(folder)
    tokens = np.random.default_rng(3).integers(0, 4, size=(9, LENGTH), dtype=np.uint8)
    expected = combine([Predictor(path).predict(tokens) for path in students.values()])
    found = model.predict(tokens)
    assert found.keys() == expected.keys()
    for head, values in expected.items():
        np.testing.assert_array_equal(found[head], values)


def test_what_is_put_in_comes_out(tmp_path, students):
    parts = write(tmp_path / "student", students, title="An assay")
    model = ModelFolder(tmp_path / "student")
    assert (model.targets, model.facts["units"], model.facts["title"]) == (["Dev", "Hk"], ["log2", "log2"], "An assay")
    assert model.construct == Construct(LENGTH, "AC", "GT")
    for name, part in parts.items():
        for key, values in part.to_arrays().items():
            np.testing.assert_array_equal(getattr(model, name).to_arrays()[key], values)


def test_equal_contents_have_one_digest_and_others_another(tmp_path, students):
    for name, title in (("a", "one"), ("b", "one"), ("c", "two")):
        write(tmp_path / name, students, title=title)
    one, same, other = (ModelFolder(tmp_path / name).digest for name in "abc")
    assert one == same != other


def test_when_a_student_was_trained_makes_no_other_folder(tmp_path, students):
    write(tmp_path / "a", students)
    path = students[1].with_suffix(".json")
    before = path.read_text()
    path.write_text(json.dumps({**json.loads(before), "seconds": 12.5, "device": "GPU"}))
    try:
        write(tmp_path / "b", students)
    finally:
        path.write_text(before)
    assert ModelFolder(tmp_path / "a").digest == ModelFolder(tmp_path / "b").digest


@pytest.mark.parametrize("name", ["student-1.keras", "student-4.json", "arrays.npz"])
def test_a_damaged_file_is_refused(folder, name):
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(DeguError, match=rf"{name}: the file is damaged, or another one"):
        ModelFolder(folder)
    (folder / name).unlink()
    with pytest.raises(DeguError, match=rf"{name}: there is no such file"):
        ModelFolder(folder)


def test_another_folder_is_refused(tmp_path, folder):
    with pytest.raises(DeguError, match="there is no such folder"):
        ModelFolder(tmp_path / "nowhere")
    with pytest.raises(DeguError, match="this is not the folder of a student"):
        ModelFolder(tmp_path)
    (folder / "package.json").write_text("{")
    with pytest.raises(DeguError, match=r"package\.json: the file is damaged"):
        ModelFolder(folder)


def changed(folder, **changes):
    facts = json.loads((folder / "package.json").read_text())
    # Whoever changes it on purpose can make its digest anew.
    write_facts(
        folder / "package.json", {key: value for key, value in {**facts, **changes}.items() if value is not None}
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"layout": 2}, "the folder has the layout 2"),
        ({"construct": None}, "it does not tell 'construct'"),
        ({"construct": {"size": 3}}, "it has not what is needed"),
        (
            {"files": {f"student-{seed}.json": "0" for seed in (1, 4)} | {"../secret": "0"}},
            "student-1.json: the file is",
        ),
        ({"files": {"../secret": "0", **dict.fromkeys(["student-1.json", "student-4.json"], "0")}}, "outside of the"),
        ({"files": []}, "'files' is"),
        ({"students": []}, "'students' is"),
        ({"students": [1, 2]}, "'students' is"),
        ({"heads": ["mean", "epistemic", "aleatoric"]}, "the student has the heads, targets and shapes"),
        ({"targets": ["Hk", "Dev"]}, "the student has the heads, targets and shapes"),
        ({"targets": ["Dev"], "units": ["log2"]}, "the student has the heads, targets and shapes"),
        ({"units": ["log2"]}, "not as many units as targets"),
        ({"targets": [1, 2]}, "a list of text"),
    ],
)
def test_facts_that_do_not_fit_are_refused(folder, changes, told):
    changed(folder, **changes)
    with pytest.raises(DeguError, match=told):
        ModelFolder(folder)


def test_a_change_without_a_new_digest_is_refused(folder):
    text = (folder / "package.json").read_text()
    (folder / "package.json").write_text(text.replace("An assay", "Another assay"))
    with pytest.raises(DeguError, match="the file was changed after it was written"):
        ModelFolder(folder)


def test_factors_of_differences_that_are_no_numbers_are_refused(folder):
    (folder / "difference.keras").write_bytes(b"x")
    files = json.loads((folder / "package.json").read_text())["files"] | {"difference.keras": "0"}
    for factors in ([1.0], [1.0, float("nan")], [1.0, 0.0], ["x", 1.0]):
        difference = {"calibration": {"head": [{"factor": factor} for factor in factors]}}
        changed(folder, files=files, difference=difference)
        with pytest.raises(DeguError, match="factors of the head for differences"):
            ModelFolder(folder)
    changed(folder, files=files, difference=None)
    with pytest.raises(DeguError, match="factors of the head for differences"):
        ModelFolder(folder)


def test_arrays_that_would_run_code_are_not_read(folder):
    np.savez(folder / "arrays.npz", **{"calibration/measured": np.array([{"a": 1}], dtype=object)})
    facts = json.loads((folder / "package.json").read_text())
    from degu.formats.files import file_digest

    changed(folder, files={**facts["files"], "arrays.npz": file_digest(folder / "arrays.npz")})
    with pytest.raises(DeguError, match="allow_pickle"):
        ModelFolder(folder)


def test_nothing_is_left_of_a_folder_that_could_not_be_written(tmp_path):
    with pytest.raises(RuntimeError), folder_aside(tmp_path / "student") as aside:
        (aside / "half").touch()
        raise RuntimeError
    assert not list(tmp_path.iterdir())


def test_a_folder_is_not_written_over_another(folder, students):
    with pytest.raises(DeguError, match="there is something of this name already"):
        write(folder, students)


@pytest.mark.parametrize("strands", [1, 2])
def test_profiles_of_both_strands_and_several_students_come_together(tmp_path, strands):
    write_profile_model(tmp_path / "both", turned="both", seeds=(1, 4), strands=strands)
    tokens = np.random.default_rng(3).integers(0, 4, size=(6, profile_models.LENGTH), dtype=np.uint8)
    found = ModelFolder(tmp_path / "both").predict(tokens)
    expected = []
    for seed in (1, 4):
        # The same network, which looks at one strand.
        path = save_student(tmp_path / f"{seed}.keras", seed, profile_outputs(strands))
        forward, reverse = (Predictor(path).predict(own) for own in (tokens, 3 - tokens[:, ::-1]))
        for head in ("profile", "profile_aleatoric", "profile_epistemic"):
            # On the other strand positions run backwards, and its own counts are those of the reverse strand.
            reverse[head] = np.flip(reverse[head], axis=(2, 3))
        expected.append({head: (forward[head] + reverse[head]) / 2 for head in forward})
    for head in ("mean", "profile"):
        np.testing.assert_allclose(found[head], (expected[0][head] + expected[1][head]) / 2, rtol=1e-4, atol=1e-6)
    for head in ("epistemic", "profile_epistemic"):
        both = np.hypot(expected[0][head], expected[1][head]) / np.sqrt(2)
        np.testing.assert_allclose(found[head], both, rtol=1e-4, atol=1e-6)
    assert found["profile"].shape == (6, 2, strands, profile_models.POSITIONS)
    assert found["profile_epistemic"].shape == (6, 2, strands, profile_models.BINS)
    np.testing.assert_allclose(found["profile"].sum(axis=(-2, -1)), 1, rtol=1e-5)


def test_shapes_that_are_not_those_of_the_student_are_refused(tmp_path):
    folder = write_profile_model(tmp_path / "student")
    changed(folder, shapes={"profile": [1, 64], "profile_aleatoric": [2, 8], "profile_epistemic": [2, 8]})
    with pytest.raises(DeguError, match="the student has the heads, targets and shapes"):
        ModelFolder(folder)


def test_onnx_gives_the_profiles_that_keras_gives(tmp_path):
    pytest.importorskip("tf2onnx")
    tokens = np.random.default_rng(3).integers(0, 4, size=(40, profile_models.LENGTH), dtype=np.uint8)
    path = write_profile_model(tmp_path / "student", difference=True, compared=tokens)
    by_onnx, by_keras = (ModelFolder(path, runtime=runtime) for runtime in ("onnx", "keras"))
    assert 0 < by_onnx.facts["onnx_distance"] < 1e-5
    for head, values in by_keras.predict(tokens).items():
        np.testing.assert_allclose(by_onnx.predict(tokens)[head], values, rtol=1e-4, atol=1e-5)
    pair = tokens[:20], tokens[20:]
    np.testing.assert_allclose(by_onnx.std_of_difference(*pair), by_keras.std_of_difference(*pair), rtol=1e-3)
