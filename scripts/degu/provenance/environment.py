"""The environment that a job runs in: package versions, the commit of the code, the machine, time and memory."""

import functools
import importlib.metadata
import os
import platform
import resource
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

# Packages that can change a result, each with the name of the module that it is imported as.
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
    "onnx": "onnx",
    "onnxruntime": "onnxruntime",
    "openpyxl": "openpyxl",
    "pandas": "pandas",
    "pyarrow": "pyarrow",
    "pybigtools": "pybigtools",
    "pysam": "pysam",
    "scikit-learn": "sklearn",
    "scipy": "scipy",
    "scoringrules": "scoringrules",
    "seaborn": "seaborn",
    "shap": "shap",
    "tensorflow": "tensorflow",
    "tf2onnx": "tf2onnx",
}
# Environment variables that can change numerical results even if the code and all versions stay the same.
VARIABLES = (
    "NPY_DISABLE_CPU_FEATURES",
    "NVIDIA_TF32_OVERRIDE",
    "ONEDNN_MAX_CPU_ISA",
    "OPENBLAS_CORETYPE",
    "TF_ENABLE_ONEDNN_OPTS",
    "XLA_FLAGS",
)


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
    """Return the host name, the processor, the visible GPUs, the Slurm job, and those `VARIABLES` that are set."""
    return {
        "host": platform.node(),
        "cpu": processor(),
        "gpus": os.environ.get("CUDA_VISIBLE_DEVICES"),
        "slurm_job": os.environ.get("SLURM_JOB_ID"),
        "variables": {name: os.environ[name] for name in VARIABLES if name in os.environ},
    }


def package_versions() -> dict[str, str]:
    """Return the version of each of `PACKAGES` that this process has loaded."""
    versions = {}
    for package, module in PACKAGES.items():
        if module in sys.modules:
            try:
                versions[package] = _installed_version(package)
            except importlib.metadata.PackageNotFoundError:
                continue
    return versions


@functools.cache
def _installed_version(package: str) -> str:
    return importlib.metadata.version(package)


def code_commit() -> str | None:
    """Return the git commit of the code, or None outside a checkout; `-dirty` marks uncommitted changes."""
    # Many jobs call git at the same time, so none of them may lock the index.
    command = ["git", "--no-optional-locks", "-C", os.fspath(Path(__file__).parent)]
    command += ["describe", "--always", "--dirty", "--abbrev=40"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None


def processor() -> str:
    """Return the model name of the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def peak_memory_mib() -> float:
    """Return the highest resident memory of this process so far, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20) if sys.platform == "darwin" else peak / (1 << 10)
