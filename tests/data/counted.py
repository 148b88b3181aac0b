"""A data set with counts at each position, cut from one long random sequence."""

import numpy as np

from degu.data.profiles import log_counts, replicate_log_counts
from degu.data.store import SequenceStore, digest_of

LENGTH, POSITIONS, CONTEXT = 30, 20, 6
STRANDS, REPLICATES = 2, 3


def genome(rows: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return the bases, (G,), and the counts, (R, S, G), of a chromosome."""
    rng = np.random.default_rng(seed)
    bases = rng.integers(0, 4, rows * 40 + 100, dtype=np.uint8)
    rates = np.stack([bases == 0, bases == 1]) * np.array([4.0, 2.0, 1.0])[:, None, None]
    return bases, rng.poisson(rates + 0.1).astype(np.uint16)


def counted_store(rows: int = 60, context: int = CONTEXT) -> tuple[SequenceStore, np.ndarray]:
    """Return a data set of windows of the chromosome, and where the middle of each window is, (N,)."""
    bases, counts = genome(rows)
    middles = 50 + 40 * np.arange(rows)

    def cut(values: np.ndarray, half: int) -> np.ndarray:
        return np.stack([values[..., middle - half : middle + half] for middle in middles])

    def beside(values: np.ndarray, half: int) -> np.ndarray:
        wide = cut(values, half + context)
        return np.concatenate([wide[..., :context], wide[..., -context:]], axis=-1)

    own = cut(counts, POSITIONS // 2)[:, None]
    depths = own.sum(axis=(0, 3, 4), dtype=np.float64)
    replicates = replicate_log_counts(own, depths)
    store = SequenceStore(
        tokens=cut(bases, LENGTH // 2),
        targets=log_counts(own).astype(np.float32),
        split=np.resize([0] * 14 + [1, 1, 2, 2, 3, 3], rows).astype(np.uint8),
        group=np.arange(rows),
        names=np.array([f"window{row}" for row in range(rows)]),
        target_names=["starts"],
        units=["log(1 + counts)"],
        replicates=replicates.astype(np.float32),
        replicate_std=replicates.std(axis=-1, ddof=1).astype(np.float32),
        counts=own,
        context_tokens=beside(bases, LENGTH // 2) if context else None,
        context_counts=beside(counts, POSITIONS // 2)[:, None] if context else None,
        negative=np.arange(rows) % 7 == 0,
        attributes={"dataset": "counted", "flanks": [0, 0], "depths": {"starts": depths[0].tolist()}},
    )
    store.attributes["digest"] = digest_of(store)
    return store, middles
