"""Several models explained: what comes out, what stops it, and that a killed job goes on."""

import itertools
from pathlib import Path
from types import SimpleNamespace

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from degu.attribution import explain, maps
from degu.attribution.compiled import Method
from degu.attribution.explain import TOLERANCE, convergence_deltas, explain_models
from degu.attribution.explained import Explained
from degu.attribution.explained_sequences import ExplainedSequences
from degu.attribution.maps import MapBlocks, MapKey, read_maps
from degu.errors import DeguError
from degu.models.layers.blocks import sequence_input
from degu.outputs.outputs import Outputs
from degu.training.saving import save_model
from tests.attribution.networks import (
    assert_near,
    filled,
    function_of,
    one_hot,
    outputs_of,
    random_tokens,
    scaled_outputs,
    smooth,
)

LENGTH, BACKGROUNDS, T = 8, 5, 3
SOFTPLUS = scaled_outputs(link="softplus")
MEAN = outputs_of("mean", targets=("Dev", "Hk"))
DEEP_SHAP = {"deep_shap": {"method": "deep_shap"}}
METHODS = {**DEEP_SHAP, "few": {"method": "integrated_gradients", "steps": 2}, "saliency": {"method": "saliency"}}


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    for module in (maps, explain):
        monkeypatch.setattr(module, "BLOCK", 4)


@pytest.fixture(autouse=True, scope="module")
def nothing_is_compiled():
    """Run the small networks operation by operation: compiling them takes far longer."""
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


def sequences_of(number: int, seed: int) -> ExplainedSequences:
    tokens = random_tokens(number, LENGTH, seed=seed, letters=5)
    flags = np.zeros(number, dtype=bool), np.zeros(number, dtype=np.int8)
    return ExplainedSequences(
        np.arange(number), tokens, *flags, random_tokens(number, BACKGROUNDS, LENGTH, seed=10 + seed)
    )


# Three blocks, and one.
SEQUENCES = {"Dev": sequences_of(10, seed=1), "Hk": sequences_of(3, seed=2)}


def save(model: keras.Model, outputs: Outputs, folder: Path) -> Path:
    path = folder / "model.keras"
    save_model(model, outputs, {}, path, path.with_suffix(".json"))
    return path


@pytest.fixture(scope="module")
def models(tmp_path_factory) -> list[Path]:
    """Two networks of three heads and two targets."""
    folder = tmp_path_factory.mktemp("models")
    return [save(smooth(LENGTH, SOFTPLUS, seed), SOFTPLUS, folder / f"member-{seed}") for seed in (1, 2)]


@pytest.fixture
def blocks(tmp_path) -> MapBlocks:
    return MapBlocks(tmp_path / "attributions.blocks", "one")


def npz_files(blocks: MapBlocks) -> list[str]:
    return sorted(path.name for path in blocks.folder.rglob("*.npz"))


# What comes out


@pytest.fixture(scope="module")
def explained(models, tmp_path_factory) -> tuple[dict[MapKey, int], Path]:
    """Return which maps there are, and the file of them."""
    folder = tmp_path_factory.mktemp("explained")
    with pytest.MonkeyPatch.context() as patched:
        for module in (maps, explain):
            patched.setattr(module, "BLOCK", 4)
        blocks = MapBlocks(folder / "attributions.blocks", "one")
        keys = explain_models(models, SEQUENCES, METHODS, ["mean", "total"], blocks)
        blocks.assemble(keys, [1, 2], folder / "attributions.h5", "digest")
    return keys, folder / "attributions.h5"


def test_every_target_method_and_head_is_explained(explained):
    assert explained[0] == {
        MapKey(target, method, head): len(SEQUENCES[target].rows)
        for target in ("Dev", "Hk")
        for method in METHODS
        for head in ("mean", "total")
    }


@pytest.mark.parametrize("target", ["Dev", "Hk"])
@pytest.mark.parametrize("head", ["mean", "total"])
@pytest.mark.parametrize("method", METHODS)
def test_maps_are_those_of_the_method_on_each_model_its_head_and_its_targets_sequences(explained, method, head, target):
    values, difference = read_maps(explained[1], MapKey(target, method, head))
    sequences = SEQUENCES[target]
    backgrounds = sequences.backgrounds[:, :0] if method == "saliency" else sequences.backgrounds
    options = {"steps": 2} if method == "few" else {}
    for index, seed in enumerate((1, 2)):
        own = Explained(smooth(LENGTH, SOFTPLUS, seed), SOFTPLUS, head, ["Dev", "Hk"].index(target))
        expected = Method(own, METHODS[method]["method"], options, backgrounds.shape[1])(sequences.tokens, backgrounds)
        assert_near(values[index], expected[0])
        if method == "saliency":
            assert np.isnan(difference[index]).all()
        else:
            assert_near(difference[index], expected[1])


