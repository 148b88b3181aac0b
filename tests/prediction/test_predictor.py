"""Trained models on disk, and what they predict."""

import json

import keras
import numpy as np
import pytest

from degu.training.backend import derive_seed
from degu.data.batches import Batches
from degu.data.sequences import decode, one_hot
from degu.data.splits import SPLITS
from degu.errors import DeguError
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.prediction import predictor as predictor_module
from degu.prediction.ensemble import read_predictions, write_predictions
from degu.prediction.predictor import MonteCarloDropout, Predictor, predict_members, predict_store
from tests.conftest import small_store
from tests.training.random_models import LENGTH, OUTPUTS, RECIPE, saved_model
from tests.training.runs import SMALL


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
    monkeypatch.setattr(predictor_module, "EVALUATION_BATCH", 4)
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


@pytest.mark.parametrize("shape", [(LENGTH,), (1, LENGTH, 4)])
def test_tokens_of_another_shape_are_refused(predictor, shape):
    with pytest.raises(DeguError, match=r"tokens of shape .* were given"):
        predictor.predict(np.zeros(shape, dtype=np.uint8))


@pytest.mark.parametrize("length", [LENGTH - 1, LENGTH + 1])
def test_sequences_of_another_length_are_refused(predictor, length):
    message = f"the sequences have {length} bases\n  expected: {LENGTH} bases, as in training$"
    for sequences in (np.zeros((3, length), dtype=np.uint8), ["A" * length]):
        with pytest.raises(DeguError, match=message):
            predictor.predict(sequences)


def test_sequences_of_mixed_lengths_are_compared_with_the_model(predictor):
    lengths = (LENGTH - 1, LENGTH - 1, LENGTH)
    with pytest.raises(
        DeguError, match=rf"sequences 1, 2 \(2 of 3\) .* {LENGTH - 1} bases\n  expected: {LENGTH} bases"
    ):
        predictor.predict(["A" * length for length in lengths])
    with pytest.raises(DeguError, match=rf"^sequence 3 has {LENGTH + 2} bases\n  expected: {LENGTH} bases"):
        predictor.predict(["A" * LENGTH] * 2 + ["A" * (LENGTH + 2)])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"A" * LENGTH, "C" * LENGTH}, "a set was given"),
        (None, "None was given"),
        (np.zeros((0, LENGTH), dtype=int), "there are no sequences"),
    ],
)
def test_what_holds_no_sequences_in_an_order_is_refused(predictor, given, told):
    with pytest.raises(DeguError, match=told):
        predictor.predict(given)


def test_sequences_without_the_flanks_of_the_training_are_told(predictor, monkeypatch):
    monkeypatch.setitem(predictor.description, "flanks", [3, 2])
    with pytest.raises(DeguError, match=r"first 3 and the last 2 are the constant flanks(.|\n)*put the flanks"):
        predictor.predict(["A" * (LENGTH - 5)])
    with pytest.raises(DeguError) as caught:
        predictor.predict(["A" * (LENGTH - 4)])
    assert "remedy" not in str(caught.value)


def test_strings_of_another_alphabet_are_refused(predictor):
    with pytest.raises(DeguError, match="letter 'X'"):
        predictor.predict(["X" * LENGTH])


def test_an_array_of_strings_is_predicted_as_a_list_of_them(predictor, tokens):
    predicted = predictor.predict(np.array(decode(tokens)))
    np.testing.assert_array_equal(predicted["mean"], predictor.predict(tokens)["mean"])


def test_log_variances_are_predicted_as_standard_deviations(tmp_path, tokens):
    outputs = Outputs(Heads(("mean", "epistemic"), ("activity",)), link="log_variance")
    model = saved_model(tmp_path, outputs=outputs)
    mean, log_variance = in_memory(model, tokens).T
    predicted = Predictor(tmp_path / "model.keras").predict(tokens)
    np.testing.assert_allclose(predicted["mean"][:, 0], mean, rtol=1e-5)
    np.testing.assert_allclose(predicted["epistemic"][:, 0], np.sqrt(np.exp(log_variance)), rtol=1e-5)


