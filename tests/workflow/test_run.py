"""The default configuration at its smallest size, run to the end: figures, report, reruns, provenance, resumption."""

import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest
import yaml
from browser import PACKAGES, Visit, visit
from checkout import REPOSITORY, SETTINGS, SMALL, command_line, environment, job_counts, small_copy, snakemake, succeed

from debian_packages import install
from degu.attribution.maps import MapKey, map_keys, read_maps
from degu.data.splits import SPLITS
from degu.data.store import read_store

STUDY = Path("results/simulated_mpra")
ENSEMBLE = STUDY / "small" / "fraction-1"
STUDENT = ENSEMBLE / "students" / "degu"
OF_UNCERTAINTY = [
    *("accuracy_and_coverage", "calibration_curves", "conditional_coverage", "conformal", "interval_coverage", "pit"),
    *("simulated_uncertainty", "sparsification"),
]
OF_ATTRIBUTION = [f"attribution_{name}" for name in ("logos", "quantiles", "similarity", "truth")]
OF_MOTIFS = ["discover_motifs", "discover_student_motifs", "match_motifs", "score_motifs", "plot_motifs"]
FIGURES = [
    *("performance", "simulated_truth", "small/degu/predictions", "training_curves", "uncertainty_heads"),
    *(f"small/{name}" for name in OF_UNCERTAINTY),
    *(f"small/degu/{name}" for name in [*OF_ATTRIBUTION, "motifs"]),
]
CAPTIONS_OF_TABLES = {"summary": "summarize_performance", "uncertainty": "summarize_uncertainty"}
# Methods by their ensemble and the number of its forward passes.
METHODS = {"small": 1, "quantile": 1, "mc_dropout": 20}
MODELS = ["ensemble", "member"]
WAIT = 300


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    """Return a copy in which the workflow has run to the end; tests leave its results as they are."""
    copy = small_copy(tmp_path_factory.mktemp("run"))
    succeed(copy, *SETTINGS, "--", "all", "provenance")
    return copy


@pytest.fixture(scope="module")
def again(tmp_path_factory) -> Path:
    """Return another copy in which the same run was made from scratch."""
    copy = small_copy(tmp_path_factory.mktemp("again"))
    succeed(copy, *SETTINGS, "--", "provenance")
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


def read_tsv(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, sep="\t")


def baseline(name: str) -> Path:
    """Return the folder of a baseline's ensemble."""
    return STUDY / f"small-{name}" / "fraction-1"


def test_the_table_of_uncertainty_has_a_row_a_method_and_model(run):
    table = read_tsv(run / STUDY / "small" / "uncertainty.tsv").set_index(["target", "method", "model"])
    expected = {("activity", method, model) for method in METHODS for model in MODELS} | {
        ("activity", "degu", "student")
    }
    assert set(table.index) == expected
    assert table.index.is_unique
    for method, passes in METHODS.items():
        assert table.loc[("activity", method, "member"), "forward_passes"] == passes
        assert table.loc[("activity", method, "ensemble"), "forward_passes"] == 2 * passes
        assert table.loc[("activity", method, "member"), "seeds"] == 2
    assert table.loc[("activity", "degu", "student"), "forward_passes"] == 1
    assert table["mse"].notna().all()
    # Quantile regression has no std, but an ensemble of it has.
    assert set(table.index[table["coverage_95"].isna()]) == {("activity", "quantile", "member")}
    known = table["coverage_95"].dropna()
    assert known.between(0, 1).all()
    assert table["conformal"].isin(["split", "normalized_aleatoric", "normalized_epistemic", "normalized_total"]).all()
    page = (run / STUDY / "small" / "uncertainty.html").read_text()
    assert [method for method in (*METHODS, "degu") if f"<td>{method}</td>" not in page] == []


