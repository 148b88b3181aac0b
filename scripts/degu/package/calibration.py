"""Intervals of new predictions, from what a student predicted for the calibration rows and what was measured there.

The rows travel with the model, so that any level and any of the methods can be computed later, for sequences that come
one after another.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from crepes import ConformalRegressor
from scipy import stats

from degu.errors import DeguError, did_you_mean
from degu.uncertainty.conformal import absolute, mondrian
from degu.uncertainty.conformal.normalized import FLOOR
from degu.uncertainty.distributions import Distribution
from degu.uncertainty.predictive import KINDS, standard_deviations
from degu.uncertainty.recalibration import scale_std
from degu.uncertainty.rows import ROUNDING, Rows, rank

BINS = 5


@dataclass(frozen=True)
class Calibration:
    """Measured and predicted values of the calibration rows of a data set.

    Attributes
    ----------
    measured, mean
        What was measured and what the student predicts, (n, T).
    std
        The predicted standard deviations by kind, (n, T) each; `total` is one of them.
    floor
        The least total standard deviation that an interval is scaled by, (T,). It follows from the training rows, so
        that it depends on no row that it is used for.
    """

    measured: np.ndarray
    mean: np.ndarray
    std: Mapping[str, np.ndarray]
    floor: np.ndarray

    @classmethod
    def of_predictions(
        cls, measured: np.ndarray, heads: Mapping[str, np.ndarray], training: Mapping[str, np.ndarray]
    ) -> "Calibration":
        """Return the calibration of a student.

        Parameters
        ----------
        measured, heads
            Measured activity, (n, T), and predicted heads, (n, T) each, of the calibration rows.
        training
            Predicted heads of the training rows.
        """
        total = standard_deviations(training).get("total")
        floor = np.zeros(measured.shape[1]) if total is None else FLOOR * np.median(total, axis=0)
        return cls(measured.astype(np.float64), heads["mean"].astype(np.float64), standard_deviations(heads), floor)

    def __len__(self) -> int:
        return len(self.measured)

    @property
    def factors(self) -> np.ndarray:
        """The factor on the total standard deviation that makes the calibration rows most likely, (T,)."""
        return np.array(
            [
                scale_std(self.measured[:, target], Distribution(self.mean[:, target], self._total(target)))
                for target in range(self.measured.shape[1])
            ]
        )

    def intervals(self, heads: Mapping[str, np.ndarray], level: float, method: str) -> np.ndarray:
        """Return an interval for a new measurement of each sequence.

        Parameters
        ----------
        heads
            Predicted heads of the sequences, (N, T) each.
        level
            Probability that the interval holds a new measurement, between 0 and 1.
        method
            One of `METHODS`.

        Returns
        -------
        Lower and upper ends, float64 (N, T, 2)

        Raises
        ------
        DeguError
            If there is no such method, the level lies outside, there are too few calibration rows for it, or the
            student predicts no standard deviation that the method needs.
        """
        self.check(level, method)
        mean, std = heads["mean"].astype(np.float64), standard_deviations(heads)
        ends = [
            METHODS[method](self, target, mean[:, target], {kind: std[kind][:, target] for kind in std}, level)
            for target in range(mean.shape[1])
        ]
        return np.stack(ends, axis=1)

    def check(self, level: float, method: str) -> None:
        """Raise a DeguError if intervals of a level cannot be made by a method, as `intervals` says."""
        if method not in METHODS:
            raise DeguError(f"unknown method '{method}'", expected=did_you_mean(method, METHODS))
        if not 0 < level < 1:
            raise DeguError(f"the level {level:g}", expected="a number between 0 and 1, such as 0.9")
        if method not in ("absolute", "mondrian") and "total" not in self.std:
            raise DeguError(
                f"the method '{method}' needs a predicted standard deviation, and this student has none",
                remedy="choose absolute or mondrian",
            )
        rows = {"absolute": len(self), "normalized": len(self), "mondrian": (len(self) - BINS + 1) // BINS}.get(method)
        if rows is not None and rank(rows, level) > rows:
            each = f" in each of {BINS} bins" if method == "mondrian" else ""
            raise DeguError(
                f"{rows} calibration rows{each} are too few for the level {level:g} by '{method}'",
                expected=f"a level of at most {rows / (rows + 1):.4g}",
                remedy="choose a lower level or the method `recalibrated`, or train with more calibration rows",
            )

    def _rows(self, target: int) -> Rows:
        std = {kind: values[:, target] for kind, values in self.std.items()}
        return Rows(measured=self.measured[:, target], mean=self.mean[:, target], std=std)

    def _total(self, target: int) -> np.ndarray:
        return np.maximum(self.std["total"][:, target], self.floor[target])

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return arrays by name that `from_arrays` reads."""
        std = {f"std_{kind}": values for kind, values in self.std.items()}
        return {"measured": self.measured, "mean": self.mean, "floor": self.floor, **std}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Calibration":
        """Return the calibration that `to_arrays` wrote."""
        std = {kind: arrays[f"std_{kind}"] for kind in KINDS if f"std_{kind}" in arrays}
        return cls(arrays["measured"], arrays["mean"], std, arrays["floor"])


Std = Mapping[str, np.ndarray]


def _predicted(calibration: Calibration, target: int, mean: np.ndarray, std: Std, level: float) -> np.ndarray:
    """Return the central intervals of a normal distribution with the predicted standard deviation."""
    return _central(mean, np.maximum(std["total"], calibration.floor[target]), level)


def _recalibrated(calibration: Calibration, target: int, mean: np.ndarray, std: Std, level: float) -> np.ndarray:
    """Return the same with the standard deviation times the factor of the calibration rows."""
    scale = calibration.factors[target] * np.maximum(std["total"], calibration.floor[target])
    return _central(mean, scale, level)


def _absolute(calibration: Calibration, target: int, mean: np.ndarray, std: Std, level: float) -> np.ndarray:
    return absolute.intervals({"calibration": calibration._rows(target), "test": _new(mean, std)}, level)


def _normalized(calibration: Calibration, target: int, mean: np.ndarray, std: Std, level: float) -> np.ndarray:
    rows = calibration._rows(target)
    regressor = ConformalRegressor().fit(rows.measured - rows.mean, sigmas=calibration._total(target))
    scale = np.maximum(std["total"], calibration.floor[target])
    return regressor.predict_int(mean, sigmas=scale, confidence=level - ROUNDING)


def _mondrian(calibration: Calibration, target: int, mean: np.ndarray, std: Std, level: float) -> np.ndarray:
    rows = {"calibration": calibration._rows(target), "test": _new(mean, std)}
    return mondrian.intervals(rows, level, by="mean", bins=BINS)


def _new(mean: np.ndarray, std: Std) -> Rows:
    return Rows(measured=np.full(len(mean), np.nan), mean=mean, std=std)


def _central(mean: np.ndarray, std: np.ndarray, level: float) -> np.ndarray:
    half = stats.norm.ppf((1 + level) / 2) * std
    return np.stack([mean - half, mean + half], axis=1)


# The first ones are conformal and cover whatever the model predicts; the last ones trust its standard deviation.
METHODS: dict[str, Callable[..., np.ndarray]] = {
    "normalized": _normalized,
    "absolute": _absolute,
    "mondrian": _mondrian,
    "recalibrated": _recalibrated,
    "predicted": _predicted,
}
