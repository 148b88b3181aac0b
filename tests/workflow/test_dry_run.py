"""The documented command lines, literally, in a fresh copy; and what every rule must say."""

import re
from pathlib import Path

import pytest
import yaml
from checkout import (
    DEFAULT_PATH,
    REPOSITORY,
    copy_repository,
    environment_of,
    job_counts,
    quoted,
    read_rules,
    script_of,
    succeed,
)
from conda_shim import write_conda

from conftest import SHARED_DATA, skip_without

RULES = read_rules()
WORKING = {name: rule for name, rule in RULES.items() if name != "all"}
PROFILES = ("profiles/default/config.yaml", "slurm/profile.yaml")
ON_GPU = {"train_member", "train_student", "predict_members", "predict_students"}


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """Return a fresh copy; dry runs leave it as it is."""
    return copy_repository(tmp_path_factory.mktemp("copy"))


def read_yaml(path: str) -> dict:
    return yaml.safe_load((REPOSITORY / path).read_text())


def trainings(config: str) -> dict[str, int]:
    """Multiply out how many members and students a configuration trains; read off the YAML files alone."""
    settings = {**read_yaml("config/config.yaml"), **read_yaml(config)}
    general = {**read_yaml("config/config.yaml")["study"], **settings["study"]}
    members = students = 0
    for dataset in settings["datasets"]:
        study = {**general, **read_yaml(f"config/datasets/{dataset}.yaml").get("study", {})}
        ensembles = len(study["teachers"]) * len(study["fractions"])
        members += ensembles * study["members"]
        students += ensembles * len(study["students"]) * study["student_seeds"]
    return {"train_member": members, "train_student": students}


def test_default(copy):
    counts = job_counts(succeed(copy, "-n"))
    assert {rule: counts[rule] for rule in ("train_member", "train_student")} == trainings("config/config.yaml")
    # Every rule but what only a change of study needs has a part in the default run.
    assert set(counts) == set(RULES)


def test_slurm_profile(copy):
    output = succeed(copy, "--profile", "slurm", "-n")
    assert "Using profiles slurm" in output
    assert job_counts(output) == job_counts(succeed(copy, "-n"))


def test_slurm_profile_with_conda(copy, tmp_path):
    """Even a dry run asks conda about itself then."""
    conda = write_conda(tmp_path / "conda")
    command = ("--profile", "slurm", "--software-deployment-method", "conda", "-n")
    assert job_counts(succeed(copy, *command, path=f"{conda}:{DEFAULT_PATH}"))["train_member"] == 10


def test_paper(copy):
    counts = job_counts(succeed(copy, "--configfile", "config/paper.yaml", "-n"))
    expected = trainings("config/paper.yaml")
    assert {rule: counts[rule] for rule in expected} == expected
    # Four data sets, eight ensembles of ten at five fractions; two students of ten seeds of each.
    assert expected == {"train_member": 8 * 5 * 10, "train_student": 8 * 5 * 2 * 10}


def test_real_data(copy):
    names = read_yaml("config/real_data.yaml")["datasets"]
    files = [skip_without(read_yaml(f"config/datasets/{name}.yaml")["files"]["table"]["name"]) for name in names]
    command = ("--configfile", "config/real_data.yaml", "--config", f"data_directory={SHARED_DATA}", "-n", "-p")
    output = succeed(copy, *command)
    expected = trainings("config/real_data.yaml")
    assert {rule: job_counts(output)[rule] for rule in expected} == expected
    assert job_counts(output)["fetch_source"] == len(files) == 3


def test_real_data_beside_the_repository(tmp_path):
    """The literal command finds the files where config/real_data.yaml says that they lie."""
    skip_without("crx_mpra_replicates.tsv.gz")
    folder = tmp_path / "work" / "main"
    folder.mkdir(parents=True)
    copy = copy_repository(folder)
    expected = trainings("config/real_data.yaml")
    counts = job_counts(succeed(copy, "--configfile", "config/real_data.yaml", "-n"))
    assert {rule: counts[rule] for rule in expected} == expected


def test_lint(copy):
    assert "Congratulations" in succeed(copy, "--lint")


def test_one_dataset_chosen_on_the_command_line(copy):
    output = succeed(copy, "-n", "--config", "datasets=[simulated_mpra]")
    assert job_counts(output) == job_counts(succeed(copy, "-n"))


