"""Edits of strings of bases, and what a student says of them: what the commands are compared with."""

import numpy as np

from degu.data.sequences import encode
from degu.package.folder import ModelFolder
from tests.command.models import CONSTRUCT

BASES = "".join(np.random.default_rng(3).choice(list("ACGT"), 300))
OTHER = dict(zip("ACGT", "CGTA", strict=True))


def turned(text: str) -> str:
    """Return the reverse complement."""
    return text.upper()[::-1].translate(str.maketrans("ACGT", "TGCA"))


def between(text: str, left: str = CONSTRUCT.left, right: str = CONSTRUCT.right) -> str:
    return f"{left}{text}{right}"


def heads_of(model: ModelFolder, texts: list[str], head: str = "mean") -> np.ndarray:
    """Return what a student predicts for whole constructs, float64 (n, T)."""
    return model.predict(encode(texts))[head].astype(np.float64)


def stds_of(model: ModelFolder, first: list[str], second: list[str]) -> np.ndarray:
    return model.std_of_difference(encode(first), encode(second))
