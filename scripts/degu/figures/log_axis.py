"""Logarithmic axes whose ticks are few plain numbers."""

from collections.abc import Iterator
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FormatStrFormatter, Locator, MaxNLocator, NullLocator

# The most ticks, and the least distance between two of them as a fraction of the axis.
MOST = 4
DISTANCE = 0.16


def set_log_scale(panel: Axes, name: Literal["x", "y"]) -> None:
    """Make an axis of a panel logarithmic, with at most four ticks in plain numbers."""
    panel.set(**{f"{name}scale": "log"})
    axis = panel.xaxis if name == "x" else panel.yaxis
    axis.set_major_locator(LogTicks())
    axis.set_major_formatter(FormatStrFormatter("%g"))
    axis.set_minor_locator(NullLocator())


class LogTicks(Locator):
    """Round numbers that are far enough from one another on a logarithmic axis, as many of them as there may be."""

    def __call__(self) -> list[float]:
        """Return the ticks between the ends of the axis."""
        assert self.axis is not None
        return self.tick_values(*self.axis.get_view_interval())

    def tick_values(self, vmin: float, vmax: float) -> list[float]:
        """Return the ticks between two ends."""
        low, high = sorted((vmin, vmax))
        if low <= 0 or low == high:
            return [high]
        best = np.array([])
        for candidates in _candidates(low, high):
            ticks = candidates[(candidates >= low) & (candidates <= high)]
            near = np.diff(np.log(ticks)) < DISTANCE * np.log(high / low)
            if len(best) < len(ticks) <= MOST and not near.any():
                best = ticks
        return best.tolist()


def _candidates(low: float, high: float) -> Iterator[np.ndarray]:
    """Yield sequences of round numbers, the roundest first."""
    first, last = int(np.floor(np.log10(low))), int(np.ceil(np.log10(high)))
    for step in range(last - first, 0, -1):
        yield 10.0 ** np.arange(-(-first // step) * step, last + 1, step)
    decades = 10.0 ** np.arange(first, last + 1)
    for parts in ((1, 3), (1, 2, 5), (1, 2, 4, 7)):
        yield np.outer(decades, parts).ravel()
    for number in range(MOST, 1, -1):
        ticks = np.asarray(MaxNLocator(number).tick_values(low, high))
        yield ticks[ticks > 0]
