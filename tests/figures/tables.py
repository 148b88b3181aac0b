"""Small tables, made by hand, for the figures of accuracy, of training and of the simulated truth."""

import itertools

import numpy as np
import pandas as pd

from degu.acquisition import summary
from degu.evaluation.accuracy import COLUMNS

# The words of the legend for each kind of model.
MODELS = {
    "kmer_ridge": "k-mer ridge",
    "member": "ensemble member",
    "ensemble": "ensemble",
    "student": "distilled student",
}
# The columns of test predictions that only some data sets and models have.
ALEATORIC = ("replicate_std", "truth_noise_std", "student_aleatoric", "ensemble_aleatoric")


def scores(
    targets: tuple[str, ...] = ("Dev",),
    fractions: tuple[float, ...] = (0.1, 0.5, 1.0),
    teachers: dict[str, tuple[str, ...]] | None = None,
    empty: object = np.nan,
) -> pd.DataFrame:
    """Return scores of a baseline, ensembles and students, as they are read from a file, where NaN stands for nothing.

    `teachers` names the comparisons of each teacher's uncertainty heads, as in `aleatoric/measured`.
    """
    teachers = teachers or {"small": ("epistemic/ensemble", "aleatoric/measured", "aleatoric/truth")}
    rng = np.random.default_rng(1)
    rows = []

    def add(model: str, seed: int, teacher: object, student: object, head: str, reference: str) -> None:
        for target, fraction, metric, split in itertools.product(
            targets, fractions, ("pearson", "mse"), ("train", "test")
        ):
            value = rng.uniform(0.2, 0.9)
            line = ("toy", teacher, student, fraction, model, seed, split, head, target, reference, metric, value)
            line += (value - 0.05, value + 0.05) if split == "test" else (np.nan, np.nan)
            rows.append(dict(zip(COLUMNS, line, strict=True)))

    add("kmer_ridge", -1, empty, empty, "mean", "measured")
    for teacher, comparisons in teachers.items():
        for seed in (1, 2):
            add("member", seed, teacher, empty, "mean", "measured")
            add("student", seed, teacher, "degu", "mean", "measured")
            add("student", seed, teacher, "degu", "mean", "ensemble")
        add("ensemble", -1, teacher, empty, "mean", "measured")
        for comparison in comparisons:
            for seed in (1, 2):
                add("student", seed, teacher, "degu", *comparison.split("/"))
            if comparison.startswith("aleatoric"):
                add("member", 1, teacher, empty, *comparison.split("/"))
                add("ensemble", -1, teacher, empty, *comparison.split("/"))
    return pd.DataFrame(rows, columns=COLUMNS)


# Two teachers whose students have an epistemic head.
TWO = {"a": ("epistemic/ensemble",), "b": ("epistemic/ensemble",)}


def coverage(targets: tuple[str, ...] = ("Dev",), teachers: dict | None = None) -> pd.DataFrame:
    """Return the coverage of the 95 % intervals of two students of each teacher."""
    rng = np.random.default_rng(6)
    keys = itertools.product(teachers or {"small": ()}, targets, (1, 2))
    rows = [("toy", teacher, "degu", target, seed, rng.uniform(0.8, 1)) for teacher, target, seed in keys]
    columns = ["dataset", "teacher", "student", "target", "seed", "value"]
    return pd.DataFrame(rows, columns=columns).assign(model="student")


# The pool of each student, and the number of its sequences.
POOLS = {"degu@none": ("none", 0)} | {
    f"degu@{pool}-{size}": (pool, size) for pool in ("random", "crossovers") for size in (1000, 16000)
}


def pool_scores(targets: tuple[str, ...] = ("Dev",)) -> pd.DataFrame:
    """Return scores of an ensemble and its ceiling, and of two students of each size of each pool."""
    rng = np.random.default_rng(12)
    models = [
        ("ensemble", None, -1),
        ("ceiling", None, -1),
        *(("student", name, seed) for name in POOLS for seed in (1, 2)),
    ]
    kinds = [("mean", "measured"), ("epistemic", "ensemble")]
    keys = itertools.product(models, targets, kinds, (("test", "pearson"), ("test", "mse"), ("validation", "pearson")))
    rows = [(*model, target, *kind, *known, rng.uniform(0.5, 0.8)) for model, target, kind, known in keys]
    columns = ["model", "student", "seed", "target", "head", "reference", "split", "metric", "value"]
    return pd.DataFrame(rows, columns=columns)


