"""The report of a finished run holds every figure."""

import re
from pathlib import Path

from tests.workflow.small_run import (
    FIGURES,
)


def test_the_report_holds_every_figure(report):
    text = report.read_text()
    assert [name for name in FIGURES if f'"figures/simulated_mpra/{name}.png": {{' not in text] == []
    pictures = re.findall(r"data:image/png[^,]*;filename=(\w+)\.png;base64,[A-Za-z0-9+/]{5000}", text)
    assert sorted(pictures) == sorted(Path(name).name for name in FIGURES)
