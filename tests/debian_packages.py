"""Debian's packages that tests need beside Python's."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

# Debian asks this program whether to start a service.
POLICY = Path("/usr/sbin/policy-rc.d")


def find(program: str) -> str | None:
    """Return the path of a program, even if it is one for administrators."""
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin")


def install(packages: Mapping[str, str]) -> None:
    """Install packages without starting their services, or skip the test where that cannot be done.

    Parameters
    ----------
    packages
        Each package by a program that it brings; one whose program is here is not installed.
    """
    absent = [package for program, package in packages.items() if not find(program)]
    if not absent:
        return
    if os.geteuid() != 0 or not find("apt-get"):
        pytest.skip(f"{' and '.join(absent)}: not here, and installed by root with apt-get alone")
    with take_turns(Path(tempfile.gettempdir(), "degu-apt-get.lock")), _without_services():
        for command in (["update"], ["install", "--yes", "--no-install-recommends", *absent]):
            done = subprocess.run(
                ["apt-get", "-o=DPkg::Lock::Timeout=120", *command],
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                pytest.skip(f"apt-get {command[0]} failed: {done.stderr.strip()[-300:]}")


@contextmanager
def take_turns(file: Path) -> Iterator[None]:
    """Let one process of several in at a time, by a lock on a file."""
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _without_services() -> Iterator[None]:
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()
