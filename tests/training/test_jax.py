"""Training with Keras on JAX: the tests that TensorFlow passes, in a process of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.system


# JAX takes minutes to compile what training is tested with.
@pytest.mark.parametrize("file", ["test_loop.py", pytest.param("test_training.py", marks=pytest.mark.slow)])
def test_models_are_trained_on_jax_as_on_tensorflow(file):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow", file],
        cwd=Path(__file__).parent,
        env={**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
