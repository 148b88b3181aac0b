"""Scores of how well maps find the positions that matter, where these are known (Koo and Ploenzke 2021)."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.metrics import confusion_matrix_at_thresholds

# The signal is compared with so many of the highest scores among the other positions.
_HIGHEST = 10


def position_scores(values: np.ndarray, inputs: np.ndarray) -> np.ndarray:
    """Return the score of each position, (..., L).

    It is the contribution of the sequence's own base. If the maps have none, as those of in-silico mutagenesis, it is
    the norm over the other three bases.

    Parameters
    ----------
    values
        Maps, (..., L, 4).
    inputs
        One-hot sequences, (..., L, 4).
    """
    own = (values * inputs).sum(axis=-1)
    if np.any(own):
        return own
    return np.sqrt(np.square(values).sum(axis=-1))


def score_positions(scores: np.ndarray, truth: np.ndarray) -> pd.DataFrame:
    """Return how well scores distinguish the positions that matter from the others, with one row for each sequence.

    Parameters
    ----------
    scores
        Scores of the positions, (N, L).
    truth
        Code of each position, (N, L): 1 if it matters, 0 if it does not, -1 if it counts as neither.

    Returns
    -------
    Table with the columns `sequence` (its index), `auroc`, `aupr` (area under the precision-recall curve by the
    trapezoid rule, as published) and `signal_to_noise` (mean score of the positions that matter divided by the mean of
    the 10 highest other scores). Sequences that lack either kind of position are left out.
    """
    rows = []
    for sequence, (score, matters) in enumerate(zip(scores, truth, strict=True)):
        score, matters = score[matters >= 0], matters[matters >= 0]
        if not (np.any(matters == 0) and np.any(matters == 1)):
            continue
        _, false, _, true, _ = confusion_matrix_at_thresholds(matters, score)
        hits, misses = np.r_[0, true] / true[-1], np.r_[0, false] / false[-1]
        others = np.sort(score[matters == 0])[-_HIGHEST:]
        rows.append(
            {
                "sequence": sequence,
                "auroc": np.trapezoid(hits, misses),
                "aupr": np.trapezoid(np.r_[1, true / (true + false)], hits),
                "signal_to_noise": score[matters == 1].mean() / others.mean() if others.mean() != 0 else np.nan,
            }
        )
    return pd.DataFrame(rows, columns=["sequence", "auroc", "aupr", "signal_to_noise"])


def planted_positions(planted: np.ndarray, motifs: Sequence[str], wanted: Sequence[str]) -> np.ndarray:
    """Return the code of each position for `score_positions`, (N, L).

    Positions in motifs that matter have 1, positions in other motifs -1, and all others 0.

    Parameters
    ----------
    planted
        Motif that is planted at each position, (N, L): 1 plus its index, or 0 for none.
    motifs
        Names of the planted motifs.
    wanted
        Names of the motifs that matter.
    """
    code = np.array([0, *(1 if name in wanted else -1 for name in motifs)])
    return code[planted]
