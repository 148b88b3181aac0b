"""The networks of a folder in Keras, against the models themselves, and as ONNX, against Keras."""

import json
import zipfile

import keras
import numpy as np
import pytest

from degu.data.kmer_ridge import KmerRidge
from degu.data.sequences import one_hot
from degu.distillation.differences import Pairs, features_of, train_difference_head
from degu.errors import DeguError
from degu.models import dream_rnn, motif_cnn
from degu.models.layers.kmer_ridge import add_kmer_ridge
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.package.keras_networks import check_no_code, export_networks, load_difference, load_student
from degu.package.networks import load_difference as load_difference_with
from degu.package.networks import load_students
from degu.prediction.predictor import Predictor
from degu.training.saving import save_model

LENGTH = 30
TARGETS = ("Dev", "Hk")
HEADS = ("mean", "aleatoric", "epistemic")


def outputs_of(link):
    return Outputs(Heads(HEADS, TARGETS), link=link, center=(1.0, -2.0), spread=(3.0, 0.5))


def network_of(outputs, *, ridge):
    keras.utils.set_random_seed(3)
    network = motif_cnn.build(LENGTH, outputs, filters=6, kernel=5, pool=4, units=8)
    if not ridge:
        return network
    rng = np.random.default_rng(4)
    number = (4**4 + 4**2) // 2
    return add_kmer_ridge(network, outputs, KmerRidge(rng.normal(size=(number, 2)), rng.normal(size=2), k=4), 0.25)


@pytest.fixture(params=[("softplus", False), ("log_variance", True)], ids=["softplus", "log variance and ridge"])
def student(request, tmp_path):
    link, ridge = request.param
    outputs = outputs_of(link)
    save_model(network_of(outputs, ridge=ridge), outputs, {}, tmp_path / "a.keras", tmp_path / "a.json")
    return tmp_path / "a.keras"


@pytest.fixture
def tokens():
    return np.random.default_rng(5).integers(0, 5, size=(70, LENGTH), dtype=np.uint8)


def test_the_network_puts_out_heads_in_units_and_features(student, tokens):
    predictor = Predictor(student)
    heads, features = load_student(student)(one_hot(tokens))
    np.testing.assert_allclose(heads, predictor.predict_array(tokens), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(features, features_of(predictor.model)(tokens), rtol=1e-5, atol=1e-6)


def test_onnx_gives_what_keras_gives(student, tokens, tmp_path):
    pytest.importorskip("tf2onnx")
    features = features_of(Predictor(student).model)(tokens)
    std = np.random.default_rng(6).gamma(2, size=(len(tokens), 2))
    head = train_difference_head(Pairs(features, features[::-1], std), seed=1)
    head.save(tmp_path / "head.keras")
    distance = export_networks(tmp_path, {7: student}, tmp_path / "head.keras", tokens)
    assert 0 < distance < 1e-5
    (by_onnx,) = load_students(tmp_path, [7], "onnx", 1)
    expected = Predictor(student).predict_array(tokens)
    found = by_onnx(tokens)
    np.testing.assert_allclose(found[0], expected, rtol=0, atol=1e-5 * expected.std())
    by_keras = load_difference(tmp_path / "head.keras")(features, features[::-1].copy())
    both = load_difference_with(tmp_path, "onnx", 1)(found[1], found[1][::-1].copy())
    np.testing.assert_allclose(both, by_keras, rtol=1e-4)
    # Any number of sequences goes through.
    assert by_onnx(tokens[:1])[0].shape == (1, len(HEADS) * len(TARGETS))
    (tmp_path / "again").mkdir()
    export_networks(tmp_path / "again", {7: student}, tmp_path / "head.keras", tokens)
    for name in ("student-7.onnx", "difference.onnx"):
        assert (tmp_path / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_recurrent_networks_are_written_as_onnx(tmp_path):
    pytest.importorskip("tf2onnx")
    outputs, rng = outputs_of("softplus"), np.random.default_rng(5)
    network = dream_rnn.build(LENGTH, outputs, width=0.03, batch_normalization=True)
    network.set_weights([np.abs(values + 0.1 * rng.normal(size=values.shape)) for values in network.get_weights()])
    save_model(network, outputs, {"flanks": [0, 0], "strands": "one"}, tmp_path / "s.keras", tmp_path / "s.json")
    constructs = rng.integers(0, 5, (20, LENGTH), dtype=np.uint8)
    assert export_networks(tmp_path, {3: tmp_path / "s.keras"}, None, constructs) < 1e-5
    (by_onnx,) = load_students(tmp_path, [3], "onnx", 1)
    expected = outputs.predictions(network.predict(one_hot(constructs), verbose=0))
    np.testing.assert_allclose(by_onnx(constructs)[0], expected, rtol=1e-4, atol=1e-5)
    assert (np.ptp(expected, axis=0) > 1e-3).all()


def test_what_differs_from_keras_is_not_left(student, tokens, tmp_path, monkeypatch):
    pytest.importorskip("tf2onnx")
    monkeypatch.setattr("degu.package.keras_networks.MOST_DISTANT", -1.0)
    with pytest.raises(DeguError, match="the network as ONNX differs from Keras by"):
        export_networks(tmp_path, {1: student}, None, tokens)
    assert not list(tmp_path.glob("*.onnx"))


def test_a_missing_package_is_told(student, tokens, tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(DeguError, match="writing ONNX takes the package tf2onnx"):
        export_networks(tmp_path, {1: student}, None, tokens)


def change_layers(path, change):
    """Change the configuration of a saved model."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(parts["config.json"])
    change(config["config"]["layers"][1])
    parts["config.json"] = json.dumps(config).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


@pytest.fixture
def saved(tmp_path):
    inputs = keras.Input((3,))
    keras.Model(inputs, keras.layers.Dense(1)(inputs)).save(tmp_path / "model.keras")
    return tmp_path / "model.keras"


def test_layers_of_keras_are_no_code(saved):
    check_no_code(saved)


@pytest.mark.parametrize(
    "change",
    [
        {"class_name": "Lambda"},
        {"module": "os", "class_name": "system"},
        {"module": "kerasx.layers", "class_name": "Dense"},
    ],
)
def test_code_in_a_model_is_refused(saved, change):
    change_layers(saved, lambda layer: layer.update(change))
    with pytest.raises(DeguError, match=rf"a layer of the kind '{change['class_name']}', which would run code"):
        check_no_code(saved)


def test_a_lambda_layer_is_refused_wherever_it_stands(tmp_path):
    inputs = keras.Input((3,))
    inner = keras.Model(inputs, keras.layers.Lambda(lambda x: x + 1, output_shape=(3,))(inputs))
    keras.Model(inputs, keras.layers.Dense(1)(inner(inputs))).save(tmp_path / "model.keras")
    with pytest.raises(DeguError, match="'Lambda', which would run code"):
        check_no_code(tmp_path / "model.keras")
