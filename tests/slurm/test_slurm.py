"""The default configuration at its smallest size runs on a real Slurm, also when that is disturbed."""

import contextlib
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.debian_packages import find, install
from tests.slurm.cluster import PACKAGES_OF_ACCOUNTING, Cluster
from tests.workflow.checkout import FEWEST_JOBS, SETTINGS, read_rules, small_copy
from tests.workflow.command import command_line_by_server, environment, succeed
from tests.workflow.counting import of_other_runs

pytestmark = pytest.mark.system

EPOCHS = 60


def trained_for(epochs: int) -> dict:
    """Return a configuration of few jobs, whose members are trained for a number of epochs."""
    teachers = {"small": {"epochs": epochs, "early_stopping": {"patience": epochs}}}
    without = {"shift": {"run": []}, "design": {"run": []}}
    return {**FEWEST_JOBS, **without, "overrides": {**FEWEST_JOBS["overrides"], "teachers": teachers}}


CONFIGURATION = trained_for(EPOCHS)
STUDY = "results/simulated_mpra"
ENSEMBLE = f"{STUDY}/small/fraction-1"
LOGS = "logs/train_member/simulated_mpra/small/fraction-1"
# These train several models in a job, which the default configuration does not ask for.
PACKS = {"train_member_pack", "train_student_pack"}
# These need other data sets, or settings of other runs; jobs of shifts and designs are like those of other stages.
OTHERS = of_other_runs(read_rules())
OTHERS |= {name for name in read_rules() if any(word in name for word in ("shift", "design", "assess_kmer_ridge"))}
ON_GPU = {name for name, rule in read_rules().items() if "gpu=1" in rule.get("resources", "")} - PACKS - OTHERS
WAIT = 900


class Run(NamedTuple):
    """A finished run on the cluster.

    Attributes
    ----------
    folder
        It ran there.
    output
        What Snakemake printed.
    jobs
        What Slurm knows of the jobs.
    cancelled
        What Slurm knew of a training when it was cancelled.
    held
        Ids of the jobs that waited while the node was drained.
    """

    folder: Path
    output: str
    jobs: list[dict[str, str]]
    cancelled: dict[str, str]
    held: list[str]


@contextlib.contextmanager
def started(cluster: Cluster, folder: Path, *arguments: object) -> Iterator[subprocess.Popen]:
    """Start `snakemake --profile slurm ARGUMENTS`, which writes to `output.txt`; wait for its end if all goes well."""
    # Jobs are looked at as soon as they are submitted.
    soon = ("--slurm-init-seconds-before-status-checks", 1)
    command = command_line_by_server("--profile", "slurm", *SETTINGS, *soon, *arguments)
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**environment(), **cluster.environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # A shell that starts the tests in the background has them, and what they start, ignore Ctrl-C.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
    try:
        yield process
        process.wait(WAIT)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(WAIT)


def finished(cluster: Cluster, folder: Path, *arguments: object) -> tuple[int, str]:
    """Run `snakemake --profile slurm ARGUMENTS`; return its exit code and what it prints."""
    with started(cluster, folder, *arguments) as process:
        pass
    return process.returncode, (folder / "output.txt").read_text()


def wait_for(cluster: Cluster, process: subprocess.Popen, purpose: str, happened: Callable[[], object]) -> None:
    """Wait for something that happens while Snakemake runs."""
    cluster.wait(purpose, lambda: process.poll() is not None or happened(), WAIT)
    assert process.poll() is None, f"Snakemake ended before {purpose}"


def checkpoints(folder: Path) -> list[Path]:
    return sorted((folder / ENSEMBLE).glob("member-*/checkpoint.npz"))


def states_of(cluster: Cluster, rule: str) -> list[str]:
    return [job["JobState"] for job in of_rule(cluster.jobs(), rule)]


def of_rule(jobs: list[dict[str, str]], rule: str) -> list[dict[str, str]]:
    """Return the jobs of a rule, in the order of their submission."""
    return [job for job in jobs if rule_of(job) == rule]


def rule_of(job: dict[str, str]) -> str:
    return job["Comment"].removeprefix("rule_").split("_wildcards_")[0]