@pytest.mark.parametrize("target", ["Dev", "Hk"])
@pytest.mark.parametrize("head", ["mean", "total"])
def test_what_is_stored_tells_the_error_of_the_sum_rule(explained, head, target):
    values, difference = read_maps(explained[1], MapKey(target, "deep_shap", head))
    sequences = SEQUENCES[target]
    for index, seed in enumerate((1, 2)):
        own = Explained(smooth(LENGTH, SOFTPLUS, seed), SOFTPLUS, head, ["Dev", "Hk"].index(target))
        of = function_of(own)
        at_backgrounds = of(one_hot(sequences.backgrounds).reshape(-1, LENGTH, 4)).reshape(-1, BACKGROUNDS)
        expected = of(one_hot(sequences.tokens)) - at_backgrounds.mean(axis=1)
        assert_near(difference[index], expected, 1e-4)
        assert_near(values[index].sum(axis=(1, 2)), expected, 1e-3)
        assert convergence_deltas(values[index], difference[index]).max() < TOLERANCE


def test_the_error_of_every_map_is_stored(explained):
    with h5py.File(explained[1]) as file:
        for key, number in explained[0].items():
            values, difference, error = (file[key.path][name][:] for name in ("values", "difference", "error"))
            if key.method == "saliency":
                assert np.isnan(error).all()
                continue
            for index, start in itertools.product((0, 1), range(0, number, 4)):
                rows = slice(start, start + 4)
                expected = convergence_deltas(values[index, rows], difference[index, rows])
                np.testing.assert_allclose(error[index, rows], expected, rtol=1e-3, atol=1e-7)
                # Few steps leave integrated gradients an error that can be seen.
                assert expected.max() < TOLERANCE if key.method == "deep_shap" else expected.max() > TOLERANCE


def test_heads_that_the_models_lack_are_left_out(models, blocks, tmp_path):
    path = save(smooth(LENGTH, MEAN), MEAN, tmp_path / "plain")
    saliency = {"saliency": {"method": "saliency"}}
    keys = explain_models([path], SEQUENCES, saliency, ["mean", "epistemic", "total"], blocks)
    assert list(keys) == [MapKey("Dev", "saliency", "mean"), MapKey("Hk", "saliency", "mean")]
    with pytest.raises(DeguError, match=r"^attribution\.heads: the models predict none of epistemic, total"):
        explain_models([path], SEQUENCES, saliency, ["epistemic", "total"], blocks)


def test_a_method_that_sums_up_only_roughly_is_not_stopped_for_it(explained):
    values, difference = read_maps(explained[1], MapKey("Dev", "few", "total"))
    assert convergence_deltas(values[0], difference[0]).max() > TOLERANCE


@pytest.mark.parametrize(
    ("sums", "difference", "expected"),
    [
        ([1.0, 2.0, 4.0], [1.0, 2.0, 4.0], [0, 0, 0]),
        # Of the range with 0, whether or not 0 is inside it.
        ([1.0, 2.5, 4.0], [1.0, 2.0, 4.0], [0, 0.5 / 4, 0]),
        ([-4.4, -2.0], [-4.0, -2.0], [0.4 / 4, 0]),
        ([3.0, -1.5], [3.0, -1.0], [0, 0.5 / 4]),
        ([0.0], [0.0], [0]),
    ],
)
def test_errors_are_a_fraction_of_the_range_of_what_maps_should_sum_to(sums, difference, expected):
    values = np.random.default_rng(1).normal(size=(len(sums), LENGTH, 4))
    values[:, 0, 0] += np.array(sums) - values.sum(axis=(1, 2))
    np.testing.assert_allclose(convergence_deltas(values, np.array(difference)), expected, atol=1e-9)


