"""Saturation mutagenesis in the layout of CAGI5: tables of variants, and the DNA around them.

A table has the columns `Chrom`, `Pos`, `Ref`, `Alt`, `Value` (the effect) and `Confidence`, with or without comments
above; other names are options. The file `sequences` is a genome in FASTA, or holds one window for each locus. The
reference base of every variant is compared with it. Alternative bases may be missing, and `-` is a deletion.
"""

import logging
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from degu.errors import DeguError, did_you_mean, name_rows
from degu.formats.cells import numeric, stripped
from degu.formats.genome import Genome
from degu.formats.vcf import Variant
from degu.variants.alleles import MISMATCHES, Finding, look_up
from degu.variants.tables import columns_with, read_variant_table
from degu.variants.variant_set import VariantSet

log = logging.getLogger(__name__)

# The file that is no table of variants.
SEQUENCES = "sequences"
RANGES = {"context": {"at_least": 1}, "first": {"at_least": 0, "at_most": 1}}
_COLUMNS = {
    "chromosome": "Chrom",
    "position": "Pos",
    "ref": "Ref",
    "alt": "Alt",
    "value": "Value",
    "confidence": "Confidence",
    "locus": "",
    "part": "",
}
_NEEDED = ("chromosome", "position", "ref", "alt", "value")
_DELETION = "-"
# What may be said of a table as a whole.
_OF_TABLES = ("locus", "part")


def load(
    files: Mapping[str, Path],
    *,
    columns: dict[str, str] | None = None,
    tables: dict[str, dict] | None = None,
    first: int = 1,
    prefix: str = "",
    context: int = 500,
) -> VariantSet:
    """Read tables of variants, and the DNA around each variant.

    Parameters
    ----------
    files
        The file `sequences`; every other one is a table of variants.
    columns
        The names of the columns by what they hold: `chromosome`, `position`, `ref`, `alt`, `value`, `confidence`,
        `locus` and `part`. An empty name stands for a column that there is not.
    tables
        The `locus` and the `part`, such as `challenge` or `release`, of the variants of a table without such columns,
        by the name of the file. Without either, the name of the file is the locus.
    first
        The number of the first base of a sequence: 1, as in genomes, or 0 for indices into windows.
    prefix
        What is put before the names of the chromosomes, such as `chr` where a table says `19`.
    context
        Number of bases that are kept on either side of a variant; windows may be about twice as long.

    Raises
    ------
    DeguError
        If a table lacks a column, an allele is no base, or a reference base is not that of the sequence.
    """
    if SEQUENCES not in files or len(files) < 2:
        raise DeguError(
            f"the files {', '.join(files)}", where="files", expected=f"the file `{SEQUENCES}`, and tables of variants"
        )
    named = columns_with(_COLUMNS, columns, where="options.columns")
    if missing := [key for key in _NEEDED if key not in named]:
        raise DeguError(f"no column for '{missing[0]}'", where="options.columns", expected=", ".join(_NEEDED))
    of_tables = tables or {}
    for name in of_tables:
        if name not in files:
            raise DeguError(f"there is no file '{name}'", where="options.tables", expected=", ".join(files))
        for key in of_tables[name]:
            if key not in _OF_TABLES:
                raise DeguError(
                    f"unknown key '{key}'", where=f"options.tables.{name}", expected=did_you_mean(key, _OF_TABLES)
                )
    with Genome(files[SEQUENCES]) as genome:
        found = [
            _read(path, named, {"locus": name, "part": "", **of_tables.get(name, {})}, (prefix, first, context), genome)
            for name, path in files.items()
            if name != SEQUENCES
        ]
    return _joined(found)


