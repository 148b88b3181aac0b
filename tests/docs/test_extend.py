"""The worked examples of docs/extend/, literally: files are written where their captions say, commands are given."""

import subprocess
import sys
from pathlib import Path

import pytest

from degu.attribution.maps import map_keys
from tests.docs.pages import DOCS, Block, blocks
from tests.workflow.checkout import REPOSITORY, copy_repository
from tests.workflow.command import DEFAULT_PATH, environment, folder_of_commands, job_counts

PAGES = [DOCS / "extend" / f"{name}.md" for name in ("data", "training", "assessment", "attribution", "together")]
BLOCKS = [block for page in PAGES for block in blocks(page)]
FILES = [block for block in BLOCKS if block.caption]
# One plugin a kind, and the files that name them.
KINDS = {
    "config/augmentations",
    "config/pools",
    "config/baselines",
    "config/datasets",
    "config/students",
    "config/teachers",
    "config/variants",
    "scripts/degu/acquisition/strategies",
    "scripts/degu/attribution/backgrounds",
    "scripts/degu/attribution/methods",
    "scripts/degu/data/augmentation",
    "scripts/degu/design/searches",
    "scripts/degu/data/pools",
    "scripts/degu/data/importers",
    "scripts/degu/losses",
    "scripts/degu/models",
    "scripts/degu/shift/kinds",
    "scripts/degu/uncertainty/calibration",
    "scripts/degu/uncertainty/conformal",
    "scripts/degu/variants/sources",
}


def write(block: Block, folder: Path) -> None:
    """Write a file of a page, which must be new: no example changes a file of the repository."""
    path = folder / block.caption
    assert path.parent.is_dir(), f"{block.caption}: there is no such folder"
    assert not path.exists(), f"{block.caption} is there already"
    path.write_text(block.code)


def run(block: Block, folder: Path) -> str:
    """Give the commands, or run the Python code, of a block, as in an activated environment; return what it prints."""
    path = f"{folder_of_commands()}:{Path(sys.executable).parent}:{DEFAULT_PATH}"
    command = {"bash": ["bash", "-euo", "pipefail", "-c"], "python": ["python", "-c"]}[block.language]
    done = subprocess.run(
        [*command, block.code],
        cwd=folder,
        env={**environment(path), "PYTHONPATH": "scripts"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{block.code}\n{done.stdout}"
    return done.stdout


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    """Return a copy with every file of the examples; dry runs leave it as it is."""
    copy = copy_repository(tmp_path_factory.mktemp("written"))
    for block in FILES:
        write(block, copy)
    return copy


def test_there_is_an_example_of_every_kind():
    assert {str(Path(block.caption).parent) for block in FILES} - {"."} == KINDS


def test_the_examples_are_in_the_style_of_the_library(written):
    names = [block.caption for block in FILES if block.caption.endswith(".py") and "/" in block.caption]
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, *names], cwd=written, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


def test_the_last_configuration_names_every_plugin(written):
    """Its dry run reads and checks all of them."""
    run(Block("bash", "", "python make_tour.py"), written)
    block = next(block for block in BLOCKS if "tour.yaml -n" in block.code)
    counts = job_counts(run(Block("bash", "", block.code.splitlines()[0]), written))
    # Two members of the teacher, two of the reference ensemble, two of the baseline.
    assert counts["unpack_member"] == 6
    assert counts["unpack_student"] == 1
    assert counts["attribute_students"] == 1


@pytest.mark.system
def test_python_examples_print_what_they_say(written):
    """A comment after a print says what it prints, or about what."""
    for block in BLOCKS:
        if block.language == "python" and not block.caption:
            expected = block.code.rpartition("# ")[2].strip()
            printed = run(block, written).strip()
            if expected.startswith("about"):
                assert float(printed) == pytest.approx(float(expected.removeprefix("about")), abs=0.03)
            else:
                assert printed == expected


@pytest.mark.slow
def test_every_command_of_the_examples(tmp_path):
    copy = copy_repository(tmp_path)
    for block in BLOCKS:
        if block.caption:
            write(block, copy)
        elif block.language == "bash":
            run(block, copy)
    assert (copy / "results" / "tour_fasta" / "store.h5").is_file()
    table = (copy / "results" / "tour" / "tour" / "uncertainty.tsv").read_text()
    assert [name for name in ("huber", "degu_huber") if name not in table] == []
    ensemble = copy / "results" / "tour" / "tour" / "fraction-1" / "uncertainty"
    assert "bias" in (ensemble / "scores.tsv").read_text()
    assert "skewed" in (ensemble / "conformal.tsv").read_text()
    maps = copy / "results" / "tour" / "tour" / "fraction-1" / "attributions.h5"
    assert {key.method for key in map_keys(maps)} == {"gradient_times_input", "expected_gradients"}


def test_the_examples_change_nothing_that_is_there():
    assert [block.caption for block in FILES if (REPOSITORY / block.caption).exists()] == []
