"""Tables that say how far predicted uncertainties can be trusted, by their calibration and intervals on the test split.

Recalibration and conformal prediction are fitted on the calibration split, which no training has seen.
"""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from degu.config.plugins import constant, load
from degu.data.store import SequenceStore
from degu.evaluation.accuracy import METRICS
from degu.prediction.ensemble import Predictions
from degu.uncertainty.columns import TABLES, empty_table
from degu.uncertainty.coverage import coverage, coverage_by_bin, mean_width, median_width
from degu.uncertainty.curves import coverage_curve, pit_histogram, sparsification_curve
from degu.uncertainty.density_ratio import estimate_density_ratio
from degu.uncertainty.distributions import Distribution, Recalibrated
from degu.uncertainty.predictive import Predictive, predictives, rows_of, warn_of_negative_heads
from degu.uncertainty.recalibration import fit_isotonic, recalibrated, scale_std, scaled
from degu.uncertainty.rows import Inapplicable, Rows

LEVELS = np.linspace(0.05, 0.95, 19)
# Figures and claims read these metrics, so they are measured even if the configuration does not name them.
NEEDED = ("coverage", "miscalibration_area")
# Coverage is measured in bins of each of these features.
FEATURES = ("mean", "gc", "total")


class Assessment(NamedTuple):
    """Tidy tables with one measurement in each row, whose columns `degu.uncertainty.columns` declares.

    Attributes
    ----------
    scores
        Metrics of accuracy and of calibration.
    curves
        Points of the curves of calibration and sparsification.
    conformal
        Coverage and width of the intervals of each method, on the test rows and on a shifted population.
    conditional
        Coverage and width where a feature of the rows is low, middling and high.
    predictions
        Measured and predicted values of the first model and of the ensemble, with one test sequence in each row.
    """

    scores: pd.DataFrame
    curves: pd.DataFrame
    conformal: pd.DataFrame
    conditional: pd.DataFrame
    predictions: pd.DataFrame


def assess(
    store: SequenceStore,
    predictions: Predictions,
    settings: Mapping,
    *,
    model: str,
    family: str,
    seed: int,
    excluded: np.ndarray | None = None,
) -> Assessment:
    """Assess every model of a recipe and, if the models are members, their ensemble.

    Parameters
    ----------
    store, predictions
        Data set, and the models' predictions for it.
    settings
        Section `assessment` of the configuration.
    model
        Kind of the models, `member` or `student`.
    family
        Family of the predictive distributions, as in `degu.uncertainty.distributions`.
    seed
        Seed for drawing the shifted test rows.
    excluded
        Bool (M, n), true where a member was trained without a training row.
    """
    tables: dict[str, list[pd.DataFrame]] = {name: [] for name in TABLES}
    for predictive in predictives(predictions, model):
        warn_of_negative_heads(predictive)
        for target, name in enumerate(store.target_names):
            labels: dict[str, str | int] = {"model": predictive.model, "seed": predictive.seed, "target": name}
            rows = {
                split: rows_of(store, predictive, split, target, excluded if split == "train" else None)
                for split in predictive.heads
            }
            parts = {
                "scores": pd.DataFrame(
                    [
                        *_accuracy(rows["test"]),
                        *_calibration(rows, list(dict.fromkeys([*NEEDED, *settings["metrics"]])), family),
                    ]
                ),
                "curves": _curves(rows, family),
                "conformal": pd.DataFrame(_conformal(rows, settings, family, seed)),
                "conditional": _conditional(rows, settings, family),
            }
            if predictive.seed in (-1, predictions.seeds[0]):
                parts["predictions"] = _tabulate(store, predictive, rows["test"], target)
            for table, frame in parts.items():
                if len(frame):
                    tables[table].append(frame.assign(**labels))
    return Assessment(
        **{
            name: pd.concat(frames, ignore_index=True) if frames else empty_table(name)
            for name, frames in tables.items()
        }
    )


def _accuracy(test: Rows) -> Iterator[dict]:
    for name, metric in METRICS.items():
        value = metric(test.mean, test.measured)
        yield {"uncertainty": "", "recalibration": "", "metric": name, "value": value}


def distributions(rows: Mapping[str, Rows], kind: str, family: str) -> dict[str, Distribution | Recalibrated]:
    """Return the predictive distribution of the test rows for one kind of uncertainty, by its recalibration.

    Returns
    -------
    Distributions named `none` (not recalibrated), `std_scaling` (the std times one factor) and `isotonic` (the levels
    mapped)
    """
    # The members' disagreement has no Laplace distribution, whatever each member assumes about the noise.
    family = "normal" if kind == "epistemic" else family
    calibration, test = (
        Distribution(rows[split].mean, rows[split].std[kind], family) for split in ("calibration", "test")
    )
    measured = rows["calibration"].measured
    return {
        "none": test,
        "std_scaling": scaled(test, scale_std(measured, calibration)),
        "isotonic": recalibrated(test, fit_isotonic(measured, calibration)),
    }


