"""A fresh copy of the repository, and Snakemake run in it by its command line."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).parents[2]
IGNORED = (".git", ".venv", ".snakemake", "results", "figures", "logs", "data", "build", "__pycache__")
# What a login shell has, and no virtual environment's folder.
DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# The default configuration at its smallest size.
SMALL = {
    "study": {
        "students": ["degu"],
        "baselines": ["quantile", "mc_dropout"],
        "fractions": [1.0],
        "members": 2,
        "baseline_members": 2,
        "student_seeds": 1,
    },
    "attribution": {
        "run": ["deep_shap", "in_silico_mutagenesis", "hypothetical_deep_shap"],
        "sequences": {"top": 4, "quantiles": 2, "per_quantile": 2},
        "background": {"number": 3},
        "reference_members": 2,
    },
    "overrides": {
        "datasets": {"simulated_mpra": {"options": {"number": 300, "length": 60}}},
        "teachers": {"small": {"epochs": 2}},
        # One baseline for two things: quantiles, and members that leave rows out.
        "baselines": {"quantile": {"resampling": "folds"}},
    },
}
# One method and head of attribution, and no baselines: each would only be more of the same jobs.
FEWEST_JOBS = {
    **SMALL,
    "study": {**SMALL["study"], "baselines": []},
    "attribution": {**SMALL["attribution"], "run": ["hypothetical_deep_shap"], "heads": ["mean"]},
    "overrides": {name: SMALL["overrides"][name] for name in ("datasets", "teachers")},
}
SETTINGS = ("--configfile", "small.yaml")


def copy_repository(folder: Path) -> Path:
    """Copy every file that Git knows or would add, and no link, to a new folder; without Git, what is not ignored."""
    command = ["git", "-C", str(REPOSITORY), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        paths = (path.relative_to(REPOSITORY) for path in REPOSITORY.rglob("*"))
        names = [str(path) for path in paths if not set(path.parts) & set(IGNORED)]
    for name in sorted(set(filter(None, names))):
        if (REPOSITORY / name).is_file() and not name.startswith("tests/"):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, target)
    return folder


def small_copy(folder: Path, settings: dict = SMALL) -> Path:
    """Return a fresh copy with a configuration that trains in seconds."""
    copy = copy_repository(folder)
    (copy / "small.yaml").write_text(yaml.safe_dump(settings))
    return copy


def environment(path: str = DEFAULT_PATH) -> dict[str, str]:
    """Return the variables Snakemake is run with: no virtual environment is active, Snakemake itself has none."""
    ours = ("PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX")
    kept = {name: value for name, value in os.environ.items() if name not in ours and "SNAKEMAKE" not in name}
    return {**kept, "PATH": path, "PYTHONDONTWRITEBYTECODE": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "NO_PROXY": "127.0.0.1"}


def command_line(*arguments: object) -> list[str]:
    """Return the command line `snakemake ARGUMENTS`, with the Python that runs the tests."""
    return [sys.executable, "-m", "snakemake", *map(str, arguments)]


def snakemake(folder: Path, *arguments: object, path: str = DEFAULT_PATH) -> subprocess.CompletedProcess:
    """Run `snakemake ARGUMENTS` in a folder; `stdout` of the result is all that it prints, to either stream."""
    return subprocess.run(
        command_line(*arguments),
        cwd=folder,
        env=environment(path),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )


def succeed(folder: Path, *arguments: object, path: str = DEFAULT_PATH) -> str:
    """Run `snakemake ARGUMENTS` in a folder, require exit code 0, and return what it prints."""
    done = snakemake(folder, *arguments, path=path)
    assert done.returncode == 0, done.stdout
    return done.stdout


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


def read_rules() -> dict[str, dict[str, str]]:
    """Return the text of each directive of each rule of `Snakefile` and `rules/`; `use rule` inherits."""
    rules = {}
    text = "\n".join(path.read_text() for path in [REPOSITORY / "Snakefile", *sorted(REPOSITORY.glob("rules/*.smk"))])
    begin = re.compile(r"^(?:rule (?P<name>\w+)|use rule (?P<base>\w+) as (?P<alias>\w+) with):$", re.MULTILINE)
    found = list(begin.finditer(text))
    bases = {}
    for match in found:
        body = re.split(r"^\S", text[match.end() :], maxsplit=1, flags=re.MULTILINE)[0]
        parts = re.split(r"^    (\w+):", body, flags=re.MULTILINE)
        name = match["name"] or match["alias"]
        rules[name] = dict(zip(parts[1::2], parts[2::2], strict=True))
        if match["base"]:
            bases[name] = match["base"]
    return {name: {**rules.get(bases.get(name), {}), **directives} for name, directives in rules.items()}


def quoted(text: str) -> str:
    """Return the first quoted string of a directive."""
    return re.search(r'"([^"]*)"', text)[1]


def evaluated(text: str) -> str:
    """Return the path that a directive makes with the names of `rules/common.smk`, such as `log_of("provenance")`."""
    source = (REPOSITORY / "rules" / "common.smk").read_text()
    constants = re.findall(r"^[A-Z_]+ = f?\".*\"$", source, re.MULTILINE)
    functions = re.findall(r"^def \w+_of\(name, .*\n(?:    .*\n)+", source, re.MULTILINE)
    names = {"Path": Path}
    exec("\n".join([*constants, *functions]), names)
    return eval(text.strip().removesuffix(","), names)


def environment_of(rule: dict[str, str]) -> str:
    """Return the name of a rule's environment, such as `analysis`."""
    return Path(quoted(rule["conda"])).stem


def script_of(rule: dict[str, str]) -> str:
    """Return the name of a rule's script, such as `train_member`."""
    return Path(quoted(rule["script"])).stem
