"""Models on disk that are missing, damaged or not of one training."""

import errno
import json
import shutil
from pathlib import Path

import keras
import pytest

from degu.training.backend import total_parameters
from degu.errors import DeguError
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.prediction.predictor import Predictor
from tests.training.random_models import OUTPUTS, RECIPE, saved_model

MEAN = Outputs(Heads(("mean",), OUTPUTS.heads.targets))


def change(folder: Path, model: keras.Model, name: str = "model", **values: object) -> int:
    """Write the number of parameters and further values into the JSON of a model, and return that number."""
    path, number = folder / f"{name}.json", total_parameters(model.weights)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"parameters": number, **values}))
    return number


@pytest.mark.parametrize("path", ["", None, 7])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(DeguError, match=f"{path!r} was given as a model\n  expected: the path of a file such as"):
        Predictor(path)


def test_the_json_of_a_model_or_its_folder_are_not_its_file(tmp_path):
    saved_model(tmp_path)
    for path in (tmp_path, tmp_path / "model.json"):
        with pytest.raises(DeguError, match=f"{path.name}: this is not the file of a model\n.*ends in .keras"):
            Predictor(path)


@pytest.mark.parametrize("missing", ["model.keras", "model.json"])
def test_a_file_of_a_model_that_is_missing_is_named(tmp_path, missing):
    saved_model(tmp_path)
    (tmp_path / missing).unlink()
    with pytest.raises(DeguError, match=f"{missing}: there is no such file\n  expected: a model is two files"):
        Predictor(tmp_path / "model.keras")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "{}",
        "[]",
        '{"outputs": {}}',
        '{"outputs": {"heads": {"heads": ["mean"]}}}',
        '{"outputs": {"heads": {"heads": ["mean"], "targets": ["a"]}, "scale": "std"}}',
        # As an earlier version wrote it.
        '{"heads": {"heads": ["mean"], "targets": ["a"]}}',
    ],
)
def test_a_json_that_is_not_a_models_is_refused(tmp_path, content):
    saved_model(tmp_path)
    (tmp_path / "model.json").write_text(content)
    with pytest.raises(DeguError, match="with its JSON beside it"):
        Predictor(tmp_path / "model.keras")


def _changed(content: bytes) -> bytes:
    """Return a file with some of its bytes changed in the middle."""
    middle = len(content) // 2
    return content[:middle] + bytes(255 - byte for byte in content[middle : middle + 200]) + content[middle + 200 :]


@pytest.mark.parametrize(
    "damage", [lambda content: content[:1000], lambda content: b"", lambda content: b"text", _changed]
)
def test_a_damaged_model_is_told_from_an_absent_one(tmp_path, damage):
    saved_model(tmp_path)
    path = tmp_path / "model.keras"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(
        DeguError, match=r"model\.keras: the file is damaged, cut off or not a model(.|\n)*copy it again"
    ):
        Predictor(path)


def test_an_error_of_the_system_is_no_damage(tmp_path, monkeypatch):
    saved_model(tmp_path)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("zipfile.ZipFile", refuse)
    with pytest.raises(DeguError, match=r"model\.keras: the file cannot be read: Input/output error$"):
        Predictor(tmp_path / "model.keras")


@pytest.mark.parametrize("flanks", ["x", "xy", 3, [1], [1, -2], [1, 2.5], [1, "2"], {"left": 1}])
def test_flanks_that_are_not_two_lengths_are_refused(tmp_path, flanks):
    change(tmp_path, saved_model(tmp_path), flanks=flanks)
    with pytest.raises(DeguError, match=r"with its JSON beside it: the flanks are .* not two numbers of bases"):
        Predictor(tmp_path / "model.keras")


@pytest.mark.parametrize("flanks", [None, [0, 0], [3, 2]])
def test_flanks_of_two_lengths_and_no_flanks_are_taken(tmp_path, flanks):
    change(tmp_path, saved_model(tmp_path), flanks=flanks)
    assert Predictor(tmp_path / "model.keras").description["flanks"] == flanks


@pytest.mark.parametrize(("network", "described"), [("student", "member"), ("member", "student")])
def test_the_json_of_a_model_with_other_heads_is_refused(tmp_path, network, described):
    """Otherwise a head would be dropped in silence, or missed as the model predicts."""
    widths = {"student": 6, "member": 2}
    for name, outputs in (("student", OUTPUTS), ("member", MEAN)):
        saved_model(tmp_path, name, outputs=outputs)
    shutil.copyfile(tmp_path / f"{described}.json", tmp_path / f"{network}.json")
    message = (
        rf"{network}\.keras: the network has {widths[network]} outputs, and the JSON beside it tells of "
        rf"{widths[described]}: (.|\n)*copy both files from the same folder"
    )
    with pytest.raises(DeguError, match=message):
        Predictor(tmp_path / f"{network}.keras")


def test_the_json_of_a_larger_model_with_the_same_heads_is_refused(tmp_path):
    recipe = {**RECIPE, "model": {**RECIPE["model"], "filters": 4}}
    models = {"small": saved_model(tmp_path, "small"), "large": saved_model(tmp_path, "large", recipe=recipe)}
    counts = {name: change(tmp_path, model, name) for name, model in models.items()}
    assert counts["small"] < counts["large"]
    for name in models:
        Predictor(tmp_path / f"{name}.keras")
    shutil.copyfile(tmp_path / "large.json", tmp_path / "small.json")
    message = rf"has {counts['small']} parameters, and .* of {counts['large']}: (.|\n)*from the same folder"
    with pytest.raises(DeguError, match=message):
        Predictor(tmp_path / "small.keras")