def test_of_hypothetical_maps_the_own_bases_part_sums_up_and_sequences_with_n_are_let_pass():
    rng = np.random.default_rng(2)
    tokens = np.array([[0, 3, 2], [1, 1, 0], [2, 4, 1]], dtype=np.uint8)
    values = rng.normal(size=(3, 3, 4))
    own = np.array([sum(values[row, at, tokens[row, at]] for at in range(3)) for row in (0, 1)])
    difference = np.array([own[0], own[1] + 0.5, 8.0])
    expected = 0.5 / np.ptp([*difference, 0])
    np.testing.assert_allclose(convergence_deltas(values, difference, tokens), [0, expected, 0], atol=1e-9)
    assert convergence_deltas(values, difference).min() > 0


def test_hypothetical_maps_are_explained_with_the_sums_of_the_plain_ones(models, blocks):
    methods = {"hypothetical": {"method": "deep_shap", "hypothetical": True}, **DEEP_SHAP}
    # The first block holds sequences with N.
    assert (SEQUENCES["Dev"].tokens[:4] == 4).any()
    explain_models(models[:1], SEQUENCES, methods, ["total"], blocks)
    hypothetical, plain = (blocks.read(MapKey("Hk", method, "total"), 0, 0) for method in methods)
    np.testing.assert_array_equal(hypothetical[1], plain[1])
    inputs = one_hot(SEQUENCES["Hk"].tokens)
    assert_near((hypothetical[0] * inputs).sum(axis=2), plain[0].sum(axis=2) * inputs.any(axis=2), 1e-4)


def test_the_error_is_nan_where_the_method_does_not_say_what_maps_sum_to(explained):
    assert np.isnan(
        convergence_deltas(*(part[0] for part in read_maps(explained[1], MapKey("Hk", "saliency", "mean"))))
    ).all()


# Methods of the package shap, which needs functions that are traced


@pytest.fixture
def traced():
    tf.config.run_functions_eagerly(False)
    yield
    tf.config.run_functions_eagerly(True)


@pytest.mark.usefixtures("traced")
def test_maps_of_the_package_are_made_for_each_head_and_their_errors_are_stored_and_told(
    models, blocks, tmp_path, caplog
):
    methods = {"deep": {"method": "shap_deep"}, "few": {"method": "shap_gradient", "samples": 3, "seed": 2}}
    with caplog.at_level("INFO", logger="degu.attribution.explain"):
        keys = explain_models(models[:1], SEQUENCES, methods, ["mean", "total"], blocks)
    blocks.assemble(keys, [1], tmp_path / "attributions.h5", "digest")
    told = []
    for target, head in itertools.product(("Dev", "Hk"), ("mean", "total")):
        own = Explained(smooth(LENGTH, SOFTPLUS, 1), SOFTPLUS, head, ["Dev", "Hk"].index(target))
        sequences = SEQUENCES[target]
        for method, options in (("deep", {}), ("few", {"samples": 3, "seed": 2})):
            values, difference = read_maps(tmp_path / "attributions.h5", MapKey(target, method, head))
            explainer = Method(own, methods[method]["method"], options, BACKGROUNDS)
            expected = explainer(sequences.tokens, sequences.backgrounds)
            assert_near(values[0], expected[0])
            assert_near(difference[0], expected[1])
        with h5py.File(tmp_path / "attributions.h5") as file:
            error = file[MapKey(target, "few", head).path]["error"][0]
        assert error.max() > TOLERANCE
        told.append(
            f"member-1, few of {head} of {target}: sums of contributions miss the change of the prediction by "
            f"{error.max():.2g} of its range at most, median {np.median(error):.2g}"
        )
    assert [record.getMessage() for record in caplog.records] == told


def test_errors_are_not_told_of_methods_that_must_be_exact_or_define_no_sum(models, blocks, caplog):
    methods = {name: METHODS[name] for name in ("deep_shap", "saliency")}
    with caplog.at_level("INFO", logger="degu.attribution.explain"):
        explain_models(models[:1], SEQUENCES, methods, ["mean"], blocks)
    assert caplog.records == []


# Hypothetical maps

HYPOTHETICAL = {"hypothetical": {"method": "deep_shap", "hypothetical": True}}


def test_hypothetical_maps_are_made_and_their_own_bases_sum_up(models, explained, blocks, tmp_path):
    """Sequences with N, whose own bases leave out what the N contributes, are no reason to stop."""
    keys = explain_models(models, SEQUENCES, HYPOTHETICAL, ["mean"], blocks)
    blocks.assemble(keys, [1, 2], tmp_path / "attributions.h5", "digest")
    values, difference = read_maps(tmp_path / "attributions.h5", MapKey("Dev", "hypothetical", "mean"))
    plain, same = read_maps(explained[1], MapKey("Dev", "deep_shap", "mean"))
    assert_near(difference, same)
    tokens = SEQUENCES["Dev"].tokens
    known = tokens < 4
    assert known.any() and not known.all()
    assert_near((values * one_hot(tokens)).sum(axis=-1)[:, known], plain.sum(axis=-1)[:, known], 1e-3)


