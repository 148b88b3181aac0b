"""A small model folder that the tests of the commands share."""

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np

from degu.distillation.differences import Pairs, features_of, train_difference_head
from degu.models import motif_cnn
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.package.background import Background
from degu.package.calibration import Calibration
from degu.package.construct import Construct
from degu.package.folder import folder_aside, write_contents
from degu.package.measured import measure
from degu.package.novelty import Novelty
from degu.prediction.predictor import Predictor
from degu.training.saving import save_model

CONSTRUCT = Construct(24, "AC", "GT")
TARGETS = ["Dev", "Hk"]

# What the std of a difference is multiplied by, for each target.
FACTORS = [2.0, 0.5]


def small_network(length: int, outputs: Outputs) -> keras.Model:
    return motif_cnn.build(length, outputs, filters=4, kernel=5, pool=4, units=4)


def write_model(
    path: Path,
    *,
    difference: bool = False,
    construct: Construct = CONSTRUCT,
    seeds: tuple[int, ...] = (1,),
    build: Callable[[int, Outputs], keras.Model] = small_network,
) -> Path:
    """Write the folder of a student of two targets.

    Parameters
    ----------
    path
        The folder.
    difference
        Whether it has a head for the uncertainty of a difference.
    construct
        What it takes: inserts of 20 bases between AC and GT, if nothing else is said.
    seeds
        The seeds of its students.
    build
        Makes its network for a length and outputs.
    """
    outputs = Outputs(
        Heads(("mean", "aleatoric", "epistemic"), tuple(TARGETS)), link="softplus", center=(1.0, 2.0), spread=(3.0, 4.0)
    )
    flanks = [len(construct.left), len(construct.right)]
    files = {}
    for seed in seeds:
        keras.utils.set_random_seed(seed)
        network = build(construct.length, outputs)
        files[seed] = path.with_name(f"{path.name}-model-{seed}.keras")
        description = {"flanks": flanks, "strands": construct.strands}
        save_model(network, outputs, description, files[seed], files[seed].with_suffix(".json"))
    head = _difference_head(path, Predictor(files[seeds[0]]).model, construct) if difference else None
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
        "measured": measure(
            rng.normal(size=(60, 2)), {name: values[:60] for name, values in heads.items()}, calibration
        ),
        "difference": {"calibration": {"head": [{"factor": factor} for factor in FACTORS]}},
        "degu": "0.2.0",
        "commit": None,
        "versions": {"keras": keras.__version__},
    }
    with folder_aside(path) as aside:
        write_contents(aside, students=files, difference=head, facts=facts, construct=construct, parts=parts)
    return path


def _difference_head(path: Path, student: keras.Model, construct: Construct) -> Path:
    """Write a head that was trained on noise, which depends on both sequences of a pair all the same."""
    rng = np.random.default_rng(2)
    tokens = rng.integers(0, 4, (2, 64, construct.length), dtype=np.uint8)
    features = features_of(student)
    pairs = Pairs(features(tokens[0]), features(tokens[1]), rng.gamma(2, size=(64, 2)))
    file = path.with_name(f"{path.name}-difference.keras")
    train_difference_head(pairs, seed=1).save(file)
    return file
