"""Keras set up for one job: device, threads, determinism, seeds."""

import contextlib
import logging
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from degu.imports import hidden
from degu.provenance.job_records import note


@contextlib.contextmanager
def _quiet_libraries() -> Iterator[None]:
    """Drop what compiled libraries write to standard error: TensorFlow's start-up notes, on every start."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    kept = os.dup(2)
    with Path(os.devnull).open("wb") as sink:
        os.dup2(sink.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


# They take more than half of the time that Keras and TensorFlow need to start, for features of no use here.
UNUSED = ("jax", "matplotlib", "pandas", "scipy", "sklearn") if os.environ.get("KERAS_BACKEND") == "tensorflow" else ()

with _quiet_libraries(), hidden(*UNUSED):
    import keras

log = logging.getLogger(__name__)

DEVICES = Path("/dev")
# Every random draw belongs to a stage, so that a member and a student of the same seed number share none.
STAGES = (
    "member",
    "student",
    "dropout",
    "explained",
    "fine_tuning",
    "pool",
    "difference",
    "substitutions",
    "acquisition",
)


def prepare(threads: int | None, *, deterministic: bool = True, gpu_expected: bool = False) -> str:
    """Set threads, determinism and Keras's defaults, and say in the log which device will be used.

    Parameters
    ----------
    threads
        Number of threads for the operations of one job; None leaves them to TensorFlow, which may have begun to work.
    deterministic
        Whether the backend is asked for operations that give the same result every time.
    gpu_expected
        Whether a missing GPU is warned of where there should be one (`gpu_given`).

    Returns
    -------
    The device's name
    """
    # These come from ~/.keras/keras.json, where each user may have set others.
    keras.config.set_floatx("float32")
    keras.config.set_epsilon(1e-7)
    keras.config.set_image_data_format("channels_last")
    if keras.backend.backend() != "tensorflow":
        device = f"{keras.backend.backend()} device"
        log.info("device: %s", device)
        return device
    import tensorflow as tf

    # A rule predicts with many models, and each of them is traced. TensorFlow warns of that as of a mistake.
    tf.get_logger().setLevel(logging.ERROR)
    if threads is not None:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
    if deterministic:
        tf.config.experimental.enable_op_determinism()
    gpus = tf.config.list_physical_devices("GPU")
    # A GPU that is in use already keeps its way to take memory.
    with contextlib.suppress(RuntimeError) if threads is None else contextlib.nullcontext():
        for gpu in gpus:
            tf.config.experimental.set_memory_growth(gpu, True)
    if gpus:
        device = tf.config.experimental.get_device_details(gpus[0]).get("device_name", "GPU")
    else:
        device = "CPU" if threads is None else f"CPU, {threads} thread{'s' if threads > 1 else ''}"
        if gpu_expected and gpu_given():
            log.warning(
                "this job should have a GPU, but TensorFlow finds none and works on the CPU; "
                "`make gpu` installs the CUDA libraries, slurm/profile.yaml says which partition is asked for GPUs"
            )
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    log.info("device: %s%s", device, "" if visible is None else f", CUDA_VISIBLE_DEVICES={visible}")
    note(device=device)
    return device


def gpu_given() -> bool:
    """Return whether a scheduler or the machine gives this job a GPU, whatever TensorFlow finds."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        return visible not in ("", "-1")
    return "SLURM_JOB_ID" in os.environ or any(DEVICES.glob("nvidia[0-9]*"))


def derive_seed(seed: int, stage: str, number: int) -> int:
    """Return a 31-bit seed for one job of one stage, from the configuration's seed."""
    state = np.random.SeedSequence([seed, STAGES.index(stage), number]).generate_state(1)[0]
    return int(state >> 1)


def total_parameters(weights: Iterable) -> int:
    """Return the number of values in some weights."""
    return sum(int(np.prod(weight.shape)) for weight in weights)
