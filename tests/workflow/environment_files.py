"""The conda environments as they are written, and what the scripts that run in them import."""

import ast

import yaml

from degu.config.plugins import known_names, module_name
from degu.provenance.code import imported_files
from tests.workflow.checkout import REPOSITORY, environment_of, read_rules, script_of

ENVIRONMENTS = sorted(path.stem for path in REPOSITORY.glob("envs/*.yaml"))
RULES = {name: rule for name, rule in read_rules().items() if "script" in rule}
SCRIPTS = sorted({(environment_of(rule), script_of(rule)) for rule in RULES.values()})
# Each script loads modules of these kinds by the name that a recipe or a data set gives.
LOADED_BY_NAME = {
    "import_dataset": ["importer"],
    "train_member": ["model", "loss"],
    "train_student": ["model", "loss"],
    "predict_members": ["model", "loss"],
    "choose_explained_sequences": ["background"],
    "attribute_members": ["model", "loss", "attribution method"],
    "assess_ensemble": ["metric", "conformal method"],
    "assess_students": ["metric", "conformal method"],
}
# These are imported only where KERAS_BACKEND asks for them, which no environment does.
OTHER_BACKENDS = {"jax"}


def read(name: str) -> dict:
    """Read the file of an environment."""
    return yaml.safe_load((REPOSITORY / "envs" / f"{name}.yaml").read_text())


def pip_pins(name: str) -> dict[str, str]:
    """Return the version of each package that an environment has from PyPI."""
    listed = next(part["pip"] for part in read(name)["dependencies"] if isinstance(part, dict))
    return dict(pin.split("==") for pin in listed)


def modules_of(script: str) -> list[str]:
    """Return the modules that a script loads by name."""
    return [module_name(kind, name) for kind in LOADED_BY_NAME.get(script, []) for name in known_names(kind)]


def imported_packages(script: str) -> set[str]:
    """Return the packages that a script and the modules of this project behind it import, within functions too."""
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
