"""A small model folder of a student of profiles, which the tests of the package and of the commands share."""

from pathlib import Path

import keras
import numpy as np

from degu.distillation.differences import Pairs, features_of, train_difference_head
from degu.models import bpnet
from degu.outputs.heads import STANDARD_DEVIATIONS, Heads
from degu.outputs.outputs import Outputs
from degu.package.assembly import write_package
from degu.package.background import Background
from degu.package.calibration import Calibration
from degu.package.construct import Construct
from degu.package.measured import measure, measure_profiles
from degu.package.novelty import Novelty
from degu.prediction.predictor import Predictor
from degu.training.saving import save_model
from degu.uncertainty.profile_calibration import ProfileCalibration

LENGTH, POSITIONS, BINS, REPLICATES = 64, 32, 8, 3
TARGETS = ["cuts", "starts/5'"]
HEADS = ("mean", "aleatoric", "epistemic", "profile", "profile_aleatoric", "profile_epistemic")


def profile_outputs(strands: int, heads: tuple[str, ...] = HEADS) -> Outputs:
    shapes = {head: (strands, POSITIONS if head == "profile" else BINS) for head in heads if "profile" in head}
    return Outputs(Heads(heads, tuple(TARGETS), shapes), loss="profile_divergence", link="softplus")


def save_student(path: Path, seed: int, outputs: Outputs, strands: str = "one") -> Path:
    """Write a network whose profiles are far from uniform, and whose standard deviations differ between sequences."""
    keras.utils.set_random_seed(seed)
    network = bpnet.build(LENGTH, outputs, filters=4, layers=1, kernel=5, profile_kernel=7)
    rng = np.random.default_rng(seed)
    for layer in network.layers:
        if layer.name in STANDARD_DEVIATIONS:
            layer.kernel.assign(rng.normal(0, 0.5, layer.kernel.shape))
        if layer.weights and "profile" in layer.name:
            layer.set_weights([8 * values for values in layer.get_weights()])
    network.get_layer("mean").bias.assign([3.0, 5.0])
    save_model(network, outputs, {"flanks": [0, 0], "strands": strands}, path, path.with_suffix(".json"))
    return path


def write_profile_model(
    path: Path,
    *,
    difference: bool = False,
    strands: int = 2,
    turned: str = "one",
    seeds: tuple[int, ...] = (1,),
    heads: tuple[str, ...] = HEADS,
    compared: np.ndarray | None = None,
    calibrated: bool = True,
) -> Path:
    """Write the folder of a student of two targets.

    Parameters
    ----------
    path
        The folder.
    difference
        Whether it has a head for the uncertainty of a difference.
    strands
        Number of strands of its profiles.
    turned
        `both` if it averages over the reverse complement.
    seeds
        The seeds of its students.
    heads
        Its heads.
    compared
        Constructs by which ONNX is compared with Keras; without them there is no ONNX.
    calibrated
        Whether its profiles are calibrated, by the counts of 40 windows.
    """
    outputs = profile_outputs(strands, heads)
    files = {
        seed: save_student(path.with_name(f"{path.name}-model-{seed}.keras"), seed, outputs, turned) for seed in seeds
    }
    rng = np.random.default_rng(1)
    known = {name: rng.gamma(2, size=(120, 2)) for name in outputs.heads.of_one_value().heads}
    calibration = Calibration.of_predictions(known["mean"] + rng.normal(size=(120, 2)), known, known)
    predicted, counts = windows_of(outputs, rng)
    of_profiles = ProfileCalibration.of_predictions(counts, np.arange(40), predicted, predicted) if calibrated else None
    facts = {
        **dict.fromkeys(("title", "citation", "licence", "dataset", "teacher", "student"), ""),
        **outputs.heads.to_json(),
        "members": 5,
        "fraction": 1.0,
        "units": ["log(1 + counts)"] * 2,
        "data_digest": "0" * 64,
        "calibration_rows": 120,
        "measured": measure(rng.normal(size=(120, 2)), known, calibration),
        "profiles": None if of_profiles is None else measure_profiles(counts, np.arange(40), predicted, of_profiles),
        "difference": {"calibration": {"head": [{"factor": 1.5}, {"factor": 0.5}]}} if difference else None,
        "degu": "0.2.0",
        "commit": None,
        "versions": {"keras": keras.__version__},
    }
    write_package(
        path,
        students=files,
        difference=_difference_head(path, files[seeds[0]]) if difference else None,
        facts=facts,
        construct=Construct(LENGTH, strands=turned),
        parts={
            "calibration": calibration,
            "novelty": Novelty.of_training(rng.integers(0, 4, (500, LENGTH), dtype=np.uint8), known["epistemic"]),
            "background": Background.of_values(known["mean"], known["mean"]),
            **({} if of_profiles is None else {"profiles": of_profiles}),
        },
        compared=compared,
    )
    return path


def windows_of(outputs: Outputs, rng: np.random.Generator) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return predicted heads and counts, (40, T, R, S, P), of windows that a student could predict."""
    shape = (40, len(TARGETS), *outputs.heads.shape("profile"))
    rates = 5 * rng.gamma(2, size=shape)
    counts = rng.poisson(np.repeat(rates[:, :, None], REPLICATES, axis=2)).astype(np.uint16)
    heads = {"mean": np.log1p(counts.sum(axis=(2, 3, 4))), "profile": rates / rates.sum(axis=(2, 3), keepdims=True)}
    for head in outputs.heads.heads:
        trailing = outputs.heads.shape(head)
        heads.setdefault(head, 0.02 * rng.gamma(2, size=(40, len(TARGETS), *trailing)))
    return heads, counts


def _difference_head(path: Path, student: Path) -> Path:
    """Write a head that was trained on noise."""
    rng = np.random.default_rng(2)
    features = features_of(Predictor(student).model)
    tokens = rng.integers(0, 4, (2, 64, LENGTH), dtype=np.uint8)
    file = path.with_name(f"{path.name}-difference.keras")
    pairs = Pairs(features(tokens[0]), features(tokens[1]), rng.gamma(2, size=(64, 2)))
    train_difference_head(pairs, seed=1).save(file)
    return file
