"""Run one Snakemake command after another without importing Snakemake for each of them.

To import Snakemake takes longer than most dry runs of the tests. The process that this file starts has imported it
once. For each command it forks a process, which goes on as `python -m snakemake` does: its working directory, its
variables, its arguments and its streams are those of the command, and nothing that it changes outlasts it. What it
prints differs in one line alone: Snakemake's banner names, as the directory of the run, that of this process.
"""

import atexit
import functools
import gc
import importlib
import json
import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

# These are Snakemake and what it imports while it plans.
IMPORTED = (
    *("snakemake.cli", "snakemake.report.html_reporter"),
    *("h5py", "jsonschema", "nbformat", "requests", "smart_open"),
)


def run(folder: Path, arguments: list[str], variables: Mapping[str, str]) -> subprocess.CompletedProcess:
    """Run `snakemake ARGUMENTS` in a folder; `stdout` of the result is all that it prints, to either stream."""
    server = start()
    with tempfile.NamedTemporaryFile() as output:
        command = {"folder": str(folder), "arguments": arguments, "variables": dict(variables), "output": output.name}
        server.stdin.write(json.dumps(command) + "\n")
        server.stdin.flush()
        answer = server.stdout.readline()
        assert answer, f"the process that runs Snakemake has ended with exit code {server.wait()}"
        printed = Path(output.name).read_text(errors="replace")
    return subprocess.CompletedProcess(["snakemake", *arguments], int(answer), printed)


@functools.cache
def start() -> subprocess.Popen:
    """Start the process that has imported Snakemake; it ends when this one does."""
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-P", "-B", __file__]
    server = subprocess.Popen(command, env=variables, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    atexit.register(server.communicate)
    return server


def serve(commands: Iterable[str]) -> None:
    """Fork a process for each command and answer with its exit code; return in the forked process alone."""
    for line in commands:
        child = os.fork()
        if child == 0:
            return prepare(**json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
    sys.exit()


def prepare(folder: str, arguments: list[str], variables: Mapping[str, str], output: str) -> None:
    """Give this process what a shell gives to a new one."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    for path, mode, descriptors in ((os.devnull, os.O_RDONLY, [0]), (output, os.O_WRONLY, [1, 2])):
        opened = os.open(path, mode)
        for descriptor in descriptors:
            os.dup2(opened, descriptor)
        os.close(opened)
    sys.argv = ["snakemake", *arguments]
    sys.path.insert(0, folder)


if __name__ == "__main__":
    for module in IMPORTED:
        importlib.import_module(module)
    # A forked process need not look through all of this for garbage.
    gc.freeze()
    serve(sys.stdin)
    runpy.run_module("snakemake", run_name="__main__", alter_sys=True)
