"""Small models of random weights, built and saved."""

from pathlib import Path

import keras
import numpy as np

from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.training.building import build_model
from degu.training.saving import save_model

LENGTH = 24
RECIPE = {"model": {"name": "tiny", "filters": 3, "dropout": 0.1}, "precision": "float32"}
OUTPUTS = Outputs(Heads(("mean", "aleatoric", "epistemic"), ("target0", "target1")))


def saved_model(
    folder: Path, name: str = "model", *, outputs: Outputs = OUTPUTS, seed: int = 1, recipe: dict = RECIPE
) -> keras.Model:
    """Build a model whose weights are all random, write it to `folder`, and return it."""
    model = build_model(recipe, LENGTH, outputs, seed)
    rng = np.random.default_rng(seed)
    for variable in model.weights:
        variable.assign(rng.uniform(0.2, 1, size=variable.shape))
    save_model(model, outputs, {"label": name}, folder / f"{name}.keras", folder / f"{name}.json")
    return model
