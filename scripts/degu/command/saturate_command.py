"""The command line of `degu saturate`."""

import contextlib
from pathlib import Path

import click

from degu.command import running


@click.command("saturate")
@running.model_argument
@click.argument("region_or_fasta")
@click.option("--genome", type=running.FILE, help="FASTA of the genome that the region is of.")
@click.option("-o", "--output", type=running.FILE, required=True,
              help="File to write: .tsv, .csv or .parquet. A single - writes TSV to the screen.")  # fmt: skip
@click.option("--figure", type=running.FILE,
              help="Draw a logo and heat maps, too: .png, .svg, or .pdf with a page for each sequence.")  # fmt: skip
@running.level_option
@running.strands_option
@click.option("--centred", is_flag=True, help="Put each base of a region into the middle of a window of its own.")
@running.runtime_option
@running.threads_option
def command(
    model: Path,
    region_or_fasta: str,
    genome: Path | None,
    output: Path,
    figure: Path | None,
    centred: bool,
    runtime: str | None,
    threads: int,
    **wished: object,
) -> None:
    """Predict what every single substitution does to the activity.

    REGION_OR_FASTA is a region of a genome such as chr1:1001-1200, both ends included and counted from 1, or a FASTA
    file of sequences that are as long as the insert or longer.

    The table has one row for each substitution and target, with the columns of `degu variants`. A region that is no
    longer than the insert stands in the middle of one window. Each base of a longer one stands in the middle of a
    window of its own, as with --centred.
    """
    with running.told():
        from degu.command.saturate import check, saturate
        from degu.command.stretches import Stretches
        from degu.formats.genome import Genome
        from degu.package.folder import ModelFolder

        read = [Path(region_or_fasta), *([] if genome is None else [genome])]
        for written in (output, *([] if figure is None else [figure])):
            running.refuse_output(written, model, *read)
        student = ModelFolder(model, runtime=runtime, threads=threads)
        with contextlib.ExitStack() as stack:
            opened = None if genome is None else stack.enter_context(Genome(genome))
            stretches = Stretches(region_or_fasta, student.construct, opened, centred=centred)
            number = check(stretches, output, figure)
            running.set_up(student)
            wishes = {name: wished[name] for name in ("level", "both_strands")}
            origin = running.origin(student.digest, {**wishes, "centred": centred})
            saturate(student, stretches, output, figure, wishes, origin, number)
        running.done(output, number, "bases", student.digest)
