"""How far a command has come, and how long it will still take."""

import logging
import time

log = logging.getLogger(__name__)

# Seconds between two lines.
PACE = 10.0


class Progress:
    """Progress that is logged every ten seconds, and at the end if it was logged before.

    Parameters
    ----------
    total
        Number of things to do.
    things
        What they are, such as `variants`.
    """

    def __init__(self, total: int, things: str) -> None:
        self._total, self._things, self._done = total, things, 0
        self._start = self._told = time.monotonic()

    def add(self, number: int) -> None:
        """Count things that are done."""
        self._done += number
        now = time.monotonic()
        finished = self._done == self._total and self._told > self._start
        if now - self._told > PACE or finished:
            self._told = now
            seconds = now - self._start
            each = seconds / self._done
            done, total, left = f"{self._done:,}", f"{self._total:,}", duration(each * (self._total - self._done))
            log.info("%s of %s %s, %s left", done, total, self._things, left)


def duration(seconds: float) -> str:
    """Return a number of seconds as text, as in `2 min 5 s`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
