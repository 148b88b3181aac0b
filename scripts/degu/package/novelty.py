"""Whether a sequence is unlike those that a student was trained on, so that its intervals may not hold."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from degu.data.sequences import N_TOKEN, gc_content

# Each base is predicted from the three before it.
ORDER = 3
# A sequence is unusual if a property lies outside the central part of the training sequences that has this share.
SHARE = 0.99
MOST_UNKNOWN = 0.1
_PSEUDO_COUNT = 1.0


@dataclass(frozen=True)
class Novelty:
    """The properties of training sequences, and the range that is usual for each.

    Attributes
    ----------
    log_probabilities
        Natural logarithm of the probability of each base after each word of `ORDER` bases, (4 ** ORDER, 4).
    ranges
        Least and greatest usual value of each property: `gc`, the share of G and C; `composition`, the mean
        log-probability of a base; and `epistemic`, the epistemic standard deviation of each target, which has no least
        value.
    """

    log_probabilities: np.ndarray
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
        table = _log_probabilities(tokens)
        outside = (1 - SHARE) / 2
        ends = [outside, 1 - outside]
        ranges = {
            "gc": np.quantile(gc_content(tokens), ends),
            "composition": np.quantile(mean_log_probability(tokens, table), ends),
        }
        if epistemic is not None:
            ranges["epistemic"] = np.stack(
                [np.full(epistemic.shape[1], -np.inf), np.quantile(epistemic, SHARE, axis=0)]
            )
        return cls(table, ranges)

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
        found["composition"] = self._outside("composition", mean_log_probability(tokens, self.log_probabilities))
        if "epistemic" in self.ranges and "epistemic" in heads:
            found["epistemic"] = self._outside("epistemic", heads["epistemic"]).any(axis=1)
        return found

    def _outside(self, name: str, values: np.ndarray) -> np.ndarray:
        least, greatest = self.ranges[name]
        return (values < least) | (values > greatest)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return arrays by name that `from_arrays` reads."""
        return {
            "log_probabilities": self.log_probabilities,
            **{f"range_{name}": ends for name, ends in self.ranges.items()},
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Novelty":
        """Return what `to_arrays` wrote."""
        names = [name.removeprefix("range_") for name in arrays if name.startswith("range_")]
        return cls(arrays["log_probabilities"], {name: arrays[f"range_{name}"] for name in names})


def _log_probabilities(tokens: np.ndarray) -> np.ndarray:
    """Return the logarithm of the probability of each base after each word, (4 ** ORDER, 4), from counts."""
    words, bases, known = _transitions(tokens)
    counts = np.full((4**ORDER, 4), _PSEUDO_COUNT)
    np.add.at(counts, (words[known], bases[known]), 1)
    return np.log(counts / counts.sum(axis=1, keepdims=True))


def mean_log_probability(tokens: np.ndarray, log_probabilities: np.ndarray) -> np.ndarray:
    """Return the mean log-probability of the bases of each sequence, (N,), given the three before each.

    Bases after an N do not count; a sequence in which none counts has the value of equal probabilities.
    """
    words, bases, known = _transitions(tokens)
    values = np.where(known, log_probabilities[np.where(known, words, 0), np.where(known, bases, 0)], 0.0)
    counted = known.sum(axis=1)
    return np.where(counted > 0, values.sum(axis=1) / np.maximum(counted, 1), np.log(0.25))


def _transitions(tokens: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the word before each base, the base, and whether both are known, (N, L - ORDER) each."""
    length = tokens.shape[1] - ORDER
    columns = [tokens[:, offset : offset + length].astype(np.int64) for offset in range(ORDER + 1)]
    known = np.all([column < N_TOKEN for column in columns], axis=0)
    words = sum(column * 4 ** (ORDER - 1 - place) for place, column in enumerate(columns[:-1]))
    return np.asarray(words), columns[-1], known
