"""The computing and disk that a run takes, by arithmetic on the sizes of data sets, networks and files."""

import tempfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dataset_sizes import DatasetSize
from degu.attribution.compiled import needs_backgrounds
from degu.attribution.explained import explainable_heads
from degu.config.check_pool import number_for_training
from degu.config.declarations import targets_of
from degu.config.plugins import load
from degu.data.batches import EVALUATION_BATCH
from degu.outputs.heads import OF_PROFILES
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
# A name of some thirty letters, and what tells where the counts of a row are, in an HDF5 file.
_NAME, _CHUNK = 50, 60


@dataclass(frozen=True)
class Network:
    """The size of a network.

    Attributes
    ----------
    flops
        Floating-point operations of one sequence's forward pass.
    parameters
        Number of weights.
    values, explainable
        How many numbers are predicted for a sequence and a target; names of the heads that can be explained.
    file_bytes
        Size of a saved model in bytes.
    """

    flops: int
    parameters: int
    values: int
    explainable: tuple[str, ...]
    file_bytes: int


def network_of(recipe: Mapping, size: DatasetSize) -> Network:
    """Return the size of the network that a recipe builds for a data set."""
    activity = np.arange(2.0)[:, None] * np.ones(size.targets)
    outputs = Outputs.of_recipe(
        recipe, activity, tuple(f"target{index}" for index in range(size.targets)), size.profile
    )
    model = build_model(recipe, size.length, outputs, seed=1)
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder) / "model.keras", Path(folder) / "model.json"
        save_model(model, outputs, {}, *paths)
        file_bytes = sum(path.stat().st_size for path in paths)
    return Network(
        flops=forward_flops(model),
        parameters=model.count_params(),
        values=outputs.heads.width // size.targets,
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
    fixed
        Whether a training lasts all of its epochs, because early stopping has more patience than these.
    """

    flops: float
    steps: float = 0.0
    epochs: int = 1
    fixed: bool = False

    def lasting(self, epochs: float) -> float:
        """Return how many epochs it lasts, if early stopping ends a training after some number of them."""
        return self.epochs if self.fixed else min(epochs, self.epochs)

    def seconds(self, flops_per_second: float, seconds_per_step: float, epochs: float = np.inf) -> float:
        """Return the time that it takes, a training at most so many epochs."""
        return self.lasting(epochs) * (self.flops / flops_per_second + self.steps * seconds_per_step)


def training(
    network: Network, recipe: Mapping, size: DatasetSize, fraction: float, members: int, labels: float = 0.0
) -> Work:
    """Return the work of training one model.

    Parameters
    ----------
    network, recipe, size
        The network, its recipe, and the size of the data set.
    fraction
        Fraction of the training split.
    members
        Number of members of the ensemble. With `resampling: folds` each leaves out one of so many parts.
    labels
        Operations of the members that label a sequence of each batch, 0 if none do.
    """
    rows = round(rows_of_epoch(recipe, size, "train") * fraction)
    if recipe.get("resampling") == "folds":
        rows *= 1 - 1 / members
    validation = rows_of_epoch(recipe, size, "validation")
    # A batch may hold its sequences as they are beside those that the members label.
    passes = TRAINING_PASSES * (2 if labels and recipe["originals"] else 1)
    return Work(
        flops=rows * (passes * network.flops + labels) + validation * network.flops,
        steps=rows / recipe["batch_size"] + validation / EVALUATION_BATCH,
        epochs=recipe["epochs"],
        fixed=recipe["early_stopping"]["patience"] >= recipe["epochs"],
    )


def rows_of_epoch(recipe: Mapping, size: DatasetSize, split: str) -> float:
    """Return how many rows of a split a training sees in an epoch: all, or some of the negatives.

    Where negatives with many counts are left out, these are counted, since nothing tells their number.
    """
    windows, rows = recipe["windows"], size.rows[split]
    regions = rows / (1 + size.negatives)
    if windows["rows"] == "negatives":
        return rows - regions
    if windows["negatives"] is None:
        return rows
    return regions * (1 + min(windows["negatives"], size.negatives))


def pool_rows(pool: Mapping, size: DatasetSize, fraction: float) -> int:
    """Return how many sequences of a pool are labelled for training."""
    known = number_for_training(pool)
    return round(size.rows["train"] * fraction) * pool["variants"] if known is None else known


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
    bases = (size.length + size.context) * token_bytes(level=4)
    counts = count_bytes(size.counts, level=4) + _CHUNK if size.counts else 0
    return size.total * (bases + counts + _FLOAT * numbers + _NAME)


def predictions_bytes(network: Network, size: DatasetSize, models: int, dropout_passes: int = 0) -> float:
    """Return the size of a file of some models' predictions."""
    rows = models * predicted_rows(size, dropout_passes)
    return rows_bytes(network, size, rows, network.values + (1 if dropout_passes else 0))


def rows_bytes(network: Network, size: DatasetSize, rows: int, values: int | None = None) -> float:
    """Return the size of the predictions of some rows."""
    return rows * (values or network.values) * size.targets * _FLOAT


def pool_bytes(network: Network, size: DatasetSize, rows: int, models: int) -> float:
    """Return the size of a pool of some rows, with what some models predict for each."""
    return rows * size.length * token_bytes(level=4) + rows_bytes(network, size, rows * models)


def targets_bytes(recipe: Mapping, size: DatasetSize, members: int) -> float:
    """Return the size of a student's targets."""
    numbers = sum(
        _numbers(name, recipe, size) * (members if name.startswith("member_") else 1) for name in targets_of(recipe)
    )
    return size.total * size.targets * numbers * _FLOAT


def _numbers(name: str, recipe: Mapping, size: DatasetSize) -> int:
    """Return how many numbers a target of a student has for a sequence and a target of the assay."""
    head = name.removeprefix("member_")
    if head not in OF_PROFILES or size.profile is None:
        return 1
    strands, positions = size.profile
    return strands * (positions if head == "profile" else recipe["profile_bins"])


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


def count_bytes(number: int, level: int) -> float:
    """Return how many bytes the counts of a row take, with a mean of one, when those of each row are compressed."""
    counts = np.random.default_rng(0).poisson(1, (100, number)).astype(np.uint16)
    return sum(len(zlib.compress(row, level)) for row in counts) / len(counts)