def test_scaled_predictions_come_in_the_units_of_the_data(tmp_path, tokens):
    outputs = Outputs(Heads(("mean", "epistemic"), ("activity",)), link="softplus", center=(-3.0,), spread=(10.0,))
    mean, std = in_memory(saved_model(tmp_path, outputs=outputs), tokens).T
    predicted = Predictor(tmp_path / "model.keras").predict(tokens)
    np.testing.assert_allclose(predicted["mean"][:, 0], 10 * mean - 3, rtol=1e-5)
    np.testing.assert_allclose(predicted["epistemic"][:, 0], 10 * (std + 1e-4), rtol=1e-5)


def test_a_normal_inverse_gamma_is_predicted_as_mean_and_standard_deviations(tmp_path, tokens):
    outputs = Outputs(Heads(("mean", "aleatoric", "epistemic"), ("activity",)), loss="evidential")
    gamma, nu, shape, beta = in_memory(saved_model(tmp_path, outputs=outputs), tokens).T
    predicted = Predictor(tmp_path / "model.keras").predict(tokens)
    np.testing.assert_allclose(predicted["mean"][:, 0], gamma, rtol=1e-5)
    np.testing.assert_allclose(predicted["aleatoric"][:, 0], np.sqrt(beta / shape), rtol=1e-4)
    np.testing.assert_allclose(predicted["epistemic"][:, 0], np.sqrt(beta / shape / nu), rtol=1e-4)


def test_the_json_beside_a_model_says_what_it_is(folder, predictor):
    content = json.loads((folder / "model.json").read_text())
    assert content == predictor.description
    assert (content["label"], content["length"]) == ("model", LENGTH)
    assert Outputs.from_json(content["outputs"]) == OUTPUTS
    assert (predictor.outputs, predictor.heads, predictor.length) == (OUTPUTS, OUTPUTS.heads, LENGTH)


@pytest.mark.parametrize("recipe", [None, RECIPE], ids=["of unknown recipes", "of one recipe"])
def test_a_store_is_predicted_model_by_model_in_the_order_given(tmp_path, recipe):
    """Models of one recipe share the compiled network of the first."""
    store = small_store(rows=40, targets=2)
    models = {name: saved_model(tmp_path, name, seed=seed) for name, seed in (("b", 2), ("a", 7))}
    for path in tmp_path.glob("*.json"):
        path.write_text(json.dumps({**json.loads(path.read_text()), "recipe": recipe}))
    found = [Predictor(tmp_path / f"{name}.keras") for name in models]
    assert found[0].has_network_of(found[1]) == (recipe is not None)
    expected = {name: in_memory(model, store.tokens) for name, model in models.items()}
    predictions = predict_store([tmp_path / "b.keras", tmp_path / "a.keras"], [20, 10], store)
    assert (predictions.heads, predictions.seeds) == (OUTPUTS.heads, [20, 10])
    assert set(predictions.values) == set(SPLITS)
    assert np.abs(expected["a"] - expected["b"]).min() > 1e-3
    for code, split in enumerate(SPLITS):
        rows = [row for row in range(len(store)) if store.split[row] == code]
        assert predictions.values[split].shape == (2, len(rows), 6)
        for index, name in enumerate(("b", "a")):
            np.testing.assert_allclose(predictions.values[split][index], expected[name][rows], rtol=1e-5)


def test_models_with_other_heads_cannot_be_predicted_together(tmp_path):
    saved_model(tmp_path, "a")
    saved_model(tmp_path, "b", outputs=Outputs(Heads(("mean", "epistemic"), OUTPUTS.heads.targets)))
    with pytest.raises(DeguError, match="heads differ"):
        predict_store([tmp_path / "a.keras", tmp_path / "b.keras"], [1, 2], small_store(targets=2))


# Monte Carlo dropout

NOISY = {**RECIPE, "model": {**RECIPE["model"], "dropout": 0.3}}
PASSED = Outputs(
    Heads(("mean", "aleatoric"), ("target0", "target1")), link="softplus", center=(5.0, 0.0), spread=(2.0, 1.0)
)


@pytest.fixture(scope="module")
def noisy(folder):
    """Write a model with dropout, and return its file."""
    saved_model(folder, "noisy", outputs=PASSED, recipe=NOISY)
    return folder / "noisy.keras"


