"""Intervals of new predictions, from what a student predicted for the calibration rows and what was measured there.

The rows travel with the model, so that any level and any of the methods can be computed later, for sequences that come
one after another.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from degu.errors import DeguError, did_you_mean
from degu.outputs.heads import KINDS, standard_deviations
from degu.uncertainty.rows import FLOOR, rank

BINS = 5
Std = Mapping[str, np.ndarray]


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
    factors
        The factor on the total standard deviation that makes the calibration rows most likely, (T,).
    """

    measured: np.ndarray
    mean: np.ndarray
    std: Mapping[str, np.ndarray]
    floor: np.ndarray
    factors: np.ndarray

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
        return cls.with_floor(measured, heads, floor)

    @classmethod
    def with_floor(cls, measured: np.ndarray, heads: Mapping[str, np.ndarray], floor: np.ndarray) -> "Calibration":
        """Return the calibration of a student on some rows, with a floor that is known.

        Parameters
        ----------
        measured, heads
            Measured activity, (n, T), and predicted heads, (n, T) each, of these rows.
        floor
            The least total standard deviation, (T,), which depends on none of them.
        """
        # These libraries are not needed where a calibration is read, which is to be quick.
        from degu.uncertainty.distributions import Distribution
        from degu.uncertainty.recalibration import scale_std

        mean, std = heads["mean"].astype(np.float64), standard_deviations(heads)
        factors = np.ones(measured.shape[1])
        if "total" in std:
            total = np.maximum(std["total"], floor)
            pairs = ((measured[:, t], Distribution(mean[:, t], total[:, t])) for t in range(measured.shape[1]))
            factors = np.array([scale_std(own, distribution) for own, distribution in pairs])
        return cls(measured.astype(np.float64), mean, std, floor, factors)

    def __len__(self) -> int:
        return len(self.measured)

    def errors(self, target: int) -> np.ndarray:
        """Return the absolute errors of the calibration rows, (n,)."""
        return np.abs(self.measured[:, target] - self.mean[:, target])

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
        halves = [
            METHODS[method](self, target, mean[:, target], {kind: std[kind][:, target] for kind in std}, level)
            for target in range(mean.shape[1])
        ]
        half = np.stack(halves, axis=1)
        return np.stack([mean - half, mean + half], axis=2)

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

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return arrays by name that `from_arrays` reads."""
        std = {f"std_{kind}": values for kind, values in self.std.items()}
        return {"measured": self.measured, "mean": self.mean, "floor": self.floor, "factors": self.factors, **std}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Calibration":
        """Return the calibration that `to_arrays` wrote."""
        std = {kind: arrays[f"std_{kind}"] for kind in KINDS if f"std_{kind}" in arrays}
        return cls(arrays["measured"], arrays["mean"], std, arrays["floor"], arrays["factors"])


def _predicted(calibration: Calibration, target: int, mean: np.ndarray, std: Std, level: float) -> np.ndarray:
    """Return the half widths of central intervals of a normal distribution with the predicted standard deviation."""
    return NormalDist().inv_cdf((1 + level) / 2) * np.maximum(std["total"], calibration.floor[target])


def _recalibrated(calibration: Calibration, target: int, mean: np.ndarray, std: Std, level: float) -> np.ndarray:
    """Return the same with the standard deviation times the factor of the calibration rows."""
    return calibration.factors[target] * _predicted(calibration, target, mean, std, level)


def _absolute(calibration: Calibration, target: int, mean: np.ndarray, std: Std, level: float) -> np.ndarray:
    """Return half widths that are all one: see `degu.uncertainty.conformal.absolute`."""
    return np.full(len(mean), _bound(calibration.errors(target), level))


def _normalized(calibration: Calibration, target: int, mean: np.ndarray, std: Std, level: float) -> np.ndarray:
    """Return half widths in proportion to the total standard deviation: see `degu.uncertainty.conformal.normalized`."""
    floor = calibration.floor[target]
    scale = np.maximum(calibration.std["total"][:, target], floor)
    return _bound(calibration.errors(target) / scale, level) * np.maximum(std["total"], floor)


def _mondrian(calibration: Calibration, target: int, mean: np.ndarray, std: Std, level: float) -> np.ndarray:
    """Return half widths of each bin of the predicted mean: see `degu.uncertainty.conformal.mondrian`."""
    known, errors = calibration.mean[:, target], calibration.errors(target)
    at_edge = np.argsort(known, kind="stable")[np.arange(1, BINS) * len(known) // BINS]
    edges = known[at_edge]
    bin_of = np.searchsorted(edges, np.delete(known, at_edge), side="right")
    errors = np.delete(errors, at_edge)
    bounds = np.array([_bound(errors[bin_of == number], level) for number in range(BINS)])
    return bounds[np.searchsorted(edges, mean, side="right")]


def _bound(scores: np.ndarray, level: float) -> float:
    """Return the score that a new one is at most, with the probability of a level; infinite if there are too few."""
    place = rank(len(scores), level)
    return float(np.partition(scores, place - 1)[place - 1]) if place <= len(scores) else float("inf")


# Each returns half the width of the intervals, (N,). The first ones are conformal, and cover whatever the model says;
# the last ones trust its standard deviation. The same conformal methods stand in `degu.uncertainty.conformal`; these do
# without the libraries there, which take longer to import than a command may take to start.
METHODS: dict[str, Callable[[Calibration, int, np.ndarray, Std, float], np.ndarray]] = {
    "normalized": _normalized,
    "absolute": _absolute,
    "mondrian": _mondrian,
    "recalibrated": _recalibrated,
    "predicted": _predicted,
}
