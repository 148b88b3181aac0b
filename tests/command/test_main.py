"""The command as a whole: help, versions, and how it ends."""

import json
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner

from degu import __version__
from degu.command.main import main
from degu.command.predict_command import METHODS
from degu.package import calibration
from degu.package.facts import FACTS, write_facts
from tests.command.models import write_model
from tests.conftest import REPOSITORY


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


def test_the_help_names_each_command():
    text = run("--help").output
    for command in main.commands:
        assert f"\n  {command} " in text
        assert "Usage: main" in run(command, "--help").output
    assert __version__ in run("--version").output


def test_the_methods_are_those_of_the_calibration():
    assert tuple(calibration.METHODS) == METHODS


def test_help_needs_neither_keras_nor_tensorflow():
    code = (
        "import sys; sys.path.insert(0, 'scripts')\n"
        "from degu.command.main import main\n"
        "try:\n    main(['predict', '--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'keras', 'tensorflow', 'pandas', 'pysam', 'scipy'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=True, capture_output=True)


def test_a_folder_that_is_none_is_told_without_a_traceback(tmp_path):
    for command in (("show",), ("predict", tmp_path / "a.fa", "-o", tmp_path / "a.tsv")):
        done = run(command[0], tmp_path, *command[1:])
        assert done.exit_code == 1
        assert "this is not the folder of a student" in done.output
        assert "Traceback" not in done.output


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_model(tmp_path_factory.mktemp("model") / "student")


def test_what_a_folder_tells_does_not_steer_the_terminal(tmp_path, model):
    shutil.copytree(model, tmp_path / "student")
    path = tmp_path / "student" / FACTS
    write_facts(path, {**json.loads(path.read_text()), "title": "an\x1b[31m assay"})
    text = run("show", tmp_path / "student").output
    assert "# an[31m assay" in text
    assert "\x1b" not in text


def test_a_reader_that_leaves_early_ends_the_command_quietly(tmp_path, model):
    (tmp_path / "a.fa").write_text("".join(f">s{row}\n{'ACGTA' * 4}\n" for row in range(20_000)))
    command = f"{sys.executable} -m degu.command.main predict {model} {tmp_path}/a.fa -o - | head -n 3"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}; echo ${{PIPESTATUS[0]}}"],
        cwd=REPOSITORY / "scripts",
        capture_output=True,
        text=True,
    )
    lines = done.stdout.splitlines()
    assert lines[0].startswith("# {")
    assert lines[1].startswith("name\t")
    assert lines[-1] in ("0", "141")
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr
