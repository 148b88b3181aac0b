"""A small model folder that the tests of the commands share."""

from pathlib import Path

import keras
import numpy as np

from degu.models import motif_cnn
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.package.background import Background
from degu.package.calibration import Calibration
from degu.package.construct import Construct
from degu.package.folder import folder_aside, write_contents
from degu.package.measured import measure
from degu.package.novelty import Novelty
from degu.training.saving import save_model

CONSTRUCT = Construct(24, "AC", "GT")
TARGETS = ["Dev", "Hk"]


def write_model(path: Path) -> Path:
    """Write the folder of a student of two targets that takes inserts of 20 bases between AC and GT."""
    outputs = Outputs(
        Heads(("mean", "aleatoric", "epistemic"), tuple(TARGETS)), link="softplus", center=(1.0, 2.0), spread=(3.0, 4.0)
    )
    keras.utils.set_random_seed(1)
    network = motif_cnn.build(CONSTRUCT.length, outputs, filters=4, kernel=5, pool=4, units=4)
    file = path.with_name(f"{path.name}-model.keras")
    save_model(network, outputs, {"flanks": [2, 2]}, file, file.with_suffix(".json"))
    rng = np.random.default_rng(1)
    heads = {
        "mean": rng.normal(size=(120, 2)),
        "aleatoric": rng.gamma(2, size=(120, 2)),
        "epistemic": rng.gamma(2, size=(120, 2)),
    }
    calibration = Calibration.of_predictions(heads["mean"] + rng.normal(size=(120, 2)), heads, heads)
    parts = {
        "calibration": calibration,
        "novelty": Novelty.of_training(rng.integers(0, 4, (500, 20), dtype=np.uint8), heads["epistemic"]),
        "background": Background.of_values(heads["mean"], heads["mean"]),
    }
    facts = {
        "title": "An assay",
        "citation": "",
        "licence": "CC-BY-4.0",
        "members": 10,
        "dataset": "assay",
        "teacher": "motif_cnn_noise",
        "student": "degu",
        "fraction": 1.0,
        "targets": TARGETS,
        "units": ["log2", ""],
        "heads": ["mean", "aleatoric", "epistemic"],
        "data_digest": "0" * 64,
        "calibration_rows": 120,
        "difference": None,
        "measured": measure(
            rng.normal(size=(60, 2)), {name: values[:60] for name, values in heads.items()}, calibration
        ),
        "degu": "0.2.0",
        "commit": None,
        "versions": {"keras": keras.__version__},
    }
    with folder_aside(path) as aside:
        write_contents(aside, students={1: file}, facts=facts, construct=CONSTRUCT, parts=parts)
    return path
