"""Tables that say how accurate models are on shifted sequences, and whether their uncertainty knows it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from degu.data.store import SequenceStore
from degu.prediction.ensemble import Predictions
from degu.shift.ladder import Ladder, Rung
from degu.shift.measures import (
    calibration_scores,
    error_scores,
    interval_rows,
    rows_of_part,
    score,
    uncertainty_scores,
)
from degu.shift.prediction import UNSHIFTED, part_name
from degu.shift.references import TRUTH
from degu.shift.scores import trend
from degu.uncertainty.predictive import Predictive, predictives, rows_of
from degu.uncertainty.rows import Rows

# The trend is that of these standard deviations.
_GROWING = ("epistemic", "total")


class ShiftTables(NamedTuple):
    """Tidy tables with one measurement in each row.

    Attributes
    ----------
    scores
        `shift`, `rung` (0 for no shift), `level`, `model`, `seed`, `target`, `reference`, `uncertainty`,
        `recalibration`, `metric` and `value`.
    intervals
        `shift`, `rung`, `level`, `model`, `seed`, `target`, `conformal`, `nominal`, `coverage`, `width`,
        `median_width`, the share of intervals that are `infinite`, and the number of `sequences`: how often intervals
        hold new measurements, where a simulator makes them.
    predictions
        The quantiles of what each model predicts at each rung: `shift`, `rung`, `level`, `model`, `seed`, `target`,
        `quantile` and `value`.
    """

    scores: pd.DataFrame
    intervals: pd.DataFrame
    predictions: pd.DataFrame


QUANTILES = np.round(np.linspace(0, 1, 41), 3)


@dataclass(frozen=True)
class Populations:
    """The shifted sequences, and what is known of them.

    Attributes
    ----------
    store
        The data set.
    ladders
        The shifts.
    references
        Means that predictions are compared with, float64 (n, T), by the name of the reference and of the part.
    replicates
        Number of replicates of a new measurement; 0 where no simulator makes them.
    seed
        Seed of the noise of new measurements.
    """

    store: SequenceStore
    ladders: Sequence[Ladder]
    references: Mapping[str, Mapping[str, np.ndarray]]
    replicates: int
    seed: int

    def unshifted(self) -> Rung:
        """Return the sequences as they are, those of the first ladder."""
        rows = self.ladders[0].rows
        known = {name: self.store.truth.get(name) for name in ("mean", "noise_std")}
        truth = {name: None if values is None else values[rows, 0] for name, values in known.items()}
        return Rung(0.0, self.store.tokens[rows], None, truth["mean"], truth["noise_std"])

    def rungs_of(self, ladder: Ladder) -> Iterator[tuple[int, str, Rung]]:
        """Yield the number, the part and the rung of no shift, and of each level."""
        if not ladder.has_start:
            yield 0, UNSHIFTED, self.unshifted()
        for number, rung in enumerate(ladder):
            yield number + (not ladder.has_start), part_name(ladder, number), rung

    def references_of(self, rung: Rung, part: str, target: int) -> dict[str, np.ndarray]:
        """Return what predictions are compared with, (n,) each, from the best reference on."""
        known = {} if rung.mean is None else {TRUTH: rung.mean}
        return known | {name: parts[part][:, target] for name, parts in self.references.items()}

    def measured(self, rung: Rung, part: str) -> np.ndarray | None:
        """Return new measurements of the sequences of a rung, (n,), or None where there are none."""
        if rung.mean is None or rung.noise_std is None or not self.replicates:
            return None
        rng = np.random.default_rng([self.seed, *part.encode()])
        return rung.mean + rung.noise_std / np.sqrt(self.replicates) * rng.standard_normal(len(rung.mean))


def assess_shifts(
    populations: Populations,
    splits: Predictions,
    shifted: Predictions,
    settings: Mapping,
    *,
    model: str,
    family: str,
) -> ShiftTables:
    """Assess every model of a recipe and, if the models are members, their ensemble.

    Parameters
    ----------
    populations
        The shifted sequences.
    splits, shifted
        What the models predict for the splits of the data set, and for the rungs.
    settings
        `metrics` and `features` of the section `shift`, and the `conformal` methods and the nominal `level` of the
        section `assessment`.
    model
        Kind of the models, `member` or `student`.
    family
        Family of the predictive distributions, as in `degu.uncertainty.distributions`.
    """
    tables: dict[str, list[dict]] = {name: [] for name in ShiftTables._fields}
    pairs = zip(predictives(splits, model), predictives(shifted, model), strict=True)
    for own, changed in pairs:
        for target, name in enumerate(populations.store.target_names):
            assessor = _Assessor(populations, own, changed, settings, target, family)
            labels = {"model": own.model, "seed": own.seed, "target": name}
            for table, rows in assessor.tables():
                tables[table] += [{**row, **labels} for row in rows]
    return ShiftTables(**{name: pd.DataFrame(rows) for name, rows in tables.items()})


class _Assessor:
    """The assessment of one model for one target."""

    def __init__(
        self,
        populations: Populations,
        splits: Predictive,
        shifted: Predictive,
        settings: Mapping,
        target: int,
        family: str,
    ) -> None:
        self._populations, self._shifted, self._settings = populations, shifted, settings
        self._target, self._family = target, family
        store = populations.store
        tokens = store.tokens[store.rows("calibration")]
        self._calibration = rows_of(store, splits, "calibration", target), tokens
        self._plain = self._rows(populations.unshifted(), UNSHIFTED)

    def _rows(self, rung: Rung, part: str) -> Rows:
        return rows_of_part(self._shifted, part, self._target, rung.tokens, self._populations.measured(rung, part))

    def tables(self) -> Iterator[tuple[str, list[dict]]]:
        """Yield the name of a table and rows of it."""
        for ladder in self._populations.ladders:
            stds: dict[str, list[np.ndarray]] = {}
            for number, part, rung in self._populations.rungs_of(ladder):
                rows = self._plain if part == UNSHIFTED else self._rows(rung, part)
                labels = {"shift": ladder.name, "rung": number, "level": rung.level}
                for table, found in self._of_rung(rows, rung, part):
                    yield table, [{**labels, **row} for row in found]
                for kind in _GROWING:
                    if kind in rows.std:
                        stds.setdefault(kind, []).append(rows.std[kind])
            for kind, own in stds.items():
                last = {"shift": ladder.name, "rung": len(own) - 1, "level": ladder.levels[-1]}
                growth = trend(np.stack(own, axis=1)).items()
                yield "scores", [{**last, **score(metric, value, uncertainty=kind)} for metric, value in growth]

    def _of_rung(self, rows: Rows, rung: Rung, part: str) -> Iterator[tuple[str, list[dict]]]:
        references = self._populations.references_of(rung, part, self._target)
        best = next(iter(references))
        yield (
            "scores",
            [
                *error_scores(rows, references),
                *uncertainty_scores(rows, self._plain, best, references[best]),
            ],
        )
        values = np.quantile(rows.mean, QUANTILES)
        yield "predictions", [{"quantile": q, "value": v} for q, v in zip(QUANTILES, values, strict=True)]
        if not np.isnan(rows.measured).any():
            metrics = self._settings["metrics"]
            yield "scores", list(calibration_scores(self._calibration[0], rows, metrics, self._family))
            both = self._calibration, (rows, rung.tokens)
            yield "intervals", list(interval_rows(*both, self._settings, self._family))
