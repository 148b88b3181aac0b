"""Candidates of two targets for the tests of all strategies."""

import numpy as np

from degu.acquisition.candidates import Candidates


def candidates(number: int = 60, seed: int = 4) -> Candidates:
    """Return candidates with everything that a strategy may use."""
    rng = np.random.default_rng(seed)
    epistemic, aleatoric = rng.gamma(2.0, size=(2, number, 2))
    return Candidates(
        number,
        student={"epistemic": epistemic, "aleatoric": aleatoric, "total": np.hypot(epistemic, aleatoric)},
        members=rng.standard_normal((5, number, 2)) * rng.uniform(0.1, 2, size=(1, number, 1)),
        features=rng.standard_normal((number, 3)).astype(np.float32),
        labelled_features=rng.standard_normal((9, 3)).astype(np.float32),
    )
