"""What the small configuration has made once it has run to the end: figures, tables, data, predictions and logs."""

import itertools
import re

import numpy as np
import pandas as pd
import pytest

from degu.attribution.explained_sequences import read_explained_sequences
from degu.attribution.maps import MapKey, map_keys, read_maps
from degu.data.sequences import one_hot
from degu.data.splits import SPLITS
from degu.data.store import read_store
from tests.workflow.checkout import SMALL
from tests.workflow.small_run import ENSEMBLE, FIGURES, METHODS, MODELS, STUDENT, STUDY, baseline, predictions, read_tsv


def test_every_figure_is_there(run):
    expected = {f"{name}.{suffix}" for name in FIGURES for suffix in ("pdf", "png")}
    folder = run / "figures" / "simulated_mpra"
    found = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    assert set(found) == expected
    for name, path in found.items():
        assert path.read_bytes().startswith(b"%PDF" if name.endswith("pdf") else b"\x89PNG")
        assert path.stat().st_size > 5000


def test_the_run_tells_what_it_trains_and_how_far_that_is(run):
    """There are two members of each of two kinds, two of the reference ensemble, and a student."""
    output = (run.parent / "run.txt").read_text()
    begun, _, rest = output.partition("Models to train: 7\n")
    assert "trainings done" not in begun
    listed, unknown = rest.splitlines()[:2]
    assert listed.startswith("  simulated_mpra: ")
    counts = [
        "4 members of small (2 epochs)",
        "2 members of small-quantile (2 epochs)",
        "1 student degu of small (2 epochs)",
    ]
    assert all(count in listed for count in counts)
    assert unknown == "How long they take is told as soon as the first is done."
    told = [int(number) for number in re.findall(r"(\d) of 7 trainings done", rest)]
    # Jobs that end at the same moment may tell the same number.
    assert len(told) == 7
    assert told == sorted(told)
    assert re.search(r"\d of 7 trainings done, about \d+ (s|min) left", rest)
    assert "7 of 7 trainings done; predictions, tables and figures are left" in rest


def test_the_headlines_are_told_at_the_end_and_drawn(run):
    table = read_tsv(run / "results" / "headlines.tsv")
    assert table[["dataset", "target", "teacher", "student"]].to_numpy().tolist() == [
        ["simulated_mpra", "activity", "small", "degu"]
    ]
    for name in ("kmer_ridge", "members", "ensemble", "accuracy"):
        assert table[name].between(-1, 1).all()
    assert table["coverage_95"].between(0, 1).all()
    text = (run / "results" / "headlines.txt").read_text()
    assert text.startswith("simulated_mpra, activity, degu of small: Pearson r of k-mer ridge ")
    assert text in (run.parent / "run.txt").read_text()
    assert {path.name for path in (run / "figures").glob("*.*")} == {"headlines.pdf", "headlines.png"}


def test_the_summary_scores_every_kind_of_model(run):
    summary = pd.read_csv(run / "results" / "summary.tsv", sep="\t")
    assert set(summary["dataset"]) == {"simulated_mpra"}
    assert len(summary) >= 4
    text = (run / "results" / "summary.tsv").read_text()
    assert [name for name in ("kmer_ridge", "member", "ensemble", "student") if name not in text] == []
    assert (run / "results" / "summary.html").stat().st_size > 0


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
    compared = {text.rpartition(" ")[2] for text in claims["claim"] if "student at least as well calibrated" in text}
    assert compared == {"mc_dropout"}
    # Files hold six digits of each number.
    apart = claims[claims["effect"].abs() > 1e-5]
    assert len(apart) > len(claims) / 2
    np.testing.assert_allclose(claims["effect"], claims["value"] - claims["compared_value"], atol=1e-5)
    for row in apart.itertuples():
        if not np.isnan(row.low):
            expected = "holds" if row.low >= 0 else "does not hold" if row.high < 0 else "undecided"
            assert row.low <= row.effect <= row.high, row
        elif "keeps" in row.claim:
            expected = "holds" if abs(row.effect) <= 0.05 else "does not hold"
        else:
            expected = "holds" if (row.effect >= 0) == ("accurate" in row.claim) else "does not hold"
        assert row.verdict == expected, row
    assert claims.loc[claims["claim"].str.contains("as its"), ["low", "high"]].notna().all(axis=None)
    table = read_tsv(run / STUDY / "small" / "uncertainty.tsv").set_index(["method", "model"])
    first = claims[claims["claim"] == "student at least as accurate as its ensemble"].iloc[0]
    assert first["value"] == pytest.approx(table.loc[("degu", "student"), "pearson"])
    assert first["compared_value"] == pytest.approx(table.loc[("small", "ensemble"), "pearson"])


