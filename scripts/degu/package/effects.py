"""What changes between two sequences, with the uncertainty of the difference."""

import numpy as np
from scipy import stats

from degu.errors import DeguError
from degu.package.folder import ModelFolder


def effects_of_pairs(model: ModelFolder, first: np.ndarray, second: np.ndarray, level: float) -> dict[str, np.ndarray]:
    """Return what a student predicts for pairs of sequences.

    Parameters
    ----------
    model
        The student.
    first, second
        The constructs of each pair, uint8 (N, L).
    level
        Probability of the interval of the effect, between 0 and 1.

    Returns
    -------
    float64 arrays (N, T): `reference`, `alternative`, and `effect`, which is the second less the first; where the
    student has a head for it, `effect_std`, the epistemic standard deviation of the effect, and the ends `effect_lower`
    and `effect_upper` of its central interval, which is that of a normal distribution

    Raises
    ------
    DeguError
        If the level is no probability.
    """
    if not 0 < level < 1:
        raise DeguError(f"the level {level:g}", expected="a number between 0 and 1, such as 0.9")
    reference, alternative = (model.predict(tokens)["mean"].astype(np.float64) for tokens in (first, second))
    effect = alternative - reference
    found = {"reference": reference, "alternative": alternative, "effect": effect}
    std = model.std_of_difference(first, second)
    if std is None:
        return found
    half = stats.norm.ppf((1 + level) / 2) * std
    return {**found, "effect_std": std, "effect_lower": effect - half, "effect_upper": effect + half}
