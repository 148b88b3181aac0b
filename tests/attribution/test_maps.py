"""Maps in blocks, their file, and what a killed job leaves."""

import json
import logging
from pathlib import Path

import h5py
import numpy as np
import pytest

from degu.attribution import maps
from degu.attribution.maps import MapBlocks, MapKey, Progress, identity_of, map_keys, read_maps
from degu.errors import DeguError

LENGTH = 5
SEEDS = [3, 11]
# By key, of how many sequences: two blocks and a part, one whole block, less than one.
KEYS = {
    MapKey("Dev", "deep_shap", "mean"): 11,
    MapKey("Dev", "deep_shap", "aleatoric"): 11,
    MapKey("Dev", "mine", "mean"): 11,
    MapKey("Hk", "deep_shap", "mean"): 4,
    MapKey("log2(RNA/DNA)", "deep_shap", "mean"): 3,
}


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(maps, "BLOCK", 4)


@pytest.fixture
def blocks(tmp_path) -> MapBlocks:
    return MapBlocks(tmp_path / "attributions.blocks", "one")


def maps_of(key: MapKey) -> tuple[np.ndarray, np.ndarray]:
    """Return maps, (models, N, L, 4), and their sums, of which no two keys' are alike."""
    rng = np.random.default_rng(list(KEYS).index(key))
    shape = (len(SEEDS), KEYS[key])
    return rng.normal(size=(*shape, LENGTH, 4)).astype(np.float32), rng.normal(size=shape).astype(np.float32)


def places(key: MapKey) -> list[tuple[int, int]]:
    return [(model, start) for model in range(len(SEEDS)) for start in range(0, KEYS[key], 4)]


def fill(blocks: MapBlocks) -> None:
    for key in KEYS:
        values, difference = maps_of(key)
        for model, start in places(key):
            blocks.write(key, model, start, values[model, start : start + 4], difference[model, start : start + 4])


def files_of(folder: Path) -> list[Path]:
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


# Blocks


def test_a_block_is_there_once_it_is_written_and_gives_back_what_it_was_given(blocks):
    key, other = list(KEYS)[:2]
    values, difference = (part[0, :3] for part in maps_of(key))
    assert not blocks.has(key, 0, 4)
    blocks.write(key, 0, 4, values, difference)
    assert blocks.has(key, 0, 4)
    unknown = np.full(3, np.nan)
    for read, written in zip(blocks.read(key, 0, 4), (values, difference, unknown), strict=True):
        assert read.dtype == np.float32
        np.testing.assert_array_equal(read, written)
    # No other model, sequence or key.
    assert not any(blocks.has(*place) for place in ((key, 1, 4), (key, 0, 0), (other, 0, 4)))


def test_every_block_has_a_file_of_its_own(blocks):
    fill(blocks)
    expected = {blocks.path(key, *place) for key in KEYS for place in places(key)}
    assert len(expected) == sum(len(places(key)) for key in KEYS)
    assert {blocks.folder / path for path in files_of(blocks.folder)} == {*expected, blocks.folder / "identity"}


def test_a_block_that_is_not_written_to_its_end_is_not_there(blocks, monkeypatch):
    key = next(iter(KEYS))

    def killed(file, **_):
        file.write(b"the first half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(np, "savez", killed)
        blocks.write(key, 0, 0, *(part[0, :4] for part in maps_of(key)))
    assert not blocks.has(key, 0, 0)
    assert files_of(blocks.folder) == [Path("identity")]


def test_finished_blocks_outlive_the_job_that_wrote_them(blocks):
    fill(blocks)
    before = {path: (blocks.folder / path).read_bytes() for path in files_of(blocks.folder)}
    again = MapBlocks(blocks.folder, "one")
    assert all(again.has(key, *place) for key in KEYS for place in places(key))
    assert {path: (blocks.folder / path).read_bytes() for path in files_of(blocks.folder)} == before


@pytest.mark.parametrize("marker", ["another", "on", "one ", "", None])
def test_blocks_of_another_identity_or_of_none_are_removed(blocks, marker):
    fill(blocks)
    path = blocks.folder / "identity"
    path.unlink() if marker is None else path.write_text(marker)
    again = MapBlocks(blocks.folder, "one")
    assert files_of(blocks.folder) == [Path("identity")]
    assert not any(again.has(key, *place) for key in KEYS for place in places(key))
    assert path.read_text() == "one"


def test_an_identity_is_of_every_value_whatever_the_order(tmp_path):
    values = {"code": "a", "methods": {"x": {"method": "x", "steps": 3}, "y": {}}, "heads": ["mean"], "inputs": ["1"]}
    turned = dict(reversed({**values, "methods": dict(reversed(values["methods"].items()))}.items()))
    assert identity_of(**values) == identity_of(**turned)
    assert identity_of(path=tmp_path) == identity_of(path=tmp_path)
    changed = [
        {"code": "b"},
        {"methods": {"x": {"method": "x", "steps": 4}, "y": {}}},
        {"heads": ["mean", "total"]},
        {"inputs": ["2"]},
    ]
    texts = [identity_of(**values | change) for change in changed]
    assert len({identity_of(**values), *texts}) == 5
    assert json.loads(identity_of(**values)) == values


# The file


@pytest.fixture
def written(blocks, tmp_path) -> Path:
    fill(blocks)
    blocks.assemble(KEYS, SEEDS, tmp_path / "attributions.h5", "digest")
    return tmp_path / "attributions.h5"


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.path)
def test_the_file_has_every_map_of_every_model(written, key):
    for read, expected in zip(read_maps(written, key), maps_of(key), strict=True):
        assert read.dtype == np.float32
        np.testing.assert_array_equal(read, expected)


