"""Several students of one recipe as one."""

from collections.abc import Mapping, Sequence

import numpy as np

from degu.outputs.heads import STANDARD_DEVIATIONS


def combine(students: Sequence[Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Return each head of some students together, float32.

    Means and profiles are averaged. Standard deviations become the root of the mean of their squares, where one below 0
    counts as 0. All students of a recipe follow one ensemble, so that how much they differ is no uncertainty of the
    ensemble.

    Parameters
    ----------
    students
        The heads that each student predicts, (N, T) and their trailing axes.
    """
    if len(students) == 1:
        return dict(students[0])
    together = {}
    for head in students[0]:
        values = np.stack([student[head] for student in students]).astype(np.float64)
        if head in STANDARD_DEVIATIONS:
            together[head] = np.sqrt(np.square(np.maximum(values, 0)).mean(axis=0)).astype(np.float32)
        else:
            together[head] = values.mean(axis=0).astype(np.float32)
    return together
