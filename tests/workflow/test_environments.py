"""The conda environments: pinned exactly, agreeing with the lock file, and holding all that their scripts import."""

import ast
import re
import subprocess
import sys
import sysconfig
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
import yaml
from alone import JOBS
from checkout import (
    DEFAULT_PATH,
    FEWEST_JOBS,
    REPOSITORY,
    SETTINGS,
    environment_of,
    job_counts,
    read_rules,
    script_of,
    small_copy,
    succeed,
)
from conda_shim import write_conda

from degu.config.plugins import known_names, module_name
from degu.provenance.code import imported_files

ENVIRONMENTS = sorted(path.stem for path in REPOSITORY.glob("envs/*.yaml"))
RULES = {name: rule for name, rule in read_rules().items() if "script" in rule}
SCRIPTS = sorted({(environment_of(rule), script_of(rule)) for rule in RULES.values()})
# What a script loads by the name that a recipe or a data set gives.
LOADED_BY_NAME = {
    "import_dataset": ["importer"],
    "train_member": ["model", "loss"],
    "train_student": ["model", "loss"],
    "predict_members": ["model", "loss"],
    "assess_ensemble": ["metric", "conformal method"],
    "assess_students": ["metric", "conformal method"],
}

# Imported only where KERAS_BACKEND asks for it, which no environment does.
OTHER_BACKENDS = {"jax"}


def read(name: str) -> dict:
    return yaml.safe_load((REPOSITORY / "envs" / f"{name}.yaml").read_text())


def pip_pins(name: str) -> dict[str, str]:
    listed = next(part["pip"] for part in read(name)["dependencies"] if isinstance(part, dict))
    return dict(pin.split("==") for pin in listed)


def modules_of(script: str) -> list[str]:
    """Return the modules that a script loads by name."""
    return [module_name(kind, name) for kind in LOADED_BY_NAME.get(script, []) for name in known_names(kind)]


def imported_packages(script: str) -> set[str]:
    """Return the packages that a script or any module of this project it runs imports, within functions too."""
    packages = set()
    for path in imported_files(script, *modules_of(script)):
        tree = ast.parse(path.read_text())
        typing_only = {
            id(child)
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
            for child in ast.walk(node)
        }
        for node in ast.walk(tree):
            if id(node) in typing_only:
                continue
            if isinstance(node, ast.Import):
                packages |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                packages.add(node.module.split(".")[0])
    return packages - OTHER_BACKENDS


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_only_conda_forge_is_a_channel(name):
    assert read(name)["channels"] == ["conda-forge", "nodefaults"]


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_every_package_is_pinned_exactly(name):
    dependencies = read(name)["dependencies"]
    conda = [part for part in dependencies if isinstance(part, str)]
    assert [pin for pin in conda if not re.fullmatch(r"[a-z0-9-]+ =\d+(\.\d+)+", pin)] == []
    assert {pin.split()[0] for pin in conda} == {"python", "pip"}
    pip = next(part["pip"] for part in dependencies if isinstance(part, dict))
    assert len(pip) > 0
    assert [pin for pin in pip if not re.fullmatch(r"[a-z0-9-]+==[0-9][\w.]*", pin)] == []
    assert len({pin.split("==")[0] for pin in pip}) == len(pip)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_python_is_one_that_snakemake_can_run_scripts_with(name):
    """Snakemake's `script:` reads parameters in Python 3.10 or later."""
    python = next(part for part in read(name)["dependencies"] if str(part).startswith("python ="))
    version = tuple(int(number) for number in python.removeprefix("python =").split("."))
    assert version[:2] >= (3, 10)
    assert (3, 11) <= version[:2] < (3, 14), "not a Python of pyproject.toml's requires-python"


def test_every_rule_with_a_script_names_an_environment():
    assert len(RULES) >= 15
    assert [name for name, rule in RULES.items() if "conda" not in rule] == []
    assert {environment_of(rule) for rule in RULES.values()} == set(ENVIRONMENTS)


def locked_versions() -> dict[str, set[str]]:
    locked = {}
    text = (REPOSITORY / "requirements.lock").read_text()
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE):
        locked.setdefault(name.lower(), set()).add(version)
    return locked


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_pins_agree_with_the_lock_file(name):
    locked = locked_versions()
    pins = pip_pins(name)
    both = {package: version for package, version in pins.items() if package in locked}
    assert {name: (pin, locked[name]) for name, pin in both.items() if pin not in locked[name]} == {}
    # Beside the GPU libraries, which the lock file leaves out, everything is locked.
    assert [package for package in pins.keys() - both.keys() if not package.startswith("nvidia-")] == []


