"""Which conformal methods figures and claims of shift are about."""

from collections.abc import Iterable

# The best known method, the one that the total uncertainty scales, and the one that is made for shift.
_METHODS = ("split", "normalized_total", "weighted")
_UNCALIBRATED = "uncalibrated"


def judged_methods(names: Iterable[str]) -> list[str]:
    """Return the conformal methods that are shown and judged, the first of them being shown where one is.

    Parameters
    ----------
    names
        The methods that tables hold.

    Returns
    -------
    Those of `split`, `normalized_total` and `weighted` that there are; without any of these all that there are, with
    the uncalibrated intervals last
    """
    known = dict.fromkeys(names)
    return [name for name in _METHODS if name in known] or sorted(known, key=lambda name: name == _UNCALIBRATED)
