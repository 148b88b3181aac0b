"""The command `degu`."""

import sys
from pathlib import Path

import click

from degu import __version__
from degu.command import (
    explain_command,
    new_assay,
    predict_command,
    running,
    saturate_command,
    variants_command,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="degu")
def main() -> None:
    """Predict regulatory activity from DNA with a student that was distilled from an ensemble, and say how sure it is.

    MODEL is the folder of a student, such as
    results/DATASET/TEACHER/fraction-1/students/degu/package.
    """


for module in (predict_command, variants_command, saturate_command, explain_command, new_assay):
    main.add_command(module.command)


@main.command()
@running.model_argument
def show(model: Path) -> None:
    """Show the card of a student: what it takes, what it predicts, and what it is worth."""
    with running.told():
        from degu.package.card import card
        from degu.package.folder import ModelFolder

        folder = ModelFolder(model)
        text = card(folder.facts).partition("---\n\n")[2]
        # What somebody else has written is not to steer the terminal.
        text = "".join(letter for letter in text if letter.isprintable() or letter == "\n")
        click.echo_via_pager(text) if sys.stdout.isatty() else click.echo(text, nl=False)


if __name__ == "__main__":
    main(prog_name="degu")
