"""Training with Keras on JAX: the tests that TensorFlow passes, in a process of their own."""

import os
import subprocess
import sys
from pathlib import Path

FILES = ("test_passes.py", "test_training.py")
# Of the tests of training, one: compiling takes most of their time.
CHOSEN = "test_passes or trained_side_by_side"


def test_models_are_trained_on_jax_as_on_tensorflow():
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", CHOSEN, *FILES]
    done = subprocess.run(
        command,
        cwd=Path(__file__).parent,
        env={**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
