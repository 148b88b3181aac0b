"""Where a result came from: versions, code, machine, time, memory; and digests that are equal if contents are."""

import hashlib
import importlib.metadata
import json
import os
import platform
import resource
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from degu.formats.files import file_digest

# Packages that can change a result, and the modules that they are imported as.
PACKAGES = {
    "crepes": "crepes",
    "h5py": "h5py",
    "keras": "keras",
    "logomaker": "logomaker",
    "matplotlib": "matplotlib",
    "memelite": "memelite",
    "modisco-lite": "modiscolite",
    "numba": "numba",
    "numpy": "numpy",
    "openpyxl": "openpyxl",
    "pandas": "pandas",
    "pyarrow": "pyarrow",
    "scikit-learn": "sklearn",
    "scipy": "scipy",
    "scoringrules": "scoringrules",
    "seaborn": "seaborn",
    "tensorflow": "tensorflow",
}
# Variables that change what numbers come out, though no code or version does.
VARIABLES = (
    "KERAS_BACKEND",
    "NPY_DISABLE_CPU_FEATURES",
    "NVIDIA_TF32_OVERRIDE",
    "ONEDNN_MAX_CPU_ISA",
    "OPENBLAS_CORETYPE",
    "TF_ENABLE_ONEDNN_OPTS",
    "XLA_FLAGS",
)
# What a model's description says that is no part of the model.
_OF_THE_RUN = ("device", "run", "seconds", "seconds_this_run", "seconds_training", "threads", "trained_together")


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


def describe_machine() -> dict:
    """Return the machine's name and processor, which GPUs it gave, the Slurm job, and `VARIABLES` that are set."""
    return {
        "host": platform.node(),
        "cpu": processor(),
        "gpus": os.environ.get("CUDA_VISIBLE_DEVICES"),
        "slurm_job": os.environ.get("SLURM_JOB_ID"),
        "variables": {name: os.environ[name] for name in VARIABLES if name in os.environ},
    }


def package_versions() -> dict[str, str]:
    """Return the versions of those among `PACKAGES` that this process has loaded."""
    versions = {}
    for package, module in PACKAGES.items():
        if module in sys.modules:
            try:
                versions[package] = importlib.metadata.version(package)
            except importlib.metadata.PackageNotFoundError:
                continue
    return versions


def code_commit() -> str | None:
    """Return the git commit of the code, with `-dirty` if it was changed since, or None outside a checkout."""
    # Many jobs ask at once: none of them may lock the index.
    command = ["git", "--no-optional-locks", "-C", os.fspath(Path(__file__).parent)]
    command += ["describe", "--always", "--dirty", "--abbrev=40"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None


def processor() -> str:
    """Return the model of the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def peak_memory_mib() -> float:
    """Return this process's highest resident memory so far, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20) if sys.platform == "darwin" else peak / (1 << 10)


def content_digest(path: str | Path) -> str:
    """Return the sha256 of what a file says: of its bytes, but of a model's description without times and devices.

    That of a folder is of all that its files say, and of their names.
    """
    path = Path(path)
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file())
        return digest_of({str(file.relative_to(path)): content_digest(file) for file in files})
    if path.suffix != ".json":
        return file_digest(path)
    return digest_of(_without_run(json.loads(path.read_text())))


def digest_of(value: object) -> str:
    """Return the sha256 of a value that JSON can hold, the same for any order of keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def _without_run(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_run(item) for key, item in value.items() if key not in _OF_THE_RUN}
    return [_without_run(item) for item in value] if isinstance(value, list) else value
