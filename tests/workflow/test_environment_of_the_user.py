"""What a user has installed or set for other work changes nothing of a run."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import h5py
import pytest

from tests.workflow.cases import STORE, Case
from tests.workflow.checkout import REPOSITORY
from tests.workflow.command import run_anew

pytestmark = pytest.mark.system

WRONG = "raise RuntimeError('this is another package of the same name')\n"


def run(case: Case, *targets: str, **variables: str) -> str:
    """Run a case in a Python of its own under the variables of a user, and return what it prints."""
    case.write()
    done = run_anew(case.folder, "--configfile", "bad.yaml", "--cores", "1", "--", *targets, variables=variables)
    assert done.returncode == 0, done.stdout
    return done.stdout


def other_package(folder: Path) -> Path:
    """Make a package `degu` that cannot be imported, and return the folder that it is in."""
    (folder / "degu").mkdir(parents=True)
    (folder / "degu" / "__init__.py").write_text(WRONG)
    return folder


def test_a_package_of_the_same_name_on_the_path_is_not_imported(case, tmp_path):
    run(case, STORE, PYTHONPATH=str(other_package(tmp_path / "other")))
    assert (case.folder / STORE).is_file()


def test_a_job_refuses_to_run_with_another_package(case, tmp_path):
    """A file `sitecustomize.py` may import a package before the job can do anything about it."""
    other = tmp_path / "other"
    shutil.copytree(REPOSITORY / "scripts" / "degu", other / "degu")
    (other / "sitecustomize.py").write_text("import sys\nif '-m' not in sys.orig_argv: import degu\n")
    case.write()
    settings = ("--configfile", "bad.yaml", "--cores", "1")
    done = run_anew(case.folder, *settings, "--", STORE, variables={"PYTHONPATH": str(other)})
    assert done.returncode != 0
    assert "this package `degu` was imported in place of the workflow's own" in done.stdout
    assert not (case.folder / STORE).exists()


@pytest.mark.slow
def test_the_settings_of_keras_change_no_model(case, tmp_path):
    settings = {"floatx": "float16", "backend": "jax", "image_data_format": "channels_first", "epsilon": 0.1}
    model = "results/assay/small/fraction-1/member-1/model.keras"
    run(case, model)
    expected = (case.folder / model).read_bytes()
    (tmp_path / ".keras").mkdir()
    (tmp_path / ".keras" / "keras.json").write_text(json.dumps(settings))
    shutil.rmtree((case.folder / model).parent)
    run(case, model, HOME=str(tmp_path), KERAS_BACKEND="jax")
    assert (case.folder / model).read_bytes() == expected


def test_paths_may_begin_with_the_home_of_the_user(case, tmp_path):
    case.write()
    shutil.move(case.table, tmp_path / "a b c.tsv")
    case.source["path"] = "~/a b c.tsv"
    (case.folder / "config/datasets/assay.yaml").unlink()
    run(case, STORE, HOME=str(tmp_path))
    with h5py.File(case.folder / STORE) as file:
        assert len(file["targets"]) == 60


def test_a_file_system_without_locks_is_read(case, tmp_path):
    """A library stands in for it, which refuses every lock as a network file system without a server of locks does."""
    if shutil.which("gcc") is None:
        pytest.skip("there is no compiler")
    (tmp_path / "no.c").write_text("#include <errno.h>\nint flock(int fd, int op) { errno = ENOLCK; return -1; }\n")
    library = tmp_path / "no.so"
    assert os.system(f"gcc -shared -fPIC -o {library} {tmp_path / 'no.c'}") == 0
    performance = "results/assay/kmer_ridge/fraction-1/performance.tsv"
    run(case, performance, LD_PRELOAD=str(library))
    assert (case.folder / performance).is_file()


@pytest.mark.parametrize("script", ["train_member", "predict_members", "attribute_members"])
def test_tensorflow_starts_without_a_word(script):
    variables = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    code = f"import {script}\nfrom degu.training.backend import prepare\nprepare(1)\n"
    command, folder = [sys.executable, "-c", code], REPOSITORY / "scripts"
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_a_model_is_imported_in_the_python_of_a_user_without_a_word(tmp_path):
    variables = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    variables["PYTHONPATH"] = str(REPOSITORY / "scripts")
    command = [sys.executable, "-c", "import degu.prediction.predictor"]
    done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
