"""The members and the student that are trained in a round."""

import numpy as np
import pytest

from degu.acquisition.revealed import reveal
from degu.data.sequences import one_hot
from degu.errors import DeguError
from degu.prediction.predictor import Predictor
from tests.acquisition.small import learner
from tests.conftest import small_store


@pytest.fixture(scope="module")
def revealed():
    store = small_store(targets=2)
    return reveal(store, store.rows("train")[:25], store.rows("validation"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def learned(revealed, folder):
    return learner().train(revealed, folder / "models", folder / "checkpoints")


def test_members_and_a_student_are_trained_on_the_labelled_sequences(learned, revealed):
    descriptions = [Predictor(path).description for path in learned.members]
    assert [own["training_sequences"] for own in descriptions] == [25, 25]
    assert [own["seed_number"] for own in descriptions] == [1, 2]
    student = learned.predictor
    # Each labelled sequence is there, and two variants of it.
    assert student.description["training_sequences"] == 75
    assert student.heads.heads == ("mean", "epistemic")
    for path, values in zip(learned.members, learned.ensemble.values["test"], strict=True):
        heads = Predictor(path).predict(revealed.tokens[revealed.rows("test")])
        np.testing.assert_allclose(learned.ensemble.heads.select(values, "mean"), heads["mean"], rtol=1e-4, atol=1e-5)


def test_models_say_of_candidates_what_they_say_one_by_one(learned, revealed):
    tokens = np.random.default_rng(1).integers(0, 4, size=(7, revealed.tokens.shape[1]), dtype=np.uint8)
    means = learned.member_means(tokens)
    for path, own in zip(learned.members, means, strict=True):
        np.testing.assert_allclose(own, Predictor(path).predict(tokens)["mean"], rtol=1e-4, atol=1e-5)
    std = learned.student_std(tokens)
    np.testing.assert_allclose(std["total"], std["epistemic"])
    predicted = learned.predictor.predict(tokens)
    np.testing.assert_allclose(std["epistemic"], np.maximum(predicted["epistemic"], 0), rtol=1e-5)
    # The layer of the mean turns features into what the network puts out for it.
    kernel, bias = learned.predictor.model.get_layer("mean").get_weights()
    outputs = np.asarray(learned.predictor.model(one_hot(tokens)))
    np.testing.assert_allclose(learned.features(tokens) @ kernel + bias, outputs[:, :2], rtol=1e-4, atol=1e-5)


def test_features_of_both_strands_are_averaged(revealed, tmp_path):
    learned = learner(strands="both").train(revealed, tmp_path)
    tokens = revealed.tokens[:6]
    other = 3 - tokens[:, ::-1]
    np.testing.assert_allclose(learned.features(tokens), learned.features(other), rtol=1e-4, atol=1e-5)


def test_models_are_read_again_for_the_data_set_that_they_were_trained_on_alone(revealed, learned, folder):
    again = learner().read(revealed, folder / "models")
    np.testing.assert_array_equal(again.students.values["test"], learned.students.values["test"])
    store = small_store(targets=2)
    other = reveal(store, store.rows("train")[:24], store.rows("validation"))
    with pytest.raises(DeguError, match="trained on other sequences or labels"):
        learner().read(other, folder / "models")
