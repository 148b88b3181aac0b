"""The Slurm that the tests start stops what it started, and nothing else."""

import shutil
import subprocess
import sys

import psutil
import pytest

from tests.slurm.cluster import Cluster
from tests.workflow.checkout import REPOSITORY

pytestmark = pytest.mark.system


def daemons(process: int | None = None) -> set[psutil.Process]:
    """Return the daemons that a process has started; by default, this one."""
    names = {"munged", "slurmctld", "slurmd", "slurmdbd", "mariadbd"}
    return {child for child in psutil.Process(process).children() if child.name() in names}


def test_a_cluster_stops_what_it_started_and_nothing_else(cluster):
    before = daemons()
    with Cluster() as other:
        started = daemons() - before
        assert len(started) == 3
        assert other.run("srun", "--partition=gpu", "--gpus=2", "printenv", "CUDA_VISIBLE_DEVICES") == "0,1"
    assert daemons() == before
    assert not any(daemon.is_running() for daemon in started)
    assert not other.folder.exists()
    assert cluster.answers("scontrol", "ping")


def test_a_killed_process_leaves_no_daemon_behind(cluster):
    code = (
        "from tests.slurm.cluster import Cluster\nwith Cluster() as cluster: print(cluster.folder, flush=True); input()"
    )
    command = [sys.executable, "-c", code]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=REPOSITORY, text=True, **pipes) as process:
        folder = process.stdout.readline().strip()
        started = daemons(process.pid)
        assert len(started) == 3
        process.kill()
    cluster.wait("the daemons to end", lambda: not any(daemon.is_running() for daemon in started))
    shutil.rmtree(folder)
