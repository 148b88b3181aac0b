"""The report of a finished run holds every figure and the headlines."""

import re
from pathlib import Path

from tests.workflow.small_run import FIGURES


def test_the_report_holds_every_figure(report):
    text = report.read_text()
    assert [name for name in FIGURES if f'"figures/simulated_mpra/{name}.png": {{' not in text] == []
    assert '"figures/headlines.png": {' in text
    pictures = re.findall(r"data:image/png[^,]*;filename=(\w+)\.png;base64,[A-Za-z0-9+/]{5000}", text)
    assert sorted(pictures) == sorted([*(Path(name).name for name in FIGURES), "headlines"])


def test_the_first_page_of_the_report_shows_the_headlines(report):
    text = report.read_text()
    assert "simulated_mpra, activity, degu of small: Pearson r of k-mer ridge" in text
    # This is how the captions' markup tells of its mistakes.
    assert "System Message" not in text
