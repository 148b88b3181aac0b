"""The computing and disk that a run takes, by arithmetic on the sizes of data sets, networks and files."""

import tempfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from degu.attribution.compiled import needs_backgrounds
from degu.attribution.explained import explainable_heads
from degu.config.declarations import targets_of
from degu.config.plugins import load
from degu.data.batches import EVALUATION_BATCH
from degu.data.splits import SPLITS
from degu.errors import DeguError
from degu.outputs.outputs import Outputs
from degu.training.building import build_model
from degu.training.flops import forward_flops
from degu.training.saving import save_model

# A step of training takes the forward pass three times: once forward, once for the gradient of each layer's input, once
# for that of its weights. A gradient at the sequence takes it twice.
TRAINING_PASSES = 3
GRADIENT_PASSES = 2
# Methods that take no gradient.
_FORWARD_ALONE = ("in_silico_mutagenesis",)
_FLOAT = 4
# A name of some thirty letters, in an HDF5 file.
_NAME = 50


@dataclass(frozen=True)
class DatasetSize:
    """The size of a data set.

    Attributes
    ----------
    rows
        Number of rows of each split.
    length, targets, replicates
        L, T, and R, 0 where there are none.
    """

    rows: Mapping[str, int]
    length: int
    targets: int
    replicates: int = 0

    @property
    def total(self) -> int:
        """Rows of all splits."""
        return sum(self.rows.values())


def dataset_size(settings: Mapping, store: Path) -> DatasetSize:
    """Return the size of a data set: that of its store or, before it is made, as its settings say.

    Raises
    ------
    DeguError
        If neither says.
    """
    if store.is_file():
        with h5py.File(store) as file:
            counts = np.bincount(file["split"][:].astype(np.uint8), minlength=len(SPLITS)).tolist()
            replicates = file["replicates"].shape[2] if "replicates" in file else 0
            rows = dict(zip(SPLITS, counts, strict=True))
            return DatasetSize(rows, file["tokens"].shape[1], file["targets"].shape[1], replicates)
    options = settings["options"]
    if settings["published_size"]:
        return DatasetSize(**settings["published_size"])
    if {"number", "length", "replicates"} <= set(options):
        rows = {split: round(options["number"] * part) for split, part in settings["split"]["fractions"].items()}
        return DatasetSize(rows, options["length"], 1, options["replicates"])
    raise DeguError(
        "nothing says how many rows there are", where=store, remedy=f"make it first: snakemake {store} --cores all"
    )


@dataclass(frozen=True)
class Network:
    """The size of a network.

    Attributes
    ----------
    flops
        Floating-point operations of one sequence's forward pass.
    parameters
        Number of weights.
    heads, explainable
        How many are predicted; names of those that can be explained.
    file_bytes
        Size of a saved model in bytes.
    """

    flops: int
    parameters: int
    heads: int
    explainable: tuple[str, ...]
    file_bytes: int


def network_of(recipe: Mapping, size: DatasetSize) -> Network:
    """Return the size of the network that a recipe builds for a data set."""
    activity = np.arange(2.0)[:, None] * np.ones(size.targets)
    outputs = Outputs.of_recipe(recipe, activity, tuple(f"target{index}" for index in range(size.targets)))
    model = build_model(recipe, size.length, outputs, seed=1)
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder) / "model.keras", Path(folder) / "model.json"
        save_model(model, outputs, {}, *paths)
        file_bytes = sum(path.stat().st_size for path in paths)
    return Network(
        flops=forward_flops(model),
        parameters=model.count_params(),
        heads=len(outputs.heads.heads),
        explainable=tuple(explainable_heads(outputs)),
        file_bytes=file_bytes,
    )


@dataclass(frozen=True)
class Work:
    """Computing on a network.

    Attributes
    ----------
    flops
        Floating-point operations, of one epoch if it is a training.
    steps
        How many batches, of one epoch if it is a training.
    epochs
        At most; 1 if it is no training.
    """

    flops: float
    steps: float = 0.0
    epochs: int = 1

    def seconds(self, flops_per_second: float, seconds_per_step: float, epochs: float = np.inf) -> float:
        """Return the time that it takes, a training at most so many epochs."""
        return min(epochs, self.epochs) * (self.flops / flops_per_second + self.steps * seconds_per_step)


def training(network: Network, recipe: Mapping, size: DatasetSize, fraction: float, members: int) -> Work:
    """Return the work of training one model.

    Parameters
    ----------
    network, recipe, size
        The network, its recipe, and the size of the data set.
    fraction
        Fraction of the training split.
    members
        Number of members of the ensemble. With `resampling: folds` each leaves out one of so many parts.
    """
    rows = round(size.rows["train"] * fraction)
    if recipe.get("resampling") == "folds":
        rows *= 1 - 1 / members
    validation = size.rows["validation"]
    return Work(
        flops=network.flops * (TRAINING_PASSES * rows + validation),
        steps=rows / recipe["batch_size"] + validation / EVALUATION_BATCH,
        epochs=recipe["epochs"],
    )


