"""What students are distilled from, and what is refused."""

import keras
import numpy as np
import pytest
from keras import layers

from degu.data.sequences import decode, encode, reverse_complement
from degu.data.training_rows import training_rows
from degu.errors import DeguError
from degu.library.assay import Assay
from degu.library.distillation import training_data
from degu.library.ensemble import Ensemble
from degu.library.recipes import distilled_recipe
from degu.library.settings import Settings
from degu.models.layers.blocks import output_layers
from degu.prediction.predictor import Predictor, predict_store
from tests.library.conftest import FLANKS, LENGTH, QUICK, arrays_of, build

SPLIT = np.repeat(["train", "validation", "calibration", "test"], [100, 20, 60, 20])
WHOLE = LENGTH + len(FLANKS[0]) + len(FLANKS[1])


def plain_model(seed: int, targets: int = 2) -> keras.Model:
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((WHOLE, 4))
    return keras.Model(inputs, layers.Dense(targets)(layers.Flatten()(inputs)))


def assay_of(**changes) -> Assay:
    sequences, activity = arrays_of(seed=7)
    return Assay(sequences, activity, **{"split": SPLIT, "flanks": FLANKS, **changes})


def test_students_learn_what_the_members_predict_for_new_sequences_too(ensemble, assay):
    teachers, store = ensemble._teachers, assay.store(2)
    rows = training_rows(store, 1.0, 2)
    predictions = predict_store(teachers.paths, [1, 2, 3], store)
    recipe = distilled_recipe(teachers.recipe, None, {"pool": {"variants": 2}}, own=True)
    data = training_data(teachers, store, rows, predictions, recipe, [1, 2], seed=2)
    assert data[1] is data[2]
    number = len(store.rows("train"))
    # The training sequences come first, then two variants of each.
    np.testing.assert_array_equal(data[1].tokens[:number], store.tokens[store.rows("train")])
    assert (len(data[1].tokens), data[1].epoch_size) == (3 * number, number)
    left, right = len(FLANKS[0]), len(FLANKS[1])
    assert (data[1].tokens[:, :left] == store.tokens[0, :left]).all()
    assert (data[1].tokens[:, -right:] == store.tokens[0, -right:]).all()
    heads = [Predictor(path).predict(data[1].tokens) for path in teachers.paths]
    expected = {
        "mean": np.mean([one["mean"] for one in heads], axis=0),
        "aleatoric": np.mean([one["aleatoric"] for one in heads], axis=0),
        "epistemic": np.std([one["mean"] for one in heads], axis=0),
    }
    assert set(data[1].targets) == set(expected)
    for name, values in expected.items():
        np.testing.assert_allclose(data[1].targets[name], values, rtol=1e-3, atol=1e-4)


def linear(length, outputs):
    inputs = keras.Input((length, 4))
    return keras.Model(inputs, output_layers(layers.Flatten()(inputs), outputs))


def test_models_that_were_trained_elsewhere_are_distilled():
    ensemble = Ensemble([plain_model(seed, targets=1) for seed in (1, 2, 3)], flanks=FLANKS)
    recipe = {"epochs": 60, "batch_size": 32, "optimizer": {"learning_rate": 0.03}, "pool": {"variants": 8}}
    settings = Settings(student=recipe, student_build=linear, verbose=False)
    sequences, activity = arrays_of(targets=1)
    student = ensemble.distil(Assay(sequences, activity, split=SPLIT, flanks=FLANKS, targets="Dev"), settings=settings)
    assert student.heads == ["mean", "epistemic"]
    assert student.construct.strands == "one"
    assert student.targets == ["Dev"]
    # The members are linear in the bases, and so is the student.
    new, _ = arrays_of(200, seed=9)
    target, found = (one.predict(new)["mean"][:, 0] for one in (ensemble, student))
    assert np.corrcoef(target, found)[0, 1] > 0.97
    assert student.intervals(new, 0.8).shape == (200, 1, 2)


def test_models_that_agree_completely_are_refused():
    first, second = plain_model(1), plain_model(2)
    second.set_weights(first.get_weights())
    with pytest.raises(DeguError, match=r"the members agree completely about 'target1'(?s:.*)different seeds"):
        Ensemble([first, second], flanks=FLANKS).distil(assay_of(), settings=QUICK)


