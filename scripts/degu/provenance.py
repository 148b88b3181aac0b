"""Where a result came from: versions, code, time, memory."""

import importlib.metadata
import os
import platform
import resource
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

PACKAGES = ("keras", "tensorflow", "numpy", "scipy", "pandas", "h5py", "scikit-learn")


def describe_run() -> dict:
    """Return versions of Python and packages, the commit of the code, the time (UTC) and the peak memory (MiB)."""
    return {
        "python": platform.python_version(),
        "packages": package_versions(),
        "commit": code_commit(),
        "platform": platform.platform(),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "peak_memory_mib": round(peak_memory_mib(), 1),
    }


def package_versions() -> dict[str, str]:
    """Return the versions of the installed packages among those that can change a result."""
    versions = {}
    for package in PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return versions


def code_commit() -> str | None:
    """Return the git commit of the code, with `-dirty` if it was changed since, or None outside a checkout."""
    command = ["git", "-C", os.fspath(Path(__file__).parent), "describe", "--always", "--dirty", "--abbrev=40"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None


def peak_memory_mib() -> float:
    """Return this process's highest resident memory so far, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20) if sys.platform == "darwin" else peak / (1 << 10)
