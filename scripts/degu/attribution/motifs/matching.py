"""Comparison of motifs with those of a database by Tomtom (Gupta et al. 2007), in the implementation of memelite."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from memelite import tomtom
from memelite.io import read_meme
from scipy.stats import false_discovery_control

from degu.attribution.motifs.patterns import Pattern
from degu.errors import DeguError

COLUMNS = ["pattern", "rank", "identifier", "name", "p", "q", "start", "reverse"]
_ABOUT = ["target", "model", "pattern", "sign", "seqlets", "consensus"]
# With fewer motifs, p-values would depend too much on the choice of motifs.
_SMALLEST_DATABASE = 50


def read_database(path: str | Path) -> dict[tuple[str, str], np.ndarray]:
    """Read a file in MEME format.

    Returns
    -------
    Probabilities of the bases, (W, 4), by identifier and name of the motif, such as MA0114.5 and HNF4A

    Raises
    ------
    DeguError
        If the file cannot be read or has few motifs.
    """
    try:
        found = read_meme(str(path))
    except (OSError, ValueError, AttributeError, IndexError) as error:
        raise DeguError(f"not readable as motifs in MEME format: {error}", where=path) from error
    if len(found) < _SMALLEST_DATABASE:
        raise DeguError(
            f"{len(found)} motifs", where=path, expected=f"at least {_SMALLEST_DATABASE}, which p-values are judged by"
        )
    database = {}
    for title, values in found.items():
        identifier, _, name = title.partition(" ")
        database[identifier, name or identifier] = values.T
    return database


def match_patterns(
    patterns: Mapping[str, Mapping[str, Sequence[Pattern]]], database: Mapping[tuple[str, str], np.ndarray]
) -> pd.DataFrame:
    """Return the motifs that are most similar to the cores of patterns.

    Parameters
    ----------
    patterns
        Patterns by model and target.
    database
        Motifs that `read_database` returned.

    Returns
    -------
    Table with one row for each pattern and match. The columns are `target`, `model`, `pattern` (its index), its `sign`,
    number of `seqlets` and `consensus`, and those of `best_matches`, where `start` counts from the first position of
    the core
    """
    about = [
        (target, model, index, pattern)
        for model, targets in patterns.items()
        for target, own in targets.items()
        for index, pattern in enumerate(own)
    ]
    matches = best_matches([pattern.core_probabilities for *_, pattern in about], database)
    rows = [
        (target, model, index, pattern.sign, len(pattern), pattern.consensus)
        for target, model, index, pattern in (about[number] for number in matches.pop("pattern"))
    ]
    return pd.concat([pd.DataFrame(rows, columns=_ABOUT), matches], axis=1)


def best_matches(
    patterns: Sequence[np.ndarray], database: Mapping[tuple[str, str], np.ndarray], number: int = 3
) -> pd.DataFrame:
    """Return the motifs that are most similar to each pattern, in order of their p-value.

    Parameters
    ----------
    patterns
        Probabilities of the bases, (W, 4) each.
    database
        Motifs that `read_database` returned.
    number
        Number of matches for each pattern.

    Returns
    -------
    Table with one row for each pattern and match, and the columns `pattern` (its index), `rank` (1 for the best),
    `identifier`, `name`, `p` (p-value of the best alignment on either strand), `q` (q-value of Benjamini and Hochberg
    over all motifs of the database), `start` (position of the pattern where the motif begins, negative if it begins
    before the pattern) and `reverse` (whether the motif's reverse complement matches better)
    """
    names, motifs = list(database), list(database.values())
    p, starts, reverse = compare(patterns, motifs)
    rows = []
    for pattern, values in enumerate(p):
        q = false_discovery_control(values)
        for rank, index in enumerate(np.argsort(values, kind="stable")[:number], start=1):
            place = (starts[pattern, index], reverse[pattern, index])
            rows.append((pattern, rank, *names[index], values[index], q[index], *place))
    return pd.DataFrame(rows, columns=COLUMNS)


def compare(patterns: Sequence[np.ndarray], motifs: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return p-value, start and strand of the best alignment of each pattern with each motif.

    Parameters
    ----------
    patterns, motifs
        Probabilities of the bases in P patterns and K motifs, (W, 4) each.

    Returns
    -------
    P-values; positions of the pattern where the motif or its reverse complement begins; and whether the reverse
    complement matches better, bool; (P, K) each
    """
    if not len(patterns):
        # The first call of Tomtom compiles it, which takes a minute and is not needed here.
        return np.empty((0, len(motifs))), np.empty((0, len(motifs)), int), np.empty((0, len(motifs)), bool)
    queries, targets = ([np.asarray(motif, float).T for motif in part] for part in (patterns, motifs))
    p, _, offset, _, strand = tomtom(queries, targets, n_jobs=1)
    return np.clip(p, np.finfo(float).tiny, 1), -offset.astype(int), strand.astype(bool)
