"""How well maps point at the positions that matter, where these are known (Koo and Ploenzke 2021)."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.metrics import auc, precision_recall_curve, roc_auc_score

# Positions whose background scores the signal is compared with.
_HIGHEST = 10


def position_scores(values: np.ndarray, inputs: np.ndarray) -> np.ndarray:
    """Return the score of each position, (..., L), of maps (..., L, 4).

    That of the sequence's own base; where the map has none for it, as in-silico mutagenesis has not, the norm over the
    other three.

    Parameters
    ----------
    values
        Maps.
    inputs
        One-hot sequences, (..., L, 4).
    """
    own = (values * inputs).sum(axis=-1)
    if np.any(own):
        return own
    return np.sqrt(np.square(values).sum(axis=-1))


def score_positions(scores: np.ndarray, truth: np.ndarray) -> pd.DataFrame:
    """Return how well scores tell the positions that matter from the others, one row a sequence.

    Parameters
    ----------
    scores
        (N, L).
    truth
        (N, L): 1 for positions that matter, 0 for the others, -1 for what counts as neither.

    Returns
    -------
    `sequence`, its index; `auroc`; `aupr`, under the precision-recall curve by the trapezoid rule, as published; and
    `signal_to_noise`, the mean score of positions that matter over the mean of the 10 highest others. Sequences where
    either kind is missing are left out.
    """
    rows = []
    for sequence, (score, matters) in enumerate(zip(scores, truth, strict=True)):
        score, matters = score[matters >= 0], matters[matters >= 0]
        if not (np.any(matters == 0) and np.any(matters == 1)):
            continue
        precision, recall, _ = precision_recall_curve(matters, score)
        others = np.sort(score[matters == 0])[-_HIGHEST:]
        rows.append(
            {
                "sequence": sequence,
                "auroc": roc_auc_score(matters, score),
                "aupr": auc(recall, precision),
                "signal_to_noise": score[matters == 1].mean() / others.mean() if others.mean() != 0 else np.nan,
            }
        )
    return pd.DataFrame(rows, columns=["sequence", "auroc", "aupr", "signal_to_noise"])


def planted_positions(planted: np.ndarray, motifs: Sequence[str], wanted: Sequence[str]) -> np.ndarray:
    """Return which positions matter, (N, L), for `score_positions`: those of wanted motifs; of others, neither.

    Parameters
    ----------
    planted
        (N, L): 0, or 1 + the index of the motif planted there.
    motifs
        Their names.
    wanted
        Names of those that matter.
    """
    code = np.array([0, *(1 if name in wanted else -1 for name in motifs)])
    return code[planted]
