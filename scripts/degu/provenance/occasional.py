"""What of a log a person is shown while a long task runs."""

import logging
import time


class Occasional(logging.Filter):
    """A filter that lets each warning or error pass once, each milestone, and lines of progress every few seconds."""

    def __init__(self, seconds: float = 10.0) -> None:
        super().__init__()
        self._seconds = seconds
        self._last = time.monotonic()
        self._shown: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is to be shown."""
        if getattr(record, "milestone", False):
            return True
        if not getattr(record, "progress", False):
            if record.levelno < logging.WARNING:
                return False
            new = record.getMessage() not in self._shown
            self._shown.add(record.getMessage())
            return new
        now = time.monotonic()
        if now - self._last < self._seconds:
            return False
        self._last = now
        return True
