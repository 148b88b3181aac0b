"""How accuracy and uncertainty depend on the number of members, by prefixes of one ensemble and by students of them."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd

from degu.config.plugins import load
from degu.data.correlation import pearson
from degu.data.store import SequenceStore
from degu.evaluation.ceilings import epistemic_ceiling
from degu.prediction.ensemble import Predictions
from degu.uncertainty.distributions import Distribution
from degu.uncertainty.predictive import Predictive, predictives, rows_of

# The sizes of the paper's sweep.
SIZES = (2, 3, 5, 10, 15, 20, 25)
# Metrics of calibration, of the total uncertainty.
METRICS = ("coverage", "miscalibration_area", "crps")
COLUMNS = ["size", "model", "seed", "target", "metric", "value"]


def sweep(
    store: SequenceStore, ensemble: Predictions, students: Mapping[int, Predictions], *, family: str
) -> pd.DataFrame:
    """Score prefixes of an ensemble, and students of prefixes, on the test split.

    Parameters
    ----------
    store, ensemble
        The data set, and the predictions of all members.
    students
        Predictions of students, by the number of members that they were distilled from.
    family
        The family of the members' predictive distribution.

    Returns
    -------
    Table with the columns in `COLUMNS`: `model` is `ensemble`, `student` or `ceiling`. The metrics are `pearson` (of
    the mean with the measured activity), `epistemic_pearson` (of the epistemic standard deviation with the one over all
    members; the ceiling is that of `degu.evaluation.ceilings` for this number of members) and those in `METRICS`
    """
    deviations = ensemble.heads.select(ensemble.std("test"), "mean")
    rows: list[dict] = []
    for size in (size for size in SIZES if size <= len(ensemble.seeds)):
        prefix = ensemble.first(size)
        *_, together = predictives(prefix, "member")
        rows += _labelled(_scores(store, together, deviations, family), size=size, model="ensemble", seed=-1)
        members = prefix.heads.select(prefix.values["test"], "mean").astype(np.float64)
        for index, target in enumerate(store.target_names):
            value = epistemic_ceiling(members[..., index]).highest
            row = {"target": target, "metric": "epistemic_pearson", "value": value}
            rows += _labelled([row], size=size, model="ceiling", seed=-1)
    for size, predictions in students.items():
        for student in predictives(predictions, "student"):
            scores = _scores(store, student, deviations, "normal")
            rows += _labelled(scores, size=size, model="student", seed=student.seed)
    return pd.DataFrame(rows, columns=COLUMNS).dropna(subset=["value"]).reset_index(drop=True)


def _labelled(rows: Iterable[dict], **labels: object) -> list[dict]:
    return [{**labels, **row} for row in rows]


def _scores(store: SequenceStore, predictive: Predictive, deviations: np.ndarray, family: str) -> Iterator[dict]:
    """Yield the scores of one model for each target; `deviations` are the standard deviations over all members."""
    for index, target in enumerate(store.target_names):
        test = rows_of(store, predictive, "test", index)
        yield {"target": target, "metric": "pearson", "value": pearson(test.mean, test.measured)}
        if "epistemic" in test.std:
            value = pearson(test.std["epistemic"], deviations[:, index])
            yield {"target": target, "metric": "epistemic_pearson", "value": value}
        if "total" in test.std:
            predicted = Distribution(test.mean, test.std["total"], family)
            for name in METRICS:
                value = load("metric", name).metric(test.measured, predicted)
                yield {"target": target, "metric": name, "value": value}
