"""The command line of `degu explain`."""

import contextlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from degu.command import running
from degu.command.map_wishes import METHODS


@click.command("explain")
@running.model_argument
@click.argument("sequences", type=running.FILE)
@click.option("-o", "--output", type=running.FILE, required=True,
              help="File to write: .h5 or .npz for arrays, .tsv, .csv or .parquet for a table of the bases. A single - "
              "writes TSV to the screen.")  # fmt: skip
@click.option("--figure", type=running.FILE, help="Draw logos, too: .png, .svg, or .pdf with a page for each sequence.")
@click.option("--genome", type=running.FILE, help="FASTA of the genome that the regions of a BED file are of.")
@click.option("--head", "heads", multiple=True,
              help="Head to explain, such as mean, aleatoric, epistemic, total or profile; may be given several times. "
              "Without it, the first three of them.")  # fmt: skip
@click.option("--target", "targets", multiple=True,
              help="Target to explain; may be given several times. Without it, all.")  # fmt: skip
@click.option("--method", type=click.Choice(METHODS), default="deep_shap", show_default=True,
              help="Attribution method.")  # fmt: skip
@click.option("--backgrounds", type=click.IntRange(1), default=20, show_default=True,
              help="Number of shuffles that each sequence is compared with.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Seed of the shuffles.")
@click.option("--flanks", is_flag=True, help="Shuffle and explain the flanks of the assay, too.")
@click.option("--centre", type=click.IntRange(1),
              help="Show this number of bases in the middle alone; in-silico mutagenesis changes no "
              "others.")  # fmt: skip
@running.strands_option
@running.threads_option
def command(
    model: Path, sequences: Path, output: Path, figure: Path | None, genome: Path | None, threads: int, **wished: Any
) -> None:
    """Tell which bases of SEQUENCES the predictions come from: a FASTA file, or a BED file with --genome.

    A base contributes to the activity, and to how uncertain it is. The contributions of all bases of a sequence sum to
    its prediction less the mean prediction for shuffles of it, which keep the number of each dinucleotide. Saliency and
    in-silico mutagenesis compare with no shuffles, and define no sum.

    A student of profiles takes one window about the summit or the middle of each region, as in `degu predict`.
    """
    with running.told():
        from degu.command.explain import check, explain
        from degu.command.map_wishes import Wishes
        from degu.command.records import Sequences, bases_about_regions
        from degu.formats.genome import Genome
        from degu.package.folder import ModelFolder

        for written in (output, *([] if figure is None else [figure])):
            running.refuse_output(written, model, sequences, *([] if genome is None else [genome]))
        student, wishes = ModelFolder(model), Wishes(**wished)
        with contextlib.ExitStack() as stack:
            opened = None if genome is None else stack.enter_context(Genome(genome))
            source = Sequences(sequences, genome=opened, around=bases_about_regions(student))
            number = check(student, source, output, figure, wishes)
            running.prepare(threads)
            origin = running.origin(student.digest, asdict(wishes))
            worst = explain(student, source, output, figure, wishes, origin, number)
            running.done(output, number, "sequences", student.digest)
            if str(output) != "-" and worst is not None:
                click.echo(f"contributions sum to the change of each prediction, within {worst:.1g} of their size")
