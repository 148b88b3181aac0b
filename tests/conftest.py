"""Small stores and recipes that several tests share, and the folder of the repository."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import pytest

import degu.models
from degu.data.splits import CODE
from degu.data.store import SequenceStore

REPOSITORY = Path(__file__).parent.parent
SHARED_DATA = REPOSITORY.parent / "shared" / "data"
# Recipes of tests may name the networks in this folder, too.
degu.models.__path__.append(str(Path(__file__).parent / "networks"))


# These files take minutes each, and the processes of pytest begin with them. The first makes a run on a Slurm, the
# second one on this machine that other files use, too, and the third compiles what others do not compile again then.
LONGEST = (
    *("test_slurm.py", "test_results.py", "test_matching.py"),
    *("test_extend.py", "test_interruption.py", "test_built_environments.py"),
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first."""
    place = {name: index for index, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


def pytest_collection_finish() -> None:
    """Look for garbage among what the tests make, and no more in all that was imported for them."""
    gc.freeze()


@pytest.fixture(scope="module", autouse=True)
def swept() -> Iterator[None]:
    """Remove the garbage of a file. Keras looks through all that is not frozen whenever it clears a session."""
    yield
    gc.collect()
    gc.freeze()


def small_store(rows: int = 80, length: int = 24, targets: int = 1, replicates: bool = True) -> SequenceStore:
    """Return a store of random sequences whose activity is their fraction of A plus noise; no two rows are related."""
    rng = np.random.default_rng(5)
    tokens = rng.integers(0, 4, size=(rows, length), dtype=np.uint8)
    activity = (tokens == 0).mean(axis=1)[:, None] + 0.1 * rng.standard_normal((rows, targets))
    split = np.resize(np.repeat(list(CODE.values()), [5, 1, 1, 1]), rows).astype(np.uint8)
    std = rng.uniform(0.1, 0.5, size=(rows, targets)).astype(np.float32) if replicates else None
    return SequenceStore(
        tokens=tokens,
        targets=activity.astype(np.float32),
        split=split,
        group=np.arange(rows),
        names=np.array([f"row{index}" for index in range(rows)]),
        target_names=[f"target{index}" for index in range(targets)],
        units=["log2"] * targets,
        replicate_std=std,
        attributes={"dataset": "small", "flanks": [0, 0], "digest": "test"},
    )


@pytest.fixture
def store() -> SequenceStore:
    return small_store()


@pytest.fixture
def recipe() -> dict:
    """A resolved teacher's recipe that trains in a second."""
    return small_recipe()


def small_recipe() -> dict:
    """Return a resolved teacher's recipe that trains in a second."""
    return {
        "model": {"name": "tiny", "dropout": 0.2},
        "heads": ["mean"],
        "uncertainty": {"link": "identity", "floor": 1e-4},
        "loss": {"name": "mean_squared_error"},
        "head_weights": "equal",
        "target_scaling": "none",
        "output_bias": "zero",
        "precision": "float32",
        "monitor": "loss",
        "resampling": "none",
        "prediction": {"dropout_passes": 0},
        "optimizer": {"name": "adam", "learning_rate": 0.01},
        "batch_size": 16,
        "epochs": 5,
        "early_stopping": {"patience": 3, "minimum_steps": 0},
        "learning_rate_schedule": {"name": "reduce_on_plateau", "warm_up": 0},
        "augmentation": None,
        "windows": {
            "jitter": 0,
            "reverse_complement": False,
            "rows": "all",
            "negatives": None,
            "count_threshold": None,
        },
        "profile_bins": 25,
        "strands": "one",
        "fine_tuning": {"epochs": 0, "learning_rate": 0.001},
        "reduce_learning_rate": {"factor": 0.5, "patience": 1, "minimum": 1e-6},
    }


def skip_without(name: str) -> Path:
    """Return a file of the measured data, or skip the test where it is absent."""
    path = SHARED_DATA / name
    if not path.is_file():
        pytest.skip(f"measured data are not here: {path}")
    return path
