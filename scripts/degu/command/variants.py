"""`degu variants`: what each variant of a VCF file does, with the uncertainty of its effect."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from degu.command.alleles import Findings, refuse_mismatches, refuse_place
from degu.command.annotation import AnnotatedVcf, Annotation, open_annotated, refuse_known
from degu.command.progress import Progress
from degu.command.writers import format_of, open_writer
from degu.data.sequences import encode
from degu.errors import DeguError
from degu.formats.genome import Genome
from degu.formats.vcf import Variant, Vcf, VcfRecord, is_vcf
from degu.package.effects import NO_STD, Pairs, columns_of, names_of_columns, predict_pairs
from degu.package.folder import ModelFolder
from degu.variants.alleles import Finding, allele_windows, look_up
from degu.variants.windows import columns_of as columns_of_windows
from degu.variants.windows import places

log = logging.getLogger(__name__)

# Pairs of windows that are predicted together, and letters of the records that wait for it.
BATCH = 1024
_MOST_LETTERS = 1 << 26
TABLES = (".tsv", ".csv", ".parquet")


@dataclass(frozen=True)
class Wishes:
    """What a person wants of variants.

    Attributes
    ----------
    level
        Probability of the interval of the effect.
    shifts, shift_by
        Number of further windows on either side, in which the variant stands further left or right, and the number of
        bases from one window to the next; predictions are averaged.
    both_strands
        Whether each window is predicted as its reverse complement, too, and the average is taken.
    native_flanks
        Whether a window is as long as the whole construct, with the genome's own bases where the assay has its flanks.
    mismatches
        `skip` leaves out variants whose reference allele is not what the genome has; `refuse` stops.
    prefix
        What the keys of INFO fields begin with, in a VCF file.
    """

    level: float = 0.9
    shifts: int = 0
    shift_by: int = 10
    both_strands: bool = False
    native_flanks: bool = False
    mismatches: str = "refuse"
    prefix: str = "DEGU"

    @property
    def places(self) -> list[int]:
        """Where the variant stands in its windows, as bases right of their middle."""
        return places(self.shifts, self.shift_by)

    def window(self, model: ModelFolder) -> int:
        """Return the number of bases of a window of a genome."""
        return model.construct.length if self.native_flanks else model.construct.insert

    def check(self, model: ModelFolder) -> None:
        """Raise a DeguError if a shift would take the variant out of its window."""
        window, reach = self.window(model), self.shifts * self.shift_by
        if reach > (window - 1) // 2:
            raise DeguError(
                f"{self.shifts} shifts by {self.shift_by} take a variant {reach:,} bases from the middle of its window",
                where="--shifts",
                expected=f"at most {(window - 1) // 2} bases, since a window has {window:,}",
                remedy="choose fewer shifts, or a smaller --shift-by",
            )


@dataclass(frozen=True)
class Survey:
    """What there is in a VCF file.

    Attributes
    ----------
    alleles
        Number of alternative alleles.
    others
        Number of those that are no bases.
    findings
        How the reference alleles compare with a genome.
    long
        Number of those to be predicted with an allele that is longer than a window.
    """

    alleles: int
    others: int
    findings: Findings
    long: int

    @property
    def predicted(self) -> int:
        """Number of alleles that are predicted."""
        return self.findings.counts[Finding.REFERENCE]


def survey(source: Vcf, genome: Genome, window: int, mismatches: str, annotation: Annotation | None = None) -> Survey:
    """Compare all reference alleles with a genome.

    Parameters
    ----------
    source, genome
        The variants, and the genome that they are of.
    window
        Number of bases of a window.
    mismatches
        `refuse` or `skip`.
    annotation
        The INFO fields that the records are to get, if any.

    Raises
    ------
    DeguError
        If a variant does not fit the genome and is not to be skipped, if a record has one of the INFO fields already,
        or if no variant can be predicted.
    """
    alleles = others = long = 0
    findings = Findings()
    keys = annotation.all_keys if annotation else set[str]()
    for record in source:
        refuse_known(record.info_keys & keys, source.path, f"line {record.line}")
        variants = record.variants()
        alleles += len(record.alternatives)
        others += len(record.alternatives) - len(variants)
        for variant in variants:
            finding = look_up(variant, genome)
            if mismatches == "refuse":
                refuse_place(variant, finding, source.path, genome)
            findings.add(variant, finding)
            long += finding is Finding.REFERENCE and max(len(variant.ref), len(variant.alt)) > window
    if mismatches == "refuse":
        refuse_mismatches(findings, source.path, genome)
    found = Survey(alleles, others, findings, long)
    _tell(found, source, genome, window)
    return found


def _tell(found: Survey, source: Vcf, genome: Genome, window: int) -> None:
    """Log which alleles are not predicted, or raise a DeguError if none is."""
    left_out = [found.findings.told(finding) for finding in Finding if finding in found.findings.counts]
    left_out = left_out[1:] if found.predicted else left_out
    if found.others:
        which = f"{found.others:,} of {found.alleles:,} alleles"
        left_out.append(f"{which}: they are no bases, such as <DEL>, * or a breakend")
    if not found.predicted:
        raise DeguError(
            f"no allele can be predicted: {'; '.join(left_out)}" if left_out else "the file has no variants",
            where=source.path,
            expected=f"variants of the genome {genome.path}, with alleles of A, C, G, T and N",
        )
    for reason in left_out:
        log.warning("left out are %s", reason)
    if found.long:
        log.warning(
            "alleles that are longer than a window of %s bases, which shows a part of them: %s", window, found.long
        )


def batches(source: Vcf, genome: Genome, number: int) -> Iterator[tuple[list[VcfRecord], list[Variant]]]:
    """Yield the records of a VCF file in their order with the alleles that fit a genome, about `number` at a time."""
    records: list[VcfRecord] = []
    variants: list[Variant] = []
    letters = 0
    for record in source:
        records.append(record)
        variants += [variant for variant in record.variants() if look_up(variant, genome) is Finding.REFERENCE]
        letters += sum(map(len, record.fields))
        if len(variants) >= number or letters > _MOST_LETTERS:
            yield records, variants
            records, variants, letters = [], [], 0
    if records:
        yield records, variants


def effects(model: ModelFolder, variants: Sequence[Variant], genome: Genome, wishes: Wishes) -> Pairs:
    """Return what a student predicts for variants, averaged over their windows."""
    length = wishes.window(model)
    windows = [allele_windows(variant, genome, length, wishes.places) for variant in variants]
    first, second = (encode([text for pair in windows for text in pair[allele]]) for allele in (0, 1))
    flanked, before = not wishes.native_flanks, 0
    if flanked:
        first, second, before = model.construct.around(first), model.construct.around(second), len(model.construct.left)
    columns = columns_of_windows(length, wishes.places)
    lengths = [(len(variant.ref), len(variant.alt)) for variant in variants]
    edits = np.array([(before + column, *own) for own in lengths for column in columns])
    pairs = predict_pairs(model, first, second, both_strands=wishes.both_strands, flanked=flanked, edits=edits)
    return pairs.averaged(len(wishes.places))


def annotation_for(model: ModelFolder, source: Vcf, output: Path, prefix: str) -> Annotation | None:
    """Return the INFO fields that a file gets, or None if it is to be a table.

    Raises
    ------
    DeguError
        If the end of its name tells no format, or the source has INFO fields of the same keys.
    """
    if not is_vcf(output):
        format_of(output, TABLES)
        return None
    annotation = Annotation(prefix, model.targets, model.facts["units"], names_of_columns(model))
    annotation.check(source)
    return annotation


def predict_variants(
    model: ModelFolder, source: Vcf, genome: Genome, output: Path, wishes: Wishes, origin: Mapping[str, Any], total: int
) -> None:
    """Write what each variant does that fits a genome.

    Parameters
    ----------
    model, source, genome
        The student, the variants, and the genome that they are of.
    output
        The file that is written: a table with a row for each alternative allele and target, or by its name a copy of
        the VCF file with INFO fields.
    wishes
        What is wanted.
    origin
        What the file is to say of where it comes from.
    total
        Number of alleles, for the progress.

    Raises
    ------
    DeguError
        If the output cannot be written.
    """
    annotation = annotation_for(model, source, output, wishes.prefix)
    if not model.has_difference:
        log.warning(NO_STD)
    progress = Progress(total, "alleles")
    with open_annotated(output, annotation) if annotation else open_writer(output, origin) as file:
        if isinstance(file, AnnotatedVcf):
            file.write_header(source, origin)
        for records, variants in batches(source, genome, max(1, BATCH // len(wishes.places))):
            pairs = effects(model, variants, genome, wishes) if variants else None
            columns = columns_of(model, pairs, wishes.level) if pairs else {}
            unusual = pairs.reasons() if pairs else []
            if isinstance(file, AnnotatedVcf):
                file.write(records, variants, columns, unusual)
            elif pairs:
                file.write(rows_of(variants, model.targets, columns, unusual))
            progress.add(len(variants))


def rows_of(
    variants: Sequence[Variant], targets: Sequence[str], columns: Mapping[str, np.ndarray], unusual: Sequence[str]
) -> dict[str, Any]:
    """Return the columns of a table with a row for each variant and target."""

    def repeated(values: Iterable) -> list:
        return [value for value in values for _ in targets]

    return {
        "name": repeated(variant.name for variant in variants),
        "chromosome": repeated(variant.chromosome for variant in variants),
        "position": repeated(variant.position + 1 for variant in variants),
        "ref": repeated(variant.ref for variant in variants),
        "alt": repeated(variant.alt for variant in variants),
        "target": list(targets) * len(variants),
        **{name: values.reshape(-1) for name, values in columns.items()},
        "unusual": repeated(unusual),
    }