def test_every_claim_follows_from_its_two_numbers(run):
    claims = read_tsv(run / STUDY / "small" / "claims.tsv")
    assert set(claims["student"]) == {"degu"}
    compared = {text.rpartition(" ")[2] for text in claims["claim"] if "at least as well calibrated" in text}
    assert compared == {"mc_dropout"}
    # Files hold six digits.
    apart = claims[(claims["value"] - claims["reference"]).abs() > 1e-5]
    assert len(apart) > len(claims) / 2
    for row in apart.itertuples():
        if "at least as accurate" in row.claim:
            holds = row.value >= row.reference
        elif "keeps" in row.claim:
            holds = abs(row.value - row.reference) <= 0.05
        elif "at least as well calibrated" in row.claim:
            holds = row.value <= row.reference
        else:
            holds = row.value < row.reference
        assert row.holds == holds, row
    table = read_tsv(run / STUDY / "small" / "uncertainty.tsv").set_index(["method", "model"])
    first = claims[claims["claim"] == "student at least as accurate as its ensemble"].iloc[0]
    assert first["value"] == pytest.approx(table.loc[("degu", "student"), "pearson"])
    assert first["reference"] == pytest.approx(table.loc[("small", "ensemble"), "pearson"])


def test_monte_carlo_dropout_trains_no_model_of_its_own(run):
    folder = run / baseline("mc_dropout")
    assert sorted(path.name for path in folder.iterdir()) == ["predictions.h5", "uncertainty"]
    assert not (run / "logs" / "train_member" / "simulated_mpra" / "small-mc_dropout").exists()
    store = read_store(run / STUDY / "store.h5")
    values, without = (predictions(run / path / "predictions.h5") for path in (baseline("mc_dropout"), ENSEMBLE))
    assert {split: array.shape for split, array in values.items()} == {
        split: (2, len(store.rows(split)), 3) for split in ("calibration", "test")
    }
    for split, array in values.items():
        mean, _, epistemic = np.moveaxis(array, 2, 0)
        assert (epistemic > 0).all()
        # The same models, but for the dropout.
        for one, other in zip(mean, without[split][:, :, 0], strict=True):
            assert np.corrcoef(one, other)[0, 1] > 0.8
            assert not np.array_equal(one, other)


def test_each_conformal_method_is_where_its_models_have_what_it_needs(run):
    tables = {name: read_tsv(run / baseline(name) / "uncertainty" / "conformal.tsv") for name in list(METHODS)[1:]}
    tables |= {
        name: read_tsv(run / path / "uncertainty" / "conformal.tsv")
        for name, path in (("small", ENSEMBLE), ("degu", STUDENT))
    }
    having = {
        method: {
            (name, model)
            for name, table in tables.items()
            for model in table.loc[table["conformal"] == method, "model"].unique()
        }
        for method in ("split", "quantile", "jackknife_plus", "weighted")
    }
    every = {(name, model) for name in METHODS for model in MODELS} | {("degu", "student")}
    assert having["split"] == having["weighted"] == every
    assert having["quantile"] == {("quantile", "member"), ("quantile", "ensemble")}
    assert having["jackknife_plus"] == {("quantile", "ensemble")}


def test_members_of_folds_leave_out_every_training_row_once(run):
    folder = run / "logs" / "train_member" / "simulated_mpra" / "small-quantile" / "fraction-1"
    found = [re.search(r"(\d+) training sequences", log.read_text())[1] for log in sorted(folder.glob("*.log"))]
    assert found == ["105", "105"]


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
    for path, models in ((ENSEMBLE, 2), (baseline("quantile"), 2), (STUDENT, 1)):
        values = predictions(run / path / "predictions.h5")
        assert {split: array.shape[:2] for split, array in values.items()} == {
            split: (models, len(store.rows(split))) for split in SPLITS
        }
        assert all(np.isfinite(array).all() for array in values.values())
    members = predictions(run / ENSEMBLE / "predictions.h5")["test"]
    assert not np.array_equal(members[0], members[1]), "members of two seeds predict the same"


def test_models_packed_into_jobs_are_those_of_jobs_of_their_own(run, tmp_path):
    copy = small_copy(tmp_path)
    (copy / "packed.yaml").write_text(yaml.safe_dump({"members_per_job": 2, "students_per_job": 2}))
    files = [path / "predictions.h5" for path in (ENSEMBLE, baseline("quantile"), STUDENT)]
    counts = job_counts(succeed(copy, "--configfile", "small.yaml", "packed.yaml", "--", *files))
    assert {name: count for name, count in counts.items() if "pack" in name} == {
        **{"train_member_pack": 2, "unpack_member": 4},
        **{"train_student_pack": 1, "unpack_student": 1},
    }
    for file in files:
        together, alone = predictions(copy / file), predictions(run / file)
        for split in SPLITS:
            np.testing.assert_array_equal(together[split], alone[split])


