"""Where a prediction stands among those of many sequences, and the effect of a variant among those of many variants."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from degu.data.sequences import N_TOKEN

# Quantiles are kept at this many points from 0 to 1.
_POINTS = 1001


@dataclass(frozen=True)
class Background:
    """Quantiles of what a student predicts for the sequences of its data set.

    Attributes
    ----------
    activity
        Quantiles of the predicted activity, (P, T), from the least to the greatest.
    effect
        Quantiles of the absolute effect of single substitutions at random positions, (P, T).
    """

    activity: np.ndarray
    effect: np.ndarray

    @classmethod
    def of_values(cls, activity: np.ndarray, effect: np.ndarray) -> "Background":
        """Return the background of predicted activities, (N, T), and of effects of substitutions, (V, T)."""
        at = np.linspace(0, 1, _POINTS)
        return cls(np.quantile(activity, at, axis=0), np.quantile(np.abs(effect), at, axis=0))

    def quantile_of_activity(self, values: np.ndarray) -> np.ndarray:
        """Return the share of sequences whose predicted activity is below each of the values, (N, T), from 0 to 1."""
        return _share_below(self.activity, values)

    def quantile_of_effect(self, values: np.ndarray) -> np.ndarray:
        """Return the share of substitutions whose absolute effect is below that of each of the values, (N, T)."""
        return _share_below(self.effect, np.abs(values))

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return arrays by name that `from_arrays` reads."""
        return {"activity": self.activity, "effect": self.effect}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Background":
        """Return what `to_arrays` wrote."""
        return cls(arrays["activity"], arrays["effect"])


def _share_below(quantiles: np.ndarray, values: np.ndarray) -> np.ndarray:
    at = np.linspace(0, 1, len(quantiles))
    columns = [np.interp(values[:, target], quantiles[:, target], at) for target in range(values.shape[1])]
    return np.stack(columns, axis=1)


def effects_of_substitutions(
    predict: Callable[[np.ndarray], np.ndarray],
    constructs: np.ndarray,
    insert: slice,
    *,
    number: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Return what single substitutions at random positions change, (number, T).

    Parameters
    ----------
    predict
        Function that returns the activity, (N, T), of constructs, (N, L).
    constructs
        Sequences that are changed, uint8 (N, L).
    insert
        The positions that may be changed.
    number
        Number of substitutions; each is of a base that is known.
    rng
        Random generator.
    """
    rows = rng.integers(len(constructs), size=number)
    columns = np.arange(constructs.shape[1])[insert]
    positions = rng.choice(columns, size=number)
    reference = constructs[rows]
    mutant = reference.copy()
    old = reference[np.arange(number), positions]
    mutant[np.arange(number), positions] = (old + rng.integers(1, 4, size=number)) % 4
    known = old < N_TOKEN
    return predict(mutant[known]) - predict(reference[known])
