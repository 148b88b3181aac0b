"""What an ensemble and students predict for the counted data set, made up around its counts."""

import numpy as np

from degu.data.profile_bins import bin_profile
from degu.data.store import SequenceStore
from degu.outputs.heads import Heads
from degu.prediction.ensemble import Predictions
from tests.data.counted import POSITIONS, STRANDS, counted_store

BINS = 5
MEMBERS, STUDENTS = [1, 2, 3, 4, 5, 6], [1, 2]


def softened(counts: np.ndarray, rng: np.random.Generator, noise: float) -> np.ndarray:
    """Return profiles, (n, T, S, P), that are the counts with some more everywhere, times noise."""
    values = (counts + 1.0) * np.exp(noise * rng.standard_normal(counts.shape))
    return values / values.sum(axis=(-2, -1), keepdims=True)


def predicted(rows: int = 200, splits: tuple[str, ...] = ("test",)) -> tuple[SequenceStore, Predictions, Predictions]:
    """Return a data set, and predictions of some of its splits by an ensemble and by two students."""
    store, _ = counted_store(rows)
    rng = np.random.default_rng(1)
    heads = Heads(("mean", "profile"), ("starts",), {"profile": (STRANDS, POSITIONS)})
    bins = {"profile_epistemic": (STRANDS, BINS), "profile_aleatoric": (STRANDS, BINS)}
    of_student = Heads(("mean", "profile", *bins), ("starts",), {"profile": (STRANDS, POSITIONS), **bins})
    ensemble, students = {}, {}
    for split in splits:
        counts, means = store.total_counts[store.rows(split)], store.targets[store.rows(split)]
        noise = rng.uniform(0.1, 0.8, (len(counts), 1, 1, 1))
        members = np.stack([softened(counts, rng, noise) for _ in MEMBERS])
        values = [heads.join({"mean": means, "profile": own}) for own in members]
        ensemble[split] = np.stack(values).astype(np.float32)
        spread = bin_profile(members, BINS).std(axis=0)
        values = [
            of_student.join(
                {
                    "mean": means,
                    "profile": softened(counts, rng, 0.1),
                    "profile_epistemic": spread * np.exp(0.1 * number * rng.standard_normal(spread.shape)),
                    "profile_aleatoric": np.full_like(spread, 0.05),
                }
            )
            for number in STUDENTS
        ]
        students[split] = np.stack(values).astype(np.float32)
    return store, Predictions(ensemble, heads, MEMBERS), Predictions(students, of_student, STUDENTS)