def test_the_error_of_hypothetical_maps_is_that_of_the_own_bases():
    tokens = np.array([[0, 3], [2, 1], [4, 1]])
    values = np.arange(24, dtype=float).reshape(3, 2, 4)
    # 0 + 7 and 10 + 13; of the third, whose first base is not known, nothing is said.
    np.testing.assert_allclose(convergence_deltas(values, np.array([7.0, 20.0, 1.0]), tokens), [0, 3 / 20, 0])


# A job that was killed

TWO_METHODS = {name: METHODS[name] for name in ("deep_shap", "saliency")}
# By model, target and method.
BLOCKS = [4, 4, 2, 4, 4, 2, 3, 3] * 2


@pytest.fixture
def job(monkeypatch) -> SimpleNamespace:
    """Note how many sequences each block that is made has; before the block number `killed_at`, kill the job."""
    job = SimpleNamespace(made=[], killed_at=None)
    run = Method.__call__

    def noted(self: Method, *arrays: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if len(job.made) == job.killed_at:
            raise KeyboardInterrupt
        job.made.append(len(arrays[0]))
        return run(self, *arrays)

    monkeypatch.setattr(Method, "__call__", noted)
    return job


@pytest.fixture
def unchecked(monkeypatch) -> None:
    """Leave out the check of the models' layers, which takes longer than the maps do."""
    monkeypatch.setattr(Method, "check", lambda *arrays, where: None)


@pytest.mark.system
@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("killed_at", [0, 7, 15])
def test_a_killed_job_goes_on_where_it_was_and_ends_as_one_that_was_not(models, explained, tmp_path, job, killed_at):
    folder, path = tmp_path / "attributions.blocks", tmp_path / "attributions.h5"
    job.killed_at = killed_at
    with pytest.raises(KeyboardInterrupt):
        explain_models(models, SEQUENCES, TWO_METHODS, ["total"], MapBlocks(folder, "one"))
    assert len(npz_files(MapBlocks(folder, "one"))) == killed_at
    job.killed_at = None
    blocks = MapBlocks(folder, "one")
    keys = explain_models(models, SEQUENCES, TWO_METHODS, ["total"], blocks)
    assert job.made == BLOCKS
    blocks.assemble(keys, [1, 2], path, "digest")
    for key in keys:
        for found, expected in zip(read_maps(path, key), read_maps(explained[1], key), strict=True):
            np.testing.assert_array_equal(found, expected)


@pytest.mark.usefixtures("unchecked")
def test_a_job_with_other_settings_begins_anew(models, blocks, job):
    job.killed_at = 6
    with pytest.raises(KeyboardInterrupt):
        explain_models(models, SEQUENCES, TWO_METHODS, ["mean"], blocks)
    job.killed_at, job.made = None, []
    explain_models(models, SEQUENCES, TWO_METHODS, ["mean"], MapBlocks(blocks.folder, "two"))
    assert job.made == BLOCKS


def test_of_what_is_finished_nothing_is_made_again_not_even_the_method(models, blocks, monkeypatch):
    saliency = {"saliency": METHODS["saliency"]}
    first = explain_models(models, SEQUENCES, saliency, ["mean"], blocks)
    monkeypatch.delattr(explain, "Method")
    assert explain_models(models, SEQUENCES, saliency, ["mean"], blocks) == first


# What stops it


def rectified(folder: Path) -> Path:
    """Return a model with a layer that DeepSHAP does not know, which shows where T meets another base alone."""
    inputs = sequence_input(LENGTH)
    x = layers.ReLU(name="odd")(layers.Conv1D(1, 1, use_bias=False, name="but_t")(inputs))
    model = filled(keras.Model(inputs, layers.Dense(2, name="mean")(layers.Flatten()(x))))
    model.get_layer("but_t").set_weights([np.array([1.0, 1.5, 0.5, -1.0]).reshape(1, 4, 1)])
    return save(model, MEAN, folder / "member-7")


def without_t(number: int) -> ExplainedSequences:
    sequences = sequences_of(number, seed=3)
    for tokens in (sequences.tokens, sequences.backgrounds):
        tokens %= T
    return sequences


WHERE = "member-7, deep_shap of mean of Dev: "


def test_a_layer_that_deep_shap_does_not_know_is_named_before_any_work(tmp_path, blocks, job):
    sequences = without_t(10)
    sequences.backgrounds[1, 2] = T
    message = rf"^{WHERE}.* at layer 'odd' \(ReLU\)(.|\n)*\n  remedy: .*integrated_gradients or expected_gradients"
    with pytest.raises(DeguError, match=message):
        explain_models([rectified(tmp_path)], {"Dev": sequences}, DEEP_SHAP, ["mean"], blocks)
    assert job.made == [] and npz_files(blocks) == []


@pytest.mark.usefixtures("traced")
def test_a_layer_that_the_package_shap_cannot_explain_is_named_before_any_work(tmp_path, blocks, job):
    inputs = sequence_input(LENGTH)
    model = filled(
        keras.Model(
            inputs, layers.Dense(2, name="mean")(layers.Activation("softsign", name="odd")(layers.Flatten()(inputs)))
        )
    )
    path = save(model, MEAN, tmp_path / "member-7")
    message = (
        r"^member-7, deep of mean of Dev: the package shap cannot explain layer 'odd' \(Activation\): "
        r"it has no rule for TensorFlow's operation \w+\n  remedy: .*deep_shap.*integrated_gradients"
    )
    with pytest.raises(DeguError, match=message):
        explain_models([path], {"Dev": without_t(10)}, {"deep": {"method": "shap_deep"}}, ["mean"], blocks)
    assert job.made == [] and npz_files(blocks) == []


@pytest.mark.parametrize("background", [0, 2, 4])
def test_a_layer_is_named_that_shows_only_when_its_maps_do_not_sum_up(tmp_path, blocks, job, background):
    sequences = without_t(10)
    sequences.backgrounds[6, background] = T
    with pytest.raises(DeguError, match=rf"^{WHERE}.* at layer 'odd' \(ReLU\)"):
        explain_models([rectified(tmp_path)], {"Dev": sequences}, DEEP_SHAP, ["mean"], blocks)
    # What was right before stays; the block that is wrong is not kept.
    assert job.made == [4, 4] and npz_files(blocks) == ["0-0.npz"]


def test_a_method_that_takes_any_layer_explains_that_model(tmp_path, blocks):
    sequences = {target: sequences_of(10, seed=4) for target in ("Dev", "Hk")}
    methods = {"integrated": {"method": "integrated_gradients"}}
    keys = explain_models([rectified(tmp_path)], sequences, methods, ["mean"], blocks)
    assert len(keys) == 2 and len(npz_files(blocks)) == 6


@pytest.mark.parametrize(
    ("wrong", "told"),
    [(0.02, r"by 0\.\d+ of the range of these changes"), (np.nan, "by nan of the range of these changes")],
)
def test_maps_that_do_not_sum_up_stop_the_job(models, blocks, monkeypatch, wrong, told):
    run = Method.__call__

    def off(self: Method, *arrays: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        values, difference = run(self, *arrays)
        if len(difference) == 2:
            values[1, 0, 0] += wrong * np.ptp(difference)
        return values, difference

    monkeypatch.setattr(Method, "__call__", off)
    missed = r"the contributions of a map do not sum to the change of the prediction: both differ"
    message = rf"^member-1, deep_shap of total of Dev: {missed} {told}\n  expected: .* at most 0\.001\n"
    with pytest.raises(DeguError, match=message):
        explain_models(models[:1], SEQUENCES, DEEP_SHAP, ["total"], blocks)
    assert npz_files(blocks) == ["0-0.npz", "0-4.npz"]


def test_a_tenth_of_the_tolerance_is_no_reason_to_stop(models, blocks, monkeypatch):
    run = Method.__call__

    def off(self: Method, *arrays: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        values, difference = run(self, *arrays)
        values[0, 0, 0] += TOLERANCE / 10 * np.ptp([*difference, 0])
        return values, difference

    monkeypatch.setattr(Method, "__call__", off)
    explain_models(models[:1], SEQUENCES, DEEP_SHAP, ["total"], blocks)
    assert len(npz_files(blocks)) == 4


def test_a_model_that_cannot_be_read_is_named(models, blocks, tmp_path):
    with pytest.raises(DeguError, match=r"gone\.keras: there is no such file"):
        explain_models([*models, tmp_path / "gone.keras"], SEQUENCES, {"s": {"method": "saliency"}}, ["mean"], blocks)