def test_sequences_that_members_may_have_seen_are_refused(ensemble, assay):
    elsewhere = Ensemble([plain_model(1), plain_model(2)], flanks=FLANKS)
    with pytest.raises(DeguError, match=r"assay: split: nobody knows here(?s:.*)'train', 'validation', 'calibration'"):
        elsewhere.distil(assay_of(split=None), settings=QUICK)
    with pytest.raises(DeguError, match="the members were trained on other sequences, or with another seed"):
        ensemble.distil(assay, seed=5, settings=QUICK)
    with pytest.raises(DeguError, match="the members were trained on other sequences"):
        ensemble.distil(assay_of(split=None, targets=["Dev", "Hk"]), seed=2, settings=QUICK)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"flanks": ("AC", "")}, "assay: its sequences are 20 bases between 'AC' and ''(?s:.*)'AC' and 'GTT'"),
        ({"targets": ["Hk", "Dev"]}, "assay: its targets are Hk, Dev(?s:.*)Dev, Hk in this order"),
    ],
)
def test_an_assay_of_other_sequences_or_targets_is_refused(ensemble, changes, told):
    with pytest.raises(DeguError, match=told):
        ensemble.distil(assay_of(**changes), settings=QUICK)


def test_more_members_than_there_are_cannot_be_asked_for(ensemble, assay):
    settings = Settings(student={"ensemble_size": 4}, verbose=False)
    with pytest.raises(DeguError, match="4 members are asked for, and there are 3"):
        ensemble.distil(assay, seed=2, settings=settings)


def test_the_function_that_built_opened_members_has_to_be_given(ensemble, assay, tmp_path):
    ensemble.save(tmp_path / "ensemble")
    opened = Ensemble.open(tmp_path / "ensemble")
    with pytest.raises(DeguError, match=r"the function '.*build' built the members(?s:.*)student_build"):
        opened.distil(assay, seed=2, settings=QUICK)
    quick = Settings(student={"epochs": 1, "pool": None}, student_build=build, verbose=False)
    assert opened.distil(assay, seed=2, settings=quick).heads == ["mean", "aleatoric", "epistemic"]


def test_a_student_may_be_another_network_than_its_members(ensemble, assay):
    settings = Settings(
        student={"epochs": 1, "pool": None, "ensemble_size": 2},
        student_build={"name": "motif_cnn", "filters": 3, "units": 3, "pool": 4},
        verbose=False,
    )
    student = ensemble.distil(assay, seed=2, settings=settings)
    assert student.facts["members"] == 2
    with pytest.raises(DeguError, match="student_build: 3 was given"):
        ensemble.distil(assay, seed=2, settings=Settings(student_build=3, verbose=False))


class Scale(layers.Layer):
    """A layer that is not one of Keras."""

    def call(self, inputs):
        return 2 * inputs


def test_students_have_no_layers_that_bring_code_of_their_own(ensemble, assay):
    def with_own_layer(length, outputs):
        inputs = keras.Input((length, 4))
        return keras.Model(inputs, output_layers(Scale()(layers.Flatten()(inputs)), outputs))

    settings = Settings(student_build=with_own_layer, verbose=False)
    with pytest.raises(DeguError, match=r"a layer of the kind 'Scale'(?s:.*)with layers of Keras alone"):
        ensemble.distil(assay, seed=2, settings=settings)


def test_students_of_members_of_both_strands_predict_both(assay):
    ensemble = Ensemble([plain_model(1), plain_model(2)], flanks=FLANKS, strands="both")
    quick = Settings(student={"epochs": 1, "pool": None}, student_build=build, verbose=False)
    student = ensemble.distil(assay_of(), settings=quick)
    assert student.construct.strands == "both"
    sequences, _ = arrays_of(5, seed=3)
    turned = decode(reverse_complement(encode(sequences)))
    np.testing.assert_allclose(
        student.predict(sequences)["mean"], student.predict(turned)["mean"], rtol=1e-5, atol=1e-5
    )
