"""On an assay whose noise is known, the corrected heteroscedastic baseline finds it and the published one cannot."""

from pathlib import Path

import numpy as np
import pytest

from degu.config.configuration import Configuration
from degu.config.declarations import targets_of
from degu.data.batches import EVALUATION_BATCH, Batches
from degu.data.build import build_store
from degu.data.store import SequenceStore
from degu.distillation.labels import measured_targets
from degu.outputs.outputs import Outputs
from degu.prediction.ensemble import Predictions
from degu.training.training import Training, TrainingData, train
from tests.conftest import REPOSITORY

MEMBERS = 3


@pytest.fixture(scope="module")
def configuration() -> Configuration:
    study = {"teachers": ["small"], "students": [], "baselines": ["gaussian", "gaussian_as_published"], "members": 2}
    return Configuration({"datasets": ["simulated_noise"], "study": study}, [REPOSITORY / "config"])


@pytest.fixture(scope="module")
def noisy_store(configuration) -> SequenceStore:
    settings = configuration.datasets["simulated_noise"]
    files = {name: REPOSITORY / source["path"] for name, source in settings["files"].items()}
    store = build_store(settings, files, configuration.seed, where="simulated_noise")
    store.attributes["digest"] = "test"
    return store


def member(store: SequenceStore, recipe: dict, seed: int, checkpoint: Path) -> np.ndarray:
    """Train one member and return its predictions of the test split, (n, H)."""
    rows, validation = store.rows("train"), store.rows("validation")
    targets = measured_targets(store, targets_of(recipe))
    outputs = Outputs.of_recipe(recipe, store.targets[rows], store.target_names)
    data = TrainingData(
        store.tokens[rows],
        {name: values[rows] for name, values in targets.items()},
        store.tokens[validation],
        {name: values[validation] for name, values in targets.items()},
    )
    training = Training(recipe, data, outputs, seed, checkpoint=checkpoint, identity=str(seed), label=f"member {seed}")
    train([training])
    batches = Batches(store.tokens[store.rows("test")], batch_size=EVALUATION_BATCH)
    return outputs.predictions(training.model.predict(batches, verbose=0))


@pytest.mark.slow
@pytest.mark.parametrize(("baseline", "low", "high"), [("gaussian", 0.9, 1.0), ("gaussian_as_published", -1.0, 0.5)])
def test_noise_is_recovered(configuration, noisy_store, baseline, low, high, tmp_path):
    recipe = configuration.teacher(f"small-{baseline}")
    values = [member(noisy_store, recipe, seed, tmp_path / f"{seed}.npz") for seed in range(1, MEMBERS + 1)]
    outputs = Outputs.of_recipe(recipe, noisy_store.targets, noisy_store.target_names)
    ensemble = Predictions({"test": np.stack(values)}, outputs.heads, list(range(1, MEMBERS + 1)))
    truth = noisy_store.truth["noise_std"][noisy_store.rows("test"), 0]
    predicted = ensemble.heads_of_ensemble("test")["aleatoric"][:, 0]
    assert low <= np.corrcoef(predicted, truth)[0, 1] <= high
