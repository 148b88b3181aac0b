"""The plan of a run's trainings: what is done of it, and how long the rest takes by arithmetic."""

import json
from dataclasses import replace

import pytest

from degu.training.planned import (
    Done,
    Left,
    Plan,
    PlannedJob,
    done_jobs,
    in_words,
    progress_line,
    read_plan,
    time_left,
    write_plan,
)

START = "2026-11-27T10:00:00+00:00"


def recipe(epochs: int, fine_tuning: int = 0) -> dict:
    return {"epochs": epochs, "fine_tuning": {"epochs": fine_tuning, "learning_rate": 0.1}, "optimizer": {}}


def job(name: str, recipe: str = "small", models: int = 2, fraction: float = 1.0, dataset: str = "assay") -> PlannedJob:
    return PlannedJob(f"logs/{name}.json", dataset, recipe, models, fraction)


def plan_of(*jobs: PlannedJob, at_once: int = 1) -> Plan:
    return Plan(START, at_once, list(jobs), {"small": recipe(10), "small/degu": recipe(20, fine_tuning=5)})


ONE, TWO, STUDENT = job("one"), job("two"), job("student", "small/degu", models=1)


def test_a_plan_comes_back_as_it_was_written(tmp_path):
    path = tmp_path / "folder" / "trainings.json"
    write_plan(plan_of(ONE, STUDENT), path)
    assert read_plan(path) == plan_of(ONE, STUDENT)


@pytest.mark.parametrize("content", [None, "{", "[]", '{"jobs": []}', '{"jobs": [[1]]}'])
def test_a_plan_that_cannot_be_read_is_none(tmp_path, content):
    path = tmp_path / "trainings.json"
    if content is not None:
        path.write_text(content)
    assert read_plan(path) is None


def test_models_and_epochs_are_counted():
    plan = plan_of(ONE, TWO, STUDENT)
    assert plan.models == 5
    assert [plan.epochs(key) for key in plan.recipes] == [10, 25]


def test_members_that_label_batches_are_those_of_the_recipe_on_the_data_set():
    jobs = [
        job("one", "small/degu")._replace(labelling=5),
        job("two", "small/degu", dataset="other")._replace(labelling=3),
    ]
    plan = plan_of(ONE, *jobs)
    found = [
        plan.labelling_members(*key) for key in (("assay", "small/degu"), ("other", "small/degu"), ("assay", "small"))
    ]
    assert found == [5, 3, 0]


def test_students_that_inherit_a_ridge_regression_contain_it():
    recipes = {key: {**recipe(1), "kmer_ridge_weight": 0.5} for key in ("small", "small/degu")}
    plan = replace(plan_of(ONE), recipes=recipes | {"small/plain": {**recipe(1), "kmer_ridge_weight": 0}})
    assert [plan.contains_ridge(key) for key in plan.recipes] == [False, True, False]


def test_jobs_are_done_that_have_a_record_of_this_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "logs").mkdir()
    jobs = [job(name) for name in ("done", "earlier", "other", "broken", "absent")]
    facts = {"seconds": 30.5, "epochs": 8.5}
    records = {
        "done": {"started": "2026-11-27T10:00:03+00:00", "training": facts},
        "earlier": {"started": "2026-11-27T09:59:59+00:00", "training": facts},
        "other": {"started": "2026-11-27T10:00:03+00:00"},
    }
    for name, record in records.items():
        (tmp_path / "logs" / f"{name}.json").write_text(json.dumps(record))
    (tmp_path / "logs" / "broken.json").write_text("{")
    assert done_jobs(plan_of(*jobs)) == [Done(jobs[0], 30.5, 8.5)]


def test_a_recipe_that_was_trained_takes_as_long_again():
    """Two models took 40 s, so two more take 40 s, and one on half of the sequences 10 s."""
    plan = plan_of(ONE, TWO, job("half", models=1, fraction=0.5))
    assert time_left(plan, [Done(ONE, 40.0, 10)], {}) == Left(50.0, 0)


def test_jobs_side_by_side_take_less():
    plan = plan_of(ONE, TWO, job("three"), job("four"), at_once=2)
    assert time_left(plan, [Done(ONE, 40.0, 10)], {}) == Left(60.0, 0)
    # One job that is left runs alone.
    assert time_left(replace(plan, jobs=[ONE, TWO], at_once=8), [Done(ONE, 40.0, 10)], {}) == Left(40.0, 0)


def test_another_recipe_takes_as_long_as_its_operations():
    """Two models of 8 epochs and 100 operations each took 40 s: 40 operations a second.

    A student of 25 epochs and 300 operations has 7,500 of them.
    """
    flops = {("assay", "small"): 100.0, ("assay", "small/degu"): 300.0}
    found = time_left(plan_of(ONE, STUDENT), [Done(ONE, 40.0, 8)], flops)
    assert found == Left(pytest.approx(7500 / 40), 0)


def test_a_recipe_of_which_nothing_is_known_is_counted():
    elsewhere = job("elsewhere", models=3, dataset="other")
    flops = {("assay", "small"): 100.0}
    assert time_left(plan_of(ONE, TWO, STUDENT, elsewhere), [Done(ONE, 40.0, 8)], flops) == Left(40.0, 4)
    assert time_left(plan_of(ONE, STUDENT), [Done(ONE, 40.0, 8)], {("assay", "small/degu"): 300.0}) == Left(0.0, 1)


@pytest.mark.parametrize(
    ("done", "left", "line"),
    [
        ([ONE], Left(100.0, 0), "2 of 5 trainings done, about 2 min left"),
        ([ONE, TWO], Left(30.0, 0), "4 of 5 trainings done, about 30 s left"),
        ([ONE], Left(60.0, 1), "2 of 5 trainings done, about 1 min left, without 1 whose time is not known yet"),
        ([ONE], Left(0.0, 3), "2 of 5 trainings done; how long the others take is not known yet"),
        ([ONE, TWO, STUDENT], Left(0.0, 0), "5 of 5 trainings done; predictions, tables and figures are left"),
    ],
)
def test_one_line_tells_how_far_a_run_is(done, left, line):
    assert progress_line(plan_of(ONE, TWO, STUDENT), [Done(one, 1.0, 1) for one in done], left) == line


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        *[(0, "10 s"), (14, "10 s"), (38, "40 s"), (54.9, "50 s"), (55, "1 min"), (89, "1 min"), (91, "2 min")],
        *[(5999, "100 min"), (6000, "1.7 h"), (36000, "10.0 h")],
    ],
)
def test_times_are_told_as_people_say_them(seconds, words):
    assert in_words(seconds) == words
