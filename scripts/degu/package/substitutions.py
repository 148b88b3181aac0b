"""What substitutions in the sequences of a data set do, as the background of the effects of variants."""

from collections.abc import Callable, Mapping

import numpy as np

from degu.training.backend import derive_seed
from degu.data.store import SequenceStore
from degu.package.background import effects_of_substitutions

# As many substitutions are predicted.
NUMBER = 10_000


def substitution_effects(
    predict: Callable[[np.ndarray], Mapping[str, np.ndarray]], store: SequenceStore, *, seed: int, number: int = NUMBER
) -> np.ndarray:
    """Return what single substitutions in the calibration sequences change, (number, T).

    Parameters
    ----------
    predict
        Function that returns the heads of the students together, of constructs (N, L).
    store
        The data set.
    seed
        The seed of the configuration.
    number
        Number of substitutions; those of unknown bases are left out.
    """
    return effects_of_substitutions(
        lambda tokens: predict(tokens)["mean"],
        store.tokens[store.rows("calibration")],
        store.insert,
        number=number,
        rng=np.random.default_rng(derive_seed(seed, "substitutions", 1)),
    )
