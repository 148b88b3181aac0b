"""How much more accurate students are than their members and their ensemble, with intervals over the same sequences."""

import numpy as np
import pandas as pd

from degu.data.correlation import pearson
from degu.data.store import SequenceStore
from degu.evaluation.accuracy import measured_references
from degu.evaluation.bootstrap import GroupBootstrap, ends
from degu.prediction.ensemble import Predictions

COLUMNS = ["target", "reference", "against", "metric", "difference", "low", "high"]
_METRIC = "pearson"


def differences_of_students(
    store: SequenceStore, members: Predictions, students: Predictions, seed: int
) -> pd.DataFrame:
    """Return the differences of Pearson's correlation of activity on the test split.

    Parameters
    ----------
    store
        The data set.
    members, students
        What the members of the ensemble, and the students that are distilled from it, predict.
    seed
        Seed of the bootstrap.

    Returns
    -------
    Table with the columns in `COLUMNS`: `against` is `member` or `ensemble`; `difference` is the mean over students
    less that over members, or less that of the ensemble; and `low` and `high` are the ends of its 95 % bootstrap
    interval over groups of sequences, which are drawn once for all models
    """
    bootstrap = GroupBootstrap(store.group[store.rows("test")], seed)
    own = members.heads.select(members.values["test"], "mean").astype(np.float64)
    models = {"member": own, "ensemble": own.mean(axis=0, keepdims=True)}
    taught = students.heads.select(students.values["test"], "mean").astype(np.float64)
    rows = []
    for reference, values in measured_references(store, "test")["mean"].items():
        if values is None:
            continue
        for index, target in enumerate(store.target_names):
            known = values[:, index].astype(np.float64)
            score, resampled = _scores(taught[..., index], known, bootstrap)
            for against, predicted in models.items():
                other, others = _scores(predicted[..., index], known, bootstrap)
                low, high = ends(resampled - others)
                rows.append((target, reference, against, _METRIC, score - other, low, high))
    return pd.DataFrame(rows, columns=COLUMNS)


def _scores(predicted: np.ndarray, reference: np.ndarray, bootstrap: GroupBootstrap) -> tuple[float, np.ndarray]:
    """Return the mean score of some models, (M, n), and that in each resample, (B,)."""
    score = float(np.mean([pearson(values, reference) for values in predicted]))
    return score, np.mean([bootstrap.resampled(_METRIC, values, reference) for values in predicted], axis=0)
