"""Discovered patterns aligned with the known motifs that they are most like, on the strand of the known motif."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from degu.attribution.motifs.patterns import Pattern
from degu.data.motifs import information


class AlignedPattern(NamedTuple):
    """A pattern beside the known motif that it is most like.

    Attributes
    ----------
    contributions
        (W, 4): the mean contribution of each base at each position of the core, or of its reverse complement where that
        is like the known motif.
    seqlets
        The number of seqlets of the pattern.
    match
        (V, 4): the letter heights of the known motif, in bits.
    start
        The position of the core, from 0, at which the known motif begins; negative where it begins before the core.
    name
        The name of the known motif.
    q
        The q-value of the match.
    significant
        Whether the q-value is low enough for the match to count.
    """

    contributions: np.ndarray
    seqlets: int
    match: np.ndarray
    start: int
    name: str
    q: float
    significant: bool


def align_patterns(
    patterns: Mapping[str, Mapping[str, Sequence[Pattern]]],
    matches: pd.DataFrame,
    database: Mapping[tuple[str, str], np.ndarray],
    significance: float,
) -> dict[tuple[str, str], list[AlignedPattern]]:
    """Return the patterns of each target and model, each aligned with its best match.

    Parameters
    ----------
    patterns
        The patterns by model and target.
    matches
        The table of `degu.attribution.motifs.matching.match_patterns`.
    database
        The known motifs, as `degu.attribution.motifs.matching.read_database` reads them.
    significance
        The highest q-value of a match that counts.
    """
    best = matches[matches["rank"] == 1]
    rows = {(row["target"], row["model"], row["pattern"]): row for _, row in best.iterrows()}
    return {
        (target, model): [
            _align(pattern, rows[target, model, index], database, significance) for index, pattern in enumerate(own)
        ]
        for model, targets in patterns.items()
        for target, own in targets.items()
    }


def _align(
    pattern: Pattern, match: pd.Series, database: Mapping[tuple[str, str], np.ndarray], significance: float
) -> AlignedPattern:
    known, contributions, start = (
        database[match["identifier"], match["name"]],
        pattern.core_contributions,
        match["start"],
    )
    if match["reverse"]:
        contributions, start = contributions[::-1, ::-1], len(contributions) - start - len(known)
    return AlignedPattern(
        contributions=contributions,
        seqlets=len(pattern),
        match=letter_heights(known),
        start=start,
        name=match["name"],
        q=match["q"],
        significant=match["q"] <= significance,
    )


def letter_heights(probabilities: np.ndarray) -> np.ndarray:
    """Return the heights of the letters of a sequence logo, in bits (Schneider and Stephens, NAR 1990).

    Parameters
    ----------
    probabilities
        (W, 4): the probability of each base at each position.

    Returns
    -------
    (W, 4): each probability times the information of its position
    """
    return probabilities * information(probabilities)[:, None]
