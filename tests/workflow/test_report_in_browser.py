"""The report of a finished run in a browser: a reader finds and sees every result."""

import re
from pathlib import Path

import pytest

from tests.debian_packages import install
from tests.workflow.browser import PACKAGES, Visit, visit
from tests.workflow.small_run import ATTRIBUTION_FIGURES, FIGURES, STUDY, UNCERTAINTY_FIGURES, read_tsv

pytestmark = pytest.mark.system

CAPTIONS_OF_TABLES = {
    "claims": "collect_claims",
    "designs": "assess_designs",
    "shifts": "summarize_shifts",
    "headlines": "summarize_run",
    "summary": "summarize_performance",
    "uncertainty": "summarize_uncertainty",
}


@pytest.fixture(scope="module")
def seen(report, tmp_path_factory) -> Visit:
    """Return what a reader sees who clicks through the report in a browser."""
    install(PACKAGES)
    return visit(report, tmp_path_factory.mktemp("profile"))


def test_the_report_needs_nothing_but_itself(seen, report):
    assert seen.errors == []
    assert seen.requests == [report.as_uri()]


def test_the_reports_first_page_leads_to_every_data_set(seen):
    assert "distils an ensemble" in seen.description
    assert seen.links == {"simulated_mpra": "simulated_mpra", "Summary": "Summary"}


def test_a_reader_finds_every_result_by_its_topic(seen):
    topics = {
        "Accuracy": {"performance", "predictions", "training_curves"},
        "Attribution": {*ATTRIBUTION_FIGURES, "motifs"},
        "Data": {"simulated_truth"},
        "Design": {"designs", "design_ladder"},
        "Shift": {"shift_ladder", "shifts"},
        "Uncertainty": {*UNCERTAINTY_FIGURES, "difference_uncertainty", "uncertainty_heads", "uncertainty"},
    }
    found = {}
    for result in seen.results:
        found.setdefault(result.folders, []).append(Path(result.path).name)
    of_the_run = found.pop(("Summary",))
    assert sorted(of_the_run) == [*("claims.html", "headlines.html", "headlines.png", "summary.html", "summary.tsv")]
    assert {folders: {Path(name).stem for name in names} for folders, names in found.items()} == {
        ("simulated_mpra", topic): names for topic, names in topics.items()
    }
    assert len(seen.results) == len(FIGURES) + 8


def test_a_reader_tells_results_of_several_teachers_and_students_apart(seen):
    """If two lines had the same labels, the report would show only one of them."""
    for result in seen.results:
        assert {*Path(result.path).parent.parts[2:]} <= {*result.labels[1:]}, result.path


def test_a_reader_sees_every_figure(seen, run):
    pictures = {result.path: result.shown for result in seen.results if result.path.endswith(".png")}
    own = {f"figures/simulated_mpra/{name}.png" for name in FIGURES}
    assert set(pictures) == {*own, "figures/headlines.png"}
    assert [path for path, shown in pictures.items() if shown != (run / path).read_bytes()] == []


def test_a_reader_sees_every_table(seen, run):
    shown = {result.path: result.shown for result in seen.results if not result.path.endswith(".png")}
    tables = {
        "results/claims.html": [run / "results" / "claims.tsv"],
        "results/headlines.html": [run / "results" / "headlines.tsv"],
        "results/summary.html": [run / "results" / "summary.tsv"],
        "results/simulated_mpra/small/uncertainty.html": [
            run / STUDY / "small" / "uncertainty.tsv",
            run / STUDY / "small" / "claims.tsv",
        ],
        "results/simulated_mpra/small/shifts.html": [
            run / STUDY / "small" / "shift_claims.tsv",
            run / STUDY / "small" / "shifts.tsv",
        ],
        "results/simulated_mpra/small/designs.html": [
            run / STUDY / "small" / "design_claims.tsv",
            run / STUDY / "small" / "designs.tsv",
            run / STUDY / "small" / "design_comparisons.tsv",
        ],
    }
    assert shown.pop("results/summary.tsv") == (run / "results" / "summary.tsv").read_bytes()
    assert set(shown) == set(tables)
    for path, files in tables.items():
        expected = []
        for table in map(read_tsv, files):
            expected += [list(table.columns), *(row[:3] for row in table.fillna("").astype(str).to_numpy().tolist())]
        assert [row if row in expected else row[:3] for row in shown[path]] == expected


def test_a_reader_finds_a_caption_beside_every_result(seen, run):
    for result in seen.results:
        path = Path(result.path)
        rule = f"plot_{path.stem}" if path.suffix == ".png" else CAPTIONS_OF_TABLES[path.stem]
        names = dict(zip(("dataset", "teacher", "student"), path.parent.parts[1:], strict=False))
        text = (run / "resources" / "captions" / f"{rule}.rst").read_text().replace("``", "")
        text = re.sub(r"{{ snakemake\.wildcards\.(\w+) }}", lambda found, names=names: names[found[1]], text)
        assert result.caption.split() == text.split()