def test_logs_show_epoch_losses_and_time_left(run):
    logs = [*(run / "logs" / "train_member").rglob("*.log"), *(run / "logs" / "train_student").rglob("*.log")]
    # Two members of the teacher, of a baseline and of the reference ensemble, and a student.
    assert len(logs) == 7
    for log in logs:
        line = r"epoch 1/2, loss N, validation loss N, learning rate N, N s, at most \d+:\d\d left"
        line = line.replace("N", r"[\d.e+-]+")
        assert re.search(line, log.read_text()), log.read_text()


def test_every_job_left_a_log_a_record_and_a_benchmark(run):
    """Members, students and seeds have files of their own."""
    logs, records = (
        {path.relative_to(run / "logs").with_suffix("") for path in (run / "logs").rglob(f"*.{suffix}")}
        for suffix in ("log", "json")
    )
    benchmarks = run / "benchmarks" / "jobs"
    assert {path.relative_to(benchmarks).with_suffix("") for path in benchmarks.rglob("*.tsv")} == logs == records
    assert len(logs) == 53


def test_nothing_temporary_is_left(run):
    files = [path for folder in ("results", "figures") for path in (run / folder).rglob("*") if path.is_file()]
    assert [path for path in files if path.name.startswith(".") or path.name == "checkpoint.npz"] == []


@pytest.fixture(scope="module")
def report(run) -> Path:
    succeed(run, *SETTINGS, "--report", "report.html")
    return run / "report.html"


def test_the_report_holds_every_figure(report):
    text = report.read_text()
    assert [name for name in FIGURES if f'"figures/simulated_mpra/{name}.png": {{' not in text] == []
    pictures = re.findall(r"data:image/png[^,]*;filename=(\w+)\.png;base64,[A-Za-z0-9+/]{5000}", text)
    assert sorted(pictures) == sorted(Path(name).name for name in FIGURES)


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
        "Attribution": {*OF_ATTRIBUTION, "motifs"},
        "Data": {"simulated_truth"},
        "Uncertainty": {*OF_UNCERTAINTY, "uncertainty_heads", "uncertainty"},
    }
    found = {}
    for result in seen.results:
        found.setdefault(result.folders, []).append(Path(result.path).name)
    tables = found.pop(("Summary",))
    assert sorted(tables) == ["summary.html", "summary.tsv"]
    assert {folders: {Path(name).stem for name in names} for folders, names in found.items()} == {
        ("simulated_mpra", topic): names for topic, names in topics.items()
    }
    assert len(seen.results) == len(FIGURES) + 3


def test_a_reader_tells_results_of_several_teachers_and_students_apart(seen):
    """Of two lines with the same labels the report would show one alone."""
    for result in seen.results:
        assert {*Path(result.path).parent.parts[2:]} <= {*result.labels[1:]}, result.path


def test_a_reader_sees_every_figure(seen, run):
    pictures = {result.path: result.shown for result in seen.results if result.path.endswith(".png")}
    assert set(pictures) == {f"figures/simulated_mpra/{name}.png" for name in FIGURES}
    assert [path for path, shown in pictures.items() if shown != (run / path).read_bytes()] == []


def test_a_reader_sees_every_table(seen, run):
    shown = {result.path: result.shown for result in seen.results if not result.path.endswith(".png")}
    tables = {
        "results/summary.html": [run / "results" / "summary.tsv"],
        "results/simulated_mpra/small/uncertainty.html": [
            run / STUDY / "small" / "uncertainty.tsv",
            run / STUDY / "small" / "claims.tsv",
        ],
    }
    assert shown.pop("results/summary.tsv") == (run / "results" / "summary.tsv").read_bytes()
    assert set(shown) == set(tables)
    for path, files in tables.items():
        expected = []
        for table in map(read_tsv, files):
            expected += [list(table.columns), *(row[:3] for row in table.astype(str).to_numpy().tolist())]
        assert [row if row in expected else row[:3] for row in shown[path]] == expected


