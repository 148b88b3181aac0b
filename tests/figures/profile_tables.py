"""Tables of scores of profiles, and of example regions, with random values."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

# The mean distance of each model, from the worst to the best, and the bits per count of each.
DISTANCES = {
    "uniform": (0.62, 0.0),
    "shuffled": (0.6, -np.inf),
    "mean_profile": (0.5, 0.4),
    "member": (0.4, 0.9),
    "ensemble": (0.37, 1.0),
    "student": (0.38, 0.97),
    "replicate": (0.3, -np.inf),
}
SUBSETS = {"regions": 0.0, "few counts": 0.1, "some counts": 0.0, "many counts": -0.1, "negatives": 0.15}
NAMES = ["target", "model", "seed", "subset", "metric", "value", "low", "high"]


def seeds_of(model: str, members: int = 5) -> Sequence[int]:
    """Return the seeds of the models of a kind."""
    return range(1, members + 1) if model == "member" else (1, 2) if model == "student" else (-1,)


def scores(
    targets: Sequence[str] = ("Dev",), students: Sequence[str] = ("degu_profile",), members: int = 5
) -> pd.DataFrame:
    """Return the tables of several students, each with the same scores of all other models."""
    rng = np.random.default_rng(1)
    models = [(model, seed, "") for model in DISTANCES if model != "student" for seed in seeds_of(model, members)]
    models += [("student", seed, student) for student in students for seed in (1, 2)]
    rows = []
    for target in targets:
        for model, seed, student in models:
            distance, bits = DISTANCES[model]
            for subset, harder in SUBSETS.items():
                one, other = rng.normal(0, 0.008, size=2)
                metrics = {
                    "jensen_shannon_distance": distance + harder + one,
                    "median_jensen_shannon_distance": distance + harder,
                    "bits_per_count": bits - harder + other if bits else 0.0,
                }
                for metric, value in metrics.items():
                    known = metric != "median_jensen_shannon_distance"
                    ends = (value - 0.012, value + 0.012) if known else (np.nan, np.nan)
                    rows.append((student, target, model, seed, subset, metric, value, *ends))
    table = pd.DataFrame(rows, columns=["student", *NAMES])
    return pd.concat(
        [
            table[(table["student"] == "") | (table["student"] == student)].assign(student=student)
            for student in students
        ],
        ignore_index=True,
    )


def uncertainty(
    targets: Sequence[str] = ("Dev",), students: Sequence[str] = ("degu_profile",), *, aleatoric: bool = True
) -> pd.DataFrame:
    """Return scores of the heads of profiles, their ceilings, and intervals of students and ensembles."""
    rng = np.random.default_rng(2)
    heads = {"profile_epistemic": "ensemble"} | ({"profile_aleatoric": "replicates"} if aleatoric else {})
    rows = []
    for student in students:
        for target in targets:
            for head, reference in heads.items():
                for model, seed, value in (("student", 1, 0.7), ("student", 2, 0.68), ("ceiling", -1, 0.85)):
                    rows.append((student, target, model, seed, head, "pearson", reference, value + rng.normal(0, 0.02)))
            kinds = {"profile_epistemic": 0.55, **({"profile_aleatoric": 0.82} if aleatoric else {}), "total": 0.92}
            for kind, covered in kinds.items():
                for model, seed in (("student", 1), ("student", 2), ("ensemble", -1)):
                    place = (student, target, model, seed, kind)
                    near = 0.01 * seed
                    rows.append((*place, "coverage", "measured", covered + near))
                    rows.append((*place, "width", "measured", 0.05 * covered + near / 20))
    names = ["student", "target", "model", "seed", "head", "metric", "reference", "value"]
    table = pd.DataFrame(rows, columns=names)
    table = table.assign(low=0.98 * table["value"], high=1.02 * table["value"], subset="regions")
    # Those of negatives are not shown.
    return pd.concat([table, table.assign(subset="negatives", value=0.1)], ignore_index=True)


def examples(
    targets: Sequence[str] = ("Dev",), regions: int = 6, *, strands: int = 2, bins: int = 16, aleatoric: bool = True
) -> pd.DataFrame:
    """Return the shares of some regions of 256 bases in bins, where each strand has a peak."""
    rng = np.random.default_rng(3)
    positions = np.arange(bins) * (256 // bins) - 128
    kinds = ("well predicted", "badly predicted", "uncertain")
    parts = []
    for number in range(regions):
        counts = int(rng.integers(20, 5000))
        for target in targets:
            for strand in ("forward", "reverse")[:strands]:
                peak = np.exp(-(((positions - rng.uniform(-60, 60)) / 30) ** 2)) + 0.05
                share = peak / peak.sum() / strands
                predicted = (0.8 * share + 0.2 * share.mean()) * rng.uniform(0.9, 1.1, bins)
                parts.append(
                    pd.DataFrame(
                        {
                            **{"region": f"chr{number + 1}:{1000 * number + 1:,}", "counts": counts},
                            **{"kind": kinds[number % 3], "target": target, "strand": strand, "position": positions},
                            "measured": rng.poisson(share * counts) / counts,
                            "ensemble": predicted,
                            "student": predicted * rng.uniform(0.9, 1.1, bins),
                            "ensemble_epistemic": 0.15 * predicted,
                            "student_epistemic": 0.14 * predicted,
                            "student_aleatoric": np.sqrt(predicted / counts) if aleatoric else np.nan,
                            "replicates": 3,
                        }
                    )
                )
    return pd.concat(parts, ignore_index=True)


def calibration(
    targets: Sequence[str] = ("Dev",), students: Sequence[str] = ("degu_profile",)
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return coverages of intervals of profiles, and errors by standard deviation, of students and ensembles."""
    rng = np.random.default_rng(3)
    # By the interval: how far the coverage of bins is from the level, and the part of it that whole windows have.
    away = {"predicted": (-0.25, 0.05), "recalibrated": (0.05, 0.2), "normalized": (0.01, 0.2)}
    away |= {"absolute": (0.0, 0.1), "simultaneous": (0.3, 1.0)}
    intervals, curves = [], []
    for student in students:
        for target in targets:
            for quantity, unit in (("share", 0.02), ("counts", 5.0)):
                for model, seed in (("ensemble", -1), ("student", 1), ("student", 2)):
                    near = 0.01 * seed if model == "student" else 0.0
                    place = (student, target, model, seed, quantity)
                    for interval, (off, part) in away.items():
                        for level in (0.5, 0.8, 0.9, 0.95):
                            for subset, harder in {"all": 0.0, **SUBSETS}.items():
                                bins = min(level + off + near + 0.3 * harder, 1.0)
                                regions = level + near if interval == "simultaneous" else bins * part
                                for metric, value in (
                                    ("bins", bins),
                                    ("regions", regions),
                                    ("width", 4 * level * unit),
                                ):
                                    intervals.append((*place, interval, level, subset, metric, value))
                    for number in range(10):
                        std = unit * 1.4**number * (1 + near)
                        curves.append((*place, number, std, 2 * std, std * rng.uniform(1.8, 2.2)))
    keys = ["student", "target", "model", "seed", "quantity"]
    table = pd.DataFrame(intervals, columns=[*keys, "interval", "level", "subset", "metric", "value"])
    curve = pd.DataFrame(curves, columns=[*keys, "bin", "std", "recalibrated", "error"])
    return (
        table.assign(low=table["value"] - 0.02, high=table["value"] + 0.02),
        curve.assign(low=0.9 * curve["error"], high=1.1 * curve["error"]),
    )
