"""What predictions for shifted and designed sequences are compared with."""

from collections.abc import Iterable

# From the best one on: the simulator's truth, the mean of a reference ensemble, and the mean of the ensemble that the
# models belong to or are distilled from, as published.
TRUTH, REFERENCE, CIRCULAR = "truth", "reference_ensemble", "own_ensemble"


def best_reference(names: Iterable[str]) -> str:
    """Return the best reference among some names, such as a column of a table, of which others are passed over."""
    known = set(names)
    return next(name for name in (TRUTH, REFERENCE, CIRCULAR) if name in known)