def _read(
    path: Path, columns: Mapping[str, str], labels: Mapping[str, str], shape: tuple[str, int, int], genome: Genome
) -> VariantSet:
    """Return the variants of one table; `shape` holds the options prefix, first and context."""
    prefix, first, context = shape
    frame = read_variant_table(path, list(columns.values()))
    texts = {
        key: np.array([text or "" for text in stripped(frame, name, where=path)], dtype=object)
        for key, name in columns.items()
        if key in ("chromosome", "ref", "alt", "locus", "part")
    }
    if "locus" in texts and (unnamed := texts["locus"] == "").any():
        raise DeguError(
            f"column '{columns['locus']}' is empty in {name_rows(frame.index[unnamed])}",
            where=path,
            expected="the name of the locus in each row",
        )
    variants = _variants(frame, texts, _positions(frame, columns["position"], path), (prefix, first), path)
    _check_references(variants, genome, path)
    effect = numeric(frame, [columns["value"]], where=path)[:, 0]
    spans = [(variant.chromosome, variant.position, variant.position + len(variant.ref)) for variant in variants]
    log.info("%s: %s variants at %s positions", path, f"{len(variants):,}", f"{len({span[:2] for span in spans}):,}")
    return VariantSet(
        loci=texts.get("locus", np.full(len(frame), labels["locus"], dtype=object)),
        names=np.array([variant.name for variant in variants], dtype=object),
        groups=np.array([f"{variant.chromosome}:{variant.position}" for variant in variants], dtype=object),
        parts=texts.get("part", np.full(len(frame), labels["part"], dtype=object)),
        reference=np.array([variant.ref for variant in variants], dtype=object),
        alternative=np.array([variant.alt for variant in variants], dtype=object),
        effect=effect,
        left=np.array([genome.known_bases(name, start - context, start).upper() for name, start, _ in spans], object),
        right=np.array([genome.known_bases(name, end, end + context).upper() for name, _, end in spans], object),
        confidence=numeric(frame, [columns["confidence"]], where=path)[:, 0] if "confidence" in columns else None,
    )


def _positions(frame: pd.DataFrame, column: str, path: Path) -> np.ndarray:
    values = numeric(frame, [column], where=path)[:, 0]
    wrong = ~np.isfinite(values) | (values != np.round(values))
    if wrong.any():
        raise DeguError(
            f"column '{column}' holds no whole number in {name_rows(frame.index[wrong])}",
            where=path,
            expected="1, 2, ...",
        )
    return values.astype(np.int64)


def _variants(
    frame: pd.DataFrame, texts: Mapping[str, np.ndarray], positions: np.ndarray, numbering: tuple[str, int], path: Path
) -> list[Variant]:
    """Return the variants of a table, with empty text for the allele of a deletion."""
    found = []
    prefix, first = numbering
    for line, chromosome, position, ref, alt in zip(
        frame.index, texts["chromosome"], positions, texts["ref"], texts["alt"], strict=True
    ):
        allele = "" if alt == _DELETION else alt.upper()
        if not ref or not set(ref.upper() + allele) <= set("ACGT") or (not allele and alt != _DELETION):
            raise DeguError(
                f"the alleles '{ref}' and '{alt}' in row {line}", where=path, expected="bases, or - for a deletion"
            )
        name = f"{prefix}{chromosome}:{position}:{ref.upper()}>{allele or _DELETION}"
        found.append(Variant(line, 0, f"{prefix}{chromosome}", int(position) - first, name, ref.upper(), allele))
    return found


def _check_references(variants: list[Variant], genome: Genome, path: Path) -> None:
    """Check that each reference allele stands in the sequences."""
    findings = {variant.line: look_up(variant, genome) for variant in variants}
    for variant in variants:
        if findings[variant.line] is Finding.ABSENT:
            genome.length_of(variant.chromosome)
    beyond = [variant for variant in variants if findings[variant.line] is Finding.BEYOND]
    if beyond:
        one = beyond[0]
        raise DeguError(
            f"{len(beyond):,} of {len(variants):,} variants lie beyond their sequence: "
            f"{name_rows(variant.line for variant in beyond)}, the first of which is {one.name}, where "
            f"'{one.chromosome}' has {genome.length_of(one.chromosome):,} bases",
            where=path,
            expected=f"positions within the sequences of {genome.path}",
            remedy="correct the positions, or set `first` to the number of the first base of a sequence",
        )
    wrong = [variant for variant in variants if findings[variant.line] in MISMATCHES]
    if wrong:
        one = wrong[0]
        there = genome.read(one.chromosome, one.position, one.position + len(one.ref)).upper()
        raise DeguError(
            f"{len(wrong):,} of {len(variants):,} reference alleles are not those of the sequences: "
            f"{name_rows(variant.line for variant in wrong)}, the first with {one.ref} where the sequence has {there}",
            where=path,
            expected=f"variants of {genome.path}",
            remedy="name the build of the genome that the table is of, and set `first` to the number of its first base",
        )


def _joined(sets: list[VariantSet]) -> VariantSet:
    """Return the variants of all tables; confidence is kept if all of them have it."""
    values: dict[str, np.ndarray | None] = {}
    for name in vars(sets[0]):
        parts = [getattr(own, name) for own in sets]
        values[name] = None if any(part is None for part in parts) else np.concatenate(parts)
    return VariantSet(**values)  # type: ignore[arg-type]  # each set has the arrays that are needed
