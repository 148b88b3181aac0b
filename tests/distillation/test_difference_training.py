"""The training of the head for differences, against what each member predicts for each pair."""

import numpy as np
import pytest
from scipy import stats

from degu.training.backend import derive_seed
from degu.data.pools import unlike
from degu.distillation import difference_training, differences
from degu.distillation.difference_training import fit_difference_head
from degu.distillation.differences import draw_mutants
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.prediction.predictor import Predictor
from tests.conftest import small_store
from tests.training.random_models import LENGTH, saved_model

MEMBER = Outputs(Heads(("mean",), ("a", "b")), spread=(1.0, 20.0))
STUDENT = Outputs(Heads(("mean", "epistemic"), ("a", "b")), link="softplus", spread=(1.0, 20.0))


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    for number in (1, 2, 3):
        saved_model(folder, f"member-{number}", outputs=MEMBER, seed=number)
    saved_model(folder, "student", outputs=STUDENT, seed=9)
    return [folder / f"member-{number}.keras" for number in (1, 2, 3)], folder / "student.keras"


def test_the_head_is_judged_by_the_differences_that_the_members_predict(models, monkeypatch):
    monkeypatch.setattr(differences, "_EPOCHS", 2)
    members, student = models
    store = small_store(rows=40, length=LENGTH, targets=2)
    store.attributes["flanks"] = [2, 1]
    training = store.rows("train")[::2]
    head, worth, table, coverage = fit_difference_head(Predictor(student), members, store, training, 5, mutants=3)
    assert set(worth) == {"calibration", "test"}

    rng = np.random.default_rng(derive_seed(5, "difference", 2))
    insert = slice(2, LENGTH - 1)
    pairs = {}
    for part, rows in (("train", training), ("calibration", store.rows("calibration")), ("test", store.rows("test"))):
        own = store.tokens[np.repeat(rows, 3)]
        pairs[part] = own, draw_mutants(own, insert, rng)
    features = differences.features_of(Predictor(student).model)
    for part in worth:
        first, second = pairs[part]
        means = [Predictor(path).predict(second)["mean"] - Predictor(path).predict(first)["mean"] for path in members]
        std = np.std(means, axis=0)
        predicted = {
            "head": np.asarray(head([features(first), features(second)])),
            "sum_of_variances": np.hypot(*(Predictor(student).predict(own)["epistemic"] for own in pairs[part])),
        }
        for name, values in predicted.items():
            for target, own in enumerate(worth[part][name]):
                r = np.corrcoef(values[:, target], std[:, target])[0, 1]
                assert own["pearson"] == pytest.approx(r, abs=1e-3)
                ratio = np.sqrt(np.mean(std[:, target] ** 2) / np.mean(values[:, target] ** 2))
                assert own["factor"] == pytest.approx(ratio, rel=1e-3)
    first, second = pairs["test"]
    effect = Predictor(student).predict(second)["mean"] - Predictor(student).predict(first)["mean"]
    means = [Predictor(path).predict(second)["mean"] - Predictor(path).predict(first)["mean"] for path in members]
    std = np.asarray(head([features(first), features(second)]))
    for target, name in enumerate(store.target_names):
        factor = worth["calibration"]["head"][target]["factor"]
        own = table[table["target"] == name]
        np.testing.assert_allclose(own["members"], np.std(means, axis=0)[:, target], atol=1e-5)
        np.testing.assert_allclose(own["head"], factor * std[:, target], rtol=1e-4)
        rows = coverage[(coverage["target"] == name) & (coverage["way"] == "head")]
        inside = [
            np.mean(np.abs(np.array(means)[..., target] - effect[:, target]) <= half * factor * std[:, target])
            for half in stats.norm.interval(rows["level"])[1]
        ]
        np.testing.assert_allclose(rows["coverage"], inside, atol=0.02)


def test_the_head_is_trained_on_sequences_unlike_those_of_the_assay_too(models, monkeypatch):
    seen = []

    def train(pairs, seed):
        seen.append(pairs)
        return differences.train_difference_head(pairs, seed)

    monkeypatch.setattr(differences, "_EPOCHS", 1)
    monkeypatch.setattr(difference_training, "train_difference_head", train)
    members, student = models
    store = small_store(rows=40, length=LENGTH, targets=2)
    store.attributes["flanks"] = [2, 1]
    training = store.rows("train")
    fit_difference_head(Predictor(student), members, store, training, 5)

    rng = np.random.default_rng(derive_seed(5, "difference", 4))
    own = len(training) * 16
    number = round(0.25 * own)
    first = unlike.draw(store.tokens[training], (2, 1), rng, number=number)
    second = draw_mutants(first, slice(2, LENGTH - 1), rng)
    features = differences.features_of(Predictor(student).model)
    assert len(seen[0].std) == own + number
    np.testing.assert_allclose(seen[0].first[own:], features(first), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(seen[0].second[own:], features(second), rtol=1e-5, atol=1e-6)
    effects = [Predictor(path).predict(second)["mean"] - Predictor(path).predict(first)["mean"] for path in members]
    np.testing.assert_allclose(seen[0].std[own:], np.std(effects, axis=0), rtol=1e-3, atol=1e-5)
