"""Trained models on disk."""

import json
import time
import zipfile

import keras
import numpy as np

from degu.training import saving
from tests.training.random_models import saved_model


def test_saving_leaves_two_files_and_nothing_else(tmp_path):
    saved_model(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.json", "model.keras"]


def test_equal_models_are_equal_files_whenever_they_are_saved(tmp_path):
    files = []
    for seed in (2, 1, 1):
        # Layers are numbered within a session.
        keras.utils.clear_session()
        saved_model(tmp_path, seed=seed)
        files.append((tmp_path / "model.keras").read_bytes())
        # Of the time of its entries a ZIP archive keeps every other second.
        time.sleep(2 if seed == 1 and len(files) == 2 else 0)
    assert files[0] != files[1] == files[2]


def test_objects_that_layers_share_are_told_apart_without_their_addresses(tmp_path):
    path = tmp_path / "model.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", '{"keras_version": "3", "date_saved": "today"}')
        archive.writestr("config.json", "".join(f'{{"shared_object_id": {number}}}' for number in (1407, 99, 1407)))
    saving._make_reproducible(path)
    with zipfile.ZipFile(path) as archive:
        assert archive.read("config.json") == b"".join(b'{"shared_object_id": %d}' % number for number in (0, 1, 0))
        assert json.loads(archive.read("metadata.json")) == {"keras_version": "3"}


def test_a_file_without_dates_is_the_model_it_was(tmp_path):
    model = saved_model(tmp_path)
    model.save(tmp_path / "as_keras_saves_it.keras")
    ours, theirs = (
        keras.saving.load_model(tmp_path / f"{name}.keras", compile=False) for name in ("model", "as_keras_saves_it")
    )
    assert ours.get_config() == theirs.get_config()
    for mine, other in zip(ours.weights, theirs.weights, strict=True):
        np.testing.assert_array_equal(mine, other)
