"""Snakemake by its command line: what it is run with, what it prints, and what it plans."""

import functools
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.workflow import forking

# A login shell has this path, without the folder of a virtual environment.
DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def environment(path: str = DEFAULT_PATH) -> dict[str, str]:
    """Return the variables that Snakemake is run with: no virtual environment is active, not even Snakemake's own."""
    ours = ("PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX")
    kept = {name: value for name, value in os.environ.items() if name not in ours and "SNAKEMAKE" not in name}
    return {**kept, "PATH": path, "PYTHONDONTWRITEBYTECODE": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "NO_PROXY": "127.0.0.1"}


def command_line(*arguments: object) -> list[str]:
    """Return the command line `snakemake ARGUMENTS`, with the Python that runs the tests."""
    return [sys.executable, "-m", "snakemake", *map(str, arguments)]


def command_line_by_server(*arguments: object) -> list[str]:
    """Return the command line `snakemake ARGUMENTS`, whose local jobs a process runs that has imported TensorFlow."""
    code = (
        "import runpy, sys; sys.executable = sys.argv.pop(1); "
        "runpy.run_module('snakemake', run_name='__main__', alter_sys=True)"
    )
    return [sys.executable, "-c", code, forking.stand_in(), *map(str, arguments)]


@functools.cache
def folder_of_commands() -> Path:
    """Return a folder with a command `snakemake`, whose local jobs a process runs that has imported TensorFlow."""
    command = Path(forking.stand_in()).with_name("snakemake")
    command.write_text(f'#!/bin/sh\nexec {shlex.join(command_line_by_server())} "$@"\n')
    command.chmod(0o700)
    return command.parent


def run_anew(
    folder: Path, *arguments: object, variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess:
    """Run `snakemake ARGUMENTS` in a folder, in a Python of its own; `stdout` of the result is all that it prints.

    Further variables are laid over those that it is run with.
    """
    return subprocess.run(
        command_line(*arguments),
        cwd=folder,
        env={**environment(), **(variables or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )


def snakemake(folder: Path, *arguments: object, path: str = DEFAULT_PATH) -> subprocess.CompletedProcess:
    """Run `snakemake ARGUMENTS` in a folder, from a process that has imported Snakemake.

    The scripts of its jobs are run by a process that has imported what they need. `stdout` of the result is all that is
    printed.
    """
    texts = [str(argument) for argument in arguments]
    jobs = sys.executable if "-n" in texts else forking.stand_in()
    return forking.run(forking.PLANNING, folder, ["-m", "snakemake", *texts], environment(path), jobs)


def python(folder: Path, *arguments: object) -> str:
    """Run `python ARGUMENTS` in a folder, from a process that has imported TensorFlow, and return what it prints."""
    done = forking.run(forking.JOBS, folder, [str(argument) for argument in arguments], environment())
    assert done.returncode == 0, done.stdout
    return done.stdout


def succeed(folder: Path, *arguments: object, path: str = DEFAULT_PATH) -> str:
    """Run `snakemake ARGUMENTS` in a folder, require exit code 0, and return what it prints."""
    done = snakemake(folder, *arguments, path=path)
    assert done.returncode == 0, done.stdout
    return done.stdout


@functools.cache
def plan(folder: Path, *arguments: object) -> str:
    """Return what the dry run `snakemake ARGUMENTS -n` prints; the same command in the same folder is run once."""
    return succeed(folder, *arguments, "-n")


def job_counts(output: str) -> dict[str, int]:
    """Return how many jobs of each rule the table `Job stats` of an output lists."""
    lines = output.split("Job stats:", 1)[1].splitlines() if "Job stats:" in output else []
    counts = {}
    for line in lines:
        found = re.fullmatch(r"(\w+) +(\d+)", line.strip())
        if found:
            counts[found[1]] = int(found[2])
        elif counts and not line.strip():
            break
    return {name: count for name, count in counts.items() if name != "total"}
