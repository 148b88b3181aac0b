"""Progress that is logged."""

import logging

import pytest

from degu.command import progress
from degu.command.progress import Progress, duration


class Clock:
    """A clock that a test sets."""

    def __init__(self):
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    return clock


def test_progress_is_told_every_ten_seconds_and_at_the_end(clock, caplog):
    caplog.set_level(logging.INFO)
    own = Progress(4000, "alleles")
    for now, number in ((105, 500), (111, 500), (115, 500), (125, 1500), (126, 1000)):
        clock.now = float(now)
        own.add(number)
    assert caplog.messages == [
        "1,000 of 4,000 alleles, 33 s left",
        "3,000 of 4,000 alleles, 8 s left",
        "4,000 of 4,000 alleles, 0 s left",
    ]


def test_what_is_done_at_once_is_not_told(clock, caplog):
    caplog.set_level(logging.INFO)
    own = Progress(2, "alleles")
    clock.now += 3
    own.add(2)
    assert caplog.messages == []


def test_durations():
    assert [duration(seconds) for seconds in (0.2, 59.4, 60, 3725)] == ["0 s", "59 s", "1 min 0 s", "62 min 5 s"]
