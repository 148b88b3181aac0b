"""Training jobs tell how far the run is, and how long the rest takes by the operations of its networks."""

import json
import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from degu.config.configuration import Configuration
from degu.data.windows import Windows
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.training import progress
from degu.training.building import build_model
from degu.training.flops import step_flops
from degu.training.planned import Plan, PlannedJob, write_plan
from degu.training.progress import InputSize, recipe_flops, tell_progress
from degu.training.training import TrainingData
from tests.conftest import REPOSITORY
from tests.data.counted import LENGTH, POSITIONS, STRANDS, counted_store
from tests.training.test_job import job_of

SETTINGS = {"datasets": ["simulated_mpra"], "study": {"teachers": ["motif_cnn_small_assay"], "students": ["degu"]}}
CONFIG = [REPOSITORY / "config"]
STARTED = "2026-11-27T10:00:00+00:00"


@pytest.fixture(scope="module")
def recipes():
    configuration = Configuration(SETTINGS, CONFIG)
    teacher = "motif_cnn_small_assay"
    return {"teacher": configuration.training(teacher), "teacher/degu": configuration.student(teacher, "degu")}


@pytest.fixture
def run(tmp_path, monkeypatch, recipes):
    """Return the path of a plan of a member, which is done, and a student on the same data set and on another one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "logs").mkdir()
    keys = [("member", "assay", "teacher"), ("student", "assay", "teacher/degu"), ("other", "elsewhere", "teacher")]
    jobs = [PlannedJob(f"logs/{name}.json", dataset, key, 1, 1.0) for name, dataset, key in keys]
    path = tmp_path / "trainings.json"
    write_plan(Plan(STARTED, 1, jobs, recipes), path)
    record = {"started": STARTED, "training": {"seconds": 400.0, "epochs": 40}}
    (tmp_path / "logs" / "member.json").write_text(json.dumps(record))
    return path


def told(path, caplog, name="member", job=None):
    """Return what a job tells."""
    caplog.clear()
    with caplog.at_level(logging.INFO, logger="degu.training.progress"):
        tell_progress(job or job_of(1), Path("logs", f"{name}.json"), path)
    return [(record.getMessage(), record.milestone) for record in caplog.records]


def test_operations_are_those_of_the_network_that_is_trained(recipes):
    outputs = Outputs(Heads(("mean", "aleatoric"), ("a", "b")), "beta_gaussian", "softplus")
    assert recipe_flops(recipes["teacher"], InputSize(60, 2), with_ridge=False) == step_flops(
        build_model(recipes["teacher"], 60, outputs, 3)
    )
    # A student has its members' ridge regression in each step: 4,096 words at 55 windows, and their coefficients.
    with_ridge, without = (
        recipe_flops(recipes["teacher/degu"], InputSize(60, 2), with_ridge=own) for own in (True, False)
    )
    assert with_ridge - without == 2 * 4096 * 55 + 2 * 4096 * 2


BPNET = {
    "model": {"name": "bpnet", "filters": 4, "layers": 1, "kernel": 5, "profile_kernel": 3},
    "profile_bins": 4,
    "kmer_ridge_weight": 0,
}


def profile_recipes(teacher="bpnet_small", **changes):
    """Return the recipes of a teacher of profiles and of its student, with changes of the teacher."""
    study = {"datasets": {"simulated_profiles": {"study": {"teachers": [teacher]}}}, "teachers": {teacher: changes}}
    configuration = Configuration({"datasets": ["simulated_profiles"], "overrides": study}, CONFIG)
    return {
        "teacher": configuration.training(teacher),
        "teacher/student": configuration.student(teacher, "degu_profile"),
    }


def test_operations_of_networks_at_base_resolution_are_known():
    """They are counted by hand: weights times the positions at which each is used."""
    size = InputSize(512, 1, (1, 256))
    member, student = (recipe_flops(recipe, size, with_ridge=False) for recipe in profile_recipes().values())

    def operations(filters: int, deviations: int) -> int:
        trunk = 492 * 21 * 4 * filters + (488 + 480 + 464 + 432) * 3 * filters * filters
        # The profile has a convolution of 25 positions, a standard deviation of its bins one of a single position, and
        # the mean and the standard deviations of the window have a dense layer.
        return 3 * 2 * (trunk + 256 * 25 * filters + deviations * 256 * filters + (1 + deviations) * filters)

    assert member == operations(24, 1)
    assert student == operations(48, 2)
    # Nothing is known of positions where a data set has no counts.
    assert recipe_flops(profile_recipes()["teacher"], InputSize(512, 1), with_ridge=False) is None


def test_operations_of_a_recurrent_network_at_base_resolution_are_known():
    recipe = profile_recipes(
        "dream_rnn_profile", model={"width": 0.05}, windows={"jitter": 0, "negatives": None}, profile_bins=16
    )["teacher"]
    filters, units, positions = 8, 16, 140
    gates = 2 * 4 * (2 * filters * units + units * units)
    trunk = positions * ((9 + 15) * 4 * filters + gates + (9 + 15) * 2 * units * filters)
    found = recipe_flops(recipe, InputSize(positions, 1, (2, 48)), with_ridge=False)
    assert found == 3 * 2 * (trunk + 48 * 75 * 2 * filters * 2 + 2 * filters)


@pytest.mark.parametrize("heads", [("mean", "profile"), ("mean",)])
def test_labels_of_drawn_windows_count_for_the_time_of_a_student(run, caplog, heads):
    """Each of three members predicts each window. A job without profiles knows their size by its windows."""
    recipes = profile_recipes(**BPNET, heads=["mean", "profile"])
    keys = dict(zip(("member", "student"), recipes, strict=True))
    jobs = [
        PlannedJob(f"logs/{name}.json", "assay", key, 1, 1.0, 3 if name == "student" else 0)
        for name, key in keys.items()
    ]
    write_plan(Plan(STARTED, 1, jobs, recipes), run)
    store, _ = counted_store(context=4)
    windows = Windows.of_store(
        store, np.arange(4), {"windows": {"jitter": 2, "reverse_complement": True}, "profile_bins": 2}
    )
    data = TrainingData(store.tokens[:4], {}, store.tokens[:4], {}, windows=windows)
    shapes = {"profile": (STRANDS, POSITIONS)} if "profile" in heads else {}
    job = job_of(data={1: data}, outputs=Outputs(Heads(heads, ("starts",), shapes)))
    size = InputSize(LENGTH, 1, (STRANDS, POSITIONS))
    member, student = (recipe_flops(recipe, size, with_ridge=False) for recipe in recipes.values())
    epochs = recipes["teacher/student"]["epochs"]
    minutes = round(400 * (student + 3 * member / 3) * epochs / (member * 40) / 60)
    assert minutes > 5
    assert told(run, caplog, job=job) == [(f"1 of 2 trainings done, about {minutes} min left", True)]


def test_a_job_tells_how_many_are_done_and_the_time_of_the_others(run, caplog, recipes):
    """A student takes as long as its operations do at the speed of the member; another data set is not known yet."""
    length = job_of(1).data[1].tokens.shape[1]
    member, student = (
        recipe_flops(recipe, InputSize(length, 1), with_ridge="/" in key and recipe["kmer_ridge_weight"] > 0)
        for key, recipe in recipes.items()
    )
    assert recipes["teacher/degu"]["kmer_ridge_weight"] == 0.5
    seconds = 400 * (student * recipes["teacher/degu"]["epochs"]) / (member * 40)
    minutes = round(seconds / 60)
    assert minutes > 1
    line = f"1 of 3 trainings done, about {minutes} min left, without 1 whose time is not known yet"
    assert told(run, caplog) == [(line, True)]


def test_operations_are_counted_once_for_all_jobs_of_a_data_set(run, caplog, monkeypatch):
    first = told(run, caplog)
    monkeypatch.setattr(progress, "recipe_flops", lambda *_, **__: pytest.fail("counted again"))
    assert told(run, caplog) == first
    # A new run has other recipes, perhaps.
    plan = progress.read_plan(run)
    write_plan(replace(plan, started="2026-11-28T10:00:00+00:00"), run)
    monkeypatch.setattr(progress, "recipe_flops", lambda *_, **__: None)
    record = {"started": "2026-11-28T10:00:00+00:00", "training": {"seconds": 400.0, "epochs": 40}}
    (run.parent / "logs" / "member.json").write_text(json.dumps(record))
    assert told(run, caplog) == [("1 of 3 trainings done; how long the others take is not known yet", True)]


def test_a_job_does_not_fail_for_want_of_a_line(run, caplog, monkeypatch):
    """Snakemake would remove the models of a job that fails."""
    monkeypatch.setattr(progress, "recipe_flops", lambda *_, **__: 1 / 0)
    with caplog.at_level(logging.INFO, logger="degu.training.progress"):
        tell_progress(job_of(1), Path("logs", "member.json"), run)
    assert [record.getMessage() for record in caplog.records] == ["how far the run is cannot be told: division by zero"]


def test_a_job_of_no_plan_says_nothing(run, caplog):
    assert told(run, caplog, "unplanned") == []
    run.unlink()
    assert told(run, caplog) == []
