"""Models that the tests of the commands share, and the set-up of TensorFlow that they leave as it is."""

import pytest

from degu.package.folder import ModelFolder
from tests.command.models import write_model
from tests.command.profile_models import write_profile_model


@pytest.fixture(scope="session")
def model_path(tmp_path_factory):
    """Return the folder of a student with a head for the uncertainty of a difference."""
    return write_model(tmp_path_factory.mktemp("model") / "student", difference=True)


@pytest.fixture(scope="session")
def plain_path(tmp_path_factory):
    """Return the folder of a student without that head."""
    return write_model(tmp_path_factory.mktemp("plain") / "student")


@pytest.fixture(scope="session")
def profiles_path(tmp_path_factory):
    """Return the folder of a student of profiles."""
    return write_profile_model(tmp_path_factory.mktemp("profiles") / "student", difference=True)


@pytest.fixture(scope="session")
def model(model_path):
    return ModelFolder(model_path)


@pytest.fixture(scope="session")
def plain(plain_path):
    return ModelFolder(plain_path)


@pytest.fixture(autouse=True)
def one_process(monkeypatch):
    """Leave the threads of TensorFlow as they are, which cannot be set twice in a process."""
    monkeypatch.setattr("degu.command.running.prepare", lambda threads: None)
