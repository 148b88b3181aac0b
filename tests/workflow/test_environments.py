"""The conda environments as they are written: pinned exactly, and agreeing with the lock file and with the scripts."""

import ast
import re
import sys

import pytest

from tests.workflow.checkout import REPOSITORY, environment_of
from tests.workflow.command import DEFAULT_PATH, succeed
from tests.workflow.conda_shim import write_conda
from tests.workflow.environment_files import ENVIRONMENTS, RULES, SCRIPTS, imported_packages, pip_pins, read


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
    # Everything is locked except for the GPU libraries, which the lock file leaves out.
    assert [package for package in pins.keys() - both.keys() if not package.startswith("nvidia-")] == []


def test_the_files_hold_what_their_generator_lists():
    """The list is read off envs/build.py without running it, since it resolves and writes as soon as it is imported."""
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
    """envs/build.py names what a script imports, so that it is not there by chance as another package's dependency."""
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


@pytest.mark.parametrize("kind", ["dockerfile", "apptainer"])
def test_a_container_holds_every_environment(kind, tmp_path):
    conda = write_conda(tmp_path)
    output = succeed(REPOSITORY, "--containerize", kind, path=f"{conda}:{DEFAULT_PATH}")
    for name in ENVIRONMENTS:
        prefix = re.search(rf"^(?:COPY|   ) envs/{name}\.yaml (\S+)/environment\.yaml$", output, re.MULTILINE)[1]
        assert f"conda env create --prefix {prefix} --file {prefix}/environment.yaml" in output
