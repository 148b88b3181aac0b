"""Write envs/*.yaml: each environment's packages, and all they need, exactly as requirements.lock has them.

Run by `make lock`. Conda brings Python and pip; every package comes by pip, so that users get what the tests ran with.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parent
LOCK = FOLDER.parent / "requirements.lock"
PYTHON = "3.12.11"
PIP = "25.2"
ENVIRONMENTS = {
    "analysis": (
        "Importing, targets, evaluation, calibration, tables: no deep learning, no GPU.",
        [
            "crepes",
            "h5py",
            "memelite",
            "modisco-lite",
            "numba",
            "numpy",
            "openpyxl",
            "pandas",
            "pyarrow",
            "pybigtools",
            "pysam",
            "scikit-learn",
            "scipy",
            "scoringrules",
        ],
    ),
    "figures": (
        "Figures.",
        ["h5py", "logomaker", "matplotlib", "memelite", "numpy", "pandas", "pyarrow", "scipy", "seaborn"],
    ),
    "training": (
        "Training and prediction, with TensorFlow for NVIDIA GPUs (it also runs without one).",
        [
            "h5py",
            "keras",
            "numpy",
            "onnx",
            "onnxruntime",
            "openpyxl",
            "pandas",
            "pyarrow",
            "scikit-learn",
            "scipy",
            "scoringrules",
            "shap",
            "tensorflow[and-cuda]",
            "tf2onnx",
        ],
    ),
}


def closure(packages: list[str]) -> list[str]:
    """Return exact pins of packages and all they need, constrained by the lock file."""
    with tempfile.NamedTemporaryFile("w", suffix=".in") as wanted:
        wanted.write("\n".join(packages))
        wanted.flush()
        command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--no-header", "--no-annotate"]
        command += ["--python-version", PYTHON, "--python-platform", "x86_64-manylinux_2_28"]
        command += ["--constraint", str(LOCK), wanted.name]
        pins = subprocess.run(command, check=True, capture_output=True, text=True, cwd=FOLDER.parent).stdout.split()
    # The extra is what brings the CUDA libraries; uv resolves it into them.
    return [pin for pin in pins if "==" in pin]


for name, (purpose, packages) in ENVIRONMENTS.items():
    lines = [
        f"# {purpose}",
        "# Written by envs/build.py (`make lock`).",
        "channels:",
        "  - conda-forge",
        "  - nodefaults",
        "dependencies:",
        f"  - python ={PYTHON}",
        f"  - pip ={PIP}",
        "  - pip:",
        *(f"      - {pin}" for pin in closure(packages)),
    ]
    (FOLDER / f"{name}.yaml").write_text("\n".join(lines) + "\n")
