"""Batches of one-hot sequences, made as they are needed from tokens."""

import keras
import numpy as np

from degu.data.sequences import one_hot


class Batches(keras.utils.PyDataset):
    """Batches of (one-hot sequences (B, L, 4), outputs (B, K)), in order or shuffled anew each epoch.

    The order of an epoch depends on the seed and the epoch's number alone, so that a resumed training sees the
    batches that an uninterrupted one would have seen.

    Parameters
    ----------
    tokens
        uint8, (N, L).
    outputs
        float32, (N, K), or None to give sequences alone.
    batch_size
        B; the last batch of an epoch may be smaller.
    seed
        Of the shuffling; None keeps the order.
    first_epoch
        Number of the epoch that comes first.
    """

    def __init__(
        self,
        tokens: np.ndarray,
        outputs: np.ndarray | None = None,
        *,
        batch_size: int,
        seed: int | None = None,
        first_epoch: int = 0,
    ) -> None:
        super().__init__()
        self.tokens = tokens
        self.outputs = outputs
        self.batch_size = batch_size
        self.seed = seed
        self._epoch = first_epoch - 1
        self._order = np.arange(len(tokens))

    def __len__(self) -> int:
        return -(-len(self.tokens) // self.batch_size)

    def on_epoch_begin(self) -> None:
        """Shuffle for the next epoch."""
        self._epoch += 1
        if self.seed is not None:
            self._order = np.random.default_rng([self.seed, self._epoch]).permutation(len(self.tokens))

    def __getitem__(self, index: int) -> tuple[np.ndarray, ...]:
        rows = self._order[index * self.batch_size : (index + 1) * self.batch_size]
        sequences = one_hot(self.tokens[rows])
        return (sequences,) if self.outputs is None else (sequences, self.outputs[rows])
