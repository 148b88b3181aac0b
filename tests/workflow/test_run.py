"""The default configuration at its smallest size, run to the end: figures, report, reruns, repeats, resumption."""

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest
import yaml
from checkout import command_line, copy_repository, environment, job_counts, succeed

from degu.splits import SPLITS
from degu.store import read_store

SMALL = {
    "study": {"fractions": [1.0], "members": 2, "student_seeds": 1},
    "overrides": {
        "datasets": {"simulated_mpra": {"options": {"number": 300, "length": 60}}},
        "teachers": {"small": {"epochs": 2}},
    },
}
SETTINGS = ("--configfile", "small.yaml")
STUDY = Path("results/simulated_mpra")
ENSEMBLE = STUDY / "small" / "fraction-1"
STUDENT = ENSEMBLE / "students" / "degu"
FIGURES = ["performance", "simulated_truth", "small/degu/predictions", "training_curves", "uncertainty_heads"]
WAIT = 300


def small_copy(folder: Path, settings: dict = SMALL) -> Path:
    """Return a fresh copy with a configuration that trains in seconds."""
    copy = copy_repository(folder)
    (copy / "small.yaml").write_text(yaml.safe_dump(settings))
    return copy


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    """Return a copy in which the workflow has run to the end; tests leave its results as they are."""
    copy = small_copy(tmp_path_factory.mktemp("run"))
    succeed(copy, *SETTINGS)
    return copy


def predictions(path: Path) -> dict[str, np.ndarray]:
    with h5py.File(path) as file:
        return {name: values[:] for name, values in file.items()}


def test_every_figure_is_there(run):
    expected = {f"{name}.{suffix}" for name in FIGURES for suffix in ("pdf", "png")}
    folder = run / "figures" / "simulated_mpra"
    found = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    assert set(found) == expected
    for name, path in found.items():
        assert path.read_bytes().startswith(b"%PDF" if name.endswith("pdf") else b"\x89PNG")
        assert path.stat().st_size > 5000


def test_the_summary_scores_every_kind_of_model(run):
    summary = pd.read_csv(run / "results" / "summary.tsv", sep="\t")
    assert set(summary["dataset"]) == {"simulated_mpra"}
    assert len(summary) >= 4
    text = (run / "results" / "summary.tsv").read_text()
    assert [name for name in ("kmer_ridge", "member", "ensemble", "student") if name not in text] == []
    assert (run / "results" / "summary.html").stat().st_size > 0


def test_a_second_call_has_nothing_to_do(run):
    output = succeed(run, *SETTINGS, "-n")
    assert "Nothing to be done" in output
    assert job_counts(output) == {}


def test_the_store_holds_truth_and_disjoint_splits(run):
    store = read_store(run / STUDY / "store.h5")
    assert len(store) == 300
    assert store.tokens.shape == (300, 60)
    assert set(store.truth) >= {"mean", "noise_std", "planted"}
    assert store.truth["mean"].shape == store.targets.shape
    assert np.corrcoef(store.truth["mean"][:, 0], store.targets[:, 0])[0, 1] > 0.5
    rows = [set(store.rows(split).tolist()) for split in SPLITS]
    assert sum(len(part) for part in rows) == len(set.union(*rows)) == 300
    assert [len(part) for part in rows] == [210, 30, 30, 30]
    sequences = [{store.tokens[row].tobytes() for row in part} for part in rows]
    assert sum(len(part) for part in sequences) == len(set.union(*sequences))


def test_predictions_are_of_every_member_and_row(run):
    store = read_store(run / STUDY / "store.h5")
    for path, models in ((ENSEMBLE, 2), (STUDENT, 1)):
        values = predictions(run / path / "predictions.h5")
        assert {split: array.shape[:2] for split, array in values.items()} == {
            split: (models, len(store.rows(split))) for split in SPLITS
        }
        assert all(np.isfinite(array).all() for array in values.values())
    members = predictions(run / ENSEMBLE / "predictions.h5")["test"]
    assert not np.array_equal(members[0], members[1]), "members of two seeds predict the same"


def test_logs_show_epoch_losses_and_time_left(run):
    logs = [*(run / "logs" / "train_member").rglob("*.log"), *(run / "logs" / "train_student").rglob("*.log")]
    assert len(logs) == 3
    for log in logs:
        line = r"epoch 1/2, loss N, validation loss N, learning rate N, N s, at most \d+:\d\d left"
        line = line.replace("N", r"[\d.e+-]+")
        assert re.search(line, log.read_text()), log.read_text()


def test_every_job_left_a_log_and_a_benchmark(run):
    """Members, students and seeds have files of their own."""
    logs = {path.relative_to(run / "logs").with_suffix("") for path in (run / "logs").rglob("*.log")}
    benchmarks = run / "benchmarks" / "jobs"
    assert {path.relative_to(benchmarks).with_suffix("") for path in benchmarks.rglob("*.tsv")} == logs
    assert len(logs) == 18


def test_nothing_temporary_is_left(run):
    files = [path for folder in ("results", "figures") for path in (run / folder).rglob("*") if path.is_file()]
    assert [path for path in files if path.name.startswith(".") or path.name == "checkpoint.npz"] == []