def test_means_and_spread_are_those_of_the_single_passes(noisy, tokens):
    predictor = MonteCarloDropout(noisy, passes=6, seed=3)
    values = predictor.predict_array(tokens)
    assert values.dtype == np.float32
    assert predictor.heads == Heads(("mean", "aleatoric", "epistemic"), ("target0", "target1"))
    # The same draws one by one, each pass through the clone whose dropout is on.
    clone = MonteCarloDropout(noisy, passes=6, seed=3)._stochastic
    passes = np.array([PASSED.predictions(clone.predict(Batches(tokens, batch_size=512), verbose=0)) for _ in range(6)])
    assert (np.ptp(passes, axis=0) > 0).all()
    passes = passes.astype(np.float64)
    np.testing.assert_allclose(values[:, :4], passes.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(values[:, 4:], passes[:, :, :2].std(axis=0), rtol=1e-5)


def test_many_passes_are_those_of_keras_in_training_with_batch_norm_frozen(noisy, tokens):
    reference = keras.saving.load_model(noisy, compile=False)
    for layer in reference.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            # Keras then uses the moving statistics, in training too.
            layer.trainable = False
    repeats, passes = 400, 30
    drawn = reference(np.repeat(one_hot(tokens), repeats, axis=0), training=True)
    drawn = PASSED.predictions(keras.ops.convert_to_numpy(drawn)).reshape(len(tokens), repeats, 4).astype(np.float64)
    values = MonteCarloDropout(noisy, passes=passes, seed=1).predict_array(tokens)
    deviation = drawn.std(axis=1) * np.sqrt(1 / passes + 1 / repeats)
    assert (np.abs(values[:, :4] - drawn.mean(axis=1)) < 5 * deviation).all()
    np.testing.assert_allclose(values[:, 4:], drawn[:, :, :2].std(axis=1), rtol=0.5)


def test_neither_weights_nor_batch_norm_statistics_move(noisy, tokens):
    predictor = MonteCarloDropout(noisy, passes=3, seed=1)
    before = keras.saving.load_model(noisy, compile=False).get_weights()
    predictor.predict_array(tokens)
    for model in (predictor.model, predictor._stochastic):
        for weight, expected in zip(model.get_weights(), before, strict=True):
            np.testing.assert_array_equal(weight, expected)


def test_batch_norm_takes_its_moving_statistics_and_not_the_batchs(noisy, tokens):
    # Without an effect of its dropout, a stochastic pass is the deterministic one, whatever else is in the batch.
    predictor = MonteCarloDropout(noisy, passes=2, seed=1)
    for layer in predictor._stochastic.layers:
        if isinstance(layer, keras.layers.Dropout):
            layer.rate = 0.0
    values = predictor.predict_array(tokens)
    np.testing.assert_allclose(values[:, :4], Predictor(noisy).predict_array(tokens), rtol=1e-5)
    np.testing.assert_allclose(values[:, 4:], 0, atol=1e-5)


def test_a_seed_gives_the_same_passes_twice_and_another_seed_others(noisy, tokens):
    first, again, other = (MonteCarloDropout(noisy, passes=3, seed=seed).predict_array(tokens) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any(axis=0).all()


def test_passes_do_not_depend_on_other_random_numbers(noisy, tokens):
    first = MonteCarloDropout(noisy, passes=3, seed=1)
    keras.utils.set_random_seed(99)
    keras.random.normal((3,))
    values = first.predict_array(tokens)
    keras.utils.set_random_seed(7)
    np.testing.assert_array_equal(MonteCarloDropout(noisy, passes=3, seed=1).predict_array(tokens), values)


def test_no_two_dropout_layers_draw_alike(tmp_path):
    network = {**SMALL["motif_cnn"], "dropout": 0.3}
    saved_model(tmp_path, outputs=PASSED, recipe={**RECIPE, "model": network})
    layers = MonteCarloDropout(tmp_path / "model.keras", passes=2, seed=1)._stochastic.layers
    seeds = [layer.seed for layer in layers if isinstance(layer, keras.layers.Dropout)]
    assert len(set(seeds)) == len(seeds) == 3


def test_without_passes_a_model_with_dropout_predicts_as_ever(noisy, tokens):
    predictor = MonteCarloDropout(noisy, passes=2, seed=1)
    stochastic = predictor.predict_array(tokens)
    model = keras.saving.load_model(noisy, compile=False)
    expected = PASSED.predictions(in_memory(model, tokens))
    for _ in range(2):
        np.testing.assert_allclose(Predictor(noisy).predict_array(tokens), expected, rtol=1e-5)
    np.testing.assert_allclose(PASSED.predictions(in_memory(predictor.model, tokens)), expected, rtol=1e-5)
    assert (stochastic[:, :4] != expected).any()


def test_each_head_of_the_passes_comes_by_its_name(noisy, tokens):
    values = MonteCarloDropout(noisy, passes=3, seed=5).predict_array(tokens)
    predicted = MonteCarloDropout(noisy, passes=3, seed=5).predict(decode(tokens))
    assert list(predicted) == ["mean", "aleatoric", "epistemic"]
    for index, head in enumerate(predicted):
        np.testing.assert_array_equal(predicted[head], values[:, 2 * index : 2 * index + 2])


def test_a_model_without_dropout_has_no_passes(tmp_path):
    recipe = {**RECIPE, "model": {**RECIPE["model"], "dropout": 0.0}}
    saved_model(tmp_path, outputs=PASSED, recipe=recipe)
    with pytest.raises(DeguError, match="the model has no dropout"):
        MonteCarloDropout(tmp_path / "model.keras", passes=3, seed=1)


def test_a_model_with_an_epistemic_head_of_its_own_has_no_passes(tmp_path):
    saved_model(tmp_path, recipe=NOISY)
    with pytest.raises(DeguError, match="predicts 'epistemic' by itself"):
        MonteCarloDropout(tmp_path / "model.keras", passes=3, seed=1)


def test_a_store_is_predicted_with_dropout_on_the_splits_that_are_assessed(tmp_path):
    store = small_store(rows=40, targets=2)
    for name, seed in (("b", 2), ("a", 7)):
        saved_model(tmp_path, name, outputs=PASSED, seed=seed, recipe=NOISY)
    paths = [tmp_path / "b.keras", tmp_path / "a.keras"]
    predictions = predict_store(paths, [20, 10], store, dropout_passes=4, seed=6)
    assert set(predictions.values) == {"calibration", "test"}
    assert predictions.heads.heads == ("mean", "aleatoric", "epistemic")
    splits = ("calibration", "test")
    wanted = np.concatenate([store.rows(split) for split in splits])
    for index, (path, number) in enumerate(zip(paths, (20, 10), strict=True)):
        member = MonteCarloDropout(path, passes=4, seed=derive_seed(6, "dropout", number))
        expected = np.split(member.predict_array(store.tokens[wanted]), [len(store.rows("calibration"))])
        for split, values in zip(splits, expected, strict=True):
            np.testing.assert_allclose(predictions.values[split][index], values, rtol=1e-5)
    write_predictions(predictions, tmp_path / "predictions.h5", store.digest)
    read = read_predictions(tmp_path / "predictions.h5", store)
    assert set(read.values) == set(predictions.values)
    assert (read.heads, read.seeds) == (predictions.heads, [20, 10])


@pytest.mark.parametrize("strands", ["one", "both"])
def test_one_hot_values_are_predicted_as_their_tokens(folder, model, tokens, strands):
    predictor = Predictor(folder / "model.keras")
    predictor.description |= {"strands": strands, "flanks": [2, 1]}
    np.testing.assert_allclose(predictor.predict_array(one_hot(tokens)), predictor.predict_array(tokens), rtol=1e-5)
    noisy = one_hot(tokens) + np.float32(0.25)
    if strands == "one":
        expected = keras.ops.convert_to_numpy(model(noisy, training=False))
        np.testing.assert_allclose(predictor.predict_array(noisy), expected, rtol=1e-5)


@pytest.mark.parametrize("together", [1, 5, 5000])
def test_parts_of_tokens_and_of_values_are_predicted_side_by_side(folder, model, tokens, monkeypatch, together):
    monkeypatch.setattr(predictor_module, "_TOGETHER", together)
    parts = {"a": tokens[:4], "b": one_hot(tokens[4:]), "c": tokens[2:3], "d": one_hot(tokens[:2])}
    found = predict_members([folder / "model.keras"], [5], parts)
    assert set(found.values) == set(parts)
    for name, rows in (("a", slice(0, 4)), ("b", slice(4, None)), ("c", slice(2, 3)), ("d", slice(0, 2))):
        np.testing.assert_allclose(found.values[name][0], in_memory(model, tokens)[rows], rtol=1e-5)
