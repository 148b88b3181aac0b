"""Tables that say how models of one data set do on the measured sequences of another one."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from degu.data.store import SequenceStore
from degu.prediction.ensemble import Predictions
from degu.shift.measures import (
    MEASURED,
    calibration_scores,
    error_scores,
    interval_rows,
    rows_of_part,
    uncertainty_scores,
)
from degu.shift.transfer import Population
from degu.uncertainty.predictive import Predictive, predictives, rows_of

# Where models are judged, and what their uncertainties are calibrated on: their own data set, or the other one.
OWN, OTHER = "own", "other"


class TransferTables(NamedTuple):
    """Tidy tables with one measurement in each row.

    Attributes
    ----------
    scores
        `population` (`own` or `other`), `calibrated_on` (`own` or `other`; empty for scores that need no calibration),
        `model`, `seed`, `target`, `reference`, `uncertainty`, `recalibration`, `metric` and `value`.
    intervals
        `population`, `calibrated_on`, `model`, `seed`, `target`, `conformal`, `nominal`, `coverage`, `width`,
        `median_width`, `infinite` and `sequences`.
    """

    scores: pd.DataFrame
    intervals: pd.DataFrame


def assess_transfer(
    source: SequenceStore,
    populations: Mapping[str, Population],
    splits: Predictions,
    transferred: Predictions,
    settings: Mapping,
    *,
    targets: Mapping[str, str],
    model: str,
    family: str,
) -> TransferTables:
    """Assess every model of a recipe and, if the models are members, their ensemble.

    Parameters
    ----------
    source
        The data set of the models.
    populations
        The parts `calibration` and `test` of the other data set.
    splits, transferred
        What the models predict for the splits of the source, and for those parts.
    settings
        `metrics` and `features`, the `conformal` methods, and the nominal `level`.
    targets
        The measured counterpart of each target of the source that has one.
    model, family
        Kind of the models, `member` or `student`, and the family of their predictive distributions.
    """
    tables: dict[str, list[dict]] = {name: [] for name in TransferTables._fields}
    for own, other in zip(predictives(splits, model), predictives(transferred, model), strict=True):
        for column, name in enumerate(targets):
            target = source.target_names.index(name)
            labels = {"model": own.model, "seed": own.seed, "target": name}
            for table, rows in _of_model(source, populations, (own, other), settings, (target, column), family):
                tables[table] += [{**row, **labels} for row in rows]
    return TransferTables(**{name: pd.DataFrame(rows) for name, rows in tables.items()})


def _of_model(
    source: SequenceStore,
    populations: Mapping[str, Population],
    predicted: tuple[Predictive, Predictive],
    settings: Mapping,
    place: tuple[int, int],
    family: str,
) -> Iterator[tuple[str, list[dict]]]:
    """Yield the name of a table and rows of it, for one model and one target."""
    own, other = predicted
    target, column = place
    known = {
        (OWN, split): (rows_of(source, own, split, target), source.tokens[source.rows(split)])
        for split in ("calibration", "test")
    } | {
        (OTHER, part): (rows_of_part(other, part, target, found.tokens, found.measured[:, column]), found.tokens)
        for part, found in populations.items()
    }
    plain = known[OWN, "test"][0]
    for population in (OWN, OTHER):
        rows, tokens = known[population, "test"]
        scores = [
            *error_scores(rows, {MEASURED: rows.measured}),
            *uncertainty_scores(rows, plain, MEASURED, rows.measured),
        ]
        yield "scores", [{"population": population, "calibrated_on": "", **row} for row in scores]
        for calibrated_on in (OWN, OTHER) if population == OTHER else (OWN,):
            labels = {"population": population, "calibrated_on": calibrated_on}
            calibration = known[calibrated_on, "calibration"]
            calibrated = calibration_scores(calibration[0], rows, settings["metrics"], family)
            yield "scores", [{**labels, **row} for row in calibrated]
            intervals = interval_rows(calibration, (rows, tokens), settings, family)
            yield "intervals", [{**labels, **row} for row in intervals]
