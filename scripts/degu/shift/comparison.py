"""Errors of students on shifted sequences beside those of the members and of the ensemble that they come from."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from degu.evaluation.bootstrap import GroupBootstrap
from degu.prediction.ensemble import Predictions
from degu.shift.assessment import Populations
from degu.shift.ladder import Ladder
from degu.shift.prediction import means_of

COLUMNS = ["shift", "rung", "level", "target", "reference", "against", "student", "other", "ratio", "low", "high"]


def compare_with_members(populations: Populations, students: Predictions, members: Predictions) -> pd.DataFrame:
    """Return how large the errors of students are, relative to those of members and of their ensemble.

    Parameters
    ----------
    populations
        The shifted sequences.
    students, members
        What they predict for the rungs.

    Returns
    -------
    Table with the columns in `COLUMNS`, for each shift, rung, target and reference: `against` is `member` or
    `ensemble`; `student` and `other` are mean squared errors, averaged over the models of a kind; `ratio` is the first
    divided by the second; and `low` and `high` are the ends of its 95 % bootstrap interval over groups of sequences
    """
    predicted = students, members, means_of(members)
    # Ladders of the same rows share the resamples, too.
    bootstraps = {
        ladder.rows.tobytes(): GroupBootstrap(populations.store.group[ladder.rows], populations.seed)
        for ladder in populations.ladders
    }
    rows = [
        row
        for ladder in populations.ladders
        for row in _of_ladder(populations, ladder, bootstraps[ladder.rows.tobytes()], *predicted)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _of_ladder(
    populations: Populations,
    ladder: Ladder,
    bootstrap: GroupBootstrap,
    students: Predictions,
    members: Predictions,
    ensemble: Mapping[str, np.ndarray],
) -> Iterator[dict]:
    for number, part, rung in populations.rungs_of(ladder):
        for target, name in enumerate(populations.store.target_names):
            labels = {"shift": ladder.name, "rung": number, "level": rung.level, "target": name}
            own, others = (
                predictions.heads.select(predictions.values[part], "mean")[..., target].astype(np.float64)
                for predictions in (students, members)
            )
            together = ensemble[part][:, target]
            for reference, values in populations.references_of(rung, part, target).items():
                errors = np.square(own - values).mean(axis=0)
                compared = {
                    "member": np.square(others - values).mean(axis=0),
                    "ensemble": np.square(together - values),
                }
                for row in _ratios(errors, compared, bootstrap):
                    yield {**labels, "reference": reference, **row}


def _ratios(errors: np.ndarray, compared: dict[str, np.ndarray], bootstrap: GroupBootstrap) -> Iterator[dict]:
    """Yield the ratio to each of some other errors, (n,) each, unless these are all 0."""
    for against, other in compared.items():
        if other.any():
            low, high = bootstrap.ratio(errors, other)
            known = {"student": errors.mean(), "other": other.mean(), "ratio": errors.mean() / other.mean()}
            yield {"against": against, **known, "low": low, "high": high}