def _calibration(rows: Mapping[str, Rows], metrics: list[str], family: str) -> Iterator[dict]:
    for kind in rows["test"].std:
        for recalibration, predicted in distributions(rows, kind, family).items():
            for name in metrics:
                if isinstance(predicted, Recalibrated) and constant("metric", name, "USES", "std") == "std":
                    continue
                metric = load("metric", name).metric
                value = metric(rows["test"].measured, predicted)
                yield {"uncertainty": kind, "recalibration": recalibration, "metric": name, "value": value}


def _curves(rows: Mapping[str, Rows], family: str) -> pd.DataFrame:
    parts = []
    measured = rows["test"].measured
    for kind in rows["test"].std:
        for recalibration, predicted in distributions(rows, kind, family).items():
            levels = coverage_curve(measured, predicted, LEVELS)
            pit = pit_histogram(measured, predicted)
            curves = {
                "coverage": (levels["level"], levels["coverage"]),
                "width": (levels["level"], levels["width"]),
                "pit": (pit["left"], pit["density"]),
            }
            if recalibration == "none" and isinstance(predicted, Distribution):
                removed = sparsification_curve(measured, predicted)
                curves["sparsification"] = (removed["removed"], removed["error"])
                curves["oracle"] = (removed["removed"], removed["oracle"])
            for curve, (x, y) in curves.items():
                frame = pd.DataFrame({"x": np.asarray(x), "y": np.asarray(y)})
                parts.append(frame.assign(curve=curve, uncertainty=kind, recalibration=recalibration))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def all_intervals(
    rows: Mapping[str, Rows], methods: Mapping[str, Mapping], level: float, family: str
) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the name of each method that applies to the test rows, and its intervals for them, (n, 2).

    The first is `uncalibrated`, the central interval of the predictive distribution itself.
    """
    if "total" in rows["test"].std:
        ends = Distribution(rows["test"].mean, rows["test"].std["total"], family).interval(level)
        yield "uncalibrated", np.stack(ends, axis=1)
    for name, method in methods.items():
        options = {key: value for key, value in method.items() if key != "method"}
        with contextlib.suppress(Inapplicable):
            module = load("conformal method", method["method"])
            yield name, module.intervals(rows, level, **options)


def shifted(rows: Mapping[str, Rows], strength: float, seed: int) -> dict[str, Rows]:
    """Return rows whose test rows are drawn again so that they are richer in GC, with weights estimated from GC alone.

    The probability of drawing a test row is proportional to exp(strength * z), where z is its standardised GC content.
    A user who has unlabelled sequences of a new population could estimate the same weights.
    """
    test = rows["test"]
    gc = test.covariates["gc"]
    z = (gc - gc.mean()) / max(gc.std(), 1e-12)
    probability = np.exp(strength * z)
    rng = np.random.default_rng([seed, len(gc)])
    drawn = rng.choice(len(gc), size=len(gc), p=probability / probability.sum())
    drawn_test = _take(test, drawn)
    ratio = estimate_density_ratio(rows["calibration"].covariates["gc"][:, None], drawn_test.covariates["gc"][:, None])
    return {
        **rows,
        "calibration": replace(rows["calibration"], weights=ratio(rows["calibration"].covariates["gc"][:, None])),
        "test": replace(drawn_test, weights=ratio(drawn_test.covariates["gc"][:, None])),
    }


def _take(rows: Rows, index: np.ndarray) -> Rows:
    def part(values: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        return {name: array[index] for name, array in values.items()}

    return replace(
        rows,
        measured=rows.measured[index],
        mean=rows.mean[index],
        std=part(rows.std),
        quantiles=part(rows.quantiles),
        covariates=part(rows.covariates),
        members=None if rows.members is None else rows.members[:, index],
    )


def _conformal(rows: Mapping[str, Rows], settings: Mapping, family: str, seed: int) -> Iterator[dict]:
    populations = {"test": rows, "shifted": shifted(rows, settings["shift"]["strength"], seed)}
    for population, drawn in populations.items():
        for level in settings["levels"]:
            for name, intervals in all_intervals(drawn, settings["conformal"], level, family):
                yield {
                    "conformal": name,
                    "population": population,
                    "level": level,
                    "coverage": coverage(drawn["test"].measured, intervals),
                    "width": mean_width(intervals),
                    "median_width": median_width(intervals),
                }


def _conditional(rows: Mapping[str, Rows], settings: Mapping, family: str) -> pd.DataFrame:
    test, level = rows["test"], settings["conditional_level"]
    parts = []
    for name, intervals in all_intervals(rows, settings["conformal"], level, family):
        for feature in FEATURES:
            if feature != "total" or "total" in test.std:
                frame = coverage_by_bin(test.measured, intervals, test.feature(feature), settings["bins"])
                parts.append(frame.assign(conformal=name, level=level, feature=feature))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _tabulate(store: SequenceStore, predictive: Predictive, test: Rows, target: int) -> pd.DataFrame:
    rows = store.rows("test")
    truth = {f"truth_{name}": store.truth[name][rows, target] for name in ("mean", "noise_std") if name in store.truth}
    columns = {"name": store.names[rows], "measured": test.measured, "mean": test.mean, **test.std, **truth}
    return pd.DataFrame(columns)
