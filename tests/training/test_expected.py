"""What a run trains is told before its jobs begin, with a time where earlier trainings tell one."""

import json

import pytest

from degu.training.expected import Earlier, Size, announcement, earlier
from degu.training.planned import Plan, PlannedJob

RECIPE = {
    "epochs": 10,
    "fine_tuning": {"epochs": 0, "learning_rate": 0.1},
    "optimizer": {"name": "adam"},
    "heads": ("mean",),
}
STUDENT = {**RECIPE, "epochs": 24, "heads": ("mean", "epistemic")}
SIZES = {"mine": Size(rows=400, length=100)}


def job(recipe: str, models: int, dataset: str = "mine", fraction: float = 1.0) -> PlannedJob:
    return PlannedJob(f"logs/{dataset}-{recipe}.json", dataset, recipe, models, fraction)


def plan_of(*jobs: PlannedJob, at_once: int = 2) -> Plan:
    return Plan("2026-11-27T10:00:00+00:00", at_once, list(jobs), {"small": RECIPE, "small/degu": STUDENT})


PLAN = plan_of(job("small", 5), job("small", 5), job("small/degu", 1), job("small/degu", 1))


@pytest.fixture
def results(tmp_path):
    """Return the results of a run on another data set: two members that were trained side by side, and a student."""

    def describe(path, recipe, **facts):
        file = tmp_path / "results" / "other" / "small" / "fraction-1" / path / "model.json"
        file.parent.mkdir(parents=True)
        description = {"recipe": recipe, "length": 50, "student": None, "device": "CPU, 1 thread", **facts}
        file.write_text(json.dumps({"trained_together": 1, **description}))

    for seed in (1, 2):
        describe(f"member-{seed}", RECIPE, training_sequences=200, seconds_training=20.0, trained_together=2)
    # Its sequences are those of a pool, of which each epoch has as many as its members were trained on.
    describe("students/degu/seed-1", STUDENT, training_sequences=3400, seconds_training=30.0, student="degu")
    return tmp_path / "results"


def test_models_are_listed_with_their_epochs_and_sequences(tmp_path):
    lines = announcement(PLAN, SIZES, tmp_path).splitlines()
    assert lines == [
        "Models to train: 12",
        "  mine: 10 members of small (10 epochs), 2 students degu of small (24 epochs), on 400 sequences",
        "How long they take is told as soon as the first is done.",
    ]


def test_a_data_set_of_unknown_size_has_no_number_of_sequences(tmp_path):
    assert (
        announcement(plan_of(job("small", 1)), {}, tmp_path).splitlines()[1] == "  mine: 1 member of small (10 epochs)"
    )


def test_many_recipes_are_counted(tmp_path):
    keys = [f"small{index}" for index in range(4)] + ["small/degu"]
    plan = Plan("", 1, [job(key, 3) for key in keys], dict.fromkeys(keys, RECIPE))
    assert announcement(plan, {}, tmp_path).splitlines()[1] == "  mine: 12 members and 3 students of 5 recipes"


def test_earlier_models_tell_what_a_base_costs(results):
    """Two members took 20 s together, so 10 s each for 200 sequences of 50 bases; a student took 30 s."""
    assert earlier(RECIPE, "small", results) == Earlier(10 / (200 * 50), 2, ("CPU, 1 thread",))
    assert earlier(STUDENT, "small/degu", results) == Earlier(30 / (200 * 50), 1, ("CPU, 1 thread",))


def test_the_time_follows_from_earlier_models(results):
    """Ten members and two students take 10 * 10 + 2 * 30 = 160 s on 200 sequences of 50 bases.

    Here are twice as many sequences of twice the length, and two jobs run at once: 160 * 4 / 2 = 320 s.
    """
    told = announcement(PLAN, SIZES, results).splitlines()[-1]
    assert told == f"They take about 5 min, by 3 earlier models of the same recipes in {results}/ (CPU, 1 thread)."
    half = plan_of(*(one._replace(fraction=0.5) for one in PLAN.jobs))
    assert "about 3 min" in announcement(half, SIZES, results)


@pytest.mark.parametrize("change", [{"epochs": 11}, {"optimizer": {"name": "sgd"}}])
def test_another_recipe_tells_nothing(results, change):
    assert earlier({**RECIPE, **change}, "small", results) is None
    plan = Plan("", 1, [job("small", 2)], {"small": {**RECIPE, **change}})
    assert announcement(plan, SIZES, results).endswith("told as soon as the first is done.")


def test_one_recipe_without_earlier_models_leaves_the_time_open(results):
    (results / "other/small/fraction-1/students/degu/seed-1/model.json").unlink()
    assert announcement(PLAN, SIZES, results).endswith("told as soon as the first is done.")


@pytest.mark.parametrize("content", ["{", "[]", "{}"])
def test_descriptions_that_cannot_be_read_tell_nothing(results, content):
    for path in results.rglob("model.json"):
        path.write_text(content)
    assert earlier(RECIPE, "small", results) is None
    assert earlier(STUDENT, "small/degu", results) is None