def test_the_report_holds_every_figure(run):
    succeed(run, *SETTINGS, "--report", "report.html")
    report = (run / "report.html").read_text()
    assert [name for name in FIGURES if f'"figures/simulated_mpra/{name}.png": {{' not in report] == []
    assert "results/summary.tsv" in report
    # The labels by which a reader finds them, and the pictures themselves.
    labels = [Path(name).name.replace("_", " ") for name in FIGURES]
    assert [label for label in labels if f'"labels": {{"figure": "{label}"}}' not in report] == []
    pictures = re.findall(r"data:image/png[^,]*;filename=(\w+)\.png;base64,[A-Za-z0-9+/]{5000}", report)
    assert sorted(pictures) == sorted(Path(name).name for name in FIGURES)


def rerun_counts(run: Path, changes: dict) -> dict[str, int]:
    """Return the jobs that a dry run lists once settings are changed."""
    (run / "changed.yaml").write_text(yaml.safe_dump(changes))
    return job_counts(succeed(run, "--configfile", "small.yaml", "changed.yaml", "-n"))


def test_a_setting_of_the_student_reruns_the_student_alone(run):
    counts = rerun_counts(run, {"overrides": {"students": {"degu": {"epochs": 3}}}})
    assert counts == {
        "train_student": 1,
        "predict_students": 1,
        "evaluate_student": 1,
        "collect_performance": 1,
        "summarize_performance": 1,
        "plot_performance": 1,
        "plot_uncertainty_heads": 1,
        "plot_predictions": 1,
        "plot_training_curves": 1,
        "all": 1,
    }


def test_a_title_reruns_figures_alone(run):
    counts = rerun_counts(run, {"overrides": {"datasets": {"simulated_mpra": {"title": "Another title"}}}})
    assert {rule for rule in counts if not rule.startswith("plot_")} == {"all"}


def test_one_more_member_trains_that_member_alone(run):
    """The student is distilled anew, since the ensemble is another."""
    counts = rerun_counts(run, {"study": {"members": 3}})
    assert counts["train_member"] == 1
    assert counts["train_student"] == 1
    assert not {"import_dataset", "fit_kmer_ridge", "plot_simulated_truth"} & set(counts)


def test_the_seed_reruns_the_split_and_all_after_it(run):
    counts = rerun_counts(run, {"seed": 2})
    assert counts["import_dataset"] == 1
    assert counts["train_member"] == 2
    assert "fetch_source" not in counts


def test_code_of_the_figures_reruns_no_training(run, tmp_path):
    copy = Path(shutil.copytree(run, tmp_path / "copy"))
    module = copy / "scripts" / "degu" / "figures" / "performance.py"
    module.write_text(module.read_text() + "\nUNUSED = 1\n")
    counts = job_counts(succeed(copy, *SETTINGS, "-n"))
    assert counts == {"plot_performance": 1, "all": 1}


def test_a_run_from_scratch_repeats_the_predictions(run, tmp_path):
    copy = small_copy(tmp_path)
    succeed(copy, *SETTINGS, "--", STUDENT / "predictions.h5")
    for path in (ENSEMBLE, STUDENT):
        first, second = (predictions(folder / path / "predictions.h5") for folder in (run, copy))
        assert first.keys() == second.keys() == set(SPLITS)
        for split in SPLITS:
            np.testing.assert_array_equal(first[split], second[split])


def test_a_killed_training_goes_on_from_its_last_epoch(tmp_path):
    """SIGKILL to Snakemake and its job, so that neither can tidy up; then the commands that the README names."""
    epochs = 150
    teacher = {"small": {"epochs": epochs, "early_stopping": {"patience": epochs}}}
    copy = small_copy(tmp_path, {**SMALL, "overrides": {**SMALL["overrides"], "teachers": teacher}})
    model = ENSEMBLE / "member-1" / "model.keras"
    command = command_line(*SETTINGS, "--cores", "1", "--", model)
    output = (tmp_path / "output.txt").open("wb")
    process = subprocess.Popen(
        command, cwd=copy, env=environment(), stdout=output, stderr=subprocess.STDOUT, start_new_session=True
    )
    checkpoint = copy / ENSEMBLE / "member-1" / "checkpoint.npz"
    try:
        deadline = time.monotonic() + WAIT
        while not checkpoint.exists():
            assert process.poll() is None, (tmp_path / "output.txt").read_text()
            assert time.monotonic() < deadline, "no checkpoint was written"
            time.sleep(0.05)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        output.close()
    assert not (copy / model).exists()
    assert checkpoint.exists()

    succeed(copy, *SETTINGS, "--unlock")
    succeed(copy, *SETTINGS, "--cores", "1", "--", model)
    log = (copy / "logs/train_member/simulated_mpra/small/fraction-1/member-1.log").read_text()
    resumed = int(re.search(r"resuming after epoch (\d+) from", log)[1])
    assert 1 <= resumed < epochs
    trained = [int(epoch) for epoch in re.findall(rf"epoch (\d+)/{epochs},", log)]
    assert trained == list(range(resumed + 1, epochs + 1))
    assert (copy / model).stat().st_size > 0
    assert not checkpoint.exists()
