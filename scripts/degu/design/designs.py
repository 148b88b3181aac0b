"""The ladder of a design: sequences of the test split that a search changes step by step, so that a score rises."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from degu.config.declarations import DESIGN_SETTINGS
from degu.config.plugins import load
from degu.shift.ladder import Rung, draws_of

# Keys of the settings of a design that are no options of its search.
SETTINGS = ("name", "search", "steps", *DESIGN_SETTINGS)


def draw_designs(
    settings: Mapping, score: Callable[[np.ndarray], np.ndarray], tokens: np.ndarray, flanks: tuple[int, int], seed: int
) -> Iterator[Rung]:
    """Yield the starting sequences and, for each number of steps, what has become of them; the constant flanks stay.

    Parameters
    ----------
    settings
        `name`, `search`, `steps`, and the options of the search.
    score
        Returns a number, which is to rise, for each of some inserts, uint8 (m, l).
    tokens
        Starting sequences, uint8 (n, L).
    flanks
        Numbers of constant bases left and right.
    seed
        Seed of the configuration. Each name has draws of its own.
    """
    options = {key: value for key, value in settings.items() if key not in SETTINGS}
    within = slice(flanks[0], tokens.shape[1] - flanks[1])
    steps = settings["steps"]
    yield Rung(0, tokens)
    found = load("search", settings["search"]).search(
        score, tokens[:, within], draws_of(seed, settings["name"], 0), steps=steps, **options
    )
    for step, inserts in zip(steps, found, strict=True):
        designed = tokens.copy()
        designed[:, within] = inserts
        yield Rung(step, designed)
