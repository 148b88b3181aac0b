"""Trained models on disk, and what they predict."""

import json

import keras
import numpy as np
import pytest

from conftest import small_store
from degu import prediction
from degu.errors import DeguError
from degu.heads import Heads
from degu.prediction import Predictor, predict_store, save_model
from degu.sequences import decode, one_hot
from degu.splits import SPLITS
from degu.training import build_model

LENGTH = 24
RECIPE = {"model": {"name": "motif_cnn", "filters": 3, "kernel": 5, "pool": 4, "units": 3}}
HEADS = Heads(("mean", "aleatoric", "epistemic"), ("target0", "target1"))


def saved_model(folder, name: str = "model", *, heads: Heads = HEADS, seed: int = 1) -> keras.Model:
    """Build a model whose weights are all random, write it to `folder`, and return it."""
    model = build_model(RECIPE, LENGTH, heads, seed)
    rng = np.random.default_rng(seed)
    for variable in model.weights:
        variable.assign(rng.uniform(0.2, 1, size=variable.shape))
    save_model(model, heads, {"label": name}, folder / f"{name}.keras", folder / f"{name}.json")
    return model


def in_memory(model: keras.Model, tokens: np.ndarray) -> np.ndarray:
    return keras.ops.convert_to_numpy(model(one_hot(tokens), training=False))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def model(folder) -> keras.Model:
    return saved_model(folder)


@pytest.fixture(scope="module")
def predictor(folder, model) -> Predictor:
    return Predictor(folder / "model.keras")


@pytest.fixture(scope="module")
def tokens() -> np.ndarray:
    return np.random.default_rng(6).integers(0, 5, size=(11, LENGTH), dtype=np.uint8)


def test_a_model_read_back_predicts_what_it_did_in_memory(predictor, model, tokens):
    values = predictor.predict_array(tokens)
    assert values.dtype == np.float32
    assert np.ptp(values, axis=0).min() > 0
    np.testing.assert_allclose(values, in_memory(model, tokens), rtol=1e-5)


def test_rows_are_the_same_in_batches_of_any_size(predictor, model, tokens, monkeypatch):
    monkeypatch.setattr(prediction, "EVALUATION_BATCH", 4)
    np.testing.assert_allclose(predictor.predict_array(tokens), in_memory(model, tokens), rtol=1e-5)


def test_each_head_comes_by_its_name(predictor, model, tokens):
    values = in_memory(model, tokens)
    predicted = predictor.predict(tokens)
    assert list(predicted) == ["mean", "aleatoric", "epistemic"]
    for index, head in enumerate(predicted):
        np.testing.assert_allclose(predicted[head], values[:, 2 * index : 2 * index + 2], rtol=1e-5)


def test_strings_are_predicted_as_their_tokens_are(predictor, tokens):
    from_tokens = predictor.predict(tokens)
    for strings in (decode(tokens), [text.lower() for text in decode(tokens)]):
        predicted = predictor.predict(strings)
        for head in from_tokens:
            np.testing.assert_array_equal(predicted[head], from_tokens[head])


def test_one_sequence_is_enough(predictor, model, tokens):
    predicted = predictor.predict(decode(tokens[:1]))["mean"]
    np.testing.assert_allclose(predicted, in_memory(model, tokens[:1])[:, :2], rtol=1e-5)


@pytest.mark.parametrize("shape", [(3, LENGTH - 1), (3, LENGTH + 1), (LENGTH,), (1, LENGTH, 4)])
def test_sequences_of_another_length_or_shape_are_refused(predictor, shape):
    with pytest.raises(DeguError, match=f"expected: \\(N, {LENGTH}\\)"):
        predictor.predict(np.zeros(shape, dtype=np.uint8))


def test_strings_of_another_length_or_alphabet_are_refused(predictor):
    with pytest.raises(DeguError, match=f"expected: \\(N, {LENGTH}\\)"):
        predictor.predict(["ACGT"])
    with pytest.raises(DeguError, match="letter 'X'"):
        predictor.predict(["X" * LENGTH])


