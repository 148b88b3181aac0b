"""Runs may be killed, cancelled or out of disk space at any moment: they lose nothing and end as any other."""

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from degu.formats.files import file_digest
from tests.workflow.checkout import SETTINGS, SMALL, small_copy
from tests.workflow.command import command_line, environment, run_anew, succeed

pytestmark = pytest.mark.system

STUDY = "results/simulated_mpra"
ENSEMBLE = f"{STUDY}/small/fraction-1"
# A kill may hurt data, members, targets and students most; the whole run is for `pytest -m slow`.
SPINE = [f"{ENSEMBLE}/students/degu/performance.tsv"]
# These files tell times.
TIMED = {"model.json", "checkpoint.npz"}
# Snakemake writes this file into each folder that is an output, whether a run was interrupted or not.
OF_SNAKEMAKE = ".snakemake_timestamp"
# Maps are kept here until all are there.
BLOCKS = re.compile(r"\.blocks(/|$)")
WAIT = 300
WAYS = ("kill everything", "kill a job", "terminate a job", "terminate Snakemake", "press Ctrl-C")


def whole_files(folder: Path) -> dict[str, str]:
    """Return the digest of each result that Snakemake does not regard as incomplete."""
    incomplete = set()
    for marker in (folder / ".snakemake" / "incomplete").rglob("*"):
        name = str(marker.relative_to(folder / ".snakemake" / "incomplete")).replace("/", "").replace("@", "")
        if marker.is_file():
            incomplete.add(base64.b64decode(name).decode(errors="replace"))
    files = [path for top in ("results", "figures") for path in (folder / top).rglob("*") if path.is_file()]
    names = {str(path.relative_to(folder)): path for path in files if path.name not in TIMED}
    unfinished = {name for name, path in names.items() if path.name.startswith(".") or BLOCKS.search(name)}
    return {name: file_digest(names[name]) for name in names.keys() - incomplete - unfinished}


def start(folder: Path, targets: list[str]) -> subprocess.Popen:
    command = command_line("--configfile", "small.yaml", "--cores", "2", *(["--", *targets] if targets else []))
    with (folder / "output.txt").open("ab") as output:
        return subprocess.Popen(
            command, cwd=folder, env=environment(), stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )


def jobs_of(process: subprocess.Popen) -> list[psutil.Process]:
    """Return the processes of the jobs that Snakemake runs at the moment."""
    children = psutil.Process(process.pid).children(recursive=True)
    return [child for child in children if any(".snakemake/scripts" in part for part in _command(child)[1:2])]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def interrupt(process: subprocess.Popen, way: str, rng: np.random.Generator) -> None:
    """End a run, or one of its jobs, in some way, and wait until all of it has ended."""
    children = psutil.Process(process.pid).children(recursive=True)
    match way:
        case "kill everything":
            os.killpg(process.pid, signal.SIGKILL)
        case "terminate Snakemake":
            process.terminate()
        case "press Ctrl-C":
            os.killpg(process.pid, signal.SIGINT)
        case _:
            jobs = jobs_of(process)
            if jobs:
                job = jobs[rng.integers(len(jobs))]
                job.kill() if way == "kill a job" else job.terminate()
    process.wait()
    psutil.wait_procs(children)


def interrupted_run(folder: Path, targets: list[str], kills: int, expected: dict[str, str], seed: int) -> int:
    """Run to the end with some interruptions on the way, and return how many there were."""
    rng = np.random.default_rng(seed)
    before: dict[str, str] = {}
    for count in range(kills):
        process = start(folder, targets)
        try:
            process.wait(timeout=rng.uniform(1, 20))
        except subprocess.TimeoutExpired:
            interrupt(process, WAYS[rng.integers(len(WAYS))], rng)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        found = whole_files(folder)
        wrong = {name for name in found if found[name] != expected.get(name)}
        assert wrong == set(), f"after {count + 1} interruptions"
        assert before.keys() - found.keys() == set(), f"lost by interruption {count + 1}"
        before = found
        if process.returncode == 0:
            return count
        succeed(folder, "--configfile", "small.yaml", "--unlock")
    complete(folder, targets)
    return kills


def complete(folder: Path, targets: list[str]) -> None:
    """Run to the end without an interruption, by jobs that load the same packages as those that are interrupted."""
    done = run_anew(folder, "--configfile", "small.yaml", "--cores", "2", *(["--", *targets] if targets else []))
    assert done.returncode == 0, done.stdout