def test_a_reader_finds_a_caption_beside_every_result(seen, run):
    for result in seen.results:
        path = Path(result.path)
        rule = f"plot_{path.stem}" if path.suffix == ".png" else CAPTIONS_OF_TABLES[path.stem]
        names = dict(zip(("dataset", "teacher", "student"), path.parent.parts[1:], strict=False))
        text = (run / "resources" / "captions" / f"{rule}.rst").read_text().replace("``", "")
        text = re.sub(r"{{ snakemake\.wildcards\.(\w+) }}", lambda found, names=names: names[found[1]], text)
        assert result.caption.split() == text.split()


def rerun_counts(run: Path, changes: dict) -> dict[str, int]:
    """Return the jobs that a dry run lists once settings are changed."""
    (run / "changed.yaml").write_text(yaml.safe_dump(changes))
    return job_counts(succeed(run, "--configfile", "small.yaml", "changed.yaml", "-n"))


# What is drawn and told of the assessments of all methods.
SUMMARIES = {"summarize_uncertainty": 1, **{f"plot_{name}": 1 for name in OF_UNCERTAINTY}, "all": 1}


# What compares and draws maps.
COMPARISONS = {
    **dict.fromkeys(("compare_attributions", "score_attributions"), 1),
    **{f"plot_{name}": 1 for name in OF_ATTRIBUTION},
    "all": 1,
}
ATTRIBUTIONS = dict.fromkeys(["attribute_members", "attribute_reference", "attribute_students", *OF_MOTIFS], 1)


def test_a_setting_of_the_student_reruns_the_student_alone(run):
    counts = rerun_counts(run, {"overrides": {"students": {"degu": {"epochs": 3}}}})
    assert counts == {
        "train_student": 1,
        "predict_students": 1,
        "assess_students": 1,
        "evaluate_student": 1,
        "collect_performance": 1,
        "summarize_performance": 1,
        "plot_performance": 1,
        "plot_uncertainty_heads": 1,
        "plot_predictions": 1,
        "plot_training_curves": 1,
        "attribute_students": 1,
        **dict.fromkeys(OF_MOTIFS[1:], 1),
        **COMPARISONS,
        **SUMMARIES,
    }


def test_an_option_of_a_baselines_loss_reruns_that_baseline_alone(run):
    counts = rerun_counts(run, {"overrides": {"baselines": {"quantile": {"loss": {"level": 0.8}}}}})
    assert counts == {"train_member": 2, "predict_members": 1, "assess_ensemble": 1, **SUMMARIES}


def test_the_number_of_dropout_passes_reruns_predictions_and_no_training(run):
    counts = rerun_counts(run, {"overrides": {"baselines": {"mc_dropout": {"prediction": {"dropout_passes": 5}}}}})
    assert counts == {"predict_members": 1, "assess_ensemble": 1, **SUMMARIES}


@pytest.mark.parametrize(
    "setting",
    [
        {"levels": [0.5, 0.9]},
        {"metrics": ["coverage", "interval_width", "miscalibration_area"]},
        {"conformal": {"split": {"method": "absolute"}}},
        {"shift": {"strength": 2.0}},
    ],
    ids=lambda setting: next(iter(setting)),
)
def test_a_setting_of_the_assessment_reruns_assessments_alone(run, setting):
    assert rerun_counts(run, {"assessment": setting}) == {"assess_ensemble": 3, "assess_students": 1, **SUMMARIES}


@pytest.mark.parametrize(
    ("setting", "rules"),
    [
        ({"correct": False}, COMPARISONS),
        ({"heads": ["mean", "total"]}, ATTRIBUTIONS | COMPARISONS),
        ({"methods": {"in_silico_mutagenesis": {"method": "saliency"}}}, ATTRIBUTIONS | COMPARISONS),
        ({"sequences": {"top": 5}}, {"choose_explained_sequences": 1} | ATTRIBUTIONS | COMPARISONS),
        ({"reference_members": 3}, {"train_member": 1, "attribute_reference": 1} | COMPARISONS),
    ],
    ids=lambda setting: next(iter(setting)),
)
def test_a_setting_of_the_attribution_reruns_what_it_changes(run, setting, rules):
    assert rerun_counts(run, {"attribution": setting}) == rules


