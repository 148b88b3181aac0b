"""What all commands share: options, messages for a person, and the set-up of TensorFlow."""

import contextlib
import logging
import os
import shlex
import signal
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from degu import __version__
from degu.errors import DeguError, installing
from degu.package.facts import FACTS

if TYPE_CHECKING:
    from degu.package.folder import ModelFolder

# The extras that bring packages which a part of the commands needs.
_EXTRAS = {"jsonschema": "pipeline", "logomaker": "figures", "matplotlib": "figures", "seaborn": "figures",
           "yaml": "pipeline"}  # fmt: skip

FILE = click.Path(path_type=Path)
LEVEL = click.FloatRange(0, 1, min_open=True, max_open=True)

model_argument = click.argument("model", type=FILE)
level_option = click.option(
    "--level", type=LEVEL, default=0.9, show_default=True, help="Probability of the interval of an effect."
)
threads_option = click.option(
    "--threads", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True, help="Processor cores."
)
runtime_option = click.option(
    "--runtime",
    type=click.Choice(["onnx", "keras"]),
    help="What computes the student. Without it, ONNX Runtime does, if the folder has what it reads.",
)
strands_option = click.option(
    "--both-strands", is_flag=True, help="Average the predictions for a window and its reverse complement."
)


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Turn mistakes that a person can correct into messages, and end quietly when the reader of the output has left.

    A signal to end leaves no temporary files.
    """
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    try:
        yield
    except DeguError as error:
        raise click.ClickException(str(error)) from error
    except ModuleNotFoundError as error:
        if error.name not in _EXTRAS:
            raise
        problem = DeguError(
            f"this takes the package {error.name}, which is not installed", remedy=installing(_EXTRAS[error.name])
        )
        raise click.ClickException(str(problem)) from error
    except BrokenPipeError:
        _drop_output()
        sys.exit(0)
    except OSError as error:
        _drop_output()
        raise click.ClickException(str(error)) from error


def _drop_output() -> None:
    """Let what is still to be written to the screen vanish, about which Python would complain when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _end(number: int, _: object) -> None:
    # As this leaves the blocks of the program, they remove their temporary files.
    sys.exit(128 + number)


def origin(digest: str, wishes: Mapping[str, object]) -> dict[str, object]:
    """Return what a file of predictions says of where it comes from.

    Parameters
    ----------
    digest
        Digest of the model.
    wishes
        What was wanted of the predictions.
    """
    command = shlex.join(["degu", *sys.argv[1:]])
    return {"degu": __version__, "model": digest, **wishes, "command": command}


def set_up(model: "ModelFolder") -> None:
    """Set up TensorFlow, if it computes a student."""
    if model.runtime == "keras":
        prepare(model.threads)


def prepare(threads: int) -> None:
    """Set up TensorFlow for a number of processor cores."""
    from degu.training.backend import prepare

    prepare(threads, deterministic=False, gpu_expected=False)


def refuse_output(output: Path, model: Path, *inputs: Path) -> None:
    """Raise a DeguError if an output is a folder, or would replace a file that is read or one of the model."""
    if output.is_dir():
        raise DeguError("this is a folder", where=output, expected="the name of a file to write")
    if (model / FACTS).is_file() and output.resolve().is_relative_to(model.resolve()):
        raise DeguError("this is in the folder of the model", where=output, remedy="choose another folder")
    for path in inputs:
        if output.exists() and path.exists() and output.samefile(path):
            raise DeguError("this file is read, and would be overwritten", where=output, remedy="choose another name")


def done(output: Path, number: int, things: str, digest: str) -> None:
    """Say what was written, unless it went to the screen."""
    if str(output) != "-":
        click.echo(f"{output}: {number:,} {things}, by the model {digest[:16]}")