def clear(folder: Path) -> None:
    """Remove all that was made in a copy."""
    for name in ("results", "figures", "logs", "benchmarks/jobs", ".snakemake"):
        shutil.rmtree(folder / name, ignore_errors=True)


def kill_at_random(folder: Path, targets: list[str], kills: int) -> None:
    complete(folder, targets)
    expected = whole_files(folder)
    assert len(expected) >= 5
    left = kills
    while left > 0:
        clear(folder)
        left -= interrupted_run(folder, targets, left, expected, seed=left)
        assert whole_files(folder) == expected
        paths = [path for top in ("results", "figures") for path in (folder / top).rglob("*")]
        left_over = [path for path in paths if path.name.startswith(".") or BLOCKS.search(str(path))]
        assert [path for path in left_over if path.name != OF_SNAKEMAKE] == []


@pytest.mark.slow
def test_a_run_killed_at_random_moments_ends_as_if_it_had_not_been(tmp_path):
    kill_at_random(small_copy(tmp_path), SPINE, kills=2)


def test_a_killed_training_goes_on_from_its_last_epoch(tmp_path):
    """SIGKILL ends Snakemake and its job, so that neither can tidy up; the commands that the README names go on."""
    epochs = 150
    teacher = {"small": {"epochs": epochs, "early_stopping": {"patience": epochs}}}
    copy = small_copy(tmp_path, {**SMALL, "overrides": {**SMALL["overrides"], "teachers": teacher}})
    model = f"{ENSEMBLE}/member-1/model.keras"
    command = command_line(*SETTINGS, "--cores", "1", "--", model)
    output = (tmp_path / "output.txt").open("wb")
    process = subprocess.Popen(
        command, cwd=copy, env=environment(), stdout=output, stderr=subprocess.STDOUT, start_new_session=True
    )
    checkpoint = copy / ENSEMBLE / "member-1" / "checkpoint.npz"
    try:
        deadline = time.monotonic() + WAIT
        while not checkpoint.exists():
            assert process.poll() is None, (tmp_path / "output.txt").read_text()
            assert time.monotonic() < deadline, "no checkpoint was written"
            time.sleep(0.05)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        output.close()
    assert not (copy / model).exists()
    assert checkpoint.exists()
    record = copy / "logs/train_member/simulated_mpra/small/fraction-1/member-1.json"
    assert not record.exists()

    succeed(copy, *SETTINGS, "--unlock")
    succeed(copy, *SETTINGS, "--cores", "1", "--", model)
    log = (copy / "logs/train_member/simulated_mpra/small/fraction-1/member-1.log").read_text()
    resumed = int(re.search(r"resuming after epoch (\d+) from", log)[1])
    assert 1 <= resumed < epochs
    trained = [int(epoch) for epoch in re.findall(rf"epoch (\d+)/{epochs},", log)]
    assert trained == list(range(resumed + 1, epochs + 1))
    assert (copy / model).stat().st_size > 0
    assert not checkpoint.exists()
    assert str(model) in json.loads(record.read_text())["outputs"]


@pytest.mark.slow
def test_the_whole_run_killed_a_hundred_times_ends_as_if_it_had_not_been(tmp_path):
    kill_at_random(small_copy(tmp_path), [], kills=100)


@pytest.mark.slow
def test_a_run_on_a_disk_that_is_full_says_so_and_goes_on_once_there_is_space(tmp_path):
    folder = small_copy(tmp_path)
    succeed(folder, "--configfile", "small.yaml", "--", *SPINE)
    expected = whole_files(folder)
    clear(folder)
    results = folder / "results"
    results.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", results], check=False).returncode:
        pytest.skip("a file system of a given size cannot be mounted here (this needs root)")
    try:
        told = 0
        for kilobytes in (16, 48, 64, 96, 128, 192, 256, 512, 8192):
            subprocess.run(["mount", "-o", f"remount,size={kilobytes}k", results], check=True)
            process = start(folder, SPINE)
            process.wait()
            output = (folder / "output.txt").read_text()
            (folder / "output.txt").unlink()
            if process.returncode == 0:
                break
            assert "no space left for it" in output, output
            assert "make space, then give the same command again" in output
            told += 1
            found = whole_files(folder)
            assert {name for name in found if found[name] != expected[name]} == set()
        assert process.returncode == 0
        assert told >= 3
        assert whole_files(folder) == expected
    finally:
        subprocess.run(["umount", results], check=True)
