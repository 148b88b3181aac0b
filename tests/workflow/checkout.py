"""A fresh copy of the repository, the configurations that tests run in it, and its rules as they are written."""

import re
import shutil
import subprocess
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).parents[2]
# Folders of the repository that Git ignores.
IGNORED = {".git", ".venv", ".snakemake", "results", "figures", "logs", "data", "build", ".pytest_cache", ".ruff_cache"}
# The default configuration at its smallest size, with the published heads.
SMALL = {
    "datasets": ["simulated_mpra"],
    "members_per_job": 1,
    "students_per_job": 1,
    "study": {
        "teachers": ["small"],
        "students": ["degu"],
        "baselines": ["quantile", "mc_dropout"],
        "fractions": [1.0],
        "members": 2,
        "baseline_members": 2,
        "reference_members": 2,
        "student_seeds": 1,
    },
    "attribution": {
        "run": ["saliency", "hypothetical_deep_shap"],
        "sequences": {"top": 4, "quantiles": 2, "per_quantile": 2},
        "background": {"number": 3},
    },
    "shift": {"run": ["mutation"], "ladders": {"mutation": {"kind": "mutation", "levels": [0.1, 1.0]}}},
    "design": {
        "run": ["mine"],
        "designs": {"mine": {"search": "greedy", "designer": "student", "penalty": 1, "candidates": 10}},
        "steps": [1, 3],
        "sequences": 10,
    },
    "overrides": {
        "datasets": {"simulated_mpra": {"options": {"number": 300, "length": 60}}},
        "teachers": {"small": {"epochs": 2}},
        "students": {"degu": {"epochs": 2}},
        # This one baseline has both quantiles and members that leave rows out.
        "baselines": {"quantile": {"resampling": "folds"}},
    },
}
# There are no baselines, and one method and head of attribution: more would only add more of the same jobs.
FEWEST_JOBS = {
    **SMALL,
    "study": {**SMALL["study"], "baselines": []},
    "attribution": {**SMALL["attribution"], "run": ["hypothetical_deep_shap"], "heads": ["mean"]},
    "overrides": {name: SMALL["overrides"][name] for name in ("datasets", "teachers", "students")},
}
SETTINGS = ("--configfile", "small.yaml")


def copy_repository(folder: Path) -> Path:
    """Copy the files that Git knows or would add, but for links and tests, to a new folder.

    Without Git, the files that are not ignored are copied.
    """
    command = ["git", "-C", str(REPOSITORY), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        paths = (path.relative_to(REPOSITORY) for path in REPOSITORY.rglob("*"))
        names = [str(path) for path in paths if path.parts[0] not in IGNORED and "__pycache__" not in path.parts]
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


def read_rules() -> dict[str, dict[str, str]]:
    """Return the text of each directive of each rule; a rule written with `use rule` inherits what it does not say."""
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
