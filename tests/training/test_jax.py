"""Training with Keras on JAX: the tests that TensorFlow passes, in a process of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

# JAX takes minutes to compile what training is tested with.
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("file", ["test_loop.py", "test_training.py"])
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
