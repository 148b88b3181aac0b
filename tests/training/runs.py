"""Small trainings that several tests share."""

from pathlib import Path

import keras
import numpy as np

from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.training.training import Training, TrainingData, train
from tests.conftest import small_store

OUTPUTS = Outputs(Heads(("mean",), ("target0",)))
# The same architectures as published, at a width that builds quickly.
SMALL = {
    "deepstarr": {"name": "deepstarr", "width": 0.05},
    "residualbind": {"name": "residualbind", "width": 0.05},
    "mprann": {"name": "mprann", "width": 0.05},
    "motif_cnn": {"name": "motif_cnn", "filters": 4, "kernel": 5, "pool": 4, "units": 4},
}


def overshooting_data() -> TrainingData:
    """Return data on which validation first gains and then loses: training passes 1 on its way from 0 to 3."""
    store = small_store()
    train_rows, validation_rows = store.rows("train"), store.rows("validation")
    return TrainingData(
        tokens=store.tokens[train_rows],
        targets={"mean": store.targets[train_rows] + 2.7},
        validation_tokens=store.tokens[validation_rows],
        validation_targets={"mean": store.targets[validation_rows] + 0.7},
    )


def overshooting_recipe() -> dict:
    """Return a recipe with dropout under which, on `overshooting_data`, the learning rate falls and training stops."""
    return {
        "model": {"name": "tiny", "dropout": 0.2},
        "loss": {"name": "mean_squared_error"},
        "head_weights": "equal",
        "output_bias": "zero",
        "precision": "float32",
        "monitor": "loss",
        "optimizer": {"name": "adam", "learning_rate": 0.01},
        "batch_size": 16,
        "epochs": 20,
        "early_stopping": {"patience": 4, "minimum_steps": 0},
        "learning_rate_schedule": {"name": "reduce_on_plateau", "warm_up": 0},
        "augmentation": None,
        "windows": {"jitter": 0, "reverse_complement": False},
        "profile_bins": 25,
        "strands": "one",
        "fine_tuning": {"epochs": 0, "learning_rate": 0.001},
        "reduce_learning_rate": {"factor": 0.5, "patience": 2, "minimum": 1e-6},
    }


def run(checkpoint: Path, *, seed: int = 3, identity: str = "this", data: TrainingData | None = None, **changes):
    """Train on the overshooting data."""
    data = data or overshooting_data()
    recipe = {**overshooting_recipe(), **changes}
    training = Training(recipe, data, OUTPUTS, seed, checkpoint=checkpoint, identity=identity, label="test")
    train([training])
    return training.model, training.history


def weights_of(model: keras.Model) -> list[np.ndarray]:
    """Return all a model's state: weights, batch-norm statistics and dropout's counters."""
    return [keras.ops.convert_to_numpy(variable).copy() for variable in model.variables]


def losses_of(history: list[dict]) -> list[tuple]:
    return [(row["epoch"], row["loss"], row["val_loss"], row["learning_rate"]) for row in history]


def assert_same_weights(one: list[np.ndarray], other: list[np.ndarray]) -> None:
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)