def test_one_dataset_of_several(copy):
    output = succeed(copy, "-n", "--configfile", "config/paper.yaml", "--config", "datasets=[deepstarr]")
    assert job_counts(output)["train_member"] == 5 * 10
    assert "simulated_mpra" not in output


def test_a_dry_run_writes_nothing(tmp_path):
    copy = copy_repository(tmp_path)
    before = {path for path in copy.rglob("*") if ".snakemake" not in path.parts}
    succeed(copy, "-n")
    assert {path for path in copy.rglob("*") if ".snakemake" not in path.parts} == before


def test_profiles_name_rules_that_exist():
    """Snakemake ignores any other without a word."""
    keys = [(profile, key) for profile in PROFILES for key in ("set-threads", "set-resources")]
    named = {rule for profile, key in keys for rule in read_yaml(profile).get(key, {})}
    assert named >= ON_GPU
    assert named - set(WORKING) == set()


def test_profiles_hold_only_mappings_that_snakemake_reads():
    """Snakemake drops a mapping under any other key without a word."""
    read = {"set-threads", "resources", "set-resources", "default-resources", "config", "groups", "group-components"}
    for profile in PROFILES:
        assert {key for key, value in read_yaml(profile).items() if isinstance(value, dict)} <= read


def test_no_key_of_the_slurm_profile_is_overruled():
    """A key of the profile that Snakemake loads on its own wins over the same key of `--profile`."""
    default, slurm = (read_yaml(profile) for profile in PROFILES)
    assert {key for key in default.keys() & slurm.keys() if default[key] != slurm[key]} == set()


def test_only_rules_that_run_a_network_ask_for_a_gpu():
    asking = {name for name, rule in WORKING.items() if "gpu" in rule.get("resources", "")}
    assert asking == ON_GPU
    assert {rule for rule in asking if not re.search(r"\bgpu=1,", WORKING[rule]["resources"])} == set()
    assert {name for name, rule in WORKING.items() if environment_of(rule) == "training"} == ON_GPU


def test_slurm_sends_those_rules_alone_to_the_gpu_partition():
    profile = read_yaml("slurm/profile.yaml")
    partition = dict.fromkeys(WORKING, profile["default-resources"]["slurm_partition"])
    partition |= {name: asked["slurm_partition"] for name, asked in profile["set-resources"].items()}
    assert {name for name in WORKING if partition[name] == "gpu"} == ON_GPU
    assert {partition[name] for name in WORKING.keys() - ON_GPU} == {"cpu"}


@pytest.mark.parametrize("directive", ["input", "output", "log", "benchmark", "conda", "params", "message", "script"])
def test_every_rule_says(directive):
    assert len(WORKING) >= 17
    assert [name for name, rule in WORKING.items() if directive not in rule] == []


def test_every_rule_passes_a_digest_of_its_code():
    """Snakemake reruns a rule for a change of its script, but not of what that imports."""
    assert [name for name, rule in WORKING.items() if "code=" not in rule["params"]] == []


@pytest.mark.parametrize("name", sorted(WORKING))
def test_a_rule_its_script_and_its_logs_share_a_name(name):
    rule = WORKING[name]
    assert script_of(rule) == {"predict_students": "predict_members"}.get(name, name)
    assert (REPOSITORY / "scripts" / f"{script_of(rule)}.py").is_file()
    assert re.match(rf"logs/{name}(/|\.log$)", quoted(rule["log"]))
    assert re.match(rf"benchmarks/jobs/{name}(/|\.tsv$)", quoted(rule["benchmark"]))


def test_every_script_has_a_rule():
    scripts = {path.stem for path in (REPOSITORY / "scripts").glob("*.py") if not path.stem.startswith("_")}
    assert scripts == {script_of(rule) for rule in WORKING.values()}


def test_captions_of_the_report_exist():
    files = [REPOSITORY / "Snakefile", *REPOSITORY.glob("rules/*.smk")]
    text = "\n".join(path.read_text() for path in files)
    named = set(re.findall(r'resources/captions/(\w+)\.rst"', text))
    named |= set(re.findall(r'figure_output\("[^"]+", "(\w+)"\)', text))
    assert named == {path.stem for path in (REPOSITORY / "resources" / "captions").glob("*.rst")}
