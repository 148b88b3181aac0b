"""Devices, threads, determinism and seeds."""

import json
import os
import subprocess
import sys

import keras
import numpy as np
import pytest

from degu.training.backend import STAGES, derive_seed, gpu_given, total_parameters
from tests.conftest import REPOSITORY

# TensorFlow takes its threads once a process, so that this needs a process of its own.
_PREPARE = """
import json, logging, sys
from degu.training.backend import prepare
messages = []
handler = logging.Handler()
handler.emit = lambda record: messages.append((record.levelname, record.getMessage()))
logging.getLogger("degu.training.backend").addHandler(handler)
logging.getLogger("degu.training.backend").setLevel("INFO")
device = prepare(2, gpu_expected=True)
hidden = [name for name in ("jax", "matplotlib", "pandas", "scipy", "sklearn") if name in sys.modules]
import matplotlib.pyplot, pandas, scipy.stats, sklearn.linear_model
import tensorflow as tf
from tensorflow.python.framework import config
print(json.dumps({
    "device": device,
    "imported": hidden,
    "messages": messages,
    "intra": tf.config.threading.get_intra_op_parallelism_threads(),
    "inter": tf.config.threading.get_inter_op_parallelism_threads(),
    "deterministic": config.is_op_determinism_enabled(),
}))
"""


@pytest.fixture(scope="module")
def prepared() -> dict:
    # More GPUs than a machine has: given, and not to be found.
    own = {"CUDA_VISIBLE_DEVICES": "99", "PYTHONPATH": str(REPOSITORY / "scripts"), "KERAS_BACKEND": "tensorflow"}
    environment = {**os.environ, **own}
    done = subprocess.run([sys.executable, "-c", _PREPARE], capture_output=True, text=True, env=environment, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_prepare_sets_the_threads_and_names_the_device(prepared):
    assert (prepared["intra"], prepared["inter"]) == (2, 2)
    assert prepared["device"] == "CPU, 2 threads"


def test_prepare_logs_which_device_it_was_given(prepared):
    assert ["INFO", "device: CPU, 2 threads, CUDA_VISIBLE_DEVICES=99"] in prepared["messages"]


def test_a_job_starts_without_what_keras_imports_for_features_of_no_use(prepared):
    """All of it can be imported afterwards, which the process of `prepared` does."""
    assert prepared["imported"] == []


def test_prepare_asks_for_deterministic_operations(prepared):
    assert prepared["deterministic"]


def test_prepare_warns_where_a_gpu_was_given_and_is_not_found(prepared):
    warnings = [text for level, text in prepared["messages"] if level == "WARNING"]
    assert len(warnings) == 1
    assert "TensorFlow finds none" in warnings[0]


@pytest.mark.parametrize(
    ("variables", "given"),
    [
        ({"CUDA_VISIBLE_DEVICES": "0"}, True),
        ({"CUDA_VISIBLE_DEVICES": "GPU-8932f937"}, True),
        ({"CUDA_VISIBLE_DEVICES": "", "SLURM_JOB_ID": "1"}, False),
        ({"CUDA_VISIBLE_DEVICES": "-1"}, False),
        ({"SLURM_JOB_ID": "1"}, True),
    ],
)
def test_a_gpu_is_given_by_a_scheduler(monkeypatch, variables, given):
    for name in ("CUDA_VISIBLE_DEVICES", "SLURM_JOB_ID"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert gpu_given() == given


@pytest.mark.parametrize(("device", "given"), [("nvidia0", True), ("nvidia12", True), ("nvidiactl", False)])
def test_a_machine_has_a_gpu_if_it_has_its_device(monkeypatch, tmp_path, device, given):
    for name in ("CUDA_VISIBLE_DEVICES", "SLURM_JOB_ID"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / device).touch()
    monkeypatch.setattr("degu.training.backend.DEVICES", tmp_path)
    assert gpu_given() == given


def test_no_two_jobs_share_a_seed():
    seeds = [derive_seed(seed, stage, number) for seed in range(3) for stage in STAGES for number in range(200)]
    assert len(set(seeds)) == len(seeds)


def test_a_seed_depends_on_its_arguments_alone():
    first = derive_seed(7, "member", 3)
    keras.utils.set_random_seed(2)
    assert derive_seed(7, "member", 3) == first


def test_seeds_fit_into_31_bits():
    seeds = [derive_seed(1, "student", number) for number in range(500)]
    assert all(isinstance(seed, int) for seed in seeds)
    assert min(seeds) >= 0 and max(seeds) < 2**31
    # They spread over the whole range.
    assert max(seeds) > 2**30 and min(seeds) < 2**26


def test_parameters_are_counted_over_all_weights():
    assert total_parameters([np.zeros((3, 4)), np.zeros(5), np.zeros(())]) == 12 + 5 + 1
