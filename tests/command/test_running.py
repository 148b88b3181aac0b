"""What all commands share."""

import logging
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from degu import __version__
from degu.command import running
from degu.errors import DeguError
from tests.conftest import REPOSITORY

HEAVY = ("keras", "tensorflow", "matplotlib", "pandas", "scipy", "sklearn", "pysam", "pyarrow")


@click.command()
@click.option("--kind")
def fail(kind):
    with running.told():
        if kind == "own":
            raise DeguError("it is wrong", where="a.vcf", expected="right", remedy="mend it")
        if kind == "other":
            raise ZeroDivisionError
        click.echo("done")


def test_mistakes_are_messages_and_other_errors_are_not_hidden():
    done = CliRunner().invoke(fail, ["--kind", "own"])
    assert done.exit_code == 1
    assert done.output == "Error: a.vcf: it is wrong\n  expected: right\n  remedy:   mend it\n"
    assert isinstance(CliRunner().invoke(fail, ["--kind", "other"]).exception, ZeroDivisionError)
    assert CliRunner().invoke(fail).output == "done\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_no_temporary_files(tmp_path, number):
    code = """
import sys, time
from pathlib import Path
from degu.command import running
from degu.formats.files import write_aside

with running.told(), write_aside(Path(sys.argv[1])) as aside:
    aside.write_text("half")
    print("begun", flush=True)
    time.sleep(60)
"""
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "a.tsv")], stdout=subprocess.PIPE, cwd=REPOSITORY / "scripts"
    ) as process:
        assert process.stdout.readline() == b"begun\n"
        assert len(list(tmp_path.iterdir())) == 1
        process.send_signal(number)
        assert process.wait(60) == 128 + number
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_a_screen_that_cannot_be_written_is_told():
    code = "import sys; from degu.command import running\nwith running.told():\n    print('x' * 99999, flush=True)"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", code], stdout=full, stderr=subprocess.PIPE, text=True, cwd=REPOSITORY / "scripts"
        )
    assert "No space left on device" in done.stderr


def test_a_file_says_where_it_comes_from(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["/usr/bin/degu", "variants", "my model", "-o", "a.vcf"])
    assert running.origin("0a1b", {"level": 0.9}) == {
        "degu": __version__,
        "model": "0a1b",
        "level": 0.9,
        "command": "degu variants 'my model' -o a.vcf",
    }


def test_no_input_is_overwritten(tmp_path):
    (tmp_path / "a").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    with pytest.raises(DeguError, match="would be overwritten"):
        running.refuse_output(tmp_path / "link", tmp_path / "model", tmp_path / "b", tmp_path / "a")
    running.refuse_output(tmp_path / "b", tmp_path / "model", tmp_path / "a")
    (tmp_path / "b").write_text("")
    running.refuse_output(tmp_path / "b", tmp_path / "model", tmp_path / "a", tmp_path / "c")


def test_no_output_is_a_folder_or_lies_in_that_of_the_model(tmp_path):
    model = tmp_path / "model"
    model.mkdir()
    with pytest.raises(DeguError, match="this is a folder"):
        running.refuse_output(model, tmp_path / "other")
    running.refuse_output(model / "a.tsv", model)
    (model / "package.json").write_text("{}")
    (tmp_path / "link").symlink_to(model)
    for output in (model / "arrays.npz", model / "new" / "a.tsv", tmp_path / "link" / "a.png"):
        with pytest.raises(DeguError, match="in the folder of the model"):
            running.refuse_output(output, model)


def test_what_was_written_is_told_but_not_on_top_of_it(capsys, tmp_path):
    running.done(tmp_path / "a.tsv", 1234, "alleles", "0123456789abcdef" * 4)
    assert capsys.readouterr().out == f"{tmp_path / 'a.tsv'}: 1,234 alleles, by the model 0123456789abcdef\n"
    running.done(running.Path("-"), 1234, "alleles", "0" * 64)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("command", [[], ["predict"], ["variants"], ["saturate"], ["explain"], ["show"]])
def test_help_comes_without_anything_heavy(command):
    code = (
        "import sys; sys.path.insert(0, 'scripts'); from degu.command.main import main; "
        f"main({[*command, '--help']!r}, standalone_mode=False); "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    environment = {"PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.startswith("Usage: ")
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_library_logs_to_the_screen_for_errors(monkeypatch):
    seen = {}
    monkeypatch.setattr(logging, "basicConfig", lambda **given: seen.update(given))
    with running.told():
        pass
    assert seen["stream"] is sys.stderr
    assert seen["level"] == logging.INFO


@pytest.mark.parametrize(("name", "extra"), [("matplotlib", "figures"), ("yaml", "pipeline")])
def test_a_package_that_is_not_installed_is_told_with_its_extra(name, extra):
    with (
        pytest.raises(click.ClickException, match=rf"package {name}, which .*\n.*pip install '\.\[{extra}\]'"),
        running.told(),
    ):
        raise ModuleNotFoundError(f"No module named '{name}'", name=name)
    with pytest.raises(ModuleNotFoundError), running.told():
        raise ModuleNotFoundError("No module named 'degu.nothing'", name="degu.nothing")
