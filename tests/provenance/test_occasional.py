"""What of a log a person is shown."""

import logging

from degu.provenance import occasional
from degu.provenance.occasional import Occasional


def record(level: int, text: str, **extra) -> logging.LogRecord:
    made = logging.LogRecord("degu", level, "file", 1, text, None, None)
    made.__dict__.update(extra)
    return made


def test_each_warning_passes_once_and_other_lines_do_not():
    shown = Occasional()
    assert shown.filter(record(logging.WARNING, "a"))
    assert not shown.filter(record(logging.WARNING, "a"))
    assert shown.filter(record(logging.ERROR, "b"))
    assert not shown.filter(record(logging.INFO, "c"))


def test_progress_passes_every_few_seconds(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(occasional.time, "monotonic", lambda: now[0])
    shown = Occasional(10)
    passed = []
    for second in range(0, 31, 4):
        now[0] = float(second)
        if shown.filter(record(logging.INFO, "epoch", progress=True)):
            passed.append(second)
    assert passed == [12, 24]
