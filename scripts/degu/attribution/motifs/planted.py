"""Which planted motifs discovered patterns find, and whether their seqlets lie where these were planted."""

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

    A pattern counts for the one planted motif that it is most like, if that is significant: by Tomtom's p-value, and
    Benjamini and Hochberg's q-value over the planted motifs and the database. A planted site is a run of bases of one
    motif; a seqlet's core is on a site if it covers half of the site or more. Sites that arose by chance are not known,
    so that the share of seqlets that are right is a lower bound.

    Parameters
    ----------
    patterns
        Of `degu.attribution.motifs.discovery.discover`.
    planted
        (N, L): 0, or 1 + the index of the motif planted there, of the sequences that patterns were found in.
    motifs
        Probabilities, (W, 4), of all planted motifs by name, in the order of the index.
    matters
        Names of those that act on the explained head.
    database
        Further motifs, (W, 4) each.
    significance
        Of q-values.

    Returns
    -------
    A row a planted motif: `motif`; whether it `matters`, and was `found`; how many `patterns` it has, and the lowest
    `q` of any pattern; how many `sites` were planted, and how many are under a core of these patterns
    (`sites_found`); how many `seqlets` these patterns have, and how many are on such a site (`seqlets_right`)
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
    """Return the fraction of the motifs that matter that were found; nan if none matters."""
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
    """Return the planted sites, int (S, 4): sequence, first base, the one behind the last, index of the motif.

    Sites of one motif that touch are one.
    """
    padded = np.pad(planted.astype(int), ((0, 0), (1, 1)))
    sequence, start = np.nonzero((padded[:, 1:-1] > 0) & (padded[:, 1:-1] != padded[:, :-2]))
    _, last = np.nonzero((padded[:, 1:-1] > 0) & (padded[:, 1:-1] != padded[:, 2:]))
    return np.column_stack([sequence, start, last + 1, planted[sequence, start].astype(int) - 1])


def _q_values(patterns: Sequence[Pattern], motifs: Sequence[np.ndarray], database: Sequence[np.ndarray]) -> np.ndarray:
    """Return the q-value of each pattern's likeness to each motif, (P, K)."""
    p, _, _ = compare([pattern.core_probabilities for pattern in patterns], [*motifs, *database])
    return np.array([false_discovery_control(row)[: len(motifs)] for row in p]).reshape(len(patterns), len(motifs))


def _overlaps(patterns: Sequence[Pattern], sites: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return which sites, (S, 4), are under a core of the patterns, and which of all their seqlets are on a site."""
    cores = [np.column_stack([pattern.sequence, *pattern.core_sites()]) for pattern in patterns]
    cores = np.concatenate([*cores, np.empty((0, 3), int)]).astype(int)
    shared = np.minimum(cores[:, None, 2], sites[:, 2]) - np.maximum(cores[:, None, 1], sites[:, 1])
    on = (cores[:, None, 0] == sites[:, 0]) & (2 * shared >= sites[:, 2] - sites[:, 1])
    return on.any(axis=0), on.any(axis=1)