def test_maps_of_every_model_and_head_sum_to_their_differences(run):
    files = {
        "attributions.h5": 2,
        "reference/attributions.h5": 2,
        "students/degu/attributions.h5": 1,
    }
    for name, models in files.items():
        keys = set(map_keys(run / ENSEMBLE / name))
        known = itertools.product(["activity"], SMALL["attribution"]["run"], ["mean", "aleatoric"])
        assert keys == {MapKey(*key) for key in known}
        values, difference = read_maps(run / ENSEMBLE / name, MapKey("activity", "deep_shap", "mean"))
        assert values.shape[0] == models
        assert values.shape[2:] == (60, 4)
        np.testing.assert_allclose(values.sum(axis=(2, 3)), difference, atol=1e-3 * np.ptp(difference))


def test_members_and_students_are_compared_with_both_references(run):
    folder = run / STUDENT / "attribution"
    models = read_tsv(folder / "models.tsv")
    assert set(models["reference"]) == {"reference ensemble", "own teachers"}
    assert models.groupby("model")["index"].nunique().to_dict() == {"ensemble": 1, "member": 2, "student": 1}
    assert models.loc[models["metric"] == "cosine", "value"].between(-1, 1).all()
    truth = read_tsv(folder / "truth.tsv")
    assert set(truth["model"]) == {"alone", "ensemble", "member", "student"}
    assert truth.loc[truth["metric"] == "auroc", "value"].between(0, 1).all()


def test_a_further_baseline_reruns_nothing_of_the_others(run):
    baselines = [*SMALL["study"]["baselines"], "gaussian"]
    counts = rerun_counts(run, {"study": {"baselines": baselines}})
    assert counts == {"train_member": 2, "predict_members": 1, "assess_ensemble": 1, **SUMMARIES}


def test_a_title_reruns_figures_and_page_alone(run):
    counts = rerun_counts(run, {"overrides": {"datasets": {"simulated_mpra": {"title": "Another title"}}}})
    assert {rule for rule in counts if not rule.startswith("plot_")} == {"summarize_uncertainty", "all"}


def test_one_more_member_trains_that_member_alone(run):
    """The student is distilled anew, since the ensemble is another."""
    counts = rerun_counts(run, {"study": {"members": 3}})
    assert counts["train_member"] == 1
    assert counts["train_student"] == 1
    # Baselines have members of their own number.
    assert counts["predict_members"] == counts["assess_ensemble"] == 1
    assert not {"import_dataset", "fit_kmer_ridge", "plot_simulated_truth"} & set(counts)


def test_the_seed_reruns_the_split_and_all_after_it(run):
    counts = rerun_counts(run, {"seed": 2})
    assert counts["import_dataset"] == 1
    assert counts["train_member"] == 2 + 2 + 2
    assert "fetch_source" not in counts


def test_code_of_the_figures_reruns_no_training(run, tmp_path):
    copy = Path(shutil.copytree(run, tmp_path / "copy"))
    module = copy / "scripts" / "degu" / "figures" / "performance.py"
    module.write_text(module.read_text() + "\nUNUSED = 1\n")
    counts = job_counts(succeed(copy, *SETTINGS, "-n"))
    assert counts == {"plot_performance": 1, "all": 1}


def test_code_of_a_metric_reruns_assessments_alone(run, tmp_path):
    copy = Path(shutil.copytree(run, tmp_path / "copy"))
    module = copy / "scripts" / "degu" / "calibration" / "crps.py"
    module.write_text(module.read_text() + "\nUNUSED = 1\n")
    counts = job_counts(succeed(copy, *SETTINGS, "-n"))
    assert counts == {"assess_ensemble": 3, "assess_students": 1, **SUMMARIES}


def provenance(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "results" / "provenance.tsv", sep="\t", dtype=str, keep_default_na=False, index_col=0)