def test_an_array_of_strings_is_predicted_as_a_list_of_them(predictor, tokens):
    predicted = predictor.predict(np.array(decode(tokens)))
    np.testing.assert_array_equal(predicted["mean"], predictor.predict(tokens)["mean"])


def test_log_variances_are_predicted_as_standard_deviations(tmp_path, tokens):
    heads = Heads(("mean", "epistemic"), ("activity",), scale="log_variance")
    model = saved_model(tmp_path, heads=heads)
    mean, log_variance = in_memory(model, tokens).T
    predicted = Predictor(tmp_path / "model.keras").predict(tokens)
    np.testing.assert_allclose(predicted["mean"][:, 0], mean, rtol=1e-5)
    np.testing.assert_allclose(predicted["epistemic"][:, 0], np.sqrt(np.exp(log_variance)), rtol=1e-5)


def test_the_json_beside_a_model_says_what_it_is(folder, predictor):
    content = json.loads((folder / "model.json").read_text())
    assert content == predictor.description
    assert (content["label"], content["length"]) == ("model", LENGTH)
    assert Heads.from_json(content["heads"]) == HEADS
    assert (predictor.heads, predictor.length) == (HEADS, LENGTH)


def test_saving_leaves_two_files_and_nothing_else(tmp_path):
    saved_model(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.json", "model.keras"]


def test_a_model_without_its_json_is_refused(tmp_path):
    saved_model(tmp_path)
    (tmp_path / "model.json").unlink()
    with pytest.raises(DeguError, match="with its JSON beside it"):
        Predictor(tmp_path / "model.keras")


@pytest.mark.parametrize("content", ["", "{", "{}", '{"heads": {}}', '{"heads": {"heads": ["mean"]}}'])
def test_a_json_that_is_not_a_models_is_refused(tmp_path, content):
    saved_model(tmp_path)
    (tmp_path / "model.json").write_text(content)
    with pytest.raises(DeguError, match="with its JSON beside it"):
        Predictor(tmp_path / "model.keras")


def test_a_model_that_is_absent_or_cut_off_is_refused(tmp_path):
    saved_model(tmp_path)
    path = tmp_path / "model.keras"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(DeguError, match=r"model\.keras"):
        Predictor(path)
    path.unlink()
    with pytest.raises(DeguError, match=r"model\.keras"):
        Predictor(path)


def test_a_store_is_predicted_model_by_model_in_the_order_given(tmp_path):
    store = small_store(rows=40, targets=2)
    models = {name: saved_model(tmp_path, name, seed=seed) for name, seed in (("b", 2), ("a", 7))}
    expected = {name: in_memory(model, store.tokens) for name, model in models.items()}
    predictions = predict_store([tmp_path / "b.keras", tmp_path / "a.keras"], [20, 10], store)
    assert (predictions.heads, predictions.seeds) == (HEADS, [20, 10])
    assert set(predictions.values) == set(SPLITS)
    assert np.abs(expected["a"] - expected["b"]).min() > 1e-3
    for code, split in enumerate(SPLITS):
        rows = [row for row in range(len(store)) if store.split[row] == code]
        assert predictions.values[split].shape == (2, len(rows), 6)
        for index, name in enumerate(("b", "a")):
            np.testing.assert_allclose(predictions.values[split][index], expected[name][rows], rtol=1e-5)


def test_models_with_other_heads_cannot_be_predicted_together(tmp_path):
    saved_model(tmp_path, "a")
    saved_model(tmp_path, "b", heads=Heads(("mean", "epistemic"), HEADS.targets))
    with pytest.raises(DeguError, match="heads differ"):
        predict_store([tmp_path / "a.keras", tmp_path / "b.keras"], [1, 2], small_store(targets=2))