def test_the_files_hold_what_their_generator_lists():
    """Read the list off envs/build.py without running it: it resolves and writes as soon as it is imported."""
    tree = ast.parse((REPOSITORY / "envs" / "build.py").read_text())
    constants = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant | ast.Dict)
    }
    assert set(constants["ENVIRONMENTS"]) == set(ENVIRONMENTS)
    for name, (purpose, packages) in constants["ENVIRONMENTS"].items():
        wanted = {re.sub(r"\[.*\]", "", package) for package in packages}
        assert wanted - pip_pins(name).keys() == set()
        assert (REPOSITORY / "envs" / f"{name}.yaml").read_text().startswith(f"# {purpose}\n")
        conda = [part for part in read(name)["dependencies"] if isinstance(part, str)]
        assert conda == [f"python ={constants['PYTHON']}", f"pip ={constants['PIP']}"]


@pytest.mark.parametrize("environment, script", SCRIPTS)
def test_every_import_of_a_script_is_direct_in_its_environment(environment, script):
    """What a script imports is named by envs/build.py, not there by chance as another package's dependency."""
    source = (REPOSITORY / "envs" / "build.py").read_text()
    dictionary = next(
        node.value
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and node.targets[0].id == "ENVIRONMENTS"
    )
    named = {re.sub(r"\[.*\]", "", package) for package in ast.literal_eval(dictionary)[environment][1]}
    own = {path.stem for path in (REPOSITORY / "scripts").glob("*.py")} | {"degu"}
    imported = imported_packages(script) - own - set(sys.stdlib_module_names)
    distribution = {"sklearn": "scikit-learn", "modiscolite": "modisco-lite"}
    assert {distribution.get(package, package) for package in imported} - named == set()


@pytest.fixture(scope="session")
def conda(tmp_path_factory) -> Path:
    """Return the folder of the stand-in for conda, to be put on PATH."""
    return write_conda(tmp_path_factory.mktemp("conda"))


@pytest.fixture(scope="session")
def python_of(conda, tmp_path_factory):
    """Return a function that makes an environment once, and returns its Python."""
    folder = tmp_path_factory.mktemp("environments")

    def make(name: str) -> Path:
        prefix = folder / name
        if not prefix.exists():
            command = [conda / "conda", "env", "create", "--quiet", "--no-default-packages"]
            command += ["--file", REPOSITORY / "envs" / f"{name}.yaml", "--prefix", prefix]
            done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
        return prefix / "bin" / "python"

    return make


