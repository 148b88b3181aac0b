"""Models that have not learned."""

import keras
import numpy as np
import pytest

from degu.data.kmer_ridge import KmerRidge
from degu.data.kmers import canonical_index
from degu.data.splits import SPLITS
from degu.errors import DeguError
from degu.models import motif_cnn
from degu.models.layers.kmer_ridge import add_kmer_ridge
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.prediction.ensemble import Predictions
from degu.prediction.predictor import predict_store
from degu.prediction.unlearned import leave_out, models_that_have_not_learned
from degu.training.saving import save_model
from tests.conftest import small_store


def predictions_of(store, correlations, seeds, splits=SPLITS) -> Predictions:
    """Return predictions whose correlation with the first target is the given one on every split, and 1 with others."""
    values = {}
    for split in splits:
        measured = store.targets[store.rows(split)].astype(np.float64)
        rng = np.random.default_rng(3)
        unit = (measured[:, 0] - measured[:, 0].mean()) / measured[:, 0].std()
        noise = rng.normal(size=len(unit))
        noise -= noise.mean() + unit * (noise @ unit) / len(unit)
        noise /= noise.std()
        of_models = []
        for correlation in correlations:
            mean = measured.copy()
            mean[:, 0] = correlation * unit + np.sqrt(1 - correlation**2) * noise
            of_models.append(mean)
        values[split] = np.stack(of_models).astype(np.float32)
    return Predictions(values, Heads(("mean",), tuple(store.target_names)), list(seeds))


@pytest.mark.parametrize(
    ("correlations", "found"),
    [
        ((0.8, 0.7, 0.9, 0.36, 0.34), {5: 0.34}),
        ((0.8, 0.7, 0.9, 0.8, -0.1), {5: -0.1}),
        ((0.8, 0.7, 0.9, 0.7, 0.6), {}),
        ((-0.1, -0.2, -0.3, -0.05, 0.1), {1: -0.1, 2: -0.2, 3: -0.3, 4: -0.05}),
    ],
)
def test_a_model_that_follows_the_measurements_half_as_well_as_the_middle_one_has_not_learned(correlations, found):
    store = small_store()
    unlearned = models_that_have_not_learned(store, predictions_of(store, correlations, seeds=range(1, 6)))
    assert unlearned == pytest.approx(found, abs=1e-4)


def test_the_correlation_is_the_mean_over_targets():
    store = small_store(targets=2)
    unlearned = models_that_have_not_learned(store, predictions_of(store, (0.8, -0.9, 0.8), seeds=(4, 2, 7)))
    assert unlearned == pytest.approx({2: 0.05}, abs=1e-4)


def test_a_model_that_predicts_a_constant_has_not_learned():
    store = small_store()
    predictions = predictions_of(store, (0.8, 0.7, 0.9), seeds=(1, 2, 3))
    predictions.values["validation"][1] = 3.0
    assert models_that_have_not_learned(store, predictions) == {2: 0.0}


def test_models_with_dropout_are_judged_on_the_calibration_split():
    store = small_store()
    predictions = predictions_of(store, (0.8, 0.7, 0.1), seeds=(1, 2, 3), splits=("calibration", "test"))
    assert list(models_that_have_not_learned(store, predictions)) == [3]


def test_the_network_beside_a_ridge_regression_is_judged_by_itself(tmp_path):
    store = small_store()
    outputs = Outputs(Heads(("mean",), ("target0",)), center=(1.0,), spread=(2.0,))
    rng = np.random.default_rng(2)
    ridge = KmerRidge(rng.normal(size=(canonical_index(6).max() + 1, 1)), np.array([0.3]))
    rows = store.rows("validation")
    # The regression alone follows the measurements, and so do models whose networks have learned nothing.
    store.targets[:] = ridge.predict(store.tokens)
    models = []
    for number, dead in enumerate((False, False, True), start=1):
        keras.utils.set_random_seed(number)
        network = motif_cnn.build(store.tokens.shape[1], outputs, filters=4, kernel=5, pool=4, units=4)
        if dead:
            network.get_layer("mean").set_weights([np.zeros((4, 1)), np.zeros(1)])
        model = add_kmer_ridge(network, outputs, ridge, 0.25)
        path = tmp_path / f"{number}.keras"
        save_model(model, outputs, {"recipe": {"kmer_ridge_weight": 0.25}}, path, path.with_suffix(".json"))
        models.append(path)
    predictions = predict_store(models, [1, 2, 3], store)
    assert models_that_have_not_learned(store, predictions) == {}
    # The two networks are random; what they predict is learned by definition.
    networks = predictions.heads.select(predictions.values["validation"], "mean") - 0.25 * ridge.predict(
        store.tokens[rows]
    )
    store.targets[rows] = networks[:2].mean(axis=0)
    unlearned = models_that_have_not_learned(store, predictions, models)
    assert list(unlearned) == [3]
    assert abs(unlearned[3]) < 0.3


def test_members_are_left_out_and_the_others_stay_in_their_order():
    store = small_store()
    predictions = predictions_of(store, (0.8, 0.1, 0.7, 0.9), seeds=(4, 2, 7, 1))
    left = leave_out(predictions, [2])
    assert left.seeds == [4, 7, 1]
    for split in SPLITS:
        np.testing.assert_array_equal(left.values[split], predictions.values[split][[0, 2, 3]])


def test_two_members_must_be_left():
    predictions = predictions_of(small_store(), (0.8, 0.1, 0.7), seeds=(1, 2, 3))
    with pytest.raises(DeguError, match=r"(?s)2 of 3 members have not learned, and 1 is left.*train more members"):
        leave_out(predictions, [2, 3])
