"""Tables of an assessment on shifted sequences, with random values."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

WORDS = {"published": "1 small, 2 intermediate, 3 large shift", "mutation": "share of bases that are changed"}
LEVELS = {"published": [0, 1, 2, 3], "mutation": [0, 0.01, 0.1, 0.5, 1]}
MODELS = {"member": range(1, 6), "ensemble": [-1], "student": [1, 2]}
# Models in the order in which they are drawn.
DRAWN = ("kmer_ridge", *MODELS)
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
    """Return the scores, those of a k-mer ridge among them, and the predictions of the published shifts."""
    own = scores(targets, **options)
    own = own[own["shift"] == "published"]
    ridge = own[(own["model"] == "ensemble") & (own["metric"] == "mse")].assign(model="kmer_ridge")
    return pd.concat([own, ridge.assign(value=ridge["value"] + 0.5)], ignore_index=True), predictions(targets)


TRANSFERS = {"near": "from here to a place nearby", "far": "from here to there"}
PLACES = [("own", "own"), ("other", "own"), ("other", "other")]


def transfers(targets: Sequence[str] = ("Dev",), *, epistemic: bool = True) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return scores and intervals of two transfers, with those of a k-mer ridge, which has no std."""
    rng = np.random.default_rng(2)
    scores, intervals = [], []
    for transfer in TRANSFERS:
        for target in targets:
            for model, seed in [("kmer_ridge", -1), *((name, seed) for name in MODELS for seed in MODELS[name])]:
                labels = {"transfer": transfer, "target": target, "model": model, "seed": seed}
                for population in ("own", "other"):
                    place = {"population": population, "calibrated_on": "", "recalibration": "", **labels}
                    scores.append({**place, "metric": "mse", "uncertainty": "", "value": rng.uniform(0.5, 1)})
                    for kind in ("epistemic", "total") if epistemic and model in ("ensemble", "student") else ():
                        known = {"metric": "mean_std", "uncertainty": kind, "value": rng.uniform(0.1, 0.2)}
                        scores.append({**place, **known})
                for population, calibrated_on in PLACES:
                    place = {"population": population, "calibrated_on": calibrated_on, **labels}
                    for conformal in ("uncalibrated", "weighted", "split"):
                        found = {"coverage": rng.uniform(0.8, 1), "width": rng.uniform(1, 2), "nominal": 0.9}
                        intervals.append({**place, "conformal": conformal, **found})
    return pd.DataFrame(scores), pd.DataFrame(intervals)
