"""The sequences of a pool are drawn from its source and changed by its augmentation."""

import zlib
from collections.abc import Mapping

import numpy as np

from degu.training.backend import derive_seed
from degu.config.check_pool import held_out
from degu.config.plugins import constant, load, without_name
from degu.data.augmenting import Augmenter
from degu.data.store import SequenceStore
from degu.data.training_rows import TrainingRows
from degu.errors import DeguError

# Sequences are changed in blocks of this number, so that one-hot values of all never lie in memory together.
_BLOCK = 4096


def draw_pool(settings: Mapping, store: SequenceStore, rows: TrainingRows, seed: int) -> dict[str, np.ndarray]:
    """Return the sequences of a pool, tokens (n, L), for each of the parts `train` and `validation`.

    No sequence of the calibration and test splits is looked at.

    Parameters
    ----------
    settings
        `name`, `source`, `augmentation` and `variants`, as `Configuration.pool` returns them.
    store, rows
        The data set, and the rows that students are trained on.
    seed
        The seed of the configuration. Pools of other names have other draws.

    Raises
    ------
    DeguError
        If an option is out of range for these sequences, or the pool is too small for a validation part.
    """
    rng = np.random.default_rng(derive_seed(seed, "pool", zlib.crc32(settings["name"].encode())))
    source, flanks = settings["source"], store.attributes["flanks"]
    own = {"train": store.tokens[rows.subset], "validation": store.tokens[store.rows("validation")]}

    def draw(training: np.ndarray) -> np.ndarray:
        return load("pool source", source["name"]).draw(training, flanks, rng, **without_name(source))

    if constant("pool source", source["name"], "FROM_TRAINING", False):
        drawn = {part: draw(tokens) for part, tokens in own.items()}
    else:
        tokens = draw(own["train"])
        held = held_out(len(tokens))
        if held == len(tokens):
            raise DeguError("the pool has one sequence", where=settings["name"], expected="two or more")
        drawn = {"train": tokens[:-held], "validation": tokens[-held:]}
    if settings["augmentation"] is None:
        return drawn
    augment = Augmenter(**settings["augmentation"], length=store.tokens.shape[1], flanks=flanks)
    variants = {"train": settings["variants"], "validation": 1}
    return {
        part: np.concatenate([_changed(tokens, augment, rng) for _ in range(variants[part])])
        for part, tokens in drawn.items()
    }


def _changed(tokens: np.ndarray, augment: Augmenter, rng: np.random.Generator) -> np.ndarray:
    """Return each sequence once, as the augmentation changes it, in random order."""
    tokens = rng.permutation(tokens)
    blocks = (tokens[start : start + _BLOCK] for start in range(0, len(tokens), _BLOCK))
    return np.concatenate([augment(block, rng).tokens for block in blocks])
