"""Patterns made by hand, and a database of two motifs, for the tests of alignments and of their figure."""

import numpy as np
import pandas as pd

from degu.attribution.motifs.alignment import AlignedPattern, align_patterns
from degu.attribution.motifs.patterns import Pattern

DATABASE = {
    ("MA1.1", "FIRST"): np.eye(4)[[0, 1, 2, 3, 0, 0]],
    ("MA2.1", "SECOND"): np.full((7, 4), 0.25),
}
COLUMNS = ["target", "model", "pattern", "rank", "identifier", "name", "q", "start", "reverse"]


def pattern(sign: int = 1, seqlets: int = 40) -> Pattern:
    """Return a pattern of ten positions, whose core reads ACGT."""
    values = np.zeros((10, 4))
    values[[3, 4, 5, 6], [0, 1, 2, 3]] = sign * np.array([0.2, 0.4, 0.4, 0.3])
    places = np.zeros(seqlets, int)
    return Pattern(sign, values, np.abs(values), (3, 7), places, places, places + 10, places.astype(bool))


def matches_of(*rows: tuple) -> pd.DataFrame:
    """Return a table of matches, of rows in the order of `COLUMNS`."""
    return pd.DataFrame(rows, columns=COLUMNS)


def aligned(**counts: int) -> dict[tuple[str, str], list[AlignedPattern]]:
    """Return so many aligned patterns of each model, of one target; every second one lowers the prediction.

    All are most like the motif FIRST, the second pattern on the other strand.
    """
    patterns = {
        model: {"Dev": [pattern(1 - 2 * (n % 2), 50 - n) for n in range(count)]} for model, count in counts.items()
    }
    matches = matches_of(
        *(
            ("Dev", model, n, rank, *motif, 0.01 * rank, -1, n == 1)
            for model, count in counts.items()
            for n in range(count)
            for rank, motif in ((1, ("MA1.1", "FIRST")), (2, ("MA2.1", "SECOND")))
        )
    )
    return align_patterns(patterns, matches, DATABASE, 0.05)