def seed_of(job: dict[str, str]) -> str:
    return job["Comment"].rpartition("_")[2]


def edit(folder: Path, old: str, new: str) -> None:
    """Change a line of a copy's profile."""
    profile = folder / "slurm" / "profile.yaml"
    assert profile.read_text().count(old) == 1
    profile.write_text(profile.read_text().replace(old, new))


@pytest.fixture(scope="module")
def run(cluster, tmp_path_factory) -> Run:
    """Run everything; cancel a training on the way, then drain the node for a while."""
    folder = small_copy(tmp_path_factory.mktemp("run"), CONFIGURATION)
    # TensorFlow alone takes more memory than the first try has.
    edit(folder, "  attribute_reference: *gpu", "  attribute_reference: {<<: *gpu, mem_mb: 400 * attempt**2}")
    with started(cluster, folder) as process:
        wait_for(cluster, process, "the checkpoint of a training", lambda: checkpoints(folder))
        seed = checkpoints(folder)[0].parent.name.removeprefix("member-")
        cancelled = next(job for job in of_rule(cluster.jobs(), "train_member") if seed_of(job) == seed)
        cluster.run("scancel", cancelled["JobId"])
        cluster.set_node("drain")
        wait_for(cluster, process, "a drained node", lambda: cluster.node_states() == {"drained"})
        held = [job["JobId"] for job in cluster.jobs() if job["JobState"] == "PENDING"]
        cluster.set_node("resume")
    output = (folder / "output.txt").read_text()
    assert process.returncode == 0, output
    return Run(folder, output, cluster.jobs(), cancelled, held)


def test_the_whole_default_configuration_runs(run):
    figures = {path.stem for path in (run.folder / "figures").rglob("*.pdf")}
    assert figures >= {"performance", "predictions", "attribution_similarity", "motifs", "pit"}
    assert "Nothing to be done" in succeed(run.folder, *SETTINGS, "-n")


def test_it_did_so_without_accounting(cluster, run):
    """By default, the plugin would ask `sacct`, which is there but knows nothing, and wait without end."""
    assert find("sacct")
    assert not cluster.answers("sacct")


def test_rules_on_a_gpu_ask_for_one_and_no_others_do(run):
    assert {rule_of(job) for job in run.jobs if "TresPerJob" in job} == ON_GPU
    for job in run.jobs:
        on_gpu = rule_of(job) in ON_GPU
        assert job.get("TresPerJob") == ("gres:gpu:1" if on_gpu else None)
        assert job["Partition"] == ("gpu" if on_gpu else "cpu")


def test_trainings_run_side_by_side_on_gpus_of_their_own(run):
    done = {seed_of(job): job for job in of_rule(run.jobs, "train_member") if job["JobState"] == "COMPLETED"}
    assert set(done) == {"1", "2", "3", "4"}
    devices = {}
    for seed in done:
        log = (run.folder / LOGS / f"member-{seed}.log").read_text()
        devices[seed] = re.search(r"device: .*, CUDA_VISIBLE_DEVICES=(\w+)$", log, re.MULTILINE)[1]
    assert set(devices.values()) == {"0", "1"}
    together = [(one, other) for one, other in combinations(done, 2) if overlap(done[one], done[other])]
    assert together
    assert [pair for pair in together if len({devices[seed] for seed in pair}) == 1] == []


def overlap(*jobs: dict[str, str]) -> bool:
    """Return whether jobs ran at the same time, by whole seconds."""
    return max(job["StartTime"] for job in jobs) < min(job["EndTime"] for job in jobs)


def test_a_job_killed_for_its_memory_is_given_more(run):
    killed, again = of_rule(run.jobs, "attribute_reference")
    assert (killed["MinMemoryNode"], again["MinMemoryNode"]) == ("400M", "1600M")
    assert (killed["JobState"], again["JobState"]) == ("FAILED", "COMPLETED")
    log = next((run.folder / ".snakemake" / "slurm_logs").rglob(f"{killed['JobId']}.log")).read_text()
    assert "memory limit" in log
    assert f"SLURM-job '{killed['JobId']}' failed" in run.output


