"""How far predicted uncertainties can be trusted: tables of calibration and of conformal intervals on the test split.

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
from degu.uncertainty.coverage import coverage, coverage_by_bin, mean_width, median_width
from degu.uncertainty.curves import coverage_curve, pit_histogram, sparsification_curve
from degu.uncertainty.density_ratio import estimate_density_ratio
from degu.uncertainty.distributions import Distribution, Recalibrated
from degu.uncertainty.predictive import Predictive, predictives, rows_of, warn_of_negative_heads
from degu.uncertainty.recalibration import fit_isotonic, recalibrated, scale_std, scaled
from degu.uncertainty.rows import Inapplicable, Rows

LEVELS = np.linspace(0.05, 0.95, 19)
# What the figures and the claims read; measured whatever else the configuration names.
NEEDED = ("coverage", "miscalibration_area")
# Features in whose bins coverage is told.
FEATURES = ("mean", "gc", "total")


# Columns of tables that may be empty: of models without an uncertainty, or to which no conformal method applies.
EMPTY = {
    "scores": {},
    "curves": {"x": float, "y": float, "curve": str, "uncertainty": str, "recalibration": str},
    "conformal": {
        "conformal": str,
        "population": str,
        "level": float,
        "coverage": float,
        "width": float,
        "median_width": float,
    },
    "conditional": {
        "bin": int,
        "low": float,
        "high": float,
        "rows": int,
        "coverage": float,
        "width": float,
        "conformal": str,
        "level": float,
        "feature": str,
    },
    "predictions": {},
}


class Assessment(NamedTuple):
    """Tidy tables, each with the columns `model`, `seed`, `target` and `unit` and a row a measurement.

    Attributes
    ----------
    scores
        `uncertainty` (aleatoric, epistemic, total; empty for accuracy), `recalibration`, `metric`, `value`.
    curves
        `uncertainty`, `recalibration`, `curve` (coverage, width, pit, sparsification, oracle), `x`, `y`.
    conformal
        `conformal`, `population` (test, shifted), `level`, `coverage`, `width`, `median_width`.
    conditional
        `conformal`, `level`, `feature`, `bin`, `low`, `high`, `rows`, `coverage`, `width`.
    predictions
        Of the first model and of the ensemble, a row a test sequence: `name`, `measured`, `mean`, the kinds of
        uncertainty, and `truth_mean` and `truth_noise_std` where a simulator knows them.
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
    """Assess every model of a recipe, and of members their ensemble.

    Parameters
    ----------
    store, predictions
        The data set, and what the models predict for it.
    settings
        The configuration's `assessment`.
    model
        `member` or `student`.
    family
        Of the predictive distribution, as in `degu.uncertainty.distributions`.
    seed
        Of the draw of the shifted test rows.
    excluded
        Bool (M, n): the member was trained without the training row.
    """
    tables = {name: [] for name in Assessment._fields}
    for predictive in predictives(predictions, model):
        warn_of_negative_heads(predictive)
        for target, name in enumerate(store.target_names):
            labels = {"model": predictive.model, "seed": predictive.seed, "target": name, "unit": store.units[target]}
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
    return Assessment(**{name: _together(frames, EMPTY[name]) for name, frames in tables.items()})


def _together(frames: list[pd.DataFrame], columns: Mapping[str, type]) -> pd.DataFrame:
    """Return tables one below the other, or an empty one of the same columns."""
    if frames:
        return pd.concat(frames, ignore_index=True)
    labels = {"model": str, "seed": int, "target": str, "unit": str}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in {**columns, **labels}.items()})


def _accuracy(test: Rows) -> Iterator[dict]:
    for name, metric in METRICS.items():
        value = metric(test.mean, test.measured)
        yield {"uncertainty": "", "recalibration": "", "metric": name, "value": value}


def distributions(rows: Mapping[str, Rows], kind: str, family: str) -> dict[str, Distribution | Recalibrated]:
    """Return the predictive distribution of the test rows for one kind of uncertainty, by its recalibration.

    Returns
    -------
    `none`; `std_scaling`, with the std times one factor; `isotonic`, with its levels mapped
    """
    # Disagreement of members is no Laplace distribution, whatever each of them assumes of the noise.
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
            if recalibration == "none":
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
    """Yield the name and the intervals of the test rows, (n, 2), of each method that applies to them.

    `uncalibrated` comes first: the central interval of the predictive distribution itself.
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
    """Return rows whose test rows are drawn again, richer in GC, with weights estimated from GC alone.

    A test row is drawn with probability proportional to exp(strength * z), z its standardised GC content; the weights
    are those that a user with unlabelled sequences of a new population could estimate.
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
    for population, of_population in populations.items():
        for level in settings["levels"]:
            for name, intervals in all_intervals(of_population, settings["conformal"], level, family):
                yield {
                    "conformal": name,
                    "population": population,
                    "level": level,
                    "coverage": coverage(of_population["test"].measured, intervals),
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
