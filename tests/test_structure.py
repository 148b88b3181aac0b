"""The structure of the project: which module may import which, how long files are, and where the tests stand."""

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

SCRIPTS = REPOSITORY / "scripts"
LIBRARY = SCRIPTS / "degu"
TESTS = REPOSITORY / "tests"
# A package may import only from those before it. Plugins are loaded by name, which is not an import.
LADDER = [
    "formats",
    "provenance",
    "config",
    "data",
    "outputs",
    "models",
    "losses",
    "training",
    "prediction",
    "distillation",
    "evaluation",
    "uncertainty",
    "attribution",
    "shift",
    "design",
    "package",
    "variants",
    "library",
    "acquisition",
    "figures",
    "command",
]
MOST_MODULES_AT_THE_TOP = 4
MOST_LINES = 300


def dotted_name(path: Path) -> str:
    """Return the name under which a file of the library is imported."""
    parts = path.relative_to(SCRIPTS).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {dotted_name(path): path for path in sorted(LIBRARY.rglob("*.py"))}


def imports_of(path: Path) -> set[str]:
    """Return the modules that a file imports anywhere: those of the library, and others by their first names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: an import from '.' has to name the whole module"
            names = (f"{node.module}.{alias.name}" for alias in node.names)
            found.update(name if name in MODULES else node.module for name in names)
    return {name if name in MODULES else name.partition(".")[0] for name in found}


IMPORTS = {module: imports_of(path) & MODULES.keys() for module, path in MODULES.items()}


def rung(module: str) -> int:
    """Return the place of a module's package on the ladder; modules outside all packages stand before the first."""
    _, _, within = module.partition(".")
    package = within.partition(".")[0]
    return LADDER.index(package) if package in LADDER else -1


def test_imports_are_found_wherever_they_stand(tmp_path):
    path = tmp_path / "module.py"
    path.write_text(
        "import os.path\nfrom degu.provenance import code\nfrom degu.errors import DeguError, REMAKE\n\n\n"
        "def late():\n    import numpy.random\n    import degu.config.plugins\n    from degu.data.splits import CODE\n"
    )
    library = {"degu.provenance.code", "degu.errors", "degu.config.plugins", "degu.data.splits"}
    assert imports_of(path) == {"os", "numpy", *library}
    assert [rung(name) for name in ("degu", "degu.errors", "degu.formats.hdf5", "degu.data")] == [-1, -1, 0, 3]


def test_few_modules_stand_outside_the_packages():
    assert len(list(LIBRARY.glob("*.py"))) <= MOST_MODULES_AT_THE_TOP


def test_every_package_stands_on_the_ladder():
    assert {path.parent.name for path in LIBRARY.glob("*/__init__.py")} <= set(LADDER)


def test_every_folder_of_the_library_is_a_package():
    assert {path.parent for path in LIBRARY.rglob("*.py")} == {path.parent for path in LIBRARY.rglob("__init__.py")}


def test_no_module_imports_upwards():
    upwards = {
        module: above for module, names in IMPORTS.items() if (above := {n for n in names if rung(n) > rung(module)})
    }
    assert upwards == {}


def test_no_modules_import_each_other_in_a_circle():
    try:
        TopologicalSorter(IMPORTS).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_a_package_imports_nothing_heavy_by_itself():
    packages = {module: path for module, path in MODULES.items() if path.name == "__init__.py"}
    found = {module: imports_of(path) - {"degu.errors", "importlib", "os"} for module, path in packages.items()}
    assert {module: names for module, names in found.items() if names} == {}


def test_no_file_is_long():
    files = [*SCRIPTS.rglob("*.py"), *(REPOSITORY / "rules").rglob("*.smk"), REPOSITORY / "Snakefile"]
    lengths = {str(path.relative_to(REPOSITORY)): len(path.read_text().splitlines()) for path in files}
    assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES} == {}


def test_every_module_has_its_test_file():
    modules = [path.relative_to(LIBRARY) for path in MODULES.values() if path.name != "__init__.py"]
    without = [str(path) for path in modules if not (TESTS / path).with_name(f"test_{path.name}").is_file()]
    assert without == []


def test_no_folder_hides_a_module_of_the_standard_library():
    folders = {path.parent for top in (LIBRARY, TESTS) for path in top.rglob("*.py")}
    hiding = [str(path.relative_to(REPOSITORY)) for path in folders if path.name in sys.stdlib_module_names]
    assert hiding == []


def test_reading_the_configuration_loads_no_package_that_is_slow_to_import():
    """Every job on a cluster reads the configuration again, with the options of every kind of plugin."""
    code = (
        "import sys; sys.path.insert(0, 'scripts'); from pathlib import Path; "
        "from degu.config.configuration import Configuration; from degu.config.schemas import read_yaml; "
        "Configuration(read_yaml(Path('config/paper.yaml')), [Path('config')]); "
        "print([name for name in ('numpy', 'pandas', 'h5py', 'keras', 'tensorflow') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_environment_offers_the_package_and_no_script_of_the_clone_that_made_it(tmp_path):
    """The jobs of another clone in the same environment find their own scripts, and by them their own package."""
    code = "import importlib.util as util; print([bool(util.find_spec(name)) for name in ('degu', '_job')])"
    done = subprocess.run([sys.executable, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[True, False]"
