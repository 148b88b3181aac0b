"""Small tables and maps, made by hand, for the figures of attribution maps."""

import itertools

import numpy as np
import pandas as pd

from degu.config.plugins import known_names

METHODS = ("saliency", "deep_shap")
# All methods of the library.
MANY = tuple(known_names("attribution method"))
# The (target, head) pairs that are explained.
ONE = (("Dev", "mean"),)
HEADS = (("Dev", "mean"), ("Dev", "aleatoric"), ("Hk", "mean"))
# How many models there are of each kind.
COUNTS = {"member": 5, "ensemble": 1, "student": 3}
LENGTH = 25
SEQUENCES = ("peak 1, Dev 9.50", "peak 2, Dev 8.25")
MAPS = ("one member, mean", "one student, epistemic")


def tidy(keys: tuple, methods: tuple, metrics: tuple, references: tuple = ("",)) -> pd.DataFrame:
    """Return a value of each model, of which no two are alike."""
    rng = np.random.default_rng(1)
    rows = [
        (*key, method, reference, metric, model, index, rng.uniform(0.1, 0.9))
        for key, method, reference, metric in itertools.product(keys, methods, references, metrics)
        for model, count in COUNTS.items()
        for index in range(count)
    ]
    return pd.DataFrame(rows, columns=["target", "head", "method", "reference", "metric", "model", "index", "value"])


def similarity(keys: tuple = ONE, methods: tuple = METHODS) -> pd.DataFrame:
    return tidy(keys, methods, ("rmse", "cosine"), ("reference ensemble", "own teachers"))


def truth(keys: tuple = ONE, methods: tuple = METHODS) -> pd.DataFrame:
    return tidy(keys, methods, ("auroc", "aupr", "signal_to_noise")).drop(columns="reference")


def varying(keys: tuple = ONE, methods: tuple = METHODS, rows: int = 40) -> pd.DataFrame:
    """Return the variability over members and students of 40 sequences, a quarter of which are below the line.

    A fifth of the sequences belongs to no quantile.
    """
    rng = np.random.default_rng(2)
    parts = []
    for (target, head), method in itertools.product(keys, methods):
        member = rng.uniform(0.1, 0.5, rows)
        student = member * np.where(np.arange(rows) % 4 == 0, 0.5, 1.5)
        known = {"sequence": range(rows), "activity": 0.0, "quantile": np.arange(rows) % 5}
        table = pd.DataFrame({**known, "member": member, "student": student})
        parts.append(table.assign(target=target, method=method, head=head))
    return pd.concat(parts, ignore_index=True)


def by_quantile(keys: tuple = ONE, methods: tuple = METHODS) -> pd.DataFrame:
    """Return the similarity of every group of sequences."""
    parts = [
        similarity(keys, methods).assign(group=group, value=lambda table, shift=shift: table["value"] + shift)
        for shift, group in enumerate(["top", *(f"quantile {number}" for number in (1, 2, 3, 4))])
    ]
    return pd.concat(parts, ignore_index=True)


def logos() -> dict[str, dict[str, np.ndarray]]:
    rng = np.random.default_rng(3)
    return {
        sequence: {name: rng.normal(size=(LENGTH, 1)) * np.eye(4)[rng.integers(0, 4, LENGTH)] for name in MAPS}
        for sequence in SEQUENCES
    }


def units(unit: str = "log2") -> dict[str, dict[str, str]]:
    """Return one unit for all maps of `logos`."""
    return {sequence: dict.fromkeys(MAPS, unit) for sequence in SEQUENCES}


def saturated(
    targets: tuple[str, ...] = ("Dev",), length: int = 30, *, first: int = 1001, std: bool = True
) -> pd.DataFrame:
    """Return the effects of every substitution; one base is not known, and has none."""
    rng = np.random.default_rng(4)
    rows = [
        (first + place, base, alt, target, rng.normal(), rng.uniform(0.2, 0.9))
        for place, base in enumerate(rng.choice(list("ACGT"), length))
        for alt in "ACGT"
        for target in targets
        if alt != base and place != 7
    ]
    table = pd.DataFrame(rows, columns=["position", "ref", "alt", "target", "effect", "effect_std"])
    table["effect_lower"] = table["effect"] - 1.6 * table["effect_std"]
    table["effect_upper"] = table["effect"] + 1.6 * table["effect_std"]
    return table if std else table.drop(columns=["effect_std", "effect_lower", "effect_upper"])
