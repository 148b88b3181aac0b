"""A small assay, an ensemble that was trained on it, and a student of it, which the tests of the library share."""

import numpy as np
import pytest

from degu.data.sequences import decode
from degu.library.assay import Assay
from degu.library.ensemble import Ensemble
from degu.library.settings import Settings
from degu.library.student import Student
from tests.networks import tiny

LENGTH = 20
FLANKS = ("AC", "GTT")
QUICK = Settings(
    teacher={"epochs": 2, "batch_size": 32},
    student={"epochs": 2, "pool": {"variants": 1}},
    students=2,
    together=2,
    verbose=False,
)


def build(length, outputs):
    """Build a network that is traced in no time."""
    return tiny.build(length, outputs, filters=6, dropout=0.1)


def arrays_of(number: int = 200, targets: int = 2, seed: int = 1) -> tuple[list[str], np.ndarray]:
    """Return random sequences, and the numbers of A and C of each with noise, (N, T)."""
    rng = np.random.default_rng(seed)
    tokens = rng.integers(0, 4, size=(number, LENGTH), dtype=np.uint8)
    counts = np.stack([(tokens == base).sum(axis=1) for base in range(targets)], axis=1)
    return decode(tokens), counts * [1.0, 30.0][:targets] + rng.normal(size=(number, targets))


@pytest.fixture(scope="session")
def assay() -> Assay:
    sequences, activity = arrays_of()
    fractions = {"train": 0.6, "validation": 0.1, "calibration": 0.2, "test": 0.1}
    return Assay(sequences, activity, split=fractions, targets=["Dev", "Hk"], units=["log2", ""], flanks=FLANKS)


@pytest.fixture(scope="session")
def ensemble(assay) -> Ensemble:
    return Ensemble.train(build, assay, members=3, seed=2, settings=QUICK)


@pytest.fixture(scope="session")
def student(ensemble, assay) -> Student:
    return ensemble.distil(assay, seed=2, settings=QUICK)
