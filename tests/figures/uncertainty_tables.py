"""Small tables, made by hand, for the figures of uncertainty: those that an assessment writes."""

import itertools

import numpy as np
import pandas as pd

from degu.uncertainty.assessment import LEVELS

KINDS = ("aleatoric", "epistemic", "total")
UNITS = {"Dev": "log2", "Hk": "counts"}
BOTH = ("Dev", "Hk")
RECALIBRATIONS = ("none", "std_scaling", "isotonic")
# The models of each method, and the kinds of uncertainty that each of these has.
METHODS = {
    "small": {"member": ("aleatoric", "total"), "ensemble": KINDS},
    # Its members predict a mean and two quantiles, and no std.
    "quantile": {"member": (), "ensemble": ("epistemic", "total")},
    "evidential": {"member": KINDS, "ensemble": KINDS},
    "degu": {"student": KINDS},
}
PLAIN = {**METHODS, "plain": {"student": ()}}
NOISELESS = {"small": {"member": (), "ensemble": ("epistemic", "total")}, "degu": {"student": ("epistemic", "total")}}
MANY = {f"method{index}": {"member": KINDS, "ensemble": KINDS} for index in range(16)} | {
    f"student{index}": {"student": KINDS} for index in range(4)
}
SEEDS = {"member": (1, 2), "ensemble": (-1,), "student": (1, 2, 3)}
# The names of conformal methods in the default configuration.
CONFORMAL = [
    *("uncalibrated", "split", "normalized_aleatoric", "normalized_epistemic", "normalized_total", "quantile"),
    *("mondrian_activity", "mondrian_gc", "mondrian_total", "jackknife_plus"),
]
# The numbers of rows from which the band of conformal coverages follows.
ROWS = {"calibration": 300, "test": 200}


def models(methods: dict, targets: tuple[str, ...]) -> list[dict]:
    """Return the labels of every model, and the kinds of uncertainty that it has."""
    return [
        {
            "target": target,
            "teacher": "small" if "student" in own or method == "small" else f"small-{method}",
            "method": method,
            "model": model,
            "seed": seed,
            "kinds": kinds,
        }
        for (method, own), target in itertools.product(methods.items(), targets)
        for model, kinds in own.items()
        for seed in SEEDS[model]
    ]


def tidy(rows: list[dict], columns: tuple[str, ...]) -> pd.DataFrame:
    labels = ["target", "teacher", "method", "model", "seed"]
    return pd.DataFrame(rows, columns=[*labels, *columns])


def curves(methods: dict = METHODS, targets: tuple[str, ...] = ("Dev",)) -> pd.DataFrame:
    """Return all curves of every method, of which no two are alike."""
    rng = np.random.default_rng(1)
    rows = []
    for labels in models(methods, targets):
        for kind, recalibration in itertools.product(labels["kinds"], RECALIBRATIONS):
            lines = {
                "coverage": (LEVELS, np.sort(rng.uniform(0, 1, len(LEVELS)))),
                "width": (LEVELS, np.sort(rng.uniform(0.1, 3, len(LEVELS)))),
                "pit": (np.arange(20) / 20, rng.uniform(0.5, 1.5, 20)),
            }
            if recalibration == "none":
                lines["sparsification"] = (np.arange(20) / 20, np.sort(rng.uniform(0.5, 1, 20))[::-1])
                lines["oracle"] = (np.arange(20) / 20, np.sort(rng.uniform(0, 1, 20))[::-1])
            for curve, (x, y) in lines.items():
                own = {**labels, "uncertainty": kind, "recalibration": recalibration, "curve": curve}
                rows += [{**own, "x": a, "y": b} for a, b in zip(x, y, strict=True)]
    return tidy(rows, ("uncertainty", "recalibration", "curve", "x", "y"))


def scores(methods: dict = METHODS, targets: tuple[str, ...] = ("Dev",), empty: object = np.nan) -> pd.DataFrame:
    """Return scores as they are read from a file, where the rows of accuracy have NaN for the kind of uncertainty."""
    rng = np.random.default_rng(2)
    rows = []
    for labels in models(methods, targets):
        named = [(empty, empty, "pearson"), (empty, empty, "mse")]
        named += itertools.product(labels["kinds"], RECALIBRATIONS, ("coverage", "miscalibration_area"))
        for uncertainty, recalibration, metric in named:
            own = {"uncertainty": uncertainty, "recalibration": recalibration, "metric": metric}
            rows.append({**labels, **own, "value": rng.uniform(0.1, 0.9)})
    return tidy(rows, ("uncertainty", "recalibration", "metric", "value"))


def conformal_table(
    methods: dict = METHODS, targets: tuple[str, ...] = ("Dev",), names: list[str] = CONFORMAL
) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    rows = []
    for labels in models(methods, targets):
        for population, level in itertools.product(("test", "shifted"), (0.8, 0.9)):
            for name in [*names, *(["weighted"] if population == "shifted" else [])]:
                own = {"conformal": name, "population": population, "level": level}
                numbers = {"coverage": rng.uniform(0.7, 1), "width": rng.uniform(1, 4), "median_width": 1.0}
                rows.append({**labels, **own, **numbers})
    return tidy(rows, ("conformal", "population", "level", "coverage", "width", "median_width"))


def conditional_table(
    methods: dict = METHODS, targets: tuple[str, ...] = ("Dev",), names: list[str] = CONFORMAL
) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    rows = []
    for labels in models(methods, targets):
        for name, feature in itertools.product(names, ("mean", "gc", *(["total"] if labels["kinds"] else []))):
            for number in range(5):
                own = {"conformal": name, "level": 0.9, "feature": feature, "bin": number, "rows": 40 + number}
                rows.append({**labels, **own, "coverage": rng.uniform(0.7, 1), "width": 1.0})
    return tidy(rows, ("conformal", "level", "feature", "bin", "rows", "coverage", "width"))


def predictions_table(methods: dict = METHODS, rows: int = 60) -> pd.DataFrame:
    """Return predictions of the first model and the ensemble of each method, as several files together have them."""
    rng = np.random.default_rng(5)
    parts = []
    for labels in models(methods, ("Dev",)):
        if labels["seed"] in (-1, 1):
            kinds = labels.pop("kinds")
            columns = ("measured", "mean", "truth_mean", "truth_noise_std", *kinds)
            numbers = {column: rng.uniform(0.1, 1, rows) for column in columns}
            parts.append(pd.DataFrame({"name": [f"row{row}" for row in range(rows)], **numbers}).assign(**labels))
    return pd.concat(parts, ignore_index=True)


def mean_of(table: pd.DataFrame, column: str, by: str, **wanted: object) -> np.ndarray:
    """Return the means over seeds of a column, in the order of another column, of the rows that have certain values."""
    chosen = np.logical_and.reduce([table[name].to_numpy() == value for name, value in wanted.items()])
    groups = {}
    for key, value in zip(table[by].to_numpy()[chosen], table[column].to_numpy()[chosen], strict=True):
        groups.setdefault(key, []).append(value)
    return np.array([sum(groups[key]) / len(groups[key]) for key in sorted(groups)])


def model_of(method: str) -> str:
    """Return the kind of model of a method that figures of ensembles and students draw."""
    return next(model for model in METHODS[method] if model != "member")
