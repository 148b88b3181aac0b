"""Accuracy of members, ensembles, students and baselines, as tidy tables.

Every table has the columns in `COLUMNS` and one measurement a row. `head` names the predicted quantity, and `reference`
names the values that it was compared with: the `measured` values, the `ensemble`, or the simulator's `truth`. `low` and
`high` are the ends of the 95 % bootstrap interval over groups, on the test split; elsewhere they are empty.

Where a data set has negatives, the test split is scored as a whole, and its regions (`test regions`) and its negatives
(`test negatives`) are scored apart as well, as ChromBPNet does: together they differ by more than regions do, and so
correlations are higher.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from degu.data.correlation import pearson
from degu.data.splits import SPLITS
from degu.data.store import SequenceStore
from degu.evaluation.bootstrap import GroupBootstrap
from degu.evaluation.ceilings import activity_ceiling, epistemic_ceiling
from degu.evaluation.row_kinds import NEGATIVES, row_kinds
from degu.prediction.ensemble import Predictions

COLUMNS = [
    "dataset",
    "teacher",
    "student",
    "fraction",
    "model",
    "seed",
    "split",
    "head",
    "target",
    "reference",
    "metric",
    "value",
    "low",
    "high",
]


def mean_squared_error(predicted: np.ndarray, reference: np.ndarray) -> float:
    """Return the mean of the squared differences of two arrays of shape (N,)."""
    return float(np.mean((predicted - reference) ** 2))


def spearman(predicted: np.ndarray, reference: np.ndarray) -> float:
    """Return Spearman's rank correlation of two arrays of shape (N,); NaN if one is constant."""
    return pearson(stats.rankdata(predicted), stats.rankdata(reference))


def auroc(predicted: np.ndarray, reference: np.ndarray) -> float:
    """Return the area under the ROC curve of predictions (N,) against labels of 0 and 1, (N,)."""
    ones, zeros = predicted[reference == 1], predicted[reference == 0]
    return float(stats.mannwhitneyu(ones, zeros, method="asymptotic").statistic) / (len(ones) * len(zeros))


# The parts of the test split that are scored.
TEST_PARTS = ("test", "test regions", "test negatives")
METRICS = {"mse": mean_squared_error, "pearson": pearson, "spearman": spearman}
# These take their place where the reference consists of labels of 0 and 1: the distance of log odds from labels says
# nothing.
METRICS_OF_LABELS = {"pearson": pearson, "spearman": spearman, "auroc": auroc}


class Scorer:
    """Scores of predictions of one data set.

    Parameters
    ----------
    store
        Data set, which names the targets.
    seed
        Seed of the bootstrap.
    """

    def __init__(self, store: SequenceStore, seed: int) -> None:
        self._targets = store.target_names
        group, kinds = store.group[store.rows("test")], row_kinds(store, "test")
        parts = {"test": np.ones(len(group), dtype=bool)}
        if NEGATIVES in kinds:
            parts |= {f"test {kind}": rows for kind, rows in kinds.items()}
        self._parts = {name: (rows, GroupBootstrap(group[rows], seed)) for name, rows in parts.items()}

    def score(
        self, predicted: np.ndarray, references: dict[str, np.ndarray | None], split: str, **labels: object
    ) -> list[dict]:
        """Return one row for each target, reference and metric, and for each part of the test split.

        Parameters
        ----------
        predicted
            Predicted values, (n, T).
        references
            Values to compare with, (n, T) each, by name; None where the data set has no such values.
        split
            Split of the n rows.
        labels
            Further columns, such as `model`, `seed` and `head`.
        """
        rows = []
        for name, reference in references.items():
            if reference is None:
                continue
            for index, target in enumerate(self._targets):
                pair = predicted[:, index].astype(np.float64), reference[:, index].astype(np.float64)
                known = {**labels, "target": target, "reference": name}
                rows += [known | row for row in self._rows(*pair, split)]
        return rows

    def _rows(self, predicted: np.ndarray, reference: np.ndarray, split: str) -> Iterator[dict]:
        """Yield the split or its part, the metric, its value and its interval, of values (n,)."""
        metrics = METRICS_OF_LABELS if set(reference) == {0, 1} else METRICS
        for metric, function in metrics.items():
            if split != "test":
                value = function(predicted, reference)
                yield {"split": split, "metric": metric, "value": value, "low": np.nan, "high": np.nan}
                continue
            for part, (chosen, bootstrap) in self._parts.items():
                pair = predicted[chosen], reference[chosen]
                low, high = bootstrap.interval(metric, *pair)
                yield {"split": part, "metric": metric, "value": function(*pair), "low": low, "high": high}


