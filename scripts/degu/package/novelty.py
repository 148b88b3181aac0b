"""Whether a sequence is unlike those that a student was trained on, so that its intervals may not hold."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from degu.data.sequences import N_TOKEN, gc_content

# Composition is that in words of this length.
WORD = 3
# A sequence is unusual if a property lies outside the central part of the training sequences that has this share.
SHARE = 0.99
MOST_UNKNOWN = 0.1
_PSEUDO_COUNT = 1.0


@dataclass(frozen=True)
class Novelty:
    """The properties of training sequences, and the range that is usual for each.

    Attributes
    ----------
    frequencies
        Frequency of each word of `WORD` bases in the training sequences, (4 ** WORD,).
    ranges
        Least and greatest usual value of each property: `gc`, the share of G and C; `composition`, the distance of the
        words from those frequencies; and `epistemic`, the epistemic standard deviation of each target. The last two
        have no least value.
    """

    frequencies: np.ndarray
    ranges: Mapping[str, np.ndarray]

    @classmethod
    def of_training(cls, tokens: np.ndarray, epistemic: np.ndarray | None) -> "Novelty":
        """Return what is usual among training sequences.

        Parameters
        ----------
        tokens
            Their inserts, uint8 (N, L).
        epistemic
            Their predicted epistemic standard deviations, (N, T), if the student predicts any.
        """
        counts = word_counts(tokens)
        frequencies = (counts.sum(axis=0) + _PSEUDO_COUNT) / (counts.sum() + _PSEUDO_COUNT * counts.shape[1])
        outside = (1 - SHARE) / 2
        ranges = {
            "gc": np.quantile(gc_content(tokens), [outside, 1 - outside]),
            "composition": np.array([-np.inf, np.quantile(_distance(counts, frequencies), SHARE)]),
        }
        if epistemic is not None:
            ranges["epistemic"] = np.stack(
                [np.full(epistemic.shape[1], -np.inf), np.quantile(epistemic, SHARE, axis=0)]
            )
        return cls(frequencies, ranges)

    def reasons(self, tokens: np.ndarray, heads: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return which sequences are unusual, by the reason.

        Parameters
        ----------
        tokens
            The inserts of the sequences, uint8 (N, L).
        heads
            Their predicted heads, (N, T) each.

        Returns
        -------
        Bool (N,) for each reason: `unknown_bases` (more than a tenth of N), `gc`, `composition`, and `epistemic`
        """
        found = {"unknown_bases": (tokens == N_TOKEN).mean(axis=1) > MOST_UNKNOWN}
        found["gc"] = self._outside("gc", gc_content(tokens))
        found["composition"] = self._outside("composition", _distance(word_counts(tokens), self.frequencies))
        if "epistemic" in self.ranges and "epistemic" in heads:
            found["epistemic"] = self._outside("epistemic", heads["epistemic"]).any(axis=1)
        return found

    def _outside(self, name: str, values: np.ndarray) -> np.ndarray:
        least, greatest = self.ranges[name]
        return (values < least) | (values > greatest)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return arrays by name that `from_arrays` reads."""
        return {
            "frequencies": self.frequencies,
            **{f"range_{name}": ends for name, ends in self.ranges.items()},
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Novelty":
        """Return what `to_arrays` wrote."""
        names = [name.removeprefix("range_") for name in arrays if name.startswith("range_")]
        return cls(arrays["frequencies"], {name: arrays[f"range_{name}"] for name in names})


def in_words(reasons: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the reasons of each sequence, separated by commas, str (N,); empty text for a sequence with none.

    Parameters
    ----------
    reasons
        Bool (N,) by the reason, as `Novelty.reasons` returns them.
    """
    masks = np.stack(list(reasons.values()))
    told = np.full(masks.shape[1], "", dtype=object)
    for row in np.flatnonzero(masks.any(axis=0)):
        told[row] = ",".join(name for name, mask in reasons.items() if mask[row])
    return told


def word_counts(tokens: np.ndarray) -> np.ndarray:
    """Return how often each word of `WORD` known bases is in each sequence, (N, 4 ** WORD), AAA first."""
    windows = tokens.shape[1] - WORD + 1
    letters = [tokens[:, offset : offset + windows].astype(np.int64) for offset in range(WORD)]
    # A word with an N goes into a column of its own, which is dropped.
    words = np.where(np.any([letter == N_TOKEN for letter in letters], axis=0), 4**WORD, 0)
    words = np.where(words, words, sum(letter * 4 ** (WORD - 1 - place) for place, letter in enumerate(letters)))
    columns = 4**WORD + 1
    flat = words + np.arange(len(tokens))[:, None] * columns
    return np.bincount(flat.ravel(), minlength=len(tokens) * columns).reshape(-1, columns)[:, :-1]


def _distance(counts: np.ndarray, frequencies: np.ndarray) -> np.ndarray:
    """Return the chi-square distance of the words of each sequence from some frequencies, (N,); 0 without any word."""
    total = counts.sum(axis=1, keepdims=True)
    shares = np.where(total > 0, counts / np.maximum(total, 1), frequencies)
    return (np.square(shares - frequencies) / frequencies).sum(axis=1)
