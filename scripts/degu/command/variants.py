"""`degu variants`: what each variant of a VCF file does, with the uncertainty of its effect."""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from degu.command.alleles import allele_windows, check_references, matches
from degu.command.writers import Writer, open_writer
from degu.data.sequences import other_strand
from degu.formats.genome import Genome
from degu.formats.vcf import Variant, read_variants
from degu.package.folder import ModelFolder

log = logging.getLogger(__name__)

# Variants that are predicted together.
BATCH = 1024


@dataclass(frozen=True)
class Wishes:
    """What a person wants of variants.

    Attributes
    ----------
    level
        Probability of the interval of the effect.
    shifts
        Where the variant stands in its windows, as bases right of their middle; predictions are averaged.
    both_strands
        Whether each window is predicted as its reverse complement, too, and the mean is taken.
    native_flanks
        Whether a window is as long as the whole construct, with the genome's own bases where the assay has its flanks.
    skip_mismatches
        Whether variants whose reference allele is not what the genome has are left out; else they are refused.
    """

    level: float = 0.9
    shifts: tuple[int, ...] = (0,)
    both_strands: bool = False
    native_flanks: bool = False
    skip_mismatches: bool = False


def known_variants(path: Path, genome: Genome, wishes: Wishes) -> Iterator[Variant]:
    """Yield the variants of a VCF file whose reference allele is what the genome has."""
    for variant in read_variants(path):
        if not wishes.skip_mismatches or matches(variant, genome):
            yield variant


def check(path: Path, genome: Genome, wishes: Wishes) -> int:
    """Compare all reference alleles with the genome, and return the number of variants that will be predicted.

    Raises
    ------
    DeguError
        If one is wrong, and they are not to be skipped.
    """
    found = check_references(read_variants(path), genome)
    if not wishes.skip_mismatches:
        found.refuse(path, genome.path)
    elif found.wrong:
        log.warning("%s variants with another reference allele than the genome are left out", f"{len(found.wrong):,}")
    return found.right


def effects(model: ModelFolder, variants: Sequence[Variant], genome: Genome, wishes: Wishes) -> dict[str, np.ndarray]:
    """Return what a student says of variants.

    Returns
    -------
    Arrays (n, T): `reference`, `alternative` and `effect`, which is the second less the first; `effect_std`, the
    epistemic standard deviation of the effect, and the ends of its interval, where the student has a head for it
    """
    construct = model.construct
    length = construct.length if wishes.native_flanks else construct.insert
    windows = np.stack([allele_windows(variant, genome, length, wishes.shifts) for variant in variants])
    flat = windows.reshape(-1, length)
    constructs = flat if wishes.native_flanks else np.concatenate([construct.place(row)[1] for row in flat])
    heads = model.predict(constructs)
    if wishes.both_strands and construct.strands == "one":
        flanks = (0, 0) if wishes.native_flanks else (len(construct.left), len(construct.right))
        turned = model.predict(other_strand(constructs, flanks))
        heads = {head: (values + turned[head]) / 2 for head, values in heads.items()}
    shape = len(variants), 2, len(wishes.shifts), len(model.targets)
    means = {head: values.reshape(shape).mean(axis=2, dtype=np.float64) for head, values in heads.items()}
    found = {
        "reference": means["mean"][:, 0],
        "alternative": means["mean"][:, 1],
        "effect": means["mean"][:, 1] - means["mean"][:, 0],
    }
    pairs = constructs.reshape(len(variants), 2, len(wishes.shifts), -1)
    first, second = (pairs[:, allele].reshape(-1, constructs.shape[1]) for allele in (0, 1))
    std = model.std_of_difference(first, second)
    if std is not None:
        std = std.reshape(len(variants), len(wishes.shifts), -1).mean(axis=1)
        half = stats.norm.ppf((1 + wishes.level) / 2) * std
        found |= {"effect_std": std, "effect_low": found["effect"] - half, "effect_high": found["effect"] + half}
    return found


def predict_variants(
    model: ModelFolder, path: Path, genome: Genome, output: Path, wishes: Wishes, origin: Mapping[str, Any]
) -> int:
    """Write a row for each alternative allele and target, and return the number of alleles.

    All reference alleles are compared with the genome before the first variant is predicted.

    Raises
    ------
    DeguError
        If the file is no VCF file, a reference allele is wrong, or the output cannot be written.
    """
    total = check(path, genome, wishes)
    done, told = 0, time.monotonic()
    with open_writer(output, origin) as writer:
        batch: list[Variant] = []
        for variant in known_variants(path, genome, wishes):
            batch.append(variant)
            if len(batch) == BATCH or done + len(batch) == total:
                _write(writer, model, batch, effects(model, batch, genome, wishes))
                done, batch = done + len(batch), []
                if time.monotonic() - told > 10:
                    told = time.monotonic()
                    log.info("%s of %s variants", f"{done:,}", f"{total:,}")
    return total


def _write(writer: Writer, model: ModelFolder, variants: Sequence[Variant], found: Mapping[str, np.ndarray]) -> None:
    targets = model.targets

    def repeated(values: list) -> list:
        return [value for value in values for _ in targets]

    writer.write(
        {
            "name": repeated([variant.name for variant in variants]),
            "chromosome": repeated([variant.chromosome for variant in variants]),
            "position": repeated([variant.position + 1 for variant in variants]),
            "ref": repeated([variant.ref for variant in variants]),
            "alt": repeated([variant.alt for variant in variants]),
            "target": targets * len(variants),
            **{name: values.reshape(-1) for name, values in found.items()},
            "quantile": model.background.quantile_of_effect(found["effect"]).reshape(-1),
        }
    )
