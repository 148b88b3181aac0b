"""Small sets of measured variants, and the files that they come from."""

import gzip
from pathlib import Path

import numpy as np

from degu.variants.variant_set import VariantSet

HEADER = "#Chrom\tPos\tRef\tAlt\tValue\tConfidence"
COMMENTS = "## CAGI5\n## a comment with\ttabs\n"


def genome_of(folder: Path, lengths: dict[str, int], seed: int = 1) -> tuple[Path, dict[str, str]]:
    """Write a genome, and return its path and its sequences."""
    rng = np.random.default_rng(seed)
    sequences = {name: "".join(rng.choice(list("ACGT"), length)) for name, length in lengths.items()}
    path = folder / "genome.fa"
    path.write_text("".join(f">{name}\n{bases}\n" for name, bases in sequences.items()))
    return path, sequences


def published_table(path: Path, rows: list[tuple]) -> Path:
    """Write rows in the published layout of CAGI5."""
    lines = [COMMENTS + HEADER, *("\t".join(map(str, row)) for row in rows)]
    text = "\n".join(lines) + "\n"
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def context_set(number: int = 60, context: int = 40, seed: int = 2) -> VariantSet:
    """Return substitutions at two loci, with random contexts; the effect is an effect of the bases themselves."""
    rng = np.random.default_rng(seed)

    def bases(rows: int) -> np.ndarray:
        return np.array(["".join(rng.choice(list("ACGT"), context)) for _ in range(rows)], dtype=object)

    # Two alternatives at each position.
    reference = np.repeat(rng.integers(0, 4, number), 2)[:number]
    alternative = (reference + 1 + np.arange(number) % 2) % 4
    letters = np.array(list("ACGT"), dtype=object)
    return VariantSet(
        loci=np.array(["one", "two"], dtype=object)[np.arange(number) % 2],
        names=np.array([f"v{row}" for row in range(number)], dtype=object),
        groups=np.array([f"p{row // 2}" for row in range(number)], dtype=object),
        parts=np.array(["train", "challenge", "challenge"], dtype=object)[np.arange(number) % 3],
        reference=letters[reference],
        alternative=letters[alternative],
        effect=rng.normal(size=number),
        left=bases(number),
        right=bases(number),
        confidence=rng.random(number),
    )


def pair_set(number: int = 40, length: int = 20, seed: int = 3) -> VariantSet:
    """Return pairs of whole sequences of several lengths, with replicates."""
    rng = np.random.default_rng(seed)
    reference = ["".join(rng.choice(list("ACGT"), length - row % 3)) for row in range(number)]
    alternative = [f"{text[:8]}{'CGTA'['ACGT'.index(text[8])]}{text[9:]}" for text in reference]
    replicates = rng.normal(size=(number, 1)) + rng.normal(0, 0.3, size=(number, 4))
    return VariantSet(
        loci=np.full(number, "pairs", dtype=object),
        names=np.array([f"v{row}" for row in range(number)], dtype=object),
        groups=np.array([f"g{row // 2}" for row in range(number)], dtype=object),
        parts=np.full(number, "", dtype=object),
        reference=np.array(reference, dtype=object),
        alternative=np.array(alternative, dtype=object),
        effect=replicates.mean(axis=1),
        replicates=replicates,
    )
