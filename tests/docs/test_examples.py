"""The configurations and the Python code that README.md and the guide show work as they stand."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from degu.config.configuration import Configuration
from degu.config.merging import merge
from degu.config.schemas import read_yaml
from tests.docs.pages import DOCS, REPOSITORY, blocks
from tests.workflow.checkout import copy_repository, small_copy
from tests.workflow.command import environment, job_counts, plan, succeed

DEFAULT = read_yaml(REPOSITORY / "config" / "config.yaml")
# One student of the default run, of the same length of sequences, in seconds.
QUICK = {
    "study": {"students": ["degu"], "baselines": [], "fractions": [1.0], "members": 2, "student_seeds": 1},
    "attribution": {"run": []},
    "overrides": {
        "datasets": {"simulated_mpra": {"options": {"number": 300}}},
        "teachers": {"small_noise": {"epochs": 1}},
    },
}
STUDENT = "results/simulated_mpra/small_noise/fraction-1/students/degu/seed-1/model.keras"


def yaml_blocks(page: Path) -> list[dict]:
    return [yaml.safe_load(block.code) for block in blocks(page) if block.language == "yaml"]


@pytest.mark.parametrize("page", ["README.md", "docs/guide/own_assay.md"])
def test_the_own_assay_is_accepted(page, tmp_path):
    assay = next(block for block in yaml_blocks(REPOSITORY / page) if "importer" in block)
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "my_assay.yaml").write_text(yaml.safe_dump(assay))
    settings = {**DEFAULT, "datasets": ["my_assay"]}
    study = Configuration(settings, [tmp_path, REPOSITORY / "config"]).study("my_assay")
    assert study["teachers"] == ["motif_cnn_noise"]


def test_both_pages_show_the_same_assay():
    shown = [yaml_blocks(page)[0] for page in (REPOSITORY / "README.md", DOCS / "guide" / "own_assay.md")]
    assert shown[0] == shown[1]


def test_the_own_assay_has_as_many_jobs_as_the_page_says(tmp_path):
    page = DOCS / "guide" / "own_assay.md"
    assay, mine, *_ = yaml_blocks(page)
    copy = copy_repository(tmp_path)
    assay["files"]["table"]["path"] = "my_assay.tsv"
    (copy / "my_assay.tsv").write_text("")
    (copy / "config" / "datasets" / "my_assay.yaml").write_text(yaml.safe_dump(assay))
    (copy / "mine.yaml").write_text(yaml.safe_dump(mine))
    settings = (("--config", "datasets=[my_assay]"), ("--configfile", "mine.yaml"))
    planned = [sum(job_counts(plan(copy, *given)).values()) for given in settings]
    assert re.findall(r"([\d,]+) jobs", page.read_text()) == [f"{jobs:,}" for jobs in planned]


def test_settings_laid_over_the_default_are_accepted():
    [mine] = yaml_blocks(DOCS / "guide" / "runs.md")
    configuration = Configuration(merge(DEFAULT, mine), [REPOSITORY / "config"])
    assert configuration.study("deepstarr_subset")["members"] == 3
    assert configuration.teacher("deepstarr")["epochs"] == 20
    assert configuration.teacher("deepstarr")["model"] == {"name": "deepstarr", "width": 0.5}


def python_blocks(page: Path) -> list[str]:
    return [block.code for block in blocks(page) if block.language == "python"]


@pytest.mark.system
def test_a_student_is_used_as_the_pages_say(tmp_path):
    copy = small_copy(tmp_path / "copy", QUICK)
    succeed(copy, "--configfile", "small.yaml", "--", STUDENT)
    for page in (REPOSITORY / "README.md", DOCS / "guide" / "use_a_student.md"):
        code = "\n".join(block for block in python_blocks(page) if "degu.distil" not in block)
        assert STUDENT in code
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=copy, env=environment(), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        said = [line.rpartition("# ")[2] for line in code.splitlines() if line.startswith(("print(intervals", "# {"))]
        assert done.stdout.splitlines() == [line.partition(": lower")[0] for line in said]
