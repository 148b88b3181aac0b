"""A real Slurm of one node on loopback, with a configuration, key, sockets, ports and daemons of its own."""

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from tests.debian_packages import find

# Debian's packages, each by a program that it brings.
PACKAGES = {"munged": "munge", "slurmctld": "slurm-wlm"}
PACKAGES_OF_ACCOUNTING = {"slurmdbd": "slurmdbd", "mariadbd": "mariadb-server"}
CONFIGURED = Path("/etc/slurm/slurm.conf")
HOST = socket.gethostname().split(".")[0]
WAIT = 60
SLURM_CONF = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={node}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
# Containers often lack cgroups, so processes are found and their memory is polled without them.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerParameters=sched_min_interval=100000,batch_sched_delay=1,bf_interval=1
MpiDefault=none
EnforcePartLimits=ALL
ReturnToService=2
KillWait=2
# Every job can still be looked at after a run.
MinJobAge=3600
GresTypes=gpu
# The node has what is written here, whatever the machine has.
SlurmdParameters=config_overrides
NodeName={host} NodeAddr=127.0.0.1 CPUs=16 RealMemory=64000 Gres=gpu:a100:2 State=UNKNOWN
PartitionName=cpu Nodes={host} Default=YES MaxTime=1-00:00:00
PartitionName=gpu Nodes={host} MaxTime=2-00:00:00
"""
# Snakemake calls srun without the SLURM_* variables that it was called with itself.
SRUN = """\
#!/bin/sh
SLURM_CONF={folder}/slurm.conf exec {program} "$@"
"""
# While no job ends, Snakemake looks for that ever more rarely. Here, each look at its jobs waits for the next to end.
SQUEUE = """\
#!/bin/sh
case "$*" in *--name*) ;; *) exec {program} "$@" ;; esac
for run; do :; done
seen=$(cat {folder}/ended-$run 2>/dev/null || echo 0)
for look in $(seq 50); do
    jobs=$({program} "$@") || exit
    ended=$(echo "$jobs" | grep -Evc "PENDING|CONFIGURING|RUNNING|COMPLETING|^$")
    [ "$ended" = "$seen" ] || break
    sleep 0.5
done
echo "$ended" > {folder}/ended-$run
echo "$jobs"
"""
SLURMDBD_CONF = """\
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
DbdHost=localhost
DbdAddr=127.0.0.1
DbdPort={database}
SlurmUser=root
PidFile={folder}/slurmdbd.pid
StorageType=accounting_storage/mysql
StorageHost=127.0.0.1
StoragePort={storage}
StorageUser=root
StorageLoc=slurm_acct_db
"""


def obstacle() -> str | None:
    """Return why no cluster can be started here, or None where one can."""
    if os.geteuid() != 0:
        return "a Slurm of its own is started by root alone"
    if CONFIGURED.exists():
        return f"this machine has a Slurm already: {CONFIGURED}"
    return None


def free_ports(number: int) -> list[int]:
    """Return ports of loopback that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [server.getsockname()[1] for server in sockets]
    for server in sockets:
        server.close()
    return ports


