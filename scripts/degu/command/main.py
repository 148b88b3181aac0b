"""The command `degu`."""

import contextlib
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from degu import __version__
from degu.errors import DeguError

_THREADS = click.option(
    "--threads", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True, help="Processor cores."
)
_RUNTIME = click.option(
    "--runtime",
    type=click.Choice(["onnx", "keras"]),
    help="What computes the student. Without it, ONNX Runtime does, if the folder has what it reads.",
)
# Those of `degu.package.calibration`, which takes longer to import than to show the help.
METHODS = ("normalized", "absolute", "mondrian", "recalibrated", "predicted")
_LEVEL = click.FloatRange(0, 1, min_open=True, max_open=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="degu")
def main() -> None:
    """Predict regulatory activity from DNA with a student that was distilled from an ensemble, and say how sure it is.

    MODEL is the folder of a student, such as
    results/DATASET/TEACHER/fraction-1/students/degu/package.
    """


@main.command()
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("sequences", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True,
              help="File to write: .tsv, .csv or .bed (also with .gz), .parquet, or .bw for a track of one target "
              "along the genome. A single - writes TSV to the screen.")  # fmt: skip
@click.option(
    "--genome", type=click.Path(path_type=Path), help="FASTA of the genome that the regions of a BED file are of."
)
@click.option("--level", type=_LEVEL, default=0.9, show_default=True, help="Probability of the intervals.")
@click.option("--method", type=click.Choice(METHODS), default="normalized", show_default=True,
              help="How intervals are made.")  # fmt: skip
@click.option(
    "--stride",
    type=click.IntRange(1),
    help="Bases from one window of a long sequence to the next. Without it, windows do not overlap.",
)
@click.option("--shorter", type=click.Choice(["refuse", "left", "right", "both"]), default="refuse", show_default=True,
              help="Fill sequences that are too short up with N on this side.")  # fmt: skip
@click.option("--both-strands", is_flag=True, help="Average the predictions for a window and its reverse complement.")
@click.option("--column", default="sequence", show_default=True, help="Column of the sequence, in a table.")
@click.option("--name", default="", help="Column of the name, in a table.")
@click.option("--target", help="Target of a bigWig file, where the student has several.")
@click.option("--track", default="mean", show_default=True, help="Column of the output that a bigWig file holds.")
@_RUNTIME
@_THREADS
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
    target: str | None,
    track: str,
    runtime: str | None,
    threads: int,
) -> None:
    """Predict the activity of SEQUENCES: a FASTA file, a BED file with --genome, or a table.

    The output has one row for each window and target: the predicted mean, the standard deviations, the ends of an
    interval that holds a new measurement with the probability --level, the quantile of the mean among the sequences of
    the data set, and the reasons if a sequence is unlike those that the student was trained on.
    """
    with told():
        from degu.command.predict import Wishes, predict_file
        from degu.command.records import Sequences
        from degu.command.writers import format_of
        from degu.formats.genome import Genome
        from degu.package.folder import ModelFolder

        format_of(output)
        student = ModelFolder(model, runtime=runtime, threads=threads)
        wishes = Wishes(level, method, stride or 0, shorter, both_strands, target, track)
        with contextlib.ExitStack() as stack:
            opened = None if genome is None else stack.enter_context(Genome(genome))
            source = Sequences(sequences, genome=opened, column=column, name=name)
            if student.runtime == "keras":
                _prepare(threads)
            number = predict_file(student, source, output, wishes, _origin(student.digest, wishes.__dict__))
        if str(output) != "-":
            click.echo(f"{output}: {number:,} windows, by the model {student.digest[:16]}")


@main.command()
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("vcf", type=click.Path(path_type=Path))
@click.option("--genome", type=click.Path(path_type=Path), required=True, help="FASTA of the genome of the variants.")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True,
              help="File to write: .tsv, .csv or .parquet. A single - writes TSV to the screen.")  # fmt: skip
@click.option("--level", type=_LEVEL, default=0.9, show_default=True, help="Probability of the interval of the effect.")
@click.option("--shifts", type=click.IntRange(0), default=0, show_default=True, help="Average over this number of windows "
              "on either side, in which the variant stands further left or right.")  # fmt: skip
@click.option(
    "--shift-by", type=click.IntRange(1), default=10, show_default=True, help="Bases from one window to the next."
)
@click.option("--both-strands", is_flag=True, help="Average the predictions for a window and its reverse complement.")
@click.option("--native-flanks", is_flag=True, help="Take the genome's own bases where the assay has its flanks.")
@click.option("--mismatches", type=click.Choice(["refuse", "skip"]), default="refuse", show_default=True,
              help="What to do with variants whose reference allele is not what the genome has.")  # fmt: skip
@click.option(
    "--threads", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True, help="Processor cores."
)
def variants(
    model: Path,
    vcf: Path,
    genome: Path,
    output: Path,
    level: float,
    shifts: int,
    shift_by: int,
    both_strands: bool,
    native_flanks: bool,
    mismatches: str,
    threads: int,
) -> None:
    """Predict what each variant of VCF does to the activity.

    The output has one row for each alternative allele and target: the prediction for both alleles, the effect
    (alternative less reference) with its standard deviation and interval, and the quantile of its size among random
    substitutions.
    """
    with told():
        from degu.command.variants import Wishes, predict_variants
        from degu.command.writers import format_of
        from degu.formats.genome import Genome
        from degu.package.folder import ModelFolder

        format_of(output)
        student = ModelFolder(model)
        places = tuple(shift_by * step for step in range(-shifts, shifts + 1))
        wishes = Wishes(level, places, both_strands, native_flanks, mismatches == "skip")
        with Genome(genome) as opened:
            _prepare(threads)
            number = predict_variants(student, vcf, opened, output, wishes, _origin(student.digest, wishes.__dict__))
        if str(output) != "-":
            click.echo(f"{output}: {number:,} alleles, by the model {student.digest[:16]}")


@main.command()
@click.argument("model", type=click.Path(path_type=Path))
def show(model: Path) -> None:
    """Show the card of a student: what it takes, what it predicts, and what it is worth."""
    with told():
        from degu.package.card import card
        from degu.package.folder import ModelFolder

        folder = ModelFolder(model)
        text = card(folder.facts).partition("---\n\n")[2]
        click.echo_via_pager(text) if sys.stdout.isatty() else click.echo(text, nl=False)


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Turn mistakes that a person can correct into a message, and end quietly when the reader of the output has left."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    try:
        yield
    except DeguError as error:
        raise click.ClickException(str(error)) from error
    except BrokenPipeError:
        # Python would complain again when it closes the output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _origin(digest: str, wishes: dict[str, object]) -> dict[str, object]:
    return {"degu": __version__, "model": digest, **wishes}


def _prepare(threads: int) -> None:
    from degu.training.backend import prepare

    prepare(threads, deterministic=False, gpu_expected=False)


if __name__ == "__main__":
    main(prog_name="degu")
