"""What the tests of the configuration share: small files of each kind, and a fixture that writes and reads them."""

import shutil

import pytest
import yaml

from degu.config.configuration import Configuration
from degu.config.merging import merge
from tests.conftest import REPOSITORY

CONFIG = REPOSITORY / "config"

DATASET = {
    "importer": "table",
    "files": {"table": {"name": "mine.tsv"}},
    "options": {"targets": {"activity": {"mean": "y", "std": "s"}}},
}
TEACHER = {
    "model": {"name": "motif_cnn", "filters": 8},
    "heads": ["mean", "aleatoric"],
    "batch_size": 32,
    "optimizer": {"name": "adam", "learning_rate": 0.01},
}
BASELINE = {"uncertainty": {"link": "log_variance"}, "loss": {"name": "gaussian"}}
STUDENT = {"heads": "teacher"}
COUNTED = {
    "importer": "profiles",
    "files": {name: {"path": name} for name in ("genome", "regions", "rep1", "rep2")},
    "options": {"tracks": {"cuts": {"replicates": ["rep1", "rep2"]}}, "negatives": 1},
}
PROFILES = {
    "model": {"name": "bpnet", "filters": 8},
    "heads": ["mean", "profile"],
    "loss": {"name": "multinomial"},
    "windows": {"reverse_complement": True},
}
STUDENT_OF_PROFILES = {
    "loss": {"name": "profile_divergence"},
    "labels": "members",
    "originals": False,
    "uncertainty": {"link": "softplus"},
    "validation_targets": "ensemble",
}


@pytest.fixture
def configure(tmp_path):
    """Return a function that writes one file of each kind, changed by its arguments, and reads the configuration."""
    shutil.copytree(CONFIG / "schemas", tmp_path / "schemas")

    def build(config=None, dataset=None, teacher=None, student=None, baseline=None, study=None):
        files = {
            "datasets/mine": merge(DATASET, dataset or {}),
            "teachers/big": merge(TEACHER, teacher or {}),
            "baselines/noisy": BASELINE if baseline is None else baseline,
            "students/plain": merge(STUDENT, student or {}),
        }
        for name, content in files.items():
            path = tmp_path / f"{name}.yaml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(yaml.safe_dump(content))
        general = {"teachers": ["big"], "students": ["plain"], "members": 4, **(study or {})}
        if baseline is not None:
            general.setdefault("baselines", ["noisy"])
        return Configuration(merge({"datasets": ["mine"], "study": general}, config or {}), [tmp_path])

    build.folder = tmp_path
    return build


def write(folder, kind, name, content):
    (folder / kind).mkdir(exist_ok=True)
    (folder / kind / f"{name}.yaml").write_text(yaml.safe_dump(content))


@pytest.fixture
def profiles(configure):
    """Return a function that reads a configuration of a data set, a teacher and a student of profiles."""

    def build(options=None, teacher=None, student=None, **others):
        dataset = COUNTED | {"options": COUNTED["options"] | (options or {})}
        write(configure.folder, "datasets", "counted", dataset)
        write(configure.folder, "teachers", "net", PROFILES | (teacher or {}))
        write(configure.folder, "students", "follower", STUDENT_OF_PROFILES | (student or {}))
        for name, content in others.items():
            write(configure.folder, "teachers", name, content)
        return configure({"datasets": ["counted"]}, study={"teachers": ["net"], "students": ["follower"]})

    build.folder = configure.folder
    return build
