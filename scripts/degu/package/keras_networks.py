"""The networks of a folder in Keras, and as ONNX."""

import importlib.util
import json
import math
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from keras import KerasTensor, ops

from degu.training.backend import keras
from degu.data.sequences import one_hot
from degu.distillation.differences import feature_tensor
from degu.errors import DeguError, installing
from degu.formats.files import write_aside
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.package.onnx_networks import load_onnx
from degu.prediction.loading import load

# Layers of Keras that run what a file brings with it, or load it from elsewhere.
_WITH_CODE = {"Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"}
# As a share of the greatest value of an output.
MOST_DISTANT = 1e-5


def check_no_code(path: Path) -> None:
    """Raise a DeguError if a `.keras` file has a layer that holds code of its own, or one that is not known here.

    Keras refuses such a file as well, with a message about its safe mode.
    """
    with zipfile.ZipFile(path) as archive:
        config = json.loads(archive.read("config.json"))
    for name in layers_with_code(config):
        raise DeguError(
            f"the model has a layer of the kind '{name}', which would run code that the file brings with it",
            where=path,
            expected="layers of Keras and of this project",
            remedy="do not use this file unless you trust who made it, and then load it with Keras itself",
        )


def layers_with_code(config: dict) -> list[str]:
    """Return the kinds of a model's layers that hold code of their own, or that neither Keras nor this project has.

    Parameters
    ----------
    config
        The model as `keras.saving.serialize_keras_object` returns it.
    """
    found = []
    for layer in _layers(config):
        module, name = layer.get("module"), layer.get("class_name")
        if name in _WITH_CODE or str(module or "degu").partition(".")[0] not in ("keras", "degu", "builtins"):
            found.append(str(name))
    return found


def _layers(value: object) -> Iterator[dict]:
    """Yield all parts of a model's configuration that name a class."""
    if isinstance(value, dict):
        if "class_name" in value:
            yield value
        for inner in value.values():
            yield from _layers(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _layers(inner)


def load_student(path: Path) -> Callable[[np.ndarray], Sequence[np.ndarray]]:
    """Return the function of one-hot sequences, (B, L, 4), that gives heads in units, (B, W), and features, (B, F).

    Raises
    ------
    DeguError
        If the file is damaged, or would run code that it brings with it.
    """
    check_no_code(path)
    network, _, outputs = load(path)
    return heads_and_features(network, outputs).predict_on_batch


def load_difference(path: Path) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Return the function that gives the standard deviation of a difference from the features of both sequences."""
    check_no_code(path)
    head = keras.saving.load_model(path, compile=False)
    return lambda first, second: np.asarray(head.predict_on_batch([first, second]))


def heads_and_features(student: keras.Model, outputs: Outputs) -> keras.Model:
    """Return a network that puts out a student's heads in the units of the data, (B, W), and its features, (B, F).

    The features are what the uncertainty of a difference is predicted from (see `degu.distillation.differences`).
    """
    heads = _InUnits(outputs, name="heads")(student.output)
    return keras.Model(student.input, [heads, feature_tensor(student)])


class _InUnits(keras.layers.Layer):
    """A model's outputs as heads side by side, in the units of the data."""

    def __init__(self, outputs: Outputs, **options: object) -> None:
        super().__init__(dtype="float32", **options)
        self._outputs = outputs

    def call(self, values: KerasTensor) -> KerasTensor:
        outputs = self._outputs
        heads = outputs.to_heads(outputs.split(values))
        parts = [outputs.unscale(head, heads[head]) for head in outputs.heads.heads]
        return ops.concatenate([ops.reshape(part, (-1, math.prod(part.shape[1:]))) for part in parts], axis=1)


def export_networks(folder: Path, students: Mapping[int, Path], difference: Path | None, tokens: np.ndarray) -> float:
    """Write the networks of a folder as ONNX too, and return how far what they predict is from what Keras does.

    Parameters
    ----------
    folder
        The folder.
    students
        `.keras` files of the students, by their seed numbers.
    difference
        `.keras` file of the head for the uncertainty of a difference, if there is any.
    tokens
        Constructs that both predict, uint8 (N, L).

    Returns
    -------
    Greatest difference between both, as a share of the greatest value of each output

    Raises
    ------
    DeguError
        If a network has a layer that cannot be written so, the difference is above `MOST_DISTANT`, or what writes ONNX
        is not installed. No file is left.
    """
    _check_writer()
    written, described = [], {}
    try:
        for seed, path in students.items():
            network, _, outputs = load(path)
            written.append(folder / f"student-{seed}.onnx")
            _export(heads_and_features(network, outputs), written[-1])
            described[seed] = outputs.heads
        if difference is not None:
            written.append(folder / "difference.onnx")
            _export(keras.saving.load_model(difference, compile=False), written[-1])
        return _distance(folder, students, difference, tokens, described)
    except DeguError:
        for path in written:
            path.unlink(missing_ok=True)
        raise


def _check_writer() -> None:
    if importlib.util.find_spec("tf2onnx") is None:
        raise DeguError("writing ONNX takes the package tf2onnx", remedy=installing("onnx"))


def _export(model: keras.Model, path: Path) -> None:
    # A model that was never called is exported without its inputs.
    zeros = [np.zeros((1, *tensor.shape[1:]), dtype=np.float32) for tensor in model.inputs]
    model.predict_on_batch(zeros if len(zeros) > 1 else zeros[0])
    try:
        with write_aside(path) as aside, warnings.catch_warnings():
            # Keras looks for a name of NumPy that is to come back.
            warnings.simplefilter("ignore", FutureWarning)
            model.export(aside, format="onnx", verbose=False)
            # The package onnx comes with what writes ONNX.
            from degu.package.onnx_order import put_in_order

            put_in_order(aside)
    except (ValueError, TypeError, NotImplementedError, RuntimeError) as error:
        raise DeguError(f"the network cannot be written as ONNX: {error}", where=path) from error


def _distance(
    folder: Path,
    students: Mapping[int, Path],
    difference: Path | None,
    tokens: np.ndarray,
    described: Mapping[int, Heads],
) -> float:
    """Compare the files in a folder with the networks of Keras, as `export_networks` says.

    The heads of each student are described by its seed number.
    """
    pairs, features = [], []
    sequences = one_hot(tokens)
    for seed, path in students.items():
        here, there = load_onnx(folder / f"student-{seed}.onnx", 1)(sequences), load_student(path)(sequences)
        heads = described[seed]
        pairs += [(heads.select(here[0], head), heads.select(there[0], head)) for head in heads.heads]
        features.append((here[1], there[1]))
    if difference is not None:
        # Each sequence is compared with the next one.
        first = [(own, np.roll(own, 1, axis=0)) for own in features[0]]
        by_onnx = load_onnx(folder / "difference.onnx", 1)(*first[0])[0]
        pairs.append((by_onnx, load_difference(difference)(*first[1])))
    # The positions of a profile are one output, since many of them are next to 0.
    spans = [np.abs(there).max(axis=(0, *range(2, there.ndim)), keepdims=True) for _, there in pairs]
    distance = max(float(np.max(np.abs(a - b) / span)) for (a, b), span in zip(pairs, spans, strict=True))
    if distance > MOST_DISTANT:
        raise DeguError(
            f"the network as ONNX differs from Keras by {distance:.1g} of its greatest value",
            where=folder,
            expected=f"at most {MOST_DISTANT:g}",
        )
    return distance
