"""Models that were trained elsewhere as members, against what they predict themselves."""

import keras
import numpy as np
import pytest
from keras import layers

from degu.data.sequences import one_hot
from degu.errors import DeguError
from degu.library.members import Convention, check_flanks, check_list, member_file, network_of
from degu.prediction.predictor import Predictor
from tests.training.random_models import LENGTH as SAVED_LENGTH
from tests.training.random_models import saved_model

LENGTH = 10
PLAIN = Convention(None, None, (0, 0), "one")
TOKENS = np.random.default_rng(1).integers(0, 5, size=(7, LENGTH), dtype=np.uint8)


def model_of(outputs, length=LENGTH) -> keras.Model:
    """Return a model whose outputs a function makes of its features."""
    inputs = keras.Input((length, 4))
    return keras.Model(inputs, outputs(layers.Flatten()(inputs)))


def dense(*widths):
    return lambda x: [layers.Dense(width)(x) for width in widths]


def predicted_from_file(model, tmp_path, convention=PLAIN) -> dict[str, np.ndarray]:
    return Predictor(member_file(model, 1, convention, tmp_path)).predict(TOKENS)


def test_one_array_is_the_mean_of_all_targets(tmp_path):
    model = model_of(lambda x: layers.Dense(3)(x))
    found = predicted_from_file(model, tmp_path)
    assert list(found) == ["mean"]
    np.testing.assert_allclose(found["mean"], model(one_hot(TOKENS)), rtol=1e-5)


def test_a_mapping_names_its_heads_in_any_order(tmp_path):
    model = model_of(lambda x: {"epistemic": layers.Dense(2)(x), "mean": layers.Dense(2)(x)})
    expected, found = model(one_hot(TOKENS)), predicted_from_file(model, tmp_path)
    assert list(found) == ["mean", "epistemic"]
    for head, values in found.items():
        np.testing.assert_allclose(values, expected[head], rtol=1e-5)


def test_a_list_and_heads_side_by_side_are_named_by_the_convention(tmp_path):
    convention = Convention(("aleatoric", "mean"), ("Dev", "Hk"), (2, 1), "both")
    several = model_of(dense(2, 2))
    path = member_file(several, 1, convention, tmp_path)
    predictor = Predictor(path)
    assert predictor.heads.targets == ("Dev", "Hk")
    assert (predictor.description["flanks"], predictor.description["strands"]) == ([2, 1], "both")
    predictor.description["strands"] = "one"
    first, second = several(one_hot(TOKENS))
    found = predictor.predict(TOKENS)
    np.testing.assert_allclose(found["aleatoric"], first, rtol=1e-5)
    np.testing.assert_allclose(found["mean"], second, rtol=1e-5)

    together = model_of(lambda x: layers.Dense(4)(x))
    network, outputs = network_of(together, "it", convention)
    values = outputs.heads.select(np.asarray(network(one_hot(TOKENS))), "mean")
    np.testing.assert_allclose(values, together(one_hot(TOKENS))[:, 2:], rtol=1e-5)


def test_sequential_nested_and_half_precision_models_are_taken(tmp_path):
    sequential = keras.Sequential([keras.Input((LENGTH, 4)), layers.Flatten(), layers.Dense(1)])
    nested = model_of(lambda x: keras.Sequential([layers.Dense(3), layers.Dense(1)])(x))
    inputs = keras.Input((LENGTH, 4))
    half = keras.Model(inputs, layers.Dense(1, dtype="mixed_bfloat16")(layers.Flatten()(inputs)))
    for number, model in enumerate((sequential, nested, half)):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        expected = np.asarray(model(one_hot(TOKENS))).astype(np.float32)
        np.testing.assert_allclose(predicted_from_file(model, folder)["mean"], expected, rtol=2e-2, atol=1e-2)


def test_files_with_and_without_a_description_are_read(tmp_path):
    saved_model(tmp_path, "own")
    assert member_file(str(tmp_path / "own.keras"), 1, PLAIN, tmp_path) == tmp_path / "own.keras"
    plain = model_of(lambda x: layers.Dense(1)(x))
    plain.save(tmp_path / "plain.keras")
    folder = tmp_path / "members"
    folder.mkdir()
    found = predicted_from_file(tmp_path / "plain.keras", folder)
    np.testing.assert_allclose(found["mean"], plain(one_hot(TOKENS)), rtol=1e-5)
    assert SAVED_LENGTH != LENGTH


