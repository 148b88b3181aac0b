"""What the finished run of the small configuration holds, and where; how tests read and copy it."""

import shutil
from pathlib import Path

import h5py
import numpy as np
import pandas as pd

STUDY = Path("results/simulated_mpra")
ENSEMBLE = STUDY / "small" / "fraction-1"
STUDENT = ENSEMBLE / "students" / "degu"
UNCERTAINTY_FIGURES = [
    *("accuracy_and_coverage", "calibration_curves", "conditional_coverage", "conformal", "interval_coverage", "pit"),
    *("simulated_uncertainty", "sparsification"),
]
ATTRIBUTION_FIGURES = [f"attribution_{name}" for name in ("logos", "quantiles", "similarity", "truth")]
MOTIF_RULES = ["discover_motifs", "discover_student_motifs", "match_motifs", "score_motifs", "plot_motifs"]
FIGURES = [
    *("performance", "simulated_truth", "small/degu/predictions", "training_curves", "uncertainty_heads"),
    *(f"small/{name}" for name in [*UNCERTAINTY_FIGURES, "shift_ladder", "designs", "design_ladder"]),
    *(f"small/degu/{name}" for name in [*ATTRIBUTION_FIGURES, "difference_uncertainty", "motifs"]),
]
# How many forward passes a member of each method makes.
METHODS = {"small": 1, "quantile": 1, "mc_dropout": 20}
MODELS = ["ensemble", "member"]


def predictions(path: Path) -> dict[str, np.ndarray]:
    """Read the predictions of every split."""
    with h5py.File(path) as file:
        return {name: values[:] for name, values in file.items()}


def read_tsv(path: Path) -> pd.DataFrame:
    """Read a table."""
    return pd.read_csv(path, sep="\t")


def baseline(name: str) -> Path:
    """Return the folder of a baseline's ensemble."""
    return STUDY / f"small-{name}" / "fraction-1"


def copy_run(run: Path, folder: Path) -> Path:
    """Copy a finished run, which a dry run in another process may be looking at, to a new folder."""
    return Path(shutil.copytree(run, folder, ignore=shutil.ignore_patterns("iocache")))
