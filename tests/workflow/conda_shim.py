"""A stand-in for conda that does just what Snakemake calls it for; uv installs each environment's Python and pip pins.

It proves that the pins of an environment exist together, that scripts import nothing their environment lacks (`alone`),
and that Snakemake can create and activate the environments, where neither conda nor conda-forge is to be had. It proves
nothing about conda-forge's own Python, the one package that the environments take from there beside pip.
"""

import json
import os
import platform
import re
import shutil
import stat
import subprocess
import sys
import sysconfig
from pathlib import Path

import yaml

UV = [sys.executable, "-m", "uv"]
ACTIVATE = """\
# Snakemake runs `source activate PREFIX`.
export CONDA_PREFIX="$1"
export PATH="$1/bin:$PATH"
"""


def write_conda(root: Path) -> Path:
    """Write `bin/conda` and `bin/activate` below a folder, and return `bin`, which is to be put on PATH."""
    folder = root / "bin"
    folder.mkdir(parents=True)
    conda = folder / "conda"
    conda.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{Path(__file__).resolve()}" "{root.resolve()}" "$@"\n')
    conda.chmod(conda.stat().st_mode | stat.S_IXUSR)
    (folder / "activate").write_text(ACTIVATE)
    return folder


def read_pins(file: Path) -> tuple[str, list[str]]:
    """Return the Python version and the pip pins of an environment; stop where a version is not exact."""
    dependencies = yaml.safe_load(file.read_text())["dependencies"]
    pins = next((part["pip"] for part in dependencies if isinstance(part, dict)), [])
    conda = dict(split_pin(part, r"([\w-]+) =([0-9.]+)") for part in dependencies if isinstance(part, str))
    if set(conda) != {"python", "pip"}:
        sys.exit(f"{file}: this stand-in installs python and pip alone, not {', '.join(conda)}")
    for pin in pins:
        split_pin(pin, r"([\w.-]+)==([\w.+!-]+)")
    return conda["python"], pins


def split_pin(pin: str, pattern: str) -> tuple[str, str]:
    """Return name and version of an exact pin."""
    found = re.fullmatch(pattern, pin)
    if found is None:
        sys.exit(f"'{pin}' is not an exact pin")
    return found[1], found[2]


def interpreter(version: str) -> str:
    """Return a Python of that minor version, or the one that runs the tests if the machine has none."""
    minor = ".".join(version.split(".")[:2])
    command = [*UV, "python", "find", "--no-python-downloads", "--no-project", "--system", minor]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    if found.returncode == 0:
        return found.stdout.strip()
    # uv stops at a pyenv shim whose version is not switched on.
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    installed = sorted(root.glob(f"versions/{minor}.*/bin/python{minor}"))
    return str(installed[-1]) if installed else sys.executable


def create(file: Path, prefix: Path) -> None:
    """Make an environment of exactly the pins, and add nothing that they forget."""
    version, pins = read_pins(file)
    # The nvidia-* pins are GPU libraries of several gigabytes. No script imports them, so they are left out.
    pins = [pin for pin in pins if not pin.startswith("nvidia-")]
    python = str(prefix / "bin" / "python")
    uv("venv", "--no-python-downloads", "--no-project", "--python", interpreter(version), str(prefix))
    uv("pip", "install", "--no-deps", "--python", python, *pins)
    uv("pip", "check", "--python", python)
    leave_alone(next(prefix.glob("lib/python3*/site-packages")))


def leave_alone(packages: Path) -> None:
    """Cut an environment off from the environment of the Python that runs Snakemake and the tests."""
    shutil.copy(Path(__file__).with_name("alone.py"), packages / "alone.py")
    folders = sorted({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
    (packages / "alone.pth").write_text(f"import alone; alone.be_alone(*{folders})\n")


def uv(*arguments: str) -> None:
    """Run uv quietly; stop with what it says where it fails."""
    done = subprocess.run([*UV, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"uv {' '.join(arguments[:2])}: {done.stdout}{done.stderr}")


def main(root: Path, arguments: list[str]) -> None:
    """Answer one call of conda."""
    match arguments:
        case ["info", "--json"]:
            print(json.dumps({"conda_prefix": str(root), "platform": f"linux-{platform.machine()}"}))
        case ["--version"]:
            print("conda 25.7.0")
        case ["config", "--get", "channel_priority", "--json"]:
            print(json.dumps({"get": {"channel_priority": "strict"}}))
        case ["env", "create", *options]:
            create(Path(options[options.index("--file") + 1]), Path(options[options.index("--prefix") + 1]))
        case ["clean", *_]:
            pass
        case _:
            sys.exit(f"this stand-in for conda does not know: conda {' '.join(arguments)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
