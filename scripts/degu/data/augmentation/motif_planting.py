"""Write sites of transcription factors, drawn from their motifs, over what was there.

The labels have to be made anew.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from degu.config.values import check_within
from degu.data.motifs import Motif, pick, read_jaspar
from degu.data.sequences import reverse_complement
from degu.errors import DeguError

# What this augmentation makes is so different that the label of the original sequence is not its own.
NEW_LABELS = True
RANGES = {"number": {"at_least": 1}}
NOT_EMPTY = ("names", "file")
_WHERE = "augmentations.motif_planting"


def augment(
    tokens: np.ndarray,
    rng: np.random.Generator,
    *,
    names: list[str],
    number: int = 1,
    file: str,
) -> np.ndarray:
    """Return sequences with sites in them, (n, L).

    For each site, motif, position and strand are drawn, each equally likely, and its bases by the probabilities of the
    motif. Where sites overlap, the one that is drawn later stands.

    Parameters
    ----------
    tokens
        Sequences, (n, L).
    rng
        Source of draws.
    names
        The names of the motifs, such as HNF4A.
    number
        The number of sites in a sequence, 1 or more.
    file
        A file of position frequency matrices in JASPAR format. Its path begins in the folder of the run.

    Raises
    ------
    DeguError
        If the file or a motif does not exist, if a motif is longer than the sequences without their flanks, or if the
        number is below 1.
    """
    check_within(number, RANGES["number"], where=f"{_WHERE}.number")
    motifs = _motifs(file, tuple(names))
    _check_widths(motifs, tokens.shape[1])
    result = tokens.copy()
    for _ in range(number):
        drawn = rng.integers(len(motifs), size=len(tokens))
        for index, motif in enumerate(motifs):
            _plant(result, np.flatnonzero(drawn == index), motif, rng)
    return result


def _plant(tokens: np.ndarray, rows: np.ndarray, motif: Motif, rng: np.random.Generator) -> None:
    """Write one site of a motif into each of some rows."""
    sites = motif.sample(len(rows), rng)
    sites = np.where(rng.random((len(rows), 1)) < 0.5, reverse_complement(sites), sites)
    start = rng.integers(0, tokens.shape[1] - motif.width, size=(len(rows), 1), endpoint=True)
    tokens[rows[:, None], start + np.arange(motif.width)] = sites


@cache
def _motifs(file: str, names: tuple[str, ...]) -> list[Motif]:
    """Return the motifs of these names; the file is read once."""
    if not names:
        raise DeguError("no motif is named", where=f"{_WHERE}.names", expected="one name or more", remedy="name some")
    if not Path(file).is_file():
        raise DeguError(
            f"there is no file '{file}'",
            where=f"{_WHERE}.file",
            expected="a file of motifs in JASPAR format",
            remedy="correct the path, which begins in the folder of the run",
        )
    known = read_jaspar(file)
    return [pick(known, str(name), where=f"{_WHERE}.names") for name in names]


def _check_widths(motifs: Sequence[Motif], length: int) -> None:
    """Check that there is room for every motif."""
    for motif in motifs:
        if motif.width > length:
            raise DeguError(
                f"the motif '{motif.name}' has {motif.width} bases, and the sequences {length} that may change",
                where=f"{_WHERE}.names",
                expected=f"motifs of {length} bases or fewer",
                remedy=f"leave out {motif.name}",
            )
