"""For equal data, recipe and seed, the library makes the models that a run makes, to the byte."""

import os
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest

from degu.data.sequences import decode
from degu.formats.files import file_digest
from degu.library.ensemble import Ensemble
from degu.library.student import open_student
from degu.prediction.predictor import predict_members
from tests.conftest import REPOSITORY
from tests.workflow.checkout import small_copy
from tests.workflow.command import succeed

TEACHER = "motif_cnn_noise_replicates"
MODEL = {"filters": 8, "units": 8, "kernel": 7}
SETTINGS = {
    "datasets": ["mine"],
    "seed": 3,
    "members_per_job": 2,
    "study": {
        "teachers": [TEACHER],
        "students": ["degu"],
        "baselines": [],
        "fractions": [1.0],
        "members": 3,
        "student_seeds": 1,
    },
    "attribution": {"run": []},
    "overrides": {"teachers": {TEACHER: {"epochs": 3, "model": MODEL}}, "students": {"degu": {"epochs": 2}}},
}
DATASET = """
title: Mine
importer: table
files: {table: {path: mine.tsv}}
options:
  group: element
  left_flank: ACG
  right_flank: TT
  targets: {activity: {replicates: [a, b, c], unit: log2}}
"""
# A job of a run has one thread.
LIBRARY = f"""
import tensorflow as tf
tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
import sys
import pandas as pd
import degu
table = pd.read_csv("mine.tsv", sep="\\t")
assay = degu.Assay(
    table["sequence"], None, table[["a", "b", "c"]], groups=table["element"], flanks=("ACG", "TT"), units="log2"
)
settings = degu.Settings(teacher={{"epochs": 3}}, student={{"epochs": 2}}, verbose=False)
ensemble = degu.Ensemble.train({{"name": "motif_cnn", **{MODEL}}}, assay, members=3, seed=3, settings=settings)
ensemble.save("ensemble")
ensemble.distil(assay, seed=3, settings=settings).save("student")
"""


def write_table(path: Path) -> None:
    rng = np.random.default_rng(5)
    tokens = rng.integers(0, 4, size=(240, 30), dtype=np.uint8)
    activity = 8 * (tokens == 0).mean(axis=1)[:, None] + rng.normal(size=(240, 3))
    frame = pd.DataFrame(activity, columns=["a", "b", "c"])
    frame.assign(sequence=decode(tokens), element=np.arange(240) // 2).to_csv(path, sep="\t", index=False)


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> tuple[Path, Path]:
    """Return the folder of the run's ensemble, and the folder in which the library has worked."""
    copy, own = small_copy(tmp_path_factory.mktemp("run") / "copy", SETTINGS), tmp_path_factory.mktemp("library")
    write_table(copy / "mine.tsv")
    write_table(own / "mine.tsv")
    (copy / "config" / "datasets" / "mine.yaml").write_text(DATASET)
    ensemble = Path("results", "mine", TEACHER, "fraction-1")
    succeed(copy, "--configfile", "small.yaml", "--", ensemble / "students" / "degu" / "package")
    variables = {**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts"), "KERAS_BACKEND": "tensorflow"}
    subprocess.run([sys.executable, "-c", LIBRARY], cwd=own, env=variables, check=True)
    return copy / ensemble, own


@pytest.mark.system
def test_members_are_the_same_files(folders):
    run, own = folders
    for number in (1, 2, 3):
        assert file_digest(own / "ensemble" / f"member-{number}.keras") == file_digest(
            run / f"member-{number}" / "model.keras"
        )


@pytest.mark.system
def test_students_are_the_same_files_with_the_same_intervals_and_backgrounds(folders):
    run, own = folders
    package = run / "students" / "degu" / "package"
    assert file_digest(own / "student" / "student-1.keras") == file_digest(package / "student-1.keras")
    found, expected = open_student(own / "student"), open_student(package)
    with np.load(own / "student" / "arrays.npz") as arrays, np.load(package / "arrays.npz") as others:
        assert arrays.files == others.files
        for name in arrays.files:
            np.testing.assert_array_equal(arrays[name], others[name])
    for fact in ("targets", "units", "heads", "construct", "members", "measured", "difference", "data_digest"):
        assert found.facts[fact] == expected.facts[fact]
    rng = np.random.default_rng(1)
    first, second = (rng.integers(0, 4, size=(20, 30)) for _ in range(2))
    effects = [student.variants(first, second) for student in (found, expected)]
    for name, values in effects[0].items():
        np.testing.assert_allclose(values, effects[1][name], rtol=1e-4, atol=1e-4)


@pytest.mark.system
def test_an_ensemble_of_the_run_predicts_what_the_run_has_saved(folders):
    run, _ = folders
    paths = [run / f"member-{number}" / "model.keras" for number in (1, 2, 3)]
    ensemble = Ensemble(paths, flanks=("ACG", "TT"))
    with h5py.File(run / "pools" / "variants.h5") as file:
        tokens, saved = file["tokens/train"][:50], file["train"][:, :50]
    expected = predict_members(paths, [1, 2, 3], {"pool": tokens})
    np.testing.assert_allclose(saved, expected.values["pool"], rtol=1e-4, atol=1e-5)
    found = ensemble.predict(tokens)
    for head, values in expected.heads_of_ensemble("pool").items():
        np.testing.assert_allclose(found[head], values, rtol=1e-4, atol=1e-5)
