"""The surroundings of a training in a person's own process: they are set for it, and given back afterwards."""

import contextlib
import logging
import random
import sys
from collections.abc import Iterator

import numpy as np

from degu.training.backend import keras, prepare
from degu.errors import DeguError
from degu.provenance.occasional import Occasional

_BACKENDS = ("tensorflow", "jax")


@contextlib.contextmanager
def session(*, deterministic: bool, verbose: bool) -> Iterator[str]:
    """Yield the name of the device, with Keras set up for training; afterwards its settings are as they were.

    The states of Python's and NumPy's global random generators and the default precision are given back, too. Those of
    TensorFlow are not: its global seed is another one afterwards, and operations stay deterministic.

    Parameters
    ----------
    deterministic
        Whether operations are to give the same result every time.
    verbose
        Whether progress and warnings are written to the terminal.

    Raises
    ------
    DeguError
        If Keras works on a backend that no training is made for.
    """
    backend = keras.backend.backend()
    if backend not in _BACKENDS:
        raise DeguError(
            f"Keras works on the backend '{backend}'",
            expected=" or ".join(_BACKENDS),
            remedy="set the environment variable KERAS_BACKEND=tensorflow before Keras is imported",
        )
    kept = keras.config.floatx(), keras.config.epsilon(), keras.config.image_data_format()
    policy, own_state = keras.config.dtype_policy(), random.getstate()
    # Keras seeds this generator, whatever is better.
    numpy_state = np.random.get_state()  # noqa: NPY002
    with _shown() if verbose else contextlib.nullcontext():
        try:
            yield prepare(None, deterministic=deterministic)
        finally:
            keras.config.set_floatx(kept[0])
            keras.config.set_epsilon(kept[1])
            keras.config.set_image_data_format(kept[2])
            keras.config.set_dtype_policy(policy)
            random.setstate(own_state)
            np.random.set_state(numpy_state)  # noqa: NPY002


@contextlib.contextmanager
def _shown() -> Iterator[None]:
    """Write what happens to standard error: each step of the library, the progress of trainings, and warnings."""
    log = logging.getLogger("degu")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", datefmt="%H:%M:%S"))
    occasional = Occasional()
    handler.addFilter(lambda record: record.name.startswith("degu.library") or occasional.filter(record))
    level, propagate = log.level, log.propagate
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    # A handler of the root logger would show each line once more.
    log.propagate = False
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
        log.propagate = propagate
