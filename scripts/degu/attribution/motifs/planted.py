"""Comparison of discovered patterns, and of the positions of their seqlets, with planted motifs."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from degu.attribution.motifs.matching import compare
from degu.attribution.motifs.patterns import Pattern

COLUMNS = ["motif", "matters", "found", "patterns", "q", "sites", "sites_found", "seqlets", "seqlets_right"]


def score_patterns(
    patterns: Sequence[Pattern],
    planted: np.ndarray,
    motifs: Mapping[str, np.ndarray],
    matters: Sequence[str],
    database: Sequence[np.ndarray],
    significance: float,
) -> pd.DataFrame:
    """Compare patterns with planted motifs.

    A pattern counts for the planted motif that it is most similar to, if the similarity is significant. The test uses
    the q-value of Benjamini and Hochberg, computed from Tomtom's p-values for the planted motifs and the database. A
    planted site is a run of bases of one motif, and a seqlet is on a site if its core covers at least half of the site.
    Motifs that arose by chance are not known, so that the share of seqlets on a site is a lower bound of those that are
    right.

    Parameters
    ----------
    patterns
        Patterns that `degu.attribution.motifs.discovery.discover` returned.
    planted
        Motif that is planted at each position of the sequences that patterns were found in, (N, L): 1 plus its index,
        or 0 for none.
    motifs
        Probabilities, (W, 4), of all planted motifs by name, in the order of the index.
    matters
        Names of the motifs that act on the explained head.
    database
        Further motifs, (W, 4) each.
    significance
        Highest q-value that counts as significant.

    Returns
    -------
    Table with one row for each planted motif, and the columns `motif` (its name), `matters` (whether it acts on the
    head), `found` (whether a pattern counts for it), `patterns` (number of patterns that count for it), `q` (lowest
    q-value of any pattern), `sites` (number of planted sites), `sites_found` (number of sites under a core of its
    patterns), `seqlets` (number of seqlets of its patterns) and `seqlets_right` (number of seqlets on one of its sites)
    """
    names = list(motifs)
    q = _q_values(patterns, list(motifs.values()), database)
    owners = [int(row.argmin()) if row.min() <= significance else -1 for row in q]
    sites = planted_sites(planted)
    rows = []
    for index, name in enumerate(names):
        own = [pattern for pattern, owner in zip(patterns, owners, strict=True) if owner == index]
        places = sites[sites[:, 3] == index]
        under, on = _overlaps(own, places)
        rows.append(
            {
                "motif": name,
                "matters": name in matters,
                "found": len(own) > 0,
                "patterns": len(own),
                "q": q[:, index].min() if len(q) else np.nan,
                "sites": len(places),
                "sites_found": int(under.sum()),
                "seqlets": len(on),
                "seqlets_right": int(on.sum()),
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def recall(scores: pd.DataFrame) -> float:
    """Return the fraction of motifs that were found among those that matter; NaN if none matters."""
    return scores.loc[scores["matters"], "found"].astype(float).mean()


def count_found(scores: pd.DataFrame) -> dict[tuple[str, str], tuple[int, int]]:
    """Return how many of the planted motifs that matter were found, and how many matter, by target and model.

    Targets and models for which no planted motif matters are left out.

    Parameters
    ----------
    scores
        The tables of `score_patterns`, with the columns `target` and `model`.
    """
    counts = scores[scores["matters"]].groupby(["target", "model"])["found"].agg(["sum", "size"])
    return {key: (int(found), int(number)) for key, found, number in counts.itertuples(name=None)}


def planted_sites(planted: np.ndarray) -> np.ndarray:
    """Return the planted sites, int (S, 4): sequence, first base, base after the last, and index of the motif.

    Two sites of one motif that touch count as one.
    """
    padded = np.pad(planted.astype(int), ((0, 0), (1, 1)))
    sequence, start = np.nonzero((padded[:, 1:-1] > 0) & (padded[:, 1:-1] != padded[:, :-2]))
    _, last = np.nonzero((padded[:, 1:-1] > 0) & (padded[:, 1:-1] != padded[:, 2:]))
    return np.column_stack([sequence, start, last + 1, planted[sequence, start].astype(int) - 1])


def _q_values(patterns: Sequence[Pattern], motifs: Sequence[np.ndarray], database: Sequence[np.ndarray]) -> np.ndarray:
    """Return the q-value of the similarity of each pattern with each motif, (P, K)."""
    p, _, _ = compare([pattern.core_probabilities for pattern in patterns], [*motifs, *database])
    return np.array([false_discovery_control(row)[: len(motifs)] for row in p]).reshape(len(patterns), len(motifs))


def _overlaps(patterns: Sequence[Pattern], sites: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return whether each site is under a core of the patterns, bool (S,), and whether each seqlet is on a site."""
    parts = [np.column_stack([pattern.sequence, *pattern.core_sites()]) for pattern in patterns]
    cores = np.concatenate([*parts, np.empty((0, 3), int)]).astype(int)
    shared = np.minimum(cores[:, None, 2], sites[:, 2]) - np.maximum(cores[:, None, 1], sites[:, 1])
    on = (cores[:, None, 0] == sites[:, 0]) & (2 * shared >= sites[:, 2] - sites[:, 1])
    return on.any(axis=0), on.any(axis=1)