def test_files_that_are_missing_or_damaged_are_told(tmp_path):
    with pytest.raises(DeguError, match=r"none\.keras: there is no such file"):
        member_file(tmp_path / "none.keras", 1, PLAIN, tmp_path)
    with pytest.raises(DeguError, match="this is not the file of a model"):
        member_file(tmp_path / "none.h5", 1, PLAIN, tmp_path)
    (tmp_path / "cut.keras").write_bytes(b"PK")
    with pytest.raises(DeguError, match=r"cut\.keras: Keras cannot read the model"):
        member_file(tmp_path / "cut.keras", 1, PLAIN, tmp_path)


class Own(layers.Layer):
    """A layer that is not registered."""

    def call(self, inputs):
        return inputs


def test_layers_that_cannot_be_read_again_are_told(tmp_path):
    with pytest.raises(DeguError, match=r"model 1 cannot be written(?s:.*)register_keras_serializable"):
        member_file(model_of(lambda x: layers.Dense(1)(Own()(x))), 1, PLAIN, tmp_path)
    with pytest.raises(DeguError, match="in place of the Lambda layer"):
        member_file(model_of(lambda x: layers.Dense(1)(layers.Lambda(lambda y: y)(x))), 1, PLAIN, tmp_path)


def two_inputs() -> keras.Model:
    inputs = [keras.Input((LENGTH, 4)), keras.Input((LENGTH, 4))]
    return keras.Model(inputs, layers.Dense(1)(layers.Flatten()(layers.Add()(inputs))))


def any_length() -> keras.Model:
    inputs = keras.Input((None, 4))
    return keras.Model(inputs, layers.Dense(1)(layers.GlobalMaxPooling1D()(inputs)))


def letters_first() -> keras.Model:
    inputs = keras.Input((4, LENGTH))
    return keras.Model(inputs, layers.Dense(1)(layers.Flatten()(inputs)))


@pytest.mark.parametrize(
    ("model", "heads", "told"),
    [
        (two_inputs(), None, r"takes \(None, 10, 4\) and \(None, 10, 4\)"),
        (any_length(), None, r"takes \(None, None, 4\)(?s:.*)fix the length"),
        (letters_first(), None, r"takes \(None, 4, 10\)(?s:.*)in the order A, C, G, T(?s:.*)turn the axes"),
        (model_of(dense(2, 2)), None, r"puts out 2 arrays, and the heads are mean(?s:.*)the name of each output"),
        (model_of(dense(2, 3)), ("mean", "aleatoric"), r"shapes mean \(None, 2\), aleatoric \(None, 3\)"),
        (model_of(lambda x: layers.Dense(3)(x)), ("mean", "aleatoric"), r"\(None, 3\), and(?s:.*)\(None, 2 \* T\)"),
        (model_of(lambda x: layers.Reshape((5, 8))(x)), None, r"puts out an array of shape \(None, 5, 8\)"),
        (model_of(lambda x: {"activity": layers.Dense(1)(x)}), None, "unknown head 'activity'"),
        (model_of(lambda x: {"aleatoric": layers.Dense(1)(x)}), None, "none of aleatoric is 'mean'"),
        (model_of(lambda x: layers.Dense(2)(x)), ("mean", "profile"), "unknown head 'profile'"),
        (keras.Sequential([layers.Dense(1)]), None, "model 3 is sequential, and does not know what it takes"),
        (lambda length, outputs: None, None, "model 3 is function(?s:.*)call Ensemble.train"),
        (None, None, "models: model 3 is NoneType"),
    ],
)
def test_models_that_take_or_put_out_something_else_are_refused(model, heads, told, tmp_path):
    with pytest.raises(DeguError, match=told):
        member_file(model, 3, Convention(heads, None, (0, 0), "one"), tmp_path)


def test_two_or_more_different_models_are_wanted():
    first, second = model_of(dense(1)), model_of(dense(1))
    check_list([first, second])
    for models, told in (
        ([first, second, first], "models 1 and 3 are the same(?s:.*)different seeds"),
        (["a.keras", "b.keras", "b.keras"], "models 2 and 3 are the same"),
        ([first], "1 was given(?s:.*)two or more"),
        ([], "0 was given"),
        (first, "expected: a list of two or more models"),
        ("a.keras", "models: str was given"),
    ):
        with pytest.raises(DeguError, match=told):
            check_list(models)


def test_flanks_have_the_lengths_of_training(tmp_path):
    saved_model(tmp_path, "own")
    predictor = Predictor(tmp_path / "own.keras")
    check_flanks(predictor, "", "")
    predictor.description["flanks"] = [2, 1]
    check_flanks(predictor, "AC", "G")
    with pytest.raises(DeguError, match="flanks: they have 0 and 0 bases, and those of the models have 2 and 1"):
        check_flanks(predictor, "", "")
