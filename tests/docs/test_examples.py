"""The configurations and the Python code that README.md and the guide show work as they stand."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

from degu.command.new_assay import command
from degu.config.configuration import Configuration
from degu.config.merging import merge
from degu.config.schemas import read_yaml
from degu.data.build import build_store
from tests.data.tables import REPLICATES, assay
from tests.docs.pages import DOCS, REPOSITORY, blocks
from tests.workflow.checkout import copy_repository, small_copy
from tests.workflow.command import environment, job_counts, plan, succeed

OWN_ASSAY = DOCS / "guide" / "own_assay.md"
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
PACKAGE = "results/simulated_mpra/small_noise/fraction-1/students/degu/package"


def yaml_blocks(page: Path) -> list[dict]:
    return [yaml.safe_load(block.code) for block in blocks(page) if block.language == "yaml"]


@pytest.mark.parametrize("page", ["README.md", "docs/guide/own_assay.md"])
def test_the_own_assay_is_accepted(page, tmp_path):
    assay = next(block for block in yaml_blocks(REPOSITORY / page) if "importer" in block)
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "my_assay.yaml").write_text(yaml.safe_dump(assay))
    settings = {**DEFAULT, "datasets": ["my_assay"]}
    study = Configuration(settings, [tmp_path, REPOSITORY / "config"]).study("my_assay")
    assert study["teachers"] == ["motif_cnn_small_assay"]


def test_both_pages_show_the_same_assay():
    shown = [yaml_blocks(page)[0] for page in (REPOSITORY / "README.md", OWN_ASSAY)]
    assert shown[0] == shown[1]


def test_the_data_sets_of_profiles_are_accepted(tmp_path):
    """The other examples are laid over the first: teachers with a bias network, and another split."""
    assay, biased, teacher, other = yaml_blocks(REPOSITORY / "docs" / "guide" / "profiles.md")
    (tmp_path / "datasets").mkdir()
    (tmp_path / "teachers").mkdir()
    (tmp_path / "teachers" / "my_teacher.yaml").write_text(yaml.safe_dump({**teacher, "bias": "bpnet_bias"}))
    biased["study"]["teachers"].append("my_teacher")
    for name, settings in (("my_atac", {**assay, **biased}), ("other", {**assay, **other})):
        (tmp_path / "datasets" / f"{name}.yaml").write_text(yaml.safe_dump(settings))
    settings = {**DEFAULT, "datasets": ["my_atac", "other"]}
    datasets = Configuration(settings, [tmp_path, REPOSITORY / "config"]).datasets
    assert datasets["my_atac"]["split"]["labels"]["test"] == ["chr1", "chr3", "chr6"]
    assert datasets["other"]["split"]["labels"] == other["split"]["labels"]


def write_own_assay(folder: Path) -> None:
    """Write a table with the columns and the groups of the page's example."""
    rng = np.random.default_rng(1)
    replicates = {f"activity_rep{number}": rng.normal(size=900).round(3) for number in (1, 2, 3)}
    chromosome = rng.choice(["chr1", "chr2", "chr7"], size=900)
    columns = {**dict.fromkeys(REPLICATES), "chromosome": chromosome, **replicates, "dna_counts": np.arange(900)}
    assay(rows=900, length=200, **columns).to_csv(folder / "my_assay.tsv", sep="\t", index=False)


def test_the_page_shows_what_new_assay_prints_and_writes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_own_assay(tmp_path)
    printed = next(block.code for block in blocks(OWN_ASSAY) if block.language == "text")
    assert CliRunner().invoke(command, ["my_assay.tsv"]).output == printed
    shown = next(block.code for block in blocks(OWN_ASSAY) if block.language == "yaml")
    written = (tmp_path / "config" / "datasets" / "my_assay.yaml").read_text()
    # A person has written the title and the unit.
    assert written.replace("title: my_assay", "title: My assay").replace("unit: ''", "unit: log2(RNA/DNA)") == shown