def test_a_cancelled_training_goes_on_with_more_memory_from_its_last_epoch(run):
    seed = seed_of(run.cancelled)
    first, second = (job for job in of_rule(run.jobs, "train_member") if seed_of(job) == seed)
    assert first["JobId"] == run.cancelled["JobId"]
    assert (run.cancelled["JobState"], first["JobState"], second["JobState"]) == ("RUNNING", "CANCELLED", "COMPLETED")
    assert (first["MinMemoryNode"], second["MinMemoryNode"]) == ("6000M", "12000M")
    log = (run.folder / LOGS / f"member-{seed}.log").read_text()
    resumed = int(re.search(r"resuming after epoch (\d+) from", log)[1])
    assert 1 <= resumed < EPOCHS
    trained = [int(epoch) for epoch in re.findall(rf"epoch (\d+)/{EPOCHS},", log)]
    assert trained == list(range(resumed + 1, EPOCHS + 1))
    assert checkpoints(run.folder) == []


def test_jobs_wait_for_a_drained_node_and_none_is_lost(run):
    assert len(run.held) >= 2
    jobs = {job["JobId"]: job for job in run.jobs}
    assert {(jobs[held]["JobState"], jobs[held]["Restarts"]) for held in run.held} == {("COMPLETED", "0")}
    undone = {job["JobId"] for job in run.jobs if job["JobState"] != "COMPLETED"}
    assert undone == {run.cancelled["JobId"], of_rule(run.jobs, "attribute_reference")[0]["JobId"]}


def test_every_other_rule_is_one_job_and_short_ones_are_none(run):
    rules = read_rules()
    jobs = {rule_of(job) for job in run.jobs}
    assert jobs <= set(rules)
    # All rules without a job ran in Snakemake itself.
    assert {name for name in rules if name not in jobs | PACKS | OTHERS} == {"all"} | {
        name for name in rules if "localrule" in rules[name] and name not in OTHERS
    }
    assert "54 of 54 steps (100%) done" in run.output
    # Two members are trained, and two of the reference ensemble.
    assert len({job["Comment"] for job in run.jobs}) == len(jobs) + 3


def test_a_failing_job_names_its_log(cluster, tmp_path):
    split = {"fractions": {"train": 0.7999, "validation": 0.0001, "calibration": 0.1, "test": 0.1}}
    folder = small_copy(tmp_path, {"overrides": {"datasets": {"simulated_mpra": {"split": split}}}})
    code, output = finished(cluster, folder, "--retries", 0, "--", f"{STUDY}/store.h5")
    assert code == 1
    assert re.search(r"^ +log: logs/import_dataset/simulated_mpra\.log", output, re.MULTILINE)
    # The output also shows what the log says.
    assert "simulated_mpra: the validation split is empty" in output


@pytest.mark.slow
def test_the_lines_of_the_site_and_an_interruption_with_accounting(tmp_path):
    install(PACKAGES_OF_ACCOUNTING)
    # The training does not end by itself.
    folder = small_copy(tmp_path, trained_for(100_000))
    for line in ("slurm_account: my_account", "gpu_model: a100", "runtime: 1d"):
        edit(folder, f"# {line} ", f"{line} ")
    with Cluster(accounting=True) as cluster:
        cluster.run("sacctmgr", "--immediate", "add", "account", "my_account")
        cluster.run("sacctmgr", "--immediate", "add", "user", "root", "account=my_account")
        with started(cluster, folder, "--", f"{ENSEMBLE}/member-1/model.json") as process:
            wait_for(cluster, process, "a training", lambda: states_of(cluster, "train_member") == ["RUNNING"])
            process.send_signal(signal.SIGINT)
        imported, trained = cluster.jobs()
    assert "Terminating" in (folder / "output.txt").read_text()
    assert (imported["JobState"], trained["JobState"]) == ("COMPLETED", "CANCELLED")
    assert imported["Account"] == trained["Account"] == "my_account"
    assert (imported["Partition"], imported.get("TresPerJob")) == ("cpu", None)
    assert (trained["Partition"], trained["TresPerJob"]) == ("gpu", "gres:gpu:a100:1")
    assert trained["TimeLimit"] == "1-00:00:00"
