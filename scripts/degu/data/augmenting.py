"""Augmentations put together: some of a list, drawn for each sequence, change the sequences of a batch."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from degu.config.check_augmentation import check_augmentation
from degu.config.plugins import constant, load, without_name
from degu.data.sequences import one_hot
from degu.errors import DeguError


class Augmented(NamedTuple):
    """The sequences of a batch after augmentation.

    Attributes
    ----------
    tokens
        Integers, (B, L): the sequences that labels are made for.
    values
        float32, (B, L, 4): what the model sees, which is the tokens as one-hot values, with noise where it was added.
    """

    tokens: np.ndarray
    values: np.ndarray


class _Step(NamedTuple):
    """One augmentation with its options.

    Attributes
    ----------
    augment
        The function of the plugin: sequences (n, L) and a source of draws to changed sequences.
    on_values
        Whether it changes one-hot values, (n, L, 4), in place of tokens.
    """

    augment: Callable[[np.ndarray, np.random.Generator], np.ndarray]
    on_values: bool


class Augmenter:
    """Changes sequences by augmentations that are drawn for each of them; `degu.data.batches.Batches` takes it.

    A set of `config/augmentations/` gives its arguments:
    `Augmenter(**configuration.augmentation("evoaug_deepstarr"), length=249)`.

    From the list of augmentations each sequence gets `number` different ones (`hard`), or from 1 to `number` of them,
    each count being equally likely (`soft`). Every subset of one size is equally likely. Those that are drawn are
    applied in the order of the list, but what changes one-hot values always comes last: noise lies on the bases as they
    are in the end. In EvoAug a mutation that follows noise removes it where it stands.

    Parameters
    ----------
    augmentations
        The list: for each augmentation its `name` and the options of that plugin.
    number, selection
        How many augmentations change a sequence, 1 or more, and whether just that many (`hard`) or at most (`soft`).
    length
        The length L of the sequences, flanks included.
    flanks
        Numbers of bases left and right that never change, such as the attribute `flanks` of a store.

    Raises
    ------
    DeguError
        If an augmentation or an option does not exist, if an option is out of range for these sequences, or if flanks
        leave nothing to change.
    """

    def __init__(
        self,
        augmentations: Sequence[Mapping],
        *,
        number: int = 1,
        selection: str = "hard",
        length: int,
        flanks: Sequence[int] = (0, 0),
    ) -> None:
        settings = {"augmentations": augmentations, "number": number, "selection": selection}
        check_augmentation(settings, "augmenter")
        left, right = flanks
        if left < 0 or right < 0 or left + right >= length:
            raise DeguError(
                f"flanks of {left} and {right} bases in sequences of {length}",
                where="flanks",
                expected="0 bases or more on each side, and at least one base between them",
                remedy="correct the flanks of the data set",
            )
        self._steps = [_step(entry) for entry in augmentations]
        self._number: int = number
        self._soft: bool = selection == "soft"
        self._within = slice(left, length - right)
        self._length = length
        # Options that are out of range for these sequences are found before anything is trained.
        for step in self._steps:
            trial = np.zeros((2, length - left - right), dtype=np.uint8)
            step.augment(one_hot(trial) if step.on_values else trial, np.random.default_rng(0))

    def __call__(self, tokens: np.ndarray, rng: np.random.Generator) -> Augmented:
        """Change the sequences of a batch.

        Parameters
        ----------
        tokens
            Sequences, integers (B, L); they stay as they are.
        rng
            Source of all draws.

        Returns
        -------
        Augmented
            Changed tokens, of the same type, and the one-hot values that a model sees.

        Raises
        ------
        DeguError
            If the sequences have another length than the augmenter was made for.
        """
        if tokens.shape[1] != self._length:
            raise DeguError(f"sequences of {tokens.shape[1]} bases", expected=f"{self._length} bases")
        chosen = choose(len(tokens), len(self._steps), self._number, soft=self._soft, rng=rng)
        tokens = tokens.copy()
        self._apply(tokens[:, self._within], chosen, rng, on_values=False)
        values = one_hot(tokens)
        self._apply(values[:, self._within], chosen, rng, on_values=True)
        return Augmented(tokens, values)

    def _apply(self, inserts: np.ndarray, chosen: np.ndarray, rng: np.random.Generator, *, on_values: bool) -> None:
        """Change what lies between the flanks in place, by the augmentations of tokens or by those of values."""
        for step, rows in zip(self._steps, chosen.T, strict=True):
            if step.on_values == on_values and rows.any():
                inserts[rows] = step.augment(inserts[rows], rng)


def choose(sequences: int, augmentations: int, number: int, *, soft: bool, rng: np.random.Generator) -> np.ndarray:
    """Draw which augmentations change which sequences.

    Parameters
    ----------
    sequences, augmentations
        Numbers n and A of sequences and of augmentations.
    number
        Number of augmentations of a sequence, from 1 to A.
    soft
        Whether each sequence gets from 1 to `number` of them, each count being equally likely, and not just `number`.
    rng
        Source of draws.

    Returns
    -------
    bool array of shape (n, A), true for the augmentations that change a sequence
    """
    counts = rng.integers(1, number, size=(sequences, 1), endpoint=True) if soft else number
    ranks = rng.permuted(np.tile(np.arange(augmentations), (sequences, 1)), axis=1)
    return ranks < counts


def _step(entry: Mapping) -> _Step:
    on_values = constant("augmentation", entry["name"], "ONE_HOT", False)
    return _Step(partial(load("augmentation", entry["name"]).augment, **without_name(entry)), on_values)
