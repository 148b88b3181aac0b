"""The published way of working, re-created in our own words, for the comparisons of this folder.

Arrays are one-hot, float64, whole, in one HDF5 file of all splits that every script reads anew. A model is trained by
`fit` on such arrays, batch normalisation being Keras's. The mean and the standard deviation of an ensemble are made by
two scripts, each of which lets every member predict again, in batches of 32, the default of `predict`.
"""

import importlib
import os
from pathlib import Path
from unittest import mock

from degu.config.plugins import load

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import h5py
import keras
import numpy as np

from degu.data.sequences import one_hot
from degu.data.store import SequenceStore
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs

BATCH = 128
SPLITS = ("train", "validation", "test")
# The splits that every member predicts, by script: each member scores itself, and two scripts make the ensemble's
# statistics.
PREDICTED = {"train": ("test",), "mean": ("train", "test"), "std": SPLITS}
# Sequences converted at a time.
BLOCK = 20_000


def write_arrays(store: SequenceStore, path: Path) -> None:
    """Write each split's sequences as float64 one-hot arrays, and its targets."""
    with h5py.File(path, "w") as file:
        for split in SPLITS:
            rows = store.rows(split)
            x = file.create_dataset(f"x_{split}", shape=(len(rows), store.tokens.shape[1], 4), dtype="f8")
            for start in range(0, len(rows), BLOCK):
                part = rows[start : start + BLOCK]
                x[start : start + len(part)] = one_hot(store.tokens[part])
            file.create_dataset(f"y_{split}", data=store.targets[rows].astype("f8"))


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """Read all of it, as every script does."""
    with h5py.File(path) as file:
        return {name: values[:] for name, values in file.items()}


def build(network: str, length: int, targets: int, heads: tuple[str, ...] = ("mean",)) -> keras.Model:
    """Return one of the networks with batch normalisation as Keras has it."""
    module = load("model", network)
    blocks = importlib.import_module("degu.models.layers.blocks")
    plain = keras.layers.BatchNormalization
    with mock.patch.object(module, "BatchNormalization", plain), mock.patch.object(blocks, "BatchNormalization", plain):
        model = module.build(length, Outputs(Heads(heads, tuple(f"target{index}" for index in range(targets)))))
    model.compile("adam", "mse", jit_compile=False)
    return model


def fit(model: keras.Model, arrays: dict[str, np.ndarray], epochs: int) -> None:
    """Train for some epochs, with the published callbacks and a patience that never ends it."""
    callbacks = [
        keras.callbacks.EarlyStopping(patience=epochs, restore_best_weights=True),
        keras.callbacks.ReduceLROnPlateau(patience=5, factor=0.1, min_lr=1e-7),
    ]
    validation = (arrays["x_validation"], arrays["y_validation"])
    model.fit(
        *(arrays["x_train"], arrays["y_train"]),
        epochs=epochs,
        batch_size=BATCH,
        validation_data=validation,
        callbacks=callbacks,
        verbose=0,
    )
