"""Networks at base resolution with Keras on JAX: the tests that TensorFlow passes, in a process of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
FILES = (
    *("test_bpnet.py", "test_residual_profile.py", "test_dream_rnn_profile.py"),
    *("layers/test_profile_outputs.py", "layers/test_bias.py"),
)


def test_they_compute_on_jax_what_they_compute_on_tensorflow():
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", "-m", "not slow", *FILES],
        cwd=Path(__file__).parent,
        env={**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