def test_the_file_says_which_maps_it_has_and_whose(written, blocks):
    # The head `mean` comes first, as in every figure.
    assert map_keys(written) == list(KEYS)
    with h5py.File(written) as file:
        assert file.attrs["seeds"].tolist() == SEEDS
        assert file.attrs["store_digest"] == "digest"
    assert not blocks.folder.exists()


def test_a_file_that_was_not_assembled_to_its_end_is_not_there_and_its_blocks_still_are(blocks, tmp_path):
    fill(blocks)
    last = list(KEYS)[-1]
    lost = blocks.path(last, 1, 0)
    content = lost.read_bytes()
    lost.unlink()
    before = files_of(blocks.folder)
    path = tmp_path / "attributions.h5"
    with pytest.raises(FileNotFoundError):
        blocks.assemble(KEYS, SEEDS, path, "digest")
    assert not path.exists() and files_of(blocks.folder) == before
    assert [entry.name for entry in tmp_path.iterdir()] == [blocks.folder.name]
    lost.write_bytes(content)
    blocks.assemble(KEYS, SEEDS, path, "digest")
    np.testing.assert_array_equal(read_maps(path, last)[0], maps_of(last)[0])


def test_a_file_takes_the_place_of_an_older_one(blocks, tmp_path):
    path = tmp_path / "attributions.h5"
    path.write_text("older")
    fill(blocks)
    blocks.assemble(KEYS, SEEDS, path, "digest")
    assert sorted(map_keys(path)) == sorted(KEYS)


@pytest.mark.parametrize(
    "key", [MapKey("Dev", "deep_shap", "epistemic"), MapKey("Dev", "saliency", "mean"), MapKey("x", "mine", "mean")]
)
def test_maps_that_a_file_does_not_have_are_named(written, key):
    with pytest.raises(
        DeguError, match=rf"attributions\.h5: not a readable file of maps '{key.path}'(.|\n)*remedy:   delete"
    ):
        read_maps(written, key)


@pytest.mark.parametrize("damage", ["absent", "empty", "cut off"])
def test_a_damaged_file_is_refused(written, damage):
    content = written.read_bytes()
    written.unlink() if damage == "absent" else written.write_bytes(content[:-300] if damage == "cut off" else b"")
    told = "the file of maps 'Dev/mine/mean' cannot be read" if damage == "absent" else "not a readable file of maps"
    with pytest.raises(DeguError, match=rf"attributions\.h5: {told}"):
        read_maps(written, MapKey("Dev", "mine", "mean"))


# Progress


def test_progress_tells_how_many_are_done_how_long_each_takes_and_how_long_the_others_will(monkeypatch, caplog):
    clock = iter([100.0, 150.0, 200.0, 250.0])
    monkeypatch.setattr(maps.time, "perf_counter", lambda: next(clock))
    progress = Progress("member-1, deep_shap", 2500)
    with caplog.at_level(logging.INFO):
        for count in (1000, 1000, 500):
            progress.add(count)
    assert [record.getMessage() for record in caplog.records] == [
        "member-1, deep_shap: 1,000 of 2,500 sequences, 0.05 s each, 1:15 left",
        "member-1, deep_shap: 2,000 of 2,500 sequences, 0.05 s each, 0:25 left",
        "member-1, deep_shap: 2,500 of 2,500 sequences, 0.06 s each, 0:00 left",
    ]
