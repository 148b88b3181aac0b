"""Batches of one-hot sequences, made as they are needed from tokens."""

from collections.abc import Callable

import keras
import numpy as np

from degu.data.augmenting import Augmented
from degu.data.epochs import Epochs, Permutations
from degu.data.sequences import one_hot

# Number of sequences in a batch when nothing is learned.
EVALUATION_BATCH = 256


# A seeded change of the sequences of a batch: tokens (B, L) and a source of draws to tokens (B, L), or to both tokens
# and values.
Augmentation = Callable[[np.ndarray, np.random.Generator], np.ndarray | Augmented]
# Windows that are drawn anew for a batch: row numbers (B,) and a source of draws to tokens (B, L) and packed targets,
# float32 (B, K), which are not needed where others are made.
Drawing = Callable[[np.ndarray, np.random.Generator], tuple[np.ndarray, np.ndarray | None]]
# Targets made for the sequences of a batch: tokens (B, L) to packed targets, float32 (B, K).
Labelling = Callable[[np.ndarray], np.ndarray]


class Batches(keras.utils.PyDataset):
    """Batches of (one-hot sequences (B, L, 4), targets (B, K)), in order or shuffled anew each epoch.

    The order of an epoch and the draws of its augmentation depend on the seed, the epoch's number and the batch's
    number alone, so that a resumed training sees the batches that an uninterrupted one would have seen.

    Parameters
    ----------
    tokens
        Sequences, uint8 (N, L).
    targets
        Packed targets, float32 (N, K). Without targets and labelling, batches hold sequences alone.
    batch_size
        Number B of sequences in a batch; the last batch of an epoch may be smaller.
    seed
        Seed of the shuffling and of the augmentation; None keeps the order.
    first_epoch
        Number of the epoch that comes first.
    epochs
        Which sequences each epoch has; None stands for all of them.
    draw
        Function that draws the windows of a batch anew, in place of `tokens` and `targets`, before augmentation.
    augment
        Change of the sequences of a batch. Their targets stay as they are, unless they are made by `label`.
    label
        Function that makes the targets of a batch from its tokens as augmented, in place of `targets`. It does not see
        noise that is added to the one-hot values.
    keep_originals
        Whether a batch holds its B sequences as they are, with `targets`, before those that augmentation changes.
    """

    def __init__(
        self,
        tokens: np.ndarray,
        targets: np.ndarray | None = None,
        *,
        batch_size: int,
        seed: int | None = None,
        first_epoch: int = 0,
        epochs: Epochs | None = None,
        draw: Drawing | None = None,
        augment: Augmentation | None = None,
        label: Labelling | None = None,
        keep_originals: bool = False,
    ) -> None:
        super().__init__()
        self.tokens = tokens
        self.targets = targets
        self.batch_size = batch_size
        self.seed = seed
        self.draw = draw
        self.augment = augment
        self.label = label
        self.keep_originals = keep_originals
        self._epochs = epochs or Permutations(len(tokens), len(tokens))
        self._epoch = first_epoch - 1
        self._order = np.arange(self._epochs.size) % len(tokens)

    def __len__(self) -> int:
        return -(-self._epochs.size // self.batch_size)

    def on_epoch_begin(self) -> None:
        """Shuffle for the next epoch."""
        self._epoch += 1
        if self.seed is not None:
            self._order = self._epochs.order(self.seed, self._epoch)

    def __getitem__(self, index: int) -> tuple[np.ndarray, ...]:
        rows = self._order[index * self.batch_size : (index + 1) * self.batch_size]
        # The number of a batch counts from 1: a seed of [s, e, 0] would give the draws of [s, e], the shuffling's.
        rng = np.random.default_rng([self.seed or 0, max(self._epoch, 0), index + 1])
        drawn, own = self._drawn(rows, rng)
        tokens, values = self._augmented(drawn, rng)
        targets = own if self.label is None else self.label(tokens)
        if targets is None:
            return (values,)
        if self.keep_originals and own is not None:
            values, targets = np.concatenate([one_hot(drawn), values]), np.concatenate([own, targets])
        return values, targets

    def _drawn(self, rows: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray | None]:
        """Return the sequences and targets of some rows, before augmentation."""
        if self.draw is not None:
            return self.draw(rows, rng)
        return self.tokens[rows], None if self.targets is None else self.targets[rows]

    def _augmented(self, tokens: np.ndarray, rng: np.random.Generator) -> Augmented:
        """Return the sequences of a batch as the augmentation changes them, if there is one."""
        changed = tokens if self.augment is None else self.augment(tokens, rng)
        return changed if isinstance(changed, Augmented) else Augmented(changed, one_hot(changed))
