"""What computes the students of a folder: Keras, or ONNX Runtime, which starts in a fraction of the time."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from degu.data.sequences import one_hot
from degu.package.facts import DIFFERENCE
from degu.package.onnx_networks import load_onnx

# Constructs that go through a network together.
BLOCK = 512
RUNTIMES = ("onnx", "keras")

# A function of a student: heads side by side in the units of the data, float32 (N, W), and features, (N, F), of tokens.
Student = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
# The standard deviation of a difference, (N, T), of the features of both sequences.
Difference = Callable[[np.ndarray, np.ndarray], np.ndarray]


def load_students(folder: Path, seeds: Sequence[int], runtime: str, threads: int) -> list[Student]:
    """Return the function of each student of a folder.

    Parameters
    ----------
    folder
        The folder, whose files have been checked.
    seeds
        Seed numbers of the students.
    runtime
        What computes them, from `RUNTIMES`.
    threads
        Number of processor cores that ONNX Runtime takes.

    Raises
    ------
    DeguError
        If a file is damaged, or would run code that it brings with it.
    """
    if runtime == "onnx":
        files = (folder / f"student-{seed}.onnx" for seed in seeds)
        return [partial(_in_blocks, load_onnx(file, threads)) for file in files]
    # Keras takes seconds to import, and ONNX Runtime does without it.
    from degu.package import keras_networks

    files = (folder / f"student-{seed}.keras" for seed in seeds)
    return [partial(_in_blocks, keras_networks.load_student(file)) for file in files]


def load_difference(folder: Path, runtime: str, threads: int) -> Difference:
    """Return the function of the head for the standard deviation of a difference, as `load_students` does."""
    if runtime == "onnx":
        session = load_onnx(folder / f"{DIFFERENCE}.onnx", threads)
        return lambda first, second: session(first, second)[0]
    from degu.package import keras_networks

    return keras_networks.load_difference(folder / f"{DIFFERENCE}.keras")


def _in_blocks(network: Callable[..., Sequence[np.ndarray]], tokens: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    parts = [network(one_hot(block)) for block in _blocks(tokens)]
    heads, features = (np.concatenate([np.asarray(part[place]) for part in parts]) for place in (0, 1))
    return heads, features


def _blocks(tokens: np.ndarray) -> Iterator[np.ndarray]:
    # No sequences are one empty block, so that the result has its shape.
    yield from (tokens[start : start + BLOCK] for start in range(0, max(len(tokens), 1), BLOCK))
