"""Position frequency matrices in JASPAR format, and scores of sequences against them."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from degu.errors import DeguError, did_you_mean


@dataclass(frozen=True)
class Motif:
    """A transcription factor's binding preference.

    Attributes
    ----------
    identifier, name
        JASPAR's identifier and name, such as MA0114.5 and HNF4A.
    probability
        float64, (W, 4): probability of A, C, G, T at each position.
    """

    identifier: str
    name: str
    probability: np.ndarray

    @property
    def width(self) -> int:
        """Number of positions W."""
        return len(self.probability)

    @property
    def log_odds(self) -> np.ndarray:
        """Log2 ratio to a uniform background, (W, 5); the fifth column, N, is the background's mean score."""
        log_odds = np.log2(self.probability / 0.25)
        return np.column_stack([log_odds, log_odds.mean(axis=1)])

    @property
    def highest_score(self) -> float:
        """Score of the consensus, in bits."""
        return float(self.log_odds.max(axis=1).sum())

    def sample(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """Draw `count` instances as tokens of shape (count, W)."""
        cumulative = np.cumsum(self.probability, axis=1)
        draw = rng.random((count, self.width, 1))
        return (draw > cumulative[None, :, :3]).sum(axis=2).astype(np.uint8)


def information(probabilities: np.ndarray) -> np.ndarray:
    """Return the information of each position, (W,), in bits, of probabilities of the bases, (W, 4)."""
    logarithm = np.log2(np.where(probabilities > 0, probabilities, 1))
    return 2 + (probabilities * logarithm).sum(axis=1)


def read_jaspar(path: str | Path, pseudocount: float = 0.001) -> dict[str, Motif]:
    """Read a file in JASPAR format; `#` begins a comment.

    Parameters
    ----------
    path
        The file.
    pseudocount
        Number that is added to each frequency, so that no base is impossible.

    Returns
    -------
    The motifs by name

    Raises
    ------
    DeguError
        If a motif has not four rows of equally many counts.
    """
    lines = [line.strip() for line in Path(path).read_text(encoding="utf-8").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    motifs = {}
    for start in range(0, len(lines), 5):
        header, rows = lines[start], lines[start + 1 : start + 5]
        names = header.removeprefix(">").split()
        if not header.startswith(">") or len(names) < 2:
            raise DeguError(f"motif '{header}' is not in JASPAR format", where=path, expected=">IDENTIFIER NAME")
        counts = _read_counts(rows, header, path)
        if names[1].upper() in motifs:
            raise DeguError(f"motif '{header}' has the name of another", where=path)
        frequency = counts / counts.sum(axis=1, keepdims=True) + pseudocount
        probability = frequency / frequency.sum(axis=1, keepdims=True)
        motifs[names[1].upper()] = Motif(names[0], names[1].upper(), probability)
    if not motifs:
        raise DeguError("there are no motifs in the file", where=path)
    return motifs


def _read_counts(rows: list[str], header: str, path: str | Path) -> np.ndarray:
    """Return the counts, (W, 4), of four rows such as `A [ 3 0 12 ]`, in the order ACGT."""
    problem = DeguError(
        f"motif '{header}' has not a positive count at every position, in four rows",
        where=path,
        expected="rows A [ ... ], C [ ... ], G [ ... ], T [ ... ] of equally many counts",
    )
    found = [re.fullmatch(rf"{base}\s*\[(.*)\]", row) for base, row in zip("ACGT", rows, strict=False)]
    matches = [match for match in found if match is not None]
    if len(matches) < 4:
        raise problem
    try:
        counts = np.array([[float(number) for number in match[1].split()] for match in matches]).T
    except ValueError as error:
        raise problem from error
    if counts.ndim != 2 or len(counts) == 0 or (counts < 0).any() or not (counts.sum(axis=1) > 0).all():
        raise problem
    return counts


def pick(motifs: dict[str, Motif], name: str, *, where: object) -> Motif:
    """Return the motif of that name.

    Raises
    ------
    DeguError
        Naming the nearest one there is.
    """
    if name.upper() not in motifs:
        raise DeguError(f"there is no motif '{name}'", where=where, expected=did_you_mean(name.upper(), motifs))
    return motifs[name.upper()]


def scan(tokens: np.ndarray, motif: Motif) -> np.ndarray:
    """Score every window of every sequence on both strands.

    Parameters
    ----------
    tokens
        (N, L).
    motif
        A motif of width W.

    Returns
    -------
    float32 array of shape (N, 2, L - W + 1): log2 odds of the window that begins at a base, forward and reverse
    """
    windows = tokens.shape[1] - motif.width + 1
    if windows < 1:
        raise DeguError(
            f"sequences of {tokens.shape[1]} bases are shorter than motif {motif.name}",
            where="length",
            expected=f"{motif.width} bases or more",
        )
    forward = motif.log_odds.astype(np.float32)
    # The reverse strand's score of a window is the score of the reverse-complemented matrix.
    reverse = forward[::-1][:, [3, 2, 1, 0, 4]]
    scores = np.zeros((len(tokens), 2, windows), dtype=np.float32)
    for position in range(motif.width):
        column = tokens[:, position : position + windows]
        scores[:, 0] += forward[position][column]
        scores[:, 1] += reverse[position][column]
    return scores
