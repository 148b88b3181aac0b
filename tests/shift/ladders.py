"""Small shifted populations with what models predict for them."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from degu.data.splits import SPLITS
from degu.outputs.heads import Heads
from degu.prediction.ensemble import Predictions
from degu.shift.assessment import Populations
from degu.shift.ladder import Ladder, chosen_rows, draw_rungs, read_ladder, with_truth, write_ladder
from degu.shift.prediction import Parts, means_of
from degu.shift.references import CIRCULAR
from tests.conftest import small_store

HEADS = Heads(("mean", "aleatoric", "epistemic"), ("target0",))
LEVELS = [0.1, 0.5, 1.0]


def true_activity(tokens: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the share of A, and a noise that grows with the share of C."""
    return (tokens == 0).mean(axis=1), 0.2 + (tokens == 1).mean(axis=1)


def ladders(folder: Path, store, *, truth: bool = True) -> list[Ladder]:
    """Return the ladders of two kinds, of which the second has noise on the values."""
    rows = chosen_rows(store, 1000, 1)
    noise = {"augmentations": [{"name": "gaussian_noise", "std": 0.3}]}
    kinds = [
        {"name": "mutated", "kind": "mutation", "levels": LEVELS},
        {"name": "noisy", "kind": "evoaug", "levels": [1], **noise},
    ]
    found = []
    for kind in kinds:
        path = folder / f"{kind['name']}.h5"
        rungs = draw_rungs(kind, store.tokens[rows], (0, 0), 1)
        known = (with_truth(rung, true_activity if truth else None) for rung in rungs)
        write_ladder(path, known, rows, store.digest, name=kind["name"], level_word="share")
        found.append(read_ladder(path, store.digest))
    return found


def predict(parts: Mapping[str, np.ndarray], models: int, error: float, seed: int) -> Predictions:
    """Return what models predict that err by a normal deviate of their own for each sequence."""
    rng = np.random.default_rng(seed)
    values = {}
    for part, tokens in parts.items():
        known = tokens if tokens.ndim == 2 else tokens.argmax(axis=2)
        mean, noise = true_activity(known)
        errors = error * rng.standard_normal((models, len(mean)))
        heads = [mean + errors, np.broadcast_to(noise, errors.shape), np.abs(errors) + 0.01]
        values[part] = np.stack(heads, axis=2).astype(np.float32)
    return Predictions(values, HEADS, list(range(1, models + 1)))


def populations(folder: Path, rows: int = 800, *, truth: bool = True):
    """Return a data set with shifted sequences, and what members and students predict for splits and rungs."""
    store = small_store(rows=rows)
    mean, noise = true_activity(store.tokens)
    # Measurements of the data set have the noise that new ones have, of three replicates.
    deviates = np.random.default_rng(9).standard_normal(rows)
    store.targets = (mean + noise / np.sqrt(3) * deviates)[:, None].astype(np.float32)
    store.truth = {"mean": mean[:, None], "noise_std": noise[:, None]} if truth else {}
    found = ladders(folder, store, truth=truth)
    splits, parts = {split: store.tokens[store.rows(split)] for split in SPLITS}, Parts(store, found)
    members = predict(splits, 5, 0.3, 1), predict(parts, 5, 0.3, 2)
    students = predict(splits, 2, 0.15, 3), predict(parts, 2, 0.15, 4)
    own = Populations(store, found, {CIRCULAR: means_of(members[1])}, 3 if truth else 0, 1)
    return own, members, students
