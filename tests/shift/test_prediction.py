"""Predictions for the rungs of shifts: which sequences, and what is written."""

import numpy as np
import pytest

from degu.errors import DeguError
from degu.prediction.ensemble import write_predictions
from degu.shift.prediction import (
    Parts,
    means_of,
    predictions_of,
    read_shift_predictions,
)
from tests.conftest import small_store
from tests.shift.ladders import ladders, predict


def test_models_see_each_rung_and_the_sequences_as_they_are(tmp_path):
    store = small_store()
    found = ladders(tmp_path, store)
    parts = Parts(store, found)
    assert list(parts) == ["unshifted", "mutated-0", "mutated-1", "mutated-2", "noisy-0"]
    np.testing.assert_array_equal(parts["unshifted"], store.tokens[store.rows("test")])
    np.testing.assert_array_equal(parts["mutated-1"], found[0].rung(1).tokens)
    np.testing.assert_array_equal(parts["noisy-0"], found[1].rung(0).values)


def test_what_is_written_is_read(tmp_path):
    store = small_store()
    found = ladders(tmp_path, store)
    predictions = predict(Parts(store, found), 3, 0.1, 1)
    write_predictions(predictions, tmp_path / "shifts.h5", store.digest)
    read = read_shift_predictions(tmp_path / "shifts.h5", store.digest, found)
    assert read.seeds == [1, 2, 3]
    for part, values in predictions.values.items():
        np.testing.assert_array_equal(read.values[part], values)
    with pytest.raises(DeguError, match="of another version of the data set"):
        read_shift_predictions(tmp_path / "shifts.h5", "other", found)
    fewer = type(predictions)({"unshifted": predictions.values["unshifted"]}, predictions.heads, predictions.seeds)
    write_predictions(fewer, tmp_path / "fewer.h5", store.digest)
    with pytest.raises(DeguError, match="not a readable file of predictions for shifted sequences"):
        read_shift_predictions(tmp_path / "fewer.h5", store.digest, found)


def test_the_mean_is_that_over_models(tmp_path):
    store = small_store()
    predictions = predict(Parts(store, ladders(tmp_path, store)), 3, 0.1, 1)
    for part, mean in means_of(predictions).items():
        np.testing.assert_allclose(mean, predictions.values[part][..., :1].mean(axis=0), rtol=1e-6)


def test_a_function_is_a_model_with_a_mean(tmp_path):
    store = small_store()
    found = ladders(tmp_path, store)
    shifted = predictions_of(
        lambda tokens: tokens.sum(axis=1, keepdims=True), store.target_names, Parts(store, found, with_values=False)
    )
    assert (shifted.seeds, shifted.heads.heads, shifted.heads.targets) == ([-1], ("mean",), ("target0",))
    test = store.tokens[store.rows("test")]
    np.testing.assert_array_equal(shifted.values["unshifted"][0, :, 0], test.sum(axis=1))
    np.testing.assert_array_equal(shifted.values["mutated-2"][0, :, 0], found[0].rung(2).tokens.sum(axis=1))
    # The noise of the values is not seen.
    np.testing.assert_array_equal(shifted.values["noisy-0"][0, :, 0], test.sum(axis=1))
