"""The trainings of members: in packs, each as it would be by itself."""

import json
from pathlib import Path

from degu.library.architectures import architecture_of
from degu.library.recipes import member_recipe
from degu.library.settings import Settings
from degu.library.trainings import train_members, train_packs
from tests.library.conftest import build


def test_models_are_trained_in_packs(tmp_path, monkeypatch):
    packs = []

    def train(job, checkpoints, folders, **machine):
        packs.append((job, dict(folders), machine))

    monkeypatch.setattr("degu.library.trainings.train_and_save", train)
    paths = train_packs(tuple, [1, 2, 3, 4, 5], tmp_path, Settings(together=2), "CPU")
    assert [job for job, _, _ in packs] == [(1, 2), (3, 4), (5,)]
    assert [list(folders) for _, folders, _ in packs] == [[1, 2], [3, 4], [5]]
    assert packs[0][2] == {"device": "CPU", "threads": None}
    assert paths == [Path(tmp_path, f"seed-{number}", "model.keras") for number in (1, 2, 3, 4, 5)]


def test_members_are_described_by_their_recipe_and_data(tmp_path, assay):
    architecture = architecture_of(build)
    recipe = member_recipe("motif_cnn_noise", architecture.model, {"epochs": 1}, own=True)
    store = assay.store(1)
    [path] = train_members(architecture, recipe, store, [4], 1, tmp_path, Settings(), "CPU")
    description = json.loads(path.with_suffix(".json").read_text())
    assert description["recipe"] == {key: value for key, value in recipe.items() if key != "prediction"}
    assert (description["seed_number"], description["data_digest"]) == (4, store.digest)
    assert (description["flanks"], description["training_sequences"]) == ([2, 3], len(store.rows("train")))
