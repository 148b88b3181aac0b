"""Maps prepared for logos: which maps, of which sequences, of which bases."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from degu.attribution.explained_sequences import ExplainedSequences
from degu.attribution.logos import logos_of_most_active, read_named_maps, units_of
from degu.attribution.maps import MapBlocks, MapKey
from degu.data.sequences import one_hot
from degu.data.store import SequenceStore
from degu.errors import DeguError
from tests.conftest import small_store

LENGTH = 24
ROWS = np.array([3, 10, 20, 40])
# The second sequence is the most active by the first target, and the last by the second.
ACTIVITY = np.array([[1.0, 2.0], [4.0, 1.0], [2.0, 3.0], [2.0, 9.0]])
# One row for each kind of model, with how many models there are and the heads that are explained.
MODELS = {
    "reference": (3, ["mean"]),
    "member": (2, ["aleatoric", "mean"]),
    "student": (2, ["aleatoric", "epistemic", "mean"]),
}


@pytest.fixture
def store() -> SequenceStore:
    store = small_store(length=LENGTH, targets=2)
    store.targets[ROWS] = ACTIVITY
    return store


@pytest.fixture
def sequences(store) -> ExplainedSequences:
    number = len(ROWS)
    top, quantile = np.ones(number, dtype=bool), np.zeros(number, dtype=np.int8)
    backgrounds = np.zeros((number, 1, LENGTH), dtype=np.uint8)
    return ExplainedSequences(ROWS, store.tokens[ROWS], top, quantile, backgrounds)


@pytest.fixture
def values() -> dict[str, dict[MapKey, np.ndarray]]:
    """Return maps, float32 (M, N, L, 4), of every kind of model, of two targets and two methods."""
    rng = np.random.default_rng(1)
    return {
        model: {
            MapKey(target, method, head): rng.normal(size=(count, len(ROWS), LENGTH, 4)).astype(np.float32)
            for target in ("target0", "target1")
            for method in ("deep_shap", "saliency")
            for head in heads
        }
        for model, (count, heads) in MODELS.items()
    }


@pytest.fixture
def paths(values, tmp_path) -> dict[str, Path]:
    paths = {model: tmp_path / f"{model}.h5" for model in values}
    for model, path in paths.items():
        blocks = MapBlocks(path.with_suffix(".blocks"), "one")
        for key, maps in values[model].items():
            for number, own in enumerate(maps):
                blocks.write(key, number, 0, own, np.zeros(len(own)))
        blocks.assemble({key: len(ROWS) for key in values[model]}, range(MODELS[model][0]), path, "digest")
    return paths


@pytest.mark.parametrize("target", ["target0", "target1"])
@pytest.mark.parametrize("method", ["deep_shap", "saliency"])
def test_maps_are_those_of_one_target_and_method_by_what_they_are_called(values, paths, target, method):
    maps = read_named_maps(paths, target, method)
    expected = {
        "one member, mean": values["member"][MapKey(target, method, "mean")][0],
        "reference ensemble, mean": values["reference"][MapKey(target, method, "mean")].mean(axis=0),
        "one student, mean": values["student"][MapKey(target, method, "mean")][0],
        "one student, aleatoric": values["student"][MapKey(target, method, "aleatoric")][0],
        "one student, epistemic": values["student"][MapKey(target, method, "epistemic")][0],
    }
    assert list(maps) == list(expected)
    for name, own in expected.items():
        np.testing.assert_array_equal(maps[name], own)


def test_a_profile_is_shown_of_the_member_and_of_the_reference_ensemble_too(values, paths):
    def renamed(key):
        return MapKey(key.target, key.method, "profile") if key.head == "aleatoric" else key

    kinds = {model: {renamed(key): maps for key, maps in own.items()} for model, own in values.items()}
    kinds["reference"] |= {
        MapKey("target0", "saliency", "profile"): kinds["member"][MapKey("target0", "saliency", "profile")]
    }
    for model, path in paths.items():
        with h5py.File(path, "w") as file:
            for key, maps in kinds[model].items():
                file[f"{key.path}/values"] = maps
                file[f"{key.path}/difference"] = np.zeros(maps.shape[:2])
    maps = read_named_maps(paths, "target0", "saliency")
    key = MapKey("target0", "saliency", "profile")
    assert list(maps) == [
        *("one member, mean", "reference ensemble, mean", "one student, mean", "one student, epistemic"),
        *("one member, profile", "reference ensemble, profile", "one student, profile"),
    ]
    np.testing.assert_array_equal(maps["one member, profile"], kinds["member"][key][0])
    np.testing.assert_array_equal(maps["reference ensemble, profile"], kinds["reference"][key].mean(axis=0))
    np.testing.assert_array_equal(maps["one student, profile"], kinds["student"][key][0])
    known = {name: "logits" if "profile" in name else "log(1 + counts)" for name in maps}
    assert units_of({"a, b 1.00": maps, "c, profile": maps}, "log(1 + counts)") == {
        "a, b 1.00": known,
        "c, profile": known,
    }


def test_maps_that_were_never_made_are_named(paths):
    with pytest.raises(DeguError, match=r"not a readable file of maps 'target0/smoothgrad/mean'"):
        read_named_maps(paths, "target0", "smoothgrad")


@pytest.mark.parametrize(
    ("target", "number", "labels"),
    [
        ("target0", 1, ["row10, target0 4.00"]),
        # Of two sequences that are equally active, the first of the store comes first.
        ("target0", 3, ["row10, target0 4.00", "row20, target0 2.00", "row40, target0 2.00"]),
        ("target1", 2, ["row40, target1 9.00", "row20, target1 3.00"]),
    ],
)
def test_sequences_are_the_most_active_by_their_target(store, sequences, target, number, labels):
    maps = {"one": np.ones((len(ROWS), LENGTH, 4))}
    logos = logos_of_most_active(store, target, sequences, maps, number=number, gradient_correction=False)
    assert list(logos) == labels


@pytest.mark.parametrize("corrected", [False, True])
def test_contributions_are_those_of_the_sequences_own_bases(store, sequences, corrected):
    maps = {name: np.random.default_rng(seed).normal(size=(len(ROWS), LENGTH, 4)) for seed, name in enumerate("ab")}
    logos = logos_of_most_active(store, "target0", sequences, maps, number=2, gradient_correction=corrected)
    for own, row in zip(logos.values(), (1, 2), strict=True):
        assert list(own) == ["a", "b"]
        for name, contributions in own.items():
            values = maps[name][row]
            wanted = values - values.mean(axis=-1, keepdims=True) if corrected else values
            bases = one_hot(store.tokens[ROWS[row]])
            np.testing.assert_allclose(contributions[bases == 1], wanted[bases == 1])
            assert (contributions[bases == 0] == 0).all()
