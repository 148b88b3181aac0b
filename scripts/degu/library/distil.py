"""An ensemble trained and distilled into a student, in one call."""

from typing import Any

from degu.library.assay import Assay
from degu.library.ensemble import Ensemble
from degu.library.settings import Settings
from degu.library.student import Student


def distil(
    build: Any,
    sequences: Any,
    activity: Any,
    replicates: Any = None,
    *,
    members: int = 10,
    seed: int = 1,
    settings: Settings | None = None,
    **assay: Any,
) -> Student:
    """Train an ensemble on measured sequences, distil it into a student, and calibrate its intervals.

    Parameters
    ----------
    build
        The network, as `Ensemble.train` takes it, such as `"motif_cnn"`.
    sequences, activity, replicates
        The sequences and what was measured of them, as `Assay` takes them.
    members
        Number of members, 2 or more.
    seed
        Seed of all random draws. With the same seed the result is the same.
    settings
        What is seldom changed.
    **assay
        `groups`, `split`, `targets`, `units` and `flanks`, as `Assay` takes them.

    Raises
    ------
    DeguError
        If something is refused, or a loss is not finite.
    """
    measured = Assay(sequences, activity, replicates, **assay)
    ensemble = Ensemble.train(build, measured, members=members, seed=seed, settings=settings)
    return ensemble.distil(measured, seed=seed, settings=settings)
