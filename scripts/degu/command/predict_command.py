"""The command line of `degu predict`."""

import contextlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from degu.command import running
from degu.errors import DeguError

# Those of `degu.package.calibration`, which takes longer to import than to show the help.
METHODS = ("normalized", "absolute", "mondrian", "recalibrated", "predicted")


@click.command("predict")
@running.model_argument
@click.argument("sequences", type=running.FILE)
@click.option("-o", "--output", type=running.FILE,
              help="File to write: .tsv, .csv or .bed (also with .gz), .parquet, or .bw for a track of one target "
              "along the genome. A single - writes TSV to the screen.")  # fmt: skip
@click.option("--profiles", metavar="PREFIX",
              help="Write bigWig files of the expected counts at each base, PREFIX.TARGET.mean.bw, of their "
              "standard deviations, .epistemic.bw and .total.bw, and of the ends of intervals for the counts in bins, "
              ".lower.bw and .upper.bw. The student has to predict profiles.")  # fmt: skip
@click.option("--simultaneous", is_flag=True,
              help="The intervals of --profiles hold all bins of a window at once with the probability --level, and "
              "not each bin by itself.")  # fmt: skip
@click.option("--genome", type=running.FILE, help="FASTA of the genome that the regions of a BED file are of.")
@click.option("--level", type=running.LEVEL, default=0.9, show_default=True, help="Probability of the intervals.")
@click.option("--method", type=click.Choice(METHODS), default="normalized", show_default=True,
              help="How intervals are made.")  # fmt: skip
@click.option("--stride", type=click.IntRange(1), default=None,
              help="Bases from one window of a long sequence to the next. Without it, windows do not "
              "overlap, and a student of profiles takes one window about the summit or the middle of each "
              "region.")  # fmt: skip
@click.option("--shorter", type=click.Choice(["refuse", "left", "right", "both"]), default="refuse", show_default=True,
              help="Fill sequences that are too short up with N on this side.")  # fmt: skip
@running.strands_option
@click.option("--column", default="sequence", show_default=True, help="Column of the sequence, in a table.")
@click.option("--name", default="", help="Column of the name, in a table.")
@click.option("--target", help="Target of a bigWig file, where the student has several.")
@click.option("--track", default="mean", show_default=True, help="Column of the output that a bigWig file holds.")
@running.runtime_option
@running.threads_option
def command(
    model: Path,
    sequences: Path,
    output: Path | None,
    genome: Path | None,
    runtime: str | None,
    threads: int,
    **wished: Any,
) -> None:
    """Predict the activity of SEQUENCES: a FASTA file, a BED file with --genome, or a table.

    The output has one row for each window and target: the predicted mean, the standard deviations, the ends of an
    interval that holds a new measurement with the probability --level, the quantile of the mean among the sequences of
    the data set, and the reasons if a sequence is unlike those that the student was trained on.

    A student of profiles also predicts the counts at each base of the regions of a BED file (--profiles).
    """
    with running.told():
        from degu.command.predict import Wishes, predict_file
        from degu.command.records import Sequences, bases_about_regions
        from degu.command.writers import BIGWIG, format_of
        from degu.formats.genome import Genome
        from degu.package.folder import ModelFolder

        columns = {name: wished.pop(name) for name in ("column", "name")}
        wishes = Wishes(**wished)
        if wishes.simultaneous and not wishes.profiles:
            raise DeguError(
                "it is about the tracks of --profiles", where="--simultaneous", remedy="give --profiles, too"
            )
        is_track = output is not None and format_of(output) == BIGWIG
        of_track = {"--target": wishes.target != Wishes.target, "--track": wishes.track != Wishes.track}
        for option, is_given in of_track.items():
            if is_given and not is_track:
                raise DeguError(
                    "it is about the track that --output holds", where=option, remedy="give --output a name in .bw"
                )
        if wishes.profiles == "-":
            raise DeguError("tracks are files", where="--profiles", expected="what the names of these files begin with")
        written = [path for path in (output, wishes.profiles and Path(wishes.profiles)) if path]
        if not written:
            raise DeguError("nothing is to be written", expected="a file with --output, or tracks with --profiles")
        for path in written:
            running.refuse_output(path, model, sequences, *([] if genome is None else [genome]))
        student = ModelFolder(model, runtime=runtime, threads=threads)
        around = bases_about_regions(student, wishes.stride)
        with contextlib.ExitStack() as stack:
            opened = None if genome is None else stack.enter_context(Genome(genome))
            source = Sequences(sequences, genome=opened, around=around, **columns)
            running.set_up(student)
            number = predict_file(student, source, output, wishes, running.origin(student.digest, asdict(wishes)))
        for path in written:
            running.done(path, number, "windows", student.digest)