def run_isolated(python: Path, code: str, *arguments: str) -> str:
    """Run code in a Python that sees its own environment and `scripts/` alone."""
    start = f"import sys; sys.path.insert(0, {str(REPOSITORY / 'scripts')!r}); sys.dont_write_bytecode = True\n"
    done = subprocess.run(
        [str(python), "-I", "-c", start + code, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_scripts_import_in_their_environment(name, python_of):
    """No Snakemake is there, so nothing can leak in from its environment."""
    python = python_of(name)
    scripts = sorted(script for environment, script in SCRIPTS if environment == name)
    modules = sorted({module for script in scripts for module in modules_of(script)})
    packages = sorted({package for script in scripts for package in imported_packages(script)})
    assert scripts
    code = (
        "import importlib, importlib.util\n"
        "assert importlib.util.find_spec('snakemake') is None\n"
        "for module in sys.argv[1:]: importlib.import_module(module)\n"
        "print(len(sys.argv) - 1)"
    )
    assert int(run_isolated(python, code, *scripts, *modules, *packages)) == len(scripts + modules + packages)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_an_environment_holds_its_pins(name, python_of):
    code = (
        "import importlib.metadata, json\n"
        "print(json.dumps({d.name.lower().replace('_', '-').replace('.', '-'): d.version"
        " for d in importlib.metadata.distributions()}))"
    )
    installed = yaml.safe_load(run_isolated(python_of(name), code))
    wanted = {package: version for package, version in pip_pins(name).items() if not package.startswith("nvidia-")}
    assert installed == wanted


@pytest.mark.parametrize("suffix", ["tsv", "tsv.gz", "csv", "parquet", "xlsx"])
def test_the_environment_of_importers_reads_every_kind_of_table(suffix, python_of, tmp_path):
    """The packages behind pandas' readers are imported by nothing, and would be missed by nothing else."""
    frame = pd.DataFrame({"sequence": ["ACGT", "TTTT"], "activity": [0.5, -1.0]})
    path = tmp_path / f"table.{suffix}"
    if suffix == "parquet":
        frame.to_parquet(path)
    elif suffix == "xlsx":
        frame.to_excel(path, index=False)
    else:
        frame.to_csv(path, index=False, sep="," if suffix == "csv" else "\t")
    code = "from degu.formats.source_tables import read_table; print(read_table(sys.argv[1])['activity'].tolist())"
    assert run_isolated(python_of(environment_of(RULES["import_dataset"])), code, str(path)).strip() == "[0.5, -1.0]"


def test_the_environment_of_figures_reads_parquet(python_of, tmp_path):
    path = tmp_path / "table.parquet"
    pd.DataFrame({"value": [1.0, 2.0]}).to_parquet(path)
    code = "from degu.formats.tables import read_tables; print(read_tables(sys.argv[1])['value'].tolist())"
    assert run_isolated(python_of(environment_of(RULES["plot_predictions"])), code, str(path)).strip() == "[1.0, 2.0]"


def test_an_inexact_pin_is_refused(conda, tmp_path):
    """The stand-in itself: an environment that is not pinned cannot pass for one that is."""
    path = tmp_path / "loose.yaml"
    path.write_text("dependencies: [python =3.12.11, pip =25.2, pip: ['numpy>=2']]\n")
    command = [str(conda / "conda"), "env", "create", "--file", str(path), "--prefix", str(tmp_path / "environment")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "'numpy>=2' is not an exact pin" in done.stderr
    assert not (tmp_path / "environment").exists()


def test_an_environment_does_not_see_that_of_snakemake(python_of):
    """The stand-in itself: Snakemake's packages are on the path of its scripts, and hide what an environment lacks."""
    code = (
        "import importlib.metadata, importlib.util\n"
        "sys.path.append(sys.argv[1])\n"
        "import snakemake.script\n"
        "print(*(importlib.util.find_spec(name) is not None for name in ('matplotlib', 'sklearn')))\n"
        "print('scikit-learn' in {distribution.name for distribution in importlib.metadata.distributions()})\n"
    )
    packages = sysconfig.get_path("purelib")
    assert run_isolated(python_of("figures"), code, packages).split() == ["True", "False", "False"]
    assert run_isolated(python_of("analysis"), code, packages).split() == ["True", "True", "True"]


def test_every_job_runs_in_its_environment_alone(conda, tmp_path):
    """Every rule of the default run, in the fewest jobs, by `--software-deployment-method conda`."""
    # Students of two seeds have a figure more.
    copy = small_copy(tmp_path / "copy", {**FEWEST_JOBS, "study": {**FEWEST_JOBS["study"], "student_seeds": 2}})
    options = ("--software-deployment-method", "conda", *SETTINGS)
    path = f"{conda}:{DEFAULT_PATH}"
    counts = job_counts(succeed(copy, *options, path=path))
    # Beside each environment is the file it was made of.
    made = {file.read_text(): file.with_suffix("") for file in (copy / ".snakemake" / "conda").glob("*.yaml")}
    jobs = Counter()
    for name in ENVIRONMENTS:
        prefix = made.pop((REPOSITORY / "envs" / f"{name}.yaml").read_text())
        jobs.update((name, rule) for rule in (prefix / JOBS).read_text().split())
    assert made == {}
    assert jobs == {(environment_of(RULES[rule]), rule): count for rule, count in counts.items() if rule != "all"}
    of_other_runs = {"train_member_pack", "unpack_member", "train_student_pack", "unpack_student", "provenance"}
    assert {rule for _, rule in jobs} == set(RULES) - of_other_runs
    succeed(copy, *options, "--report", "report.html", path=path)
    assert (copy / "report.html").stat().st_size > 0


@pytest.mark.parametrize("kind", ["dockerfile", "apptainer"])
def test_a_container_holds_every_environment(kind, conda):
    output = succeed(REPOSITORY, "--containerize", kind, path=f"{conda}:{DEFAULT_PATH}")
    for name in ENVIRONMENTS:
        prefix = re.search(rf"^(?:COPY|   ) envs/{name}\.yaml (\S+)/environment\.yaml$", output, re.MULTILINE)[1]
        assert f"conda env create --prefix {prefix} --file {prefix}/environment.yaml" in output