def measured_references(store: SequenceStore, split: str) -> dict[str, dict[str, np.ndarray | None]]:
    """Return the values that each head is compared with: the measured ones, and the truth where it is known."""
    rows = store.rows(split)

    def part(values: np.ndarray | None) -> np.ndarray | None:
        return None if values is None else values[rows]

    noise = {"measured": part(store.replicate_std), "truth": part(store.truth.get("noise_std"))}
    return {
        "mean": {"measured": part(store.targets), "truth": part(store.truth.get("mean"))},
        "aleatoric": noise,
        "replicate_std": dict(noise),
        "epistemic": {},
        "lower": {},
        "upper": {},
    }


def evaluate_ensemble(store: SequenceStore, predictions: Predictions, seed: int = 0) -> pd.DataFrame:
    """Score every member and the ensemble on every split that was predicted, and add the ceilings of the scores.

    The rows of the model `ceiling` hold the Pearson correlations of perfect predictions: of the expected activity with
    the measured one, where there are replicates, and of the expected std over members with the one over these, where
    there are four members or more. There is no row where the reliability is estimated as 0.
    """
    rows, scorer = [], Scorer(store, seed)
    for split, members in predictions.values.items():
        references = measured_references(store, split)
        for seed, values in zip(predictions.seeds, members, strict=True):
            for head in predictions.heads.heads:
                predicted = predictions.heads.select(values, head)
                rows += scorer.score(predicted, references.get(head, {}), split, model="member", seed=seed, head=head)
        for head, ensemble in predictions.heads_of_ensemble(split).items():
            rows += scorer.score(ensemble, references.get(head, {}), split, model="ensemble", seed=-1, head=head)
        rows += _ceilings(store, predictions, split)
    return _tidy(rows)


def _ceilings(store: SequenceStore, predictions: Predictions, split: str) -> list[dict]:
    """Return a row for each target and each quantity whose reliability is known."""
    rows: list[dict] = []
    for index, target in enumerate(store.target_names):
        known: dict = {"model": "ceiling", "seed": -1, "split": split, "target": target, "metric": "pearson"}
        if store.replicates is not None:
            highest = activity_ceiling(store.replicates[store.rows(split), index]).highest
            rows.append({**known, "head": "mean", "reference": "measured", "value": highest})
        if "mean" in predictions.heads.heads:
            members = predictions.heads.select(predictions.values[split], "mean")[..., index]
            highest = epistemic_ceiling(members.astype(np.float64)).highest
            rows.append({**known, "head": "epistemic", "reference": "ensemble", "value": highest})
    return [row for row in rows if np.isfinite(row["value"])]


def evaluate_student(store: SequenceStore, ensemble: Predictions, students: Predictions, seed: int = 0) -> pd.DataFrame:
    """Score every student on every split against the measurements, the truth and its ensemble."""
    rows, scorer = [], Scorer(store, seed)
    for split in SPLITS:
        references = measured_references(store, split)
        for head, values in ensemble.heads_of_ensemble(split).items():
            references[head]["ensemble"] = values
        for head in students.heads.heads:
            for seed, values in zip(students.seeds, students.values[split], strict=True):
                predicted = students.heads.select(values, head)
                rows += scorer.score(predicted, references.get(head, {}), split, model="student", seed=seed, head=head)
    return _tidy(rows)


def evaluate_baseline(store: SequenceStore, predictions: np.ndarray, model: str, seed: int = 0) -> pd.DataFrame:
    """Score a baseline's predicted means, (N, T), on every split."""
    rows, scorer = [], Scorer(store, seed)
    for split in SPLITS:
        predicted = predictions[store.rows(split)]
        references = measured_references(store, split)["mean"]
        rows += scorer.score(predicted, references, split, model=model, seed=-1, head="mean")
    return _tidy(rows)


def tabulate_test_predictions(store: SequenceStore, ensemble: Predictions, students: Predictions) -> pd.DataFrame:
    """Return one row for each test sequence, target and student, with the measured and the predicted values.

    The columns are `name`, `target`, `seed`, `measured`, and for each head `ensemble_*` and `student_*`. The
    columns `replicate_std`, `truth_mean` and `truth_noise_std` are added where the data set has such values.
    """
    rows = store.rows("test")
    ensemble_values = ensemble.heads_of_ensemble("test")
    known = {
        "measured": store.targets,
        "replicate_std": store.replicate_std,
        "truth_mean": store.truth.get("mean"),
        "truth_noise_std": store.truth.get("noise_std"),
    }
    parts = []
    for seed, values in zip(students.seeds, students.values["test"], strict=True):
        for index, target in enumerate(store.target_names):
            columns = {"name": store.names[rows], "target": target, "seed": seed}
            columns |= {name: array[rows, index] for name, array in known.items() if array is not None}
            columns |= {f"ensemble_{head}": array[:, index] for head, array in ensemble_values.items()}
            for head in students.heads.heads:
                columns[f"student_{head}"] = students.heads.select(values, head)[:, index]
            parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def _tidy(rows: list[dict]) -> pd.DataFrame:
    """Return rows as a table with all columns in `COLUMNS`; those that a row lacks are empty."""
    frame = pd.DataFrame(rows).assign(dataset="", teacher="", student="")
    return frame.reindex(columns=COLUMNS)