def predicted_rows(size: DatasetSize, dropout_passes: int = 0) -> int:
    """Return how many rows a model predicts: with dropout, of two splits alone."""
    return size.rows["calibration"] + size.rows["test"] if dropout_passes else size.total


def prediction(network: Network, size: DatasetSize, models: int, dropout_passes: int = 0) -> Work:
    """Return the work of some models' predictions."""
    return predicted(network, models * max(1, dropout_passes) * predicted_rows(size, dropout_passes))


def shifted_rows(size: DatasetSize, shift: Mapping, design: Mapping, study: Mapping) -> int:
    """Return how many rows of shifted and designed sequences a model predicts, as a study asks for them."""
    ladders = shift["ladders"].values() if study["shift"] else ()
    designs = design["designs"] if study["design"] else ()
    shifted = min(size.rows["test"], shift["sequences"]) * (1 + sum(len(ladder["levels"]) for ladder in ladders))
    return shifted + min(size.rows["test"], design["sequences"]) * len(designs) * (1 + len(design["steps"]))


def designed_rows(size: DatasetSize, design: Mapping, name: str) -> int:
    """Return how many rows each model of a designer predicts in a search; a beam counts as full from the beginning."""
    settings = design["designs"][name]
    tried = min(settings.get("candidates") or 3 * size.length, 3 * size.length) * settings.get("width", 1)
    return min(size.rows["test"], design["sequences"]) * max(design["steps"]) * tried


def predicted(network: Network, rows: int) -> Work:
    """Return the work of predicting some rows."""
    return Work(network.flops * rows, rows / EVALUATION_BATCH)


def explained_rows(size: DatasetSize, sequences: Mapping) -> int:
    """Return how many sequences are explained for each target, at most."""
    return min(size.rows["test"], sequences["top"] + sequences["quantiles"] * sequences["per_quantile"])


def attribution(network: Network, size: DatasetSize, settings: Mapping, models: int) -> Work:
    """Return the work of explaining some models as the configuration's `attribution` says."""
    passes = 0
    for method in settings["methods"].values():
        options = {key: value for key, value in method.items() if key != "method"}
        module = load("attribution method", method["method"])
        backgrounds = settings["background"]["number"] if needs_backgrounds(method["method"]) else 0
        rows = module.rows(size.length, backgrounds, **options)
        passes += rows * (1 if method["method"] in _FORWARD_ALONE else GRADIENT_PASSES)
    maps = models * size.targets * explained_rows(size, settings["sequences"]) * _explained_heads(network, settings)
    return Work(network.flops * maps * passes)


def _explained_heads(network: Network, settings: Mapping) -> int:
    return len(set(network.explainable) & set(settings["heads"]))


# Bytes of files, as written: what is random is nearly as large when it is compressed.


def store_bytes(size: DatasetSize) -> float:
    """Return the size of a sequence store, without what a simulator knows; names are not compressed."""
    numbers = size.targets * (2 + size.replicates) if size.replicates else size.targets
    return size.total * (size.length * token_bytes(level=4) + _FLOAT * numbers + _NAME)


def predictions_bytes(network: Network, size: DatasetSize, models: int, dropout_passes: int = 0) -> float:
    """Return the size of a file of some models' predictions."""
    rows = models * predicted_rows(size, dropout_passes)
    return rows_bytes(network, size, rows, network.heads + (1 if dropout_passes else 0))


def rows_bytes(network: Network, size: DatasetSize, rows: int, heads: int | None = None) -> float:
    """Return the size of the predictions of some rows."""
    return rows * (heads or network.heads) * size.targets * _FLOAT


def targets_bytes(recipe: Mapping, size: DatasetSize, members: int) -> float:
    """Return the size of a student's targets."""
    numbers = sum(members if name.startswith("member_") else 1 for name in targets_of(recipe))
    return size.total * size.targets * numbers * _FLOAT


def explained_bytes(size: DatasetSize, settings: Mapping) -> float:
    """Return the size of the file of sequences that are explained, and their backgrounds."""
    sequences = size.targets * explained_rows(size, settings["sequences"]) * (1 + settings["background"]["number"])
    return sequences * size.length * token_bytes(level=1)


def attributions_bytes(network: Network, size: DatasetSize, settings: Mapping, models: int) -> float:
    """Return the size of a file of some models' attribution maps."""
    maps = models * size.targets * len(settings["methods"]) * _explained_heads(network, settings)
    return maps * explained_rows(size, settings["sequences"]) * (4 * size.length + 2) * _FLOAT


def checkpoint_bytes(network: Network) -> float:
    """Return the size of a training's checkpoint: weights, the best so far, and the two moments of Adam."""
    return 4 * network.parameters * _FLOAT


def token_bytes(level: int) -> float:
    """Return how many bytes a base of random sequences takes when they are compressed."""
    tokens = np.random.default_rng(0).integers(0, 4, 1 << 20, dtype=np.uint8)
    return len(zlib.compress(tokens, level)) / len(tokens)
