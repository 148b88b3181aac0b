"""Sequences that are both uncertain and unlike each other, in the way of BADGE, for regression.

BADGE (Ash et al. 2020, https://arxiv.org/abs/1906.03671) embeds each sequence by the gradient of the loss for the
weights of the last layer, at the label that the network itself predicts, and draws a batch by k-means++. In regression
that gradient is zero, because the prediction is the label. Here the label is thought to lie one epistemic standard
deviation from the prediction: the gradient of half the squared error is then, but for its sign, this standard deviation
times the features. So three things differ from BADGE: the scale is the student's epistemic standard deviation and not
the distance from a likely class, there is one block for each target and not for each class, and the features are those
of the student.
"""

import numpy as np

from degu.acquisition.candidates import Candidates

USES = ("student", "features")


def choose(candidates: Candidates, number: int, rng: np.random.Generator) -> np.ndarray:
    """Return the indices of sequences that k-means++ draws from the gradients, int64 (number,).

    The first is the one with the longest gradient, as in the code of the authors. Each next one is drawn with a
    probability proportional to the squared distance from the nearest that is chosen already.

    Parameters
    ----------
    candidates, number, rng
        The candidates, how many are chosen, and the source of draws.

    Raises
    ------
    DeguError
        If the student does not predict an epistemic standard deviation.
    """
    gradients = embed(candidates)
    chosen = [int(np.square(gradients).sum(axis=1).argmax())]
    free = np.ones(len(gradients), dtype=bool)
    distance = np.full(len(gradients), np.inf)
    while len(chosen) < number:
        free[chosen[-1]] = False
        distance = np.minimum(distance, np.square(gradients - gradients[chosen[-1]]).sum(axis=1))
        weights = np.where(free, distance, 0.0)
        # Where all that is left is equal to something chosen, each is as good as any other.
        weights = weights if weights.sum() > 0 else free.astype(np.float64)
        chosen.append(int(rng.choice(len(gradients), p=weights / weights.sum())))
    return np.array(chosen[:number], dtype=np.int64)


def embed(candidates: Candidates) -> np.ndarray:
    """Return the gradients, float64 (n, T * (F + 1)): for each target the std times the features and a one."""
    assert candidates.features is not None
    std = candidates.student_std("epistemic")
    inputs = np.concatenate([candidates.features, np.ones((candidates.number, 1))], axis=1)
    return (std[:, :, None] * inputs[:, None, :]).reshape(candidates.number, -1)
