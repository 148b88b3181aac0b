"""The set-up of the Makefile."""

import os
import shutil
import subprocess

from tests.conftest import REPOSITORY


def test_an_environment_that_other_folders_use_is_not_emptied(tmp_path):
    clone, shared = tmp_path / "clone", tmp_path / "shared"
    clone.mkdir()
    shared.mkdir()
    for name in ("Makefile", "requirements.lock"):
        shutil.copy(REPOSITORY / name, clone)
    complete = shared / "complete"
    complete.touch()
    # The lock file is newer than the environment.
    os.utime(complete, (0, 0))
    (clone / ".venv").symlink_to(shared)
    done = subprocess.run(["make", "lint"], cwd=clone, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert f".venv is a link to {shared}, which would be emptied" in done.stderr
    assert complete.exists()
