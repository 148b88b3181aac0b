"""What a change of a study adds to the planned jobs."""

import hashlib
from collections.abc import Callable

import pytest
import yaml

from tests.workflow.command import job_counts, plan
from tests.workflow.counting import OF_A_STUDENT, OF_A_TEACHER, read_yaml

# Each model of the simulated assay has a job of its own.
ALONE = {"datasets": ["simulated_mpra"], "members_per_job": 1, "students_per_job": 1}


@pytest.fixture(scope="module")
def counts_with(copy, tmp_path_factory) -> Callable[..., dict[str, int]]:
    """Return a function that counts the jobs for the simulated assay with some keys of the default study changed."""
    folder = tmp_path_factory.mktemp("studies")

    def count(**study: object) -> dict[str, int]:
        # A baseline with the published heads is trained as this teacher is.
        text = yaml.safe_dump({**ALONE, "study": {"teachers": ["small"], **study}})
        file = folder / f"{hashlib.sha256(text.encode()).hexdigest()}.yaml"
        file.write_text(text)
        return job_counts(plan(copy, "--configfile", file))

    return count


@pytest.mark.parametrize(
    ("baseline", "members"),
    [
        ("laplace", 2),
        ("bootstrap", 2),
        # It is trained as the teacher itself is, whose first members it shows.
        ("replicate_std", 0),
    ],
)
def test_a_baseline_adds_its_own_jobs_alone(counts_with, baseline, members):
    before = counts_with()
    known = read_yaml("config/config.yaml")["study"]["baselines"]
    after = counts_with(baselines=[*known, baseline])
    more = {rule: after[rule] - before[rule] for rule in after if after[rule] != before[rule]}
    predicted = {"predict_members": 1, "assess_ensemble": 1, "predict_shifts": 1, "assess_shifts": 1}
    expected = {"train_member": members, **predicted}
    assert more == {rule: count for rule, count in expected.items() if count}


def test_a_baseline_that_only_predicts_trains_nothing(counts_with):
    known = read_yaml("config/config.yaml")["study"]["baselines"]
    with_it, without = counts_with(baselines=[*known, "mc_dropout"]), counts_with()
    assert {rule: with_it[rule] - without[rule] for rule in with_it if with_it[rule] != without[rule]} == {
        "predict_members": 1,
        "assess_ensemble": 1,
        "predict_shifts": 1,
        "assess_shifts": 1,
    }


def test_several_models_are_trained_in_a_job(copy, tmp_path):
    """A pack holds members of one ensemble, or of its reference ensemble; the last pack may be smaller."""
    counts = []
    for name, settings in (("alone", ALONE), ("packed", {**ALONE, "members_per_job": 3, "students_per_job": 2})):
        file = tmp_path / f"{name}.yaml"
        file.write_text(yaml.safe_dump(settings))
        counts.append(job_counts(plan(copy, "--configfile", file)))
    before, after = counts
    differing = {rule: after.get(rule, 0) for rule in before | after if before.get(rule) != after.get(rule)}
    assert differing == {
        # There are ten members, and a reference ensemble of two.
        "train_member_pack": 4 + 1,
        "unpack_member": before["train_member"],
        "train_member": 0,
        "train_student_pack": 1,
        "unpack_student": before["train_student"],
        "train_student": 0,
    }


def test_a_study_of_a_teacher_alone_assesses_it(counts_with):
    counts = counts_with(baselines=[], students=[])
    assert counts["assess_ensemble"] == counts["summarize_uncertainty"] == counts["plot_pit"] == 1
    assert not {"train_student", "assess_students", "plot_uncertainty_heads"} & set(counts)


def test_a_baseline_among_the_teachers_is_distilled_and_trained_once(counts_with):
    settings = {"fractions": [1.0], "baselines": ["gaussian"]}
    before = counts_with(**settings)
    after = counts_with(**settings, teachers=["small", "small-gaussian"])
    # It has as many members as a teacher, and a reference ensemble.
    assert after["train_member"] - before["train_member"] == 10 - 2 + 2
    assert after["predict_members"] == before["predict_members"]
    assert after["assess_ensemble"] == before["assess_ensemble"]
    for rule in ("train_student", "assess_students", "summarize_uncertainty", "plot_pit", *OF_A_TEACHER, *OF_A_STUDENT):
        assert after[rule] == 2 * before[rule]


@pytest.mark.parametrize("simulated", [True, False])
def test_active_learning_has_a_job_for_each_strategy_and_seed_after_a_first_round_that_all_share(
    copy, tmp_path, simulated
):
    settings = {
        **ALONE,
        "study": {"students": ["degu", "degu_quick"], "active_learning": simulated},
        "active_learning": {"run": ["random", "total"], "seeds": 3},
    }
    file = tmp_path / "config.yaml"
    file.write_text(yaml.safe_dump(settings))
    counts = job_counts(plan(copy, "--configfile", file))
    expected = {
        "begin_active_learning": 2 * 3,
        "learn_actively": 2 * 2 * 3,
        "summarize_active_learning": 2,
        "plot_active_learning": 2,
    }
    assert {rule: counts.get(rule, 0) for rule in expected} == {rule: simulated * n for rule, n in expected.items()}