class Cluster:
    """Daemons that run while a `with` is entered, or until this process ends in any other way.

    Nothing is written outside a new folder, and the ports are free ones, so that neither another Slurm nor what a
    killed run has left is in its way.

    Attributes
    ----------
    environment
        Variables of a shell in which `sbatch` and the others speak to this cluster.
    """

    def __init__(self, *, accounting: bool = False) -> None:
        self.accounting = accounting
        # munge refuses folders that only their owner can enter, as those of pytest are.
        self.folder = Path(tempfile.mkdtemp(prefix="slurm-", dir="/tmp"))
        self.environment = {
            "SLURM_CONF": f"{self.folder}/slurm.conf",
            "PATH": f"{self.folder}/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        }
        self._daemons: list[subprocess.Popen] = []

    def __enter__(self) -> Self:
        self.folder.chmod(0o755)
        self._write_configuration()
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        """Cancel what runs, then stop the daemons, the last one first."""
        if self.answers("scontrol", "ping"):
            self.run("scancel", "--full", "--user=root")
            self.wait("jobs to end", lambda: not self.run("squeue", "--noheader"))
        for daemon in reversed(self._daemons):
            daemon.terminate()
            try:
                daemon.wait(WAIT)
            except subprocess.TimeoutExpired:
                daemon.kill()
        shutil.rmtree(self.folder)

    def run(self, *command: str) -> str:
        """Run a command of Slurm's and return what it prints."""
        done = subprocess.run(command, env={**os.environ, **self.environment}, capture_output=True, text=True)
        assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
        return done.stdout.strip()

    def answers(self, *command: str) -> bool:
        return not subprocess.run(command, env={**os.environ, **self.environment}, capture_output=True).returncode

    def jobs(self) -> list[dict[str, str]]:
        """Return what Slurm knows of every job, in the order of their submission."""
        lines = self.run("scontrol", "--oneliner", "--details", "show", "job").splitlines()
        jobs = [dict(re.findall(r"(?:^| )(\w[\w:/]*)=(\S*)", line)) for line in lines if line.startswith("JobId=")]
        return sorted(jobs, key=lambda job: int(job["JobId"]))

    def wait(self, purpose: str, happened: Callable[[], object], seconds: float = WAIT) -> None:
        """Wait until something has happened."""
        deadline = time.monotonic() + seconds
        while not happened():
            ended = [daemon.args[3] for daemon in self._daemons if daemon.poll() is not None]
            if ended or time.monotonic() > deadline:
                logs = "\n".join(path.read_text(errors="replace") for path in self.folder.glob("*.log"))
                raise RuntimeError(f"waited for {purpose}; ended: {ended}\n{logs}")
            time.sleep(0.1)

    def node_states(self) -> set[str]:
        return set(self.run("sinfo", "--noheader", "--format=%T").split())

    def set_node(self, state: str) -> None:
        """Set the node's state, such as `drain`."""
        self.run("scontrol", "update", f"nodename={HOST}", f"state={state}", "reason=test")

    def _write_configuration(self) -> None:
        folder = self.folder
        names = ("controller", "node", "database", "storage")
        values = {"folder": folder, "host": HOST, **dict(zip(names, free_ports(len(names)), strict=True))}
        for name in ("state", "spool", "bin"):
            (folder / name).mkdir()
        (folder / "munge.key").write_bytes(os.urandom(128))
        accounting = "AccountingStorageType=accounting_storage/none\n"
        if self.accounting:
            accounting = (
                "AccountingStorageType=accounting_storage/slurmdbd\nAccountingStorageHost=127.0.0.1\n"
                f"AccountingStoragePort={values['database']}\nAccountingStoragePass={folder}/munge.socket\n"
                "AccountingStorageTRES=gres/gpu\n"
            )
        (folder / "slurm.conf").write_text(SLURM_CONF.format(**values) + accounting)
        (folder / "slurmdbd.conf").write_text(SLURMDBD_CONF.format(**values))
        for path in (folder / "munge.key", folder / "slurmdbd.conf"):
            path.chmod(0o600)
        # A GPU needs a device for Slurm to set CUDA_VISIBLE_DEVICES; any will do.
        for index in range(2):
            (folder / f"gpu{index}").symlink_to("/dev/null")
        (folder / "gres.conf").write_text(f"Name=gpu Type=a100 File={folder}/gpu[0-1]\n")
        for name, text in (("srun", SRUN), ("squeue", SQUEUE)):
            (folder / "bin" / name).write_text(text.format(folder=folder, program=find(name)))
            (folder / "bin" / name).chmod(0o755)
        self._storage_port = values["storage"]

    def _start(self) -> None:
        folder = self.folder
        socket_option = f"--socket={folder}/munge.socket"
        files = [f"--{kind}-file={folder}/munge.{kind}" for kind in ("key", "pid", "log", "seed")]
        self._daemon("munged", "--foreground", socket_option, *files)
        self.wait("munged", lambda: self.answers("munge", "--no-input", socket_option))
        if self.accounting:
            self._start_accounting()
        self._daemon("slurmctld", "-D")
        self.wait("slurmctld", lambda: self.answers("scontrol", "ping"))
        self._daemon("slurmd", "-D")
        self.wait("slurmd", lambda: self.node_states() == {"idle"})

    def _start_accounting(self) -> None:
        data = self.folder / "mariadb"
        options = ["--no-defaults", f"--datadir={data}", "--user=root"]
        self.run("mariadb-install-db", *options, "--skip-test-db")
        network = ["--bind-address=127.0.0.1", f"--port={self._storage_port}", f"--socket={self.folder}/mariadb.socket"]
        self._daemon("mariadbd", *options, *network, "--skip-grant-tables", "--innodb-buffer-pool-size=64M")
        self.wait("MariaDB", lambda: self.answers("mysqladmin", f"--socket={self.folder}/mariadb.socket", "ping"))
        self._daemon("slurmdbd", "-D")
        self.wait("slurmdbd", lambda: self.answers("sacctmgr", "show", "cluster"))
        self.run("sacctmgr", "--immediate", "add", "cluster", "test")

    def _daemon(self, name: str, *options: str) -> None:
        """Start a daemon that ends with this process, even if this process is killed."""
        with (self.folder / f"{name}.log").open("wb") as log:
            command = ["setpriv", "--pdeathsig", "TERM", name, *options]
            environment = {**os.environ, **self.environment}
            self._daemons.append(subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT))
