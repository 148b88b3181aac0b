"""Windows of longer stretches of a genome, which begin and read the strands differently in each batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from degu.data.context import with_context
from degu.data.profiles import depths_of, reverse_complement_counts, window_measurements
from degu.data.sequences import reverse_complement
from degu.data.store import SequenceStore
from degu.errors import DeguError


@dataclass(frozen=True)
class Windows:
    """Stretches around the windows of a data set, from which those of a batch are drawn.

    Attributes
    ----------
    tokens
        Bases, uint8 (N, L + 2 J), where windows have L.
    counts
        Counts, uint16 (N, T, R, S, P + 2 J), as in `degu.data.store`.
    depths
        Total of each replicate, (T, R), which replicates are scaled by.
    jitter
        The largest distance J between the middle of a drawn window and that of its stretch.
    reverse_complement
        Whether half of the windows are replaced by their reverse complements.
    bins
        Number of bins of profiles whose standard deviation is measured.
    """

    tokens: np.ndarray
    counts: np.ndarray
    depths: np.ndarray
    jitter: int
    reverse_complement: bool
    bins: int

    @classmethod
    def of_store(cls, store: SequenceStore, rows: np.ndarray, recipe: Mapping) -> "Windows | None":
        """Return the windows of some rows of a data set that a recipe asks for; None if it asks for none.

        Parameters
        ----------
        store, rows
            The data set, with its counts, and rows of it.
        recipe
            Resolved settings of a teacher or student.

        Raises
        ------
        DeguError
            If the data set has no counts, or keeps fewer bases beside its windows than the recipe shifts them by.
        """
        settings = recipe["windows"]
        jitter, turned = settings["jitter"], settings["reverse_complement"]
        if not jitter and not turned:
            return None
        if store.counts is None:
            raise DeguError(
                "the data set has no counts at each base, which are needed to draw its windows anew",
                where="recipe: windows",
                remedy="take `windows` out of the recipe, or use an augmentation",
            )
        kept = 0 if store.context_tokens is None else store.context_tokens.shape[1] // 2
        if jitter > kept:
            raise DeguError(
                f"windows are to be shifted by up to {jitter} bases, and the data set keeps {kept} beside each window",
                where="recipe: windows.jitter",
                expected=f"at most {kept}",
                remedy="lower it, or raise `options.jitter` in the file of the data set",
            )
        tokens, counts = store.tokens[rows], store.counts[rows]
        if jitter and store.context_tokens is not None and store.context_counts is not None:
            tokens = with_context(tokens, store.context_tokens[rows], jitter)
            counts = with_context(counts, store.context_counts[rows], jitter)
        return cls(tokens, counts, depths_of(store), jitter, turned, recipe["profile_bins"])

    def of_rows(self, rows: np.ndarray) -> "Windows":
        """Return the stretches of some rows."""
        return replace(self, tokens=self.tokens[rows], counts=self.counts[rows])

    def draw(
        self, rows: np.ndarray, rng: np.random.Generator, names: Sequence[str]
    ) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Return the windows of a batch, and what was measured there.

        Parameters
        ----------
        rows
            Row numbers of the stretches, (B,).
        rng
            Source of all draws: where each window begins, each place being equally likely, and its strand.
        names
            Names of the arrays to return, from `degu.distillation.targets`.

        Returns
        -------
        Tokens, uint8 (B, L), and the named arrays
        """
        starts = rng.integers(0, 2 * self.jitter + 1, len(rows))
        turned = rng.random(len(rows)) < 0.5 if self.reverse_complement else np.zeros(len(rows), dtype=bool)
        tokens = _cut(self.tokens[rows], starts, self.jitter)
        tokens[turned] = reverse_complement(tokens[turned])
        if not names:
            return tokens, {}
        counts = _cut(self.counts[rows], starts, self.jitter)
        counts[turned] = reverse_complement_counts(counts[turned])
        return tokens, window_measurements(counts, self.depths, names, bins=self.bins)


def _cut(values: np.ndarray, starts: np.ndarray, jitter: int) -> np.ndarray:
    """Return the positions of stretches, (B, ..., P + 2 J), from a start of each on, as (B, ..., P)."""
    length = values.shape[-1] - 2 * jitter
    windows = np.lib.stride_tricks.sliding_window_view(values, length, axis=-1)
    return np.stack([own[..., start, :] for own, start in zip(windows, starts, strict=True)])
