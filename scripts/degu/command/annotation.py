"""Copies of VCF files with the effects of their variants as INFO fields."""

import contextlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
import pysam

from degu.command.writers import as_text
from degu.errors import DeguError
from degu.formats.files import write_aside
from degu.formats.vcf import Variant, Vcf, VcfRecord, as_info_key, is_info_key, quoted
from degu.package.effects import MEANINGS

# What follows the prefix in the key of each column.
KEYS = {
    "reference": "REF",
    "alternative": "ALT",
    "effect": "DELTA",
    "effect_std": "DELTA_SD",
    "effect_lower": "LO",
    "effect_upper": "HI",
    "quantile": "Q",
    "profile_distance": "JSD",
}
# A comma would begin the value of the next allele.
_BETWEEN_REASONS = "&"
_UNUSUAL = (
    "why a window of the allele is unlike the sequences that the model was trained on; several reasons are separated "
    f"by {_BETWEEN_REASONS}, and a dot stands for none"
)


@dataclass(frozen=True)
class Annotation:
    """The INFO fields of a student.

    Attributes
    ----------
    prefix
        What all keys begin with.
    targets, units
        Names and units of the T targets. If there are several, a key ends with the name of its target.
    columns
        Names of the columns of numbers.
    """

    prefix: str
    targets: Sequence[str]
    units: Sequence[str]
    columns: Sequence[str]

    @property
    def keys(self) -> dict[tuple[str, str], str]:
        """The key of each target and column."""
        ends = dict.fromkeys(self.targets, "")
        if len(self.targets) > 1:
            names = [as_info_key(target) for target in self.targets]
            # Names that differ in other characters alone are told apart by their numbers.
            ends = {
                target: f"_{name}" if name and names.count(name) == 1 else f"_{name or 'target'}_{number}"
                for number, (target, name) in enumerate(zip(self.targets, names, strict=True), 1)
            }
        return {
            (target, column): f"{self.prefix}_{KEYS[column]}{end}"
            for target, end in ends.items()
            for column in self.columns
        }

    @property
    def unusual_key(self) -> str:
        """The key of the reasons for which a window is unlike the training sequences, of all targets together."""
        return f"{self.prefix}_UNUSUAL"

    @property
    def all_keys(self) -> set[str]:
        """The keys of all fields."""
        return {*self.keys.values(), self.unusual_key}

    def check(self, source: Vcf) -> None:
        """Raise a DeguError if the prefix makes no key, or a VCF file has a field of the same key already."""
        if not is_info_key(self.prefix):
            raise DeguError(
                f"the prefix '{self.prefix}' of INFO fields",
                expected="letters, digits, underscores and dots, of which the first is no digit and no dot",
            )
        refuse_known(source.info_keys & self.all_keys, source.path, "its header")

    def header(self, origin: Mapping[str, Any]) -> list[str]:
        """Return the lines that are added to the header.

        Parameters
        ----------
        origin
            What made the fields: the version of this package as `degu`, the digest of the `model`, the `level` of the
            intervals, and the `command`.
        """
        named = {
            target: f"{target} [{unit}]" if unit else target
            for target, unit in zip(self.targets, self.units, strict=True)
        }
        fields = [
            f"##INFO=<ID={key},Number=A,Type=Float,Description={quoted(f'{named[target]}: {MEANINGS[column]}')}>"
            for (target, column), key in self.keys.items()
        ]
        unusual = f"##INFO=<ID={self.unusual_key},Number=A,Type=String,Description={quoted(_UNUSUAL)}>"
        facts = {"Version": "degu", "Model": "model", "Level": "level", "Command": "command"}
        entries = ",".join(f"{name}={quoted(str(origin[fact]))}" for name, fact in facts.items())
        return [*fields, unusual, f"##degu=<ID={self.prefix},{entries}>"]


def refuse_known(keys: Collection[str], path: Path, place: str) -> None:
    """Raise a DeguError if there are keys that a VCF file has already."""
    if keys:
        key = min(keys)
        raise DeguError(
            f"{place} has the INFO field {key} already",
            where=path,
            remedy=f"choose another --prefix, or take the field out: bcftools annotate -x INFO/{key}",
        )


class AnnotatedVcf:
    """A copy of a VCF file that is open for writing.

    Parameters
    ----------
    file
        The open file.
    annotation
        The fields that records get.
    """

    def __init__(self, file: IO[bytes], annotation: Annotation) -> None:
        self._file, self._annotation = file, annotation

    def write_header(self, source: Vcf, origin: Mapping[str, Any]) -> None:
        """Write the header of the source with more lines at its end, which tell the fields and what made them."""
        lines = [*source.header, *self._annotation.header(origin), source.columns]
        self._file.write("".join(f"{line}\n" for line in lines).encode())

    def write(
        self,
        records: Sequence[VcfRecord],
        variants: Sequence[Variant],
        columns: Mapping[str, np.ndarray],
        unusual: Sequence[str],
    ) -> None:
        """Write records; one without any predicted allele stays as it was.

        Parameters
        ----------
        records
            The records, in the order of the source.
        variants
            Those of their alleles that were predicted.
        columns
            Columns of numbers, (n, T) each, of the variants.
        unusual
            The reasons for which the variants are unusual, with commas between several; empty text if there is none.
        """
        texts = {
            key: as_text(columns[column][:, self._annotation.targets.index(target)])
            for (target, column), key in self._annotation.keys.items()
            if variants
        }
        texts[self._annotation.unusual_key] = [own.replace(",", _BETWEEN_REASONS) or "." for own in unusual]
        rows: dict[int, list[tuple[int, int]]] = {}
        for row, variant in enumerate(variants):
            rows.setdefault(variant.line, []).append((variant.alternative, row))
        for record in records:
            places = dict(rows.get(record.line, ()))
            values = {
                key: [text[places[index]] if index in places else "." for index in range(len(record.alternatives))]
                for key, text in texts.items()
                if places
            }
            self._file.write(f"{record.with_info(values)}\n".encode())


@contextlib.contextmanager
def open_annotated(path: Path, annotation: Annotation) -> Iterator[AnnotatedVcf]:
    """Open a VCF file for writing, which gets its name when the block ends without an error; .gz makes it bgzip."""
    packed = path.name.lower().endswith(".gz")
    with write_aside(path) as aside:
        opened = pysam.BGZFile(str(aside), "w", None) if packed else aside.open("wb")
        with cast("IO[bytes]", opened) as file:
            yield AnnotatedVcf(file, annotation)
