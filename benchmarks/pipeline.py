"""Snakemake of this project, run as a user runs it: for benchmarks of whole runs."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent


def run(
    folder: Path, settings: Mapping, targets: Sequence[str], configuration: str = "config", cores: int = 2
) -> float:
    """Make some files in a folder, which may be new.

    Parameters
    ----------
    settings
        Laid over those of `config/{configuration}.yaml`.
    targets
        Paths of the files, relative to the folder.

    Returns
    -------
    The seconds that it took
    """
    folder.mkdir(exist_ok=True)
    (folder / "settings.json").write_text(json.dumps(settings))
    files = [REPOSITORY / "config" / f"{configuration}.yaml", folder / "settings.json"]
    command = ["-m", "snakemake", "--snakefile", REPOSITORY / "Snakefile", "--directory", folder, "--cores", cores]
    command += ["--quiet", "all", "--configfile", *files, "--", *targets]
    start = time.perf_counter()
    subprocess.run([sys.executable, *map(str, command)], check=True)
    return time.perf_counter() - start
