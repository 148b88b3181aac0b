"""The command `degu`."""

import contextlib
import os
import sys
from pathlib import Path

import click

from degu import __version__
from degu.command import explain_command, running, saturate_command, variants_command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="degu")
def main() -> None:
    """Predict regulatory activity from DNA with a student that was distilled from an ensemble, and say how sure it is.

    MODEL is the folder of a student, such as
    results/DATASET/TEACHER/fraction-1/students/degu/package.
    """


main.add_command(variants_command.command)
main.add_command(saturate_command.command)
main.add_command(explain_command.command)


@main.command()
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("sequences", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="File to write: .tsv, .csv, .bed or "
              ".parquet; all but the last may end in .gz. A single - writes TSV to the screen.")  # fmt: skip
@click.option(
    "--genome", type=click.Path(path_type=Path), help="FASTA of the genome that the regions of a BED file are of."
)
@click.option("--level", type=running.LEVEL, default=0.9, show_default=True, help="Probability of the intervals.")
@click.option("--method", default="normalized", show_default=True,
              help="How intervals are made: normalized, absolute, mondrian, recalibrated or predicted.")  # fmt: skip
@click.option("--stride", type=click.IntRange(1), help="Bases from one window of a long sequence to the next. Without it, "
              "windows do not overlap.")  # fmt: skip
@click.option("--shorter", type=click.Choice(["refuse", "left", "right", "both"]), default="refuse", show_default=True,
              help="Fill sequences that are too short up with N on this side.")  # fmt: skip
@click.option("--both-strands", is_flag=True, help="Average the predictions for a window and its reverse complement.")
@click.option("--column", default="sequence", show_default=True, help="Column of the sequence, in a table.")
@click.option("--name", default="", help="Column of the name, in a table.")
@click.option(
    "--threads", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True, help="Processor cores."
)
def predict(
    model: Path,
    sequences: Path,
    output: Path,
    genome: Path | None,
    level: float,
    method: str,
    stride: int | None,
    shorter: str,
    both_strands: bool,
    column: str,
    name: str,
    threads: int,
) -> None:
    """Predict the activity of SEQUENCES: a FASTA file, a BED file with --genome, or a table.

    The output has one row for each window and target: the predicted mean, the standard deviations, the ends of an
    interval that holds a new measurement with the probability --level, the quantile of the mean among the sequences of
    the data set, and the reasons if a sequence is unlike those that the student was trained on.
    """
    with running.told():
        from degu.command.predict import Wishes, predict_file
        from degu.command.records import Sequences
        from degu.command.writers import format_of
        from degu.formats.genome import Genome
        from degu.package.folder import ModelFolder

        format_of(output)
        student = ModelFolder(model)
        wishes = Wishes(level, method, stride or 0, shorter, both_strands)
        with contextlib.ExitStack() as stack:
            opened = None if genome is None else stack.enter_context(Genome(genome))
            source = Sequences(sequences, genome=opened, column=column, name=name)
            running.prepare(threads)
            number = predict_file(student, source, output, wishes, running.origin(student.digest, wishes.__dict__))
        if str(output) != "-":
            click.echo(f"{output}: {number:,} windows, by the model {student.digest[:16]}")


@main.command()
@click.argument("model", type=click.Path(path_type=Path))
def show(model: Path) -> None:
    """Show the card of a student: what it takes, what it predicts, and what it is worth."""
    with running.told():
        from degu.package.card import card
        from degu.package.folder import ModelFolder

        folder = ModelFolder(model)
        text = card(folder.facts).partition("---\n\n")[2]
        click.echo_via_pager(text) if sys.stdout.isatty() else click.echo(text, nl=False)


if __name__ == "__main__":
    main()
