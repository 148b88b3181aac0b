"""A training leaves a person's process as it was."""

import logging
import random

import keras
import numpy as np
import pytest
from tensorflow.python.framework import config

from degu.errors import DeguError
from degu.library.session import session

quiet = {"deterministic": True, "verbose": False}


def draws() -> tuple[float, float]:
    """Draw a number from each of the global generators."""
    return random.random(), np.random.random()  # noqa: NPY002


def seed() -> None:
    random.seed(1)
    np.random.seed(1)  # noqa: NPY002


def test_settings_and_random_states_are_given_back():
    keras.config.set_epsilon(1e-5)
    keras.config.set_dtype_policy("mixed_bfloat16")
    seed()
    expected = draws()
    seed()
    try:
        with pytest.raises(RuntimeError), session(**quiet):
            assert keras.config.epsilon() == 1e-7
            assert config.is_op_determinism_enabled()
            keras.utils.set_random_seed(99)
            keras.utils.clear_session()
            keras.config.set_dtype_policy("float32")
            raise RuntimeError
        assert draws() == expected
        assert keras.config.epsilon() == 1e-5
        assert keras.config.dtype_policy().name == "mixed_bfloat16"
    finally:
        keras.config.set_epsilon(1e-7)
        keras.config.set_dtype_policy("float32")


def test_steps_progress_and_warnings_are_shown_on_request(capsys):
    own, other = logging.getLogger("degu.library.test"), logging.getLogger("degu.training.test")

    def speak():
        own.info("a step")
        other.info("a detail")
        other.warning("a warning")

    with session(**quiet):
        speak()
    assert capsys.readouterr().err == ""
    with session(deterministic=True, verbose=True):
        speak()
    shown = capsys.readouterr().err
    assert [line[9:] for line in shown.splitlines()] == ["a step", "a warning"]
    with session(**quiet):
        speak()
    assert capsys.readouterr().err == ""


def test_another_backend_is_refused(monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "torch")
    with pytest.raises(DeguError, match=r"backend 'torch'(?s:.*)KERAS_BACKEND=tensorflow"), session(**quiet):
        pass