def student_costs(targets: tuple[str, ...] = ("Dev",)) -> pd.DataFrame:
    """Return three recipes of two students each, the last of which has no epistemic head."""
    rng = np.random.default_rng(5)
    rows = [
        {
            **{"target": target, "student": student, "seed": seed, "members": 0.5, "ensemble": 0.7, "ceiling": 0.8},
            **{
                "pearson": rng.uniform(0.5, 0.75),
                "epistemic": np.nan if student == "degu_mean" else rng.uniform(0, 0.8),
            },
            **{"training": cost, "labelling": 0.5, "cost": cost + 0.5},
        }
        for target in targets
        for student, cost in {"degu": 5, "degu_published": 1, "degu_mean": 2}.items()
        for seed in (1, 2)
    ]
    return pd.DataFrame(rows)


def predicted(targets: tuple[str, ...] = ("Dev",), known: tuple[str, ...] = (), rows: int = 40) -> pd.DataFrame:
    """Return test predictions of two students; `known` names further columns."""
    rng = np.random.default_rng(2)
    columns = ["measured", "ensemble_mean", "student_mean", "ensemble_epistemic", "student_epistemic", *known]
    parts = [
        pd.DataFrame({"name": [f"row{row}" for row in range(rows)], "target": target, "seed": seed}).assign(
            **{column: rng.uniform(0.1, 1, size=rows) for column in columns}
        )
        for seed in (4, 2)
        for target in targets
    ]
    return pd.concat(parts, ignore_index=True)


def differences(targets: tuple[str, ...] = ("Dev",)) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the pairs and the coverage of the uncertainty of differences."""
    rng = np.random.default_rng(4)
    pairs = pd.concat([pd.DataFrame({"target": target, **_stds(rng)}) for target in targets])
    rows = [
        (target, way, level, level**power)
        for target in targets
        for way, power in {"head": 1.1, "sum_of_variances": 0.3, "scaled_sum": 0.9}.items()
        for level in (0.2, 0.5, 0.8, 0.95)
    ]
    return pairs, pd.DataFrame(rows, columns=["target", "way", "level", "coverage"])


def _stds(rng: np.random.Generator) -> dict[str, np.ndarray]:
    return {way: rng.gamma(2, 0.1, size=50) for way in ("members", "head", "sum_of_variances")}


def history(models: tuple[str, ...] = ("small",), fractions: tuple[float, ...] = (1.0,)) -> pd.DataFrame:
    """Return the losses of three runs each, of which the last stops first."""
    rows = [
        (model, fraction, seed, epoch, 1 / epoch + 0.1 * seed, 1.5 / epoch + 0.2 * abs(epoch - 3) + 0.1 * seed)
        for model, fraction, seed in itertools.product(models, fractions, (1, 2, 3))
        for epoch in range(1, 7 - seed)
    ]
    return pd.DataFrame(rows, columns=["model", "fraction", "seed", "epoch", "loss", "val_loss"])


def truth(rows: int = 60) -> tuple[pd.DataFrame, pd.DataFrame, int, str, str]:
    """Return what the figure of the simulated truth takes."""
    rng = np.random.default_rng(3)
    table = pd.DataFrame(rng.uniform(0.1, 1, size=(rows, 3)), columns=["mean", "noise_std", "replicate_std"])
    sites = pd.DataFrame({"motif": np.resize(["AP1", "CTCF", "GATA"], rows), "mean": table["mean"]})
    return table, sites, 3, "log2", "Toy"


def ensemble_sizes(targets: tuple[str, ...] = ("activity",)) -> pd.DataFrame:
    """Return scores of ensembles of several sizes, of students of each, and of a ceiling."""
    rng = np.random.default_rng(2)
    rows = [
        {"size": size, "model": model, "seed": seed, "target": target, "metric": metric, "value": rng.uniform(0.5, 0.9)}
        for size in (2, 5, 10)
        for model, seeds in {"ensemble": [-1], "student": [1, 2], "ceiling": [-1]}.items()
        for seed in seeds
        for target in targets
        for metric in ("pearson", "epistemic_pearson", "coverage", "crps", "miscalibration_area")
        if model != "ceiling" or metric == "epistemic_pearson"
    ]
    return pd.DataFrame(rows)


def active_learning(
    targets: tuple[str, ...] = ("Dev",), references: tuple[str, ...] = ("measured", "truth")
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return curves of accuracy against labels of all strategies, and their advantages over random choice."""
    rng = np.random.default_rng(9)
    strategies = ("random", "student_epistemic", "core_set", "badge")
    keys = itertools.product(strategies, (1, 2, 3), (300, 600, 1200), targets, ("ensemble", "student"), references)
    rows = [(*key, metric, rng.uniform(0.4, 0.8)) for key in keys for metric in ("pearson", "mse")]
    columns = ["strategy", "seed", "labels", "target", "model", "reference", "metric", "value"]
    scores = pd.DataFrame(rows, columns=columns).assign(dataset="toy", teacher="small", student="degu", head="mean")
    return summary.curves(scores), summary.compare(scores)