def compare_runs(first: Path, second: Path) -> subprocess.CompletedProcess:
    command = [sys.executable, str(REPOSITORY / "scripts" / "compare_runs.py"), str(first), str(second)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_provenance_tells_of_every_file(run):
    table = provenance(run)
    files = [path for folder in ("results", "figures") for path in (run / folder).rglob("*") if path.is_file()]
    made = {str(path.relative_to(run)) for path in files} - {"results/provenance.tsv"}
    assert set(table.index) == made | {"resources/jaspar_motifs.txt", "resources/jaspar_2024_vertebrates.meme"}
    assert table["digest"].str.fullmatch("[0-9a-f]{64}").all()
    assert set(table.loc[table["rule"] == "", "kind"]) == {"source"}
    store = table.loc[str(STUDY / "store.h5")]
    after = table[table["kind"].isin(["model", "targets", "predictions", "attributions", "table", "figure"])]
    assert set(after["seed"]) == {"1"}
    assert set(after["data_digest"]) == {store["data_digest"]} == {read_store(run / STUDY / "store.h5").digest}
    assert (after["python"] != "").all()
    assert (after["peak_memory_mib"].astype(float) > 10).all()


def test_provenance_of_a_model_is_that_which_lies_beside_it(run):
    model = ENSEMBLE / "member-2" / "model.json"
    description, row = json.loads((run / model).read_text()), provenance(run).loc[str(model)]
    assert json.loads(row["recipe"])["recipe"] == description["recipe"]
    assert row["data_digest"] == description["data_digest"]
    assert row["seed_number"] == str(description["seed_number"]) == "2"
    assert row["device"] == description["device"] == "CPU, 1 thread"
    versions = json.loads(row["packages"])
    assert versions.items() >= description["run"]["packages"].items() >= {"keras": versions["keras"]}.items()


def test_a_run_agrees_with_itself_and_with_nothing_where_none_is(run, tmp_path):
    done = compare_runs(run, run)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("REPRODUCED: every file is the same\n")
    assert compare_runs(run, tmp_path).returncode == 2


# In continuous integration tests/workflow/test_interruption.py repeats data, models, predictions and scores.
@pytest.mark.slow
def test_a_run_from_scratch_repeats_every_file(run, again):
    first, second = provenance(run), provenance(again)
    assert first["digest"].equals(second["digest"])
    # The digest of a model's description leaves its times out; every other file is the same, byte for byte.
    files = [file for file in first.index[first["rule"] != ""] if not file.endswith(".json")]
    assert [file for file in files if (run / file).read_bytes() != (again / file).read_bytes()] == []
    assert len(files) > 80
    done = compare_runs(run, again)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("REPRODUCED: every file is the same\n")


@pytest.mark.slow
def test_a_setting_that_differs_is_named_and_its_consequences_are_not(run, again):
    (again / "changed.yaml").write_text(yaml.safe_dump({"attribution": {"correct": False}}))
    succeed(again, "--configfile", "small.yaml", "changed.yaml", "--", "provenance")
    done = compare_runs(run, again)
    assert done.returncode == 1, done.stdout + done.stderr
    begin = done.stdout.split("differences begin with\n")[1].split("how far numbers are apart")[0].splitlines()
    assert begin[0] == "  corrected: true -> false"
    assert begin[1].startswith("    in plot_attribution_logos, compare_attributions, score_attributions: ")
    assert len(begin) == 2
    assert done.stdout.endswith("NOT REPRODUCED\n")


def test_provenance_is_refused_where_files_are_not_what_their_jobs_made(run, tmp_path):
    copy = Path(shutil.copytree(run, tmp_path / "copy"))
    figure, model = "figures/simulated_mpra/performance.png", f"{ENSEMBLE}/member-1/model.keras"
    (copy / figure).write_bytes((copy / figure).read_bytes() + b"more")
    (copy / "logs/train_member/simulated_mpra/small/fraction-1/member-1.json").unlink()
    done = snakemake(copy, *SETTINGS, "--", "provenance")
    assert done.returncode != 0
    assert f"{figure} was changed after it was made" in done.stdout
    assert f"{model} has no record of how it was made" in done.stdout
    assert not (copy / "results" / "provenance.tsv").exists()


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
    record = copy / "logs/train_member/simulated_mpra/small/fraction-1/member-1.json"
    assert not record.exists()

    succeed(copy, *SETTINGS, "--unlock")
    succeed(copy, *SETTINGS, "--cores", "1", "--", model)
    log = (copy / "logs/train_member/simulated_mpra/small/fraction-1/member-1.log").read_text()
    resumed = int(re.search(r"resuming after epoch (\d+) from", log)[1])
    assert 1 <= resumed < epochs
    trained = [int(epoch) for epoch in re.findall(rf"epoch (\d+)/{epochs},", log)]
    assert trained == list(range(resumed + 1, epochs + 1))
    assert (copy / model).stat().st_size > 0
    assert not checkpoint.exists()
    assert str(model) in json.loads(record.read_text())["outputs"]
