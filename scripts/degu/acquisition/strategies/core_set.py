"""Sequences that cover the space of the student's features: the greedy k-centre of a core-set, without uncertainty."""

import numpy as np
from scipy.spatial.distance import cdist

from degu.acquisition.candidates import Candidates

USES = ("features",)
# Distances to labelled sequences are computed in blocks of candidates, so that not all lie in memory together.
_BLOCK = 4096


def choose(candidates: Candidates, number: int, rng: np.random.Generator) -> np.ndarray:
    """Return the indices of sequences that are far from all labelled and all chosen ones, int64 (number,).

    One after the other, the sequence whose nearest labelled or chosen one is farthest away is chosen, by the Euclidean
    distance of the values of the student's last hidden layer (Sener and Savarese 2018,
    https://arxiv.org/abs/1708.00489, algorithm 1).

    Parameters
    ----------
    candidates, number, rng
        The candidates, how many are chosen, and a source of draws, of which none is made.
    """
    features, labelled = candidates.features, candidates.labelled_features
    assert features is not None and labelled is not None
    blocks = [features[at : at + _BLOCK] for at in range(0, len(features), _BLOCK)]
    distance = np.concatenate([cdist(block, labelled).min(axis=1) for block in blocks])
    chosen = np.empty(number, dtype=np.int64)
    for place in range(number):
        chosen[place] = distance.argmax()
        distance = np.minimum(distance, cdist(features, features[chosen[place], None])[:, 0])
        # Equal sequences have no distance either, and none is chosen twice.
        distance[chosen[place]] = -1
    return chosen
