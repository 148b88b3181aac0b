"""Tables of an assessment on shifted sequences, with random values."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

WORDS = {"published": "1 small, 2 intermediate, 3 large shift", "mutation": "share of bases that are changed"}
LEVELS = {"published": [0, 1, 2, 3], "mutation": [0, 0.01, 0.1, 0.5, 1]}
MODELS = {"member": range(1, 6), "ensemble": [-1], "student": [1, 2]}
BEST = {True: "truth", False: "reference_ensemble"}


def scores(targets: Sequence[str] = ("Dev",), *, measured: bool = True, epistemic: bool = True) -> pd.DataFrame:
    """Return scores of two shifts; without `measured` they are of an assay that no simulator makes."""
    rng = np.random.default_rng(1)
    best = BEST[measured]
    kinds = [
        ("mse", "", "", best),
        ("mse", "", "", "own_ensemble"),
        *([("mean_std", "epistemic", "", "")] if epistemic else []),
        *([("auroc_of_large_errors", "epistemic", "", best)] if epistemic else []),
        *([("coverage", "total", "std_scaling", "measured")] if measured else []),
    ]
    rows = [
        (target, shift, rung, level, model, seed, *kind, rng.uniform(0.5, 1))
        for target in targets
        for shift, levels in LEVELS.items()
        for rung, level in enumerate(levels)
        for model, seeds in MODELS.items()
        for seed in seeds
        for kind in kinds
    ]
    names = ["metric", "uncertainty", "recalibration", "reference", "value"]
    return pd.DataFrame(rows, columns=["target", "shift", "rung", "level", "model", "seed", *names])


def predictions(targets: Sequence[str] = ("Dev",)) -> pd.DataFrame:
    """Return the quantiles of predictions under the published shifts."""
    quantiles = np.linspace(0, 1, 11)
    rows = [
        (target, rung, model, seed, quantile, quantile * (4 - rung) + seed)
        for target in targets
        for rung in range(4)
        for model, seeds in MODELS.items()
        for seed in seeds
        for quantile in quantiles
    ]
    return pd.DataFrame(rows, columns=["target", "rung", "model", "seed", "quantile", "value"])


def published(targets: Sequence[str] = ("Dev",), **options: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the scores and predictions of the published shifts."""
    own = scores(targets, **options)
    return own[own["shift"] == "published"], predictions(targets)
