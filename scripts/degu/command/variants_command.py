"""The command line of `degu variants`."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from degu.command import running


@click.command("variants")
@running.model_argument
@click.argument("vcf", type=running.FILE)
@click.option("--genome", type=running.FILE, required=True, help="FASTA of the genome of the variants.")
@click.option("-o", "--output", type=running.FILE, required=True,
              help="File to write: .tsv, .csv or .parquet for a table, .vcf or .vcf.gz for a copy of VCF with INFO "
              "fields. A single - writes TSV to the screen.")  # fmt: skip
@running.level_option
@click.option("--shifts", type=click.IntRange(0), default=0, show_default=True,
              help="Average over this number of windows on either side, in which the variant stands further left or "
              "right.")  # fmt: skip
@click.option(
    "--shift-by", type=click.IntRange(1), default=10, show_default=True, help="Bases from one window to the next."
)
@running.strands_option
@click.option("--native-flanks", is_flag=True, help="Take the genome's own bases where the assay has its flanks.")
@click.option("--mismatches", type=click.Choice(["refuse", "skip"]), default="refuse", show_default=True,
              help="What to do with variants whose reference allele is not what the genome has.")  # fmt: skip
@click.option("--prefix", default="DEGU", show_default=True, help="What the keys of INFO fields begin with, in VCF.")
@running.runtime_option
@running.threads_option
def command(
    model: Path, vcf: Path, genome: Path, output: Path, runtime: str | None, threads: int, **wished: Any
) -> None:
    """Predict what each variant of VCF does to the activity.

    A table has one row for each alternative allele and target: the prediction for both alleles, the effect
    (alternative less reference) with its epistemic standard deviation and interval, and the quantile of its size among
    random substitutions. A copy of VCF has the same as INFO fields, and all else as it was.
    """
    with running.told():
        from degu.command.variants import Wishes, annotation_for, predict_variants, survey
        from degu.formats.genome import Genome
        from degu.formats.vcf import Vcf
        from degu.package.folder import ModelFolder

        running.refuse_output(output, model, vcf, genome)
        wishes = Wishes(**wished)
        student, source = ModelFolder(model, runtime=runtime, threads=threads), Vcf(vcf)
        wishes.check(student)
        annotation = annotation_for(student, source, output, wishes.prefix)
        with Genome(genome) as opened:
            number = survey(source, opened, wishes.window(student), wishes.mismatches, annotation).predicted
            running.set_up(student)
            origin = running.origin(student.digest, asdict(wishes))
            predict_variants(student, source, opened, output, wishes, origin, number)
        running.done(output, number, "alleles", student.digest)