def test_the_own_assay_has_as_many_jobs_as_the_page_says(tmp_path):
    copy = copy_repository(tmp_path)
    write_own_assay(copy)
    own, mine, *others = yaml_blocks(OWN_ASSAY)
    (copy / "config" / "datasets" / "my_assay.yaml").write_text(yaml.safe_dump(own))
    (copy / "mine.yaml").write_text(yaml.safe_dump(mine))
    (copy / "smaller.yaml").write_text(yaml.safe_dump(others[-1]))
    configured = ("--configfile", "config/own_assay.yaml")
    planned = sum(job_counts(plan(copy, *configured, "--config", "datasets=[my_assay]")).values())
    assert re.findall(r"([\d,]+) jobs", OWN_ASSAY.read_text()) == [f"{planned:,}"]
    counts = job_counts(plan(copy, *configured, "mine.yaml"))
    # Two members of the reference ensemble judge the maps.
    assert (counts["unpack_member"], counts["train_student"], counts["attribute_students"]) == (5 + 2, 1, 1)
    assert sum(job_counts(plan(copy, *configured, "smaller.yaml")).values()) == planned


def test_batches_are_standardised_as_the_page_says(tmp_path):
    """Each batch has its own scale, and so have the figures' units."""
    write_own_assay(tmp_path)
    table = pd.read_csv(tmp_path / "my_assay.tsv", sep="\t")
    table["library"] = np.where(np.arange(900) // 3 % 2, "second", "first")
    second = (table["library"] == "second").to_numpy()
    table.loc[second, [f"activity_rep{number}" for number in (1, 2, 3)]] *= 3
    table.to_csv(tmp_path / "my_assay.tsv", sep="\t", index=False)
    own, *others = yaml_blocks(OWN_ASSAY)
    settings = merge(own, next(block for block in others if "standardize_batches" in block))
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "my_assay.yaml").write_text(yaml.safe_dump(settings))
    checked = Configuration({**DEFAULT, "datasets": ["my_assay"]}, [tmp_path, REPOSITORY / "config"]).datasets[
        "my_assay"
    ]
    store = build_store(checked, {"table": tmp_path / "my_assay.tsv"}, 1, where="my_assay")
    assert store.units == ["log2(RNA/DNA), standardised"]
    train = np.isin(np.arange(len(store)), store.rows("train"))
    for batch in (second, ~second):
        assert store.targets[train & batch].mean() == pytest.approx(0, abs=1e-6)
        assert store.targets[train & batch].std() == pytest.approx(1, abs=1e-5)


def test_settings_laid_over_the_default_are_accepted():
    [mine] = yaml_blocks(DOCS / "guide" / "runs.md")
    configuration = Configuration(merge(DEFAULT, mine), [REPOSITORY / "config"])
    assert configuration.study("deepstarr_subset")["members"] == 3
    assert configuration.teacher("deepstarr")["epochs"] == 20
    assert configuration.teacher("deepstarr")["model"] == {"name": "deepstarr", "width": 0.5}


def python_blocks(page: Path) -> list[str]:
    return [block.code for block in blocks(page) if block.language == "python"]


@pytest.mark.slow
def test_a_student_is_used_as_the_page_says(tmp_path):
    """The page names a student of the default run, in whose place a small one stands."""
    copy = small_copy(tmp_path / "copy", QUICK)
    succeed(copy, "--configfile", "small.yaml", "--", PACKAGE)
    page = DOCS / "guide" / "use_a_student.md"
    [code] = python_blocks(page)
    named = re.search(r"results/\S+/package", code)[0]
    assert f"MODEL={named}" in page.read_text()
    length = json.loads((copy / PACKAGE / "package.json").read_text())["construct"]["length"]
    own = code.replace(named, PACKAGE).replace('"ACGTACGTA" * 19', f'("ACGT" * {length})[:{length}]')
    variables = {**environment(), "PYTHONPATH": str(copy / "scripts")}
    done = subprocess.run(
        [sys.executable, "-c", own], cwd=copy, env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    heads, ends = done.stdout.splitlines()
    assert set(ast.literal_eval(heads)) >= {"mean", "epistemic"}
    assert ends == "(1, 1, 2)"
