"""The conda environments, built by a stand-in for conda: they hold what their scripts import, and jobs run in them."""

import subprocess
import sysconfig
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
import yaml

from tests.workflow.alone import JOBS
from tests.workflow.checkout import FEWEST_JOBS, REPOSITORY, SETTINGS, environment_of, small_copy
from tests.workflow.command import DEFAULT_PATH, job_counts, succeed
from tests.workflow.conda_shim import write_conda
from tests.workflow.environment_files import ENVIRONMENTS, RULES, SCRIPTS, imported_packages, modules_of, pip_pins

pytestmark = pytest.mark.system


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
    """No module imports the packages behind pandas' readers, so that no other test would miss them."""
    frame = pd.DataFrame({"sequence": ["ACGT", "TTTT"], "activity": [0.5, -1.0]})
    path = tmp_path / f"table.{suffix}"
    if suffix == "parquet":
        frame.to_parquet(path)
    elif suffix == "xlsx":
        frame.to_excel(path, index=False)
    else:
        frame.to_csv(path, index=False, sep="," if suffix == "csv" else "\t")
    code = (
        "from degu.formats.cells import numeric\n"
        "from degu.formats.source_tables import read_table\n"
        "print(numeric(read_table(sys.argv[1]), ['activity'], where='t')[:, 0].tolist())"
    )
    assert run_isolated(python_of(environment_of(RULES["import_dataset"])), code, str(path)).strip() == "[0.5, -1.0]"


def test_the_environment_of_figures_reads_parquet(python_of, tmp_path):
    path = tmp_path / "table.parquet"
    pd.DataFrame({"value": [1.0, 2.0]}).to_parquet(path)
    code = "from degu.formats.tables import read_tables; print(read_tables(sys.argv[1])['value'].tolist())"
    assert run_isolated(python_of(environment_of(RULES["plot_predictions"])), code, str(path)).strip() == "[1.0, 2.0]"


def test_an_inexact_pin_is_refused(conda, tmp_path):
    """With the stand-in, an environment that is not pinned cannot pass for one that is."""
    path = tmp_path / "loose.yaml"
    path.write_text("dependencies: [python =3.12.11, pip =25.2, pip: ['numpy>=2']]\n")
    command = [str(conda / "conda"), "env", "create", "--file", str(path), "--prefix", str(tmp_path / "environment")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "'numpy>=2' is not an exact pin" in done.stderr
    assert not (tmp_path / "environment").exists()


def test_an_environment_does_not_see_that_of_snakemake(python_of):
    """Snakemake's packages are on the path of its scripts, and would hide what an environment lacks."""
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


@pytest.mark.slow
def test_every_job_runs_in_its_environment_alone(conda, tmp_path):
    """Every rule of the default run has a job by `--software-deployment-method conda`, in as few jobs as can be."""
    # Students of two seeds have one more figure.
    copy = small_copy(tmp_path / "copy", {**FEWEST_JOBS, "study": {**FEWEST_JOBS["study"], "student_seeds": 2}})
    options = ("--software-deployment-method", "conda", *SETTINGS)
    path = f"{conda}:{DEFAULT_PATH}"
    counts = job_counts(succeed(copy, *options, path=path))
    # Beside each environment lies the file that it was made from.
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