def test_all_claims_of_the_run_are_in_one_table(run):
    claims = read_tsv(run / "results" / "claims.tsv")
    folder = run / STUDY / "small"
    known = {"uncertainty": "claims.tsv", "shift": "shift_claims.tsv", "design": "design_claims.tsv"}
    assert claims["topic"].value_counts().to_dict() == {
        topic: len(read_tsv(folder / name)) for topic, name in known.items()
    }
    assert claims["verdict"].isin(["holds", "does not hold", "undecided"]).all()
    assert set(claims["dataset"]) == {"simulated_mpra"} and set(claims["teacher"]) == {"small"}
    assert set(claims.loc[claims["topic"] == "shift", "case"]) == {"mutation", "mine"}
    assert claims["effect"].notna().all()


def test_monte_carlo_dropout_trains_no_model_of_its_own(run):
    folder = run / baseline("mc_dropout")
    assert sorted(path.name for path in folder.iterdir()) == ["predictions.h5", "shifts", "shifts.h5", "uncertainty"]
    assert not (run / "logs" / "train_member" / "simulated_mpra" / "small-mc_dropout").exists()
    store = read_store(run / STUDY / "store.h5")
    values, without = (predictions(run / path / "predictions.h5") for path in (baseline("mc_dropout"), ENSEMBLE))
    assert {split: array.shape for split, array in values.items()} == {
        split: (2, len(store.rows(split)), 3) for split in ("calibration", "test")
    }
    for split, array in values.items():
        mean, _, epistemic = np.moveaxis(array, 2, 0)
        assert (epistemic > 0).all()
        # The models are the same, except for the dropout.
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


def test_logs_show_epoch_losses_and_time_left(run):
    logs = [*(run / "logs" / "train_member").rglob("*.log"), *(run / "logs" / "train_student").rglob("*.log")]
    # The teacher, a baseline and the reference ensemble have two members each, and there is one student.
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
    assert len(logs) == 76


def test_nothing_temporary_is_left(run):
    files = [path for folder in ("results", "figures") for path in (run / folder).rglob("*") if path.is_file()]
    # Snakemake leaves this in each folder that a rule makes.
    own = [path for path in files if path.name != ".snakemake_timestamp"]
    assert [path for path in own if path.name.startswith(".") or path.name == "checkpoint.npz"] == []


def test_maps_of_every_model_and_head_sum_to_their_differences(run):
    files = {
        "attributions.h5": 2,
        "reference/attributions.h5": 2,
        "students/degu/attributions.h5": 1,
    }
    explained = read_explained_sequences(run / STUDY / "explained.h5", read_store(run / STUDY / "store.h5"))["activity"]
    for name, models in files.items():
        keys = set(map_keys(run / ENSEMBLE / name))
        known = itertools.product(["activity"], SMALL["attribution"]["run"], ["mean", "aleatoric"])
        assert keys == {MapKey(*key) for key in known}
        values, difference = read_maps(run / ENSEMBLE / name, MapKey("activity", "hypothetical_deep_shap", "mean"))
        assert values.shape[0] == models
        assert values.shape[2:] == (60, 4)
        own = (values * one_hot(explained.tokens)).sum(axis=(2, 3))
        np.testing.assert_allclose(own, difference, atol=1e-3 * np.ptp(difference))


def test_members_and_students_are_compared_with_both_references(run):
    folder = run / STUDENT / "attribution"
    models = read_tsv(folder / "models.tsv")
    assert set(models["reference"]) == {"reference ensemble", "own teachers"}
    counts = models.groupby("model")["index"].nunique().to_dict()
    assert counts == {"ceiling": 1, "ensemble": 1, "member": 2, "student": 1}
    assert models.loc[models["metric"] == "cosine", "value"].between(-1, 1).all()
    truth = read_tsv(folder / "truth.tsv")
    assert set(truth["model"]) == {"alone", "ensemble", "member", "student"}
    # Without a site that matters to a head, no sequence has this score.
    scores = truth.loc[truth["metric"] == "auroc"].dropna(subset=["value"])
    assert scores["value"].between(0, 1).all()
    assert set(scores["model"]) == set(truth["model"])
