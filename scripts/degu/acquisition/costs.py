"""What a round of active learning costs, in forward passes and in floating-point operations."""

from collections.abc import Collection, Mapping

from degu.acquisition.learner import Learned
from degu.acquisition.summary import CHOICE, DISTILLATION, TRAINING
from degu.evaluation.student_costs import student_costs
from degu.prediction.predictor import Predictor


def costs_of_round(learned: Learned, uses: Collection[str], candidates: int, labelled: int) -> list[dict]:
    """Return what a round costs, with one row for each of its works.

    Parameters
    ----------
    learned
        The models that were trained.
    uses
        What the strategy reads of the candidates, as its `USES` says.
    candidates, labelled
        Number of sequences that were chosen from, and of those that are labelled.

    Returns
    -------
    Rows with `candidates`, `work`, `passes` (for `choose`, the number of times that a model predicts a sequence; 0 for
    the other works) and `flops` (floating-point operations; NaN where those of a network are not known)
    """
    members = [Predictor(path).description for path in learned.members]
    student = learned.predictor.description
    trainings = [labelled * len(own["history"]) * _operations(own, "step_flops") for own in members]
    # The costs of students are counted in trainings of a member of mean length.
    share = float(student_costs([*members, student])["cost"].iloc[0])
    passes = {"student": 0, "members": 0}
    if "members" in uses:
        passes["members"] = len(members) * candidates
    if {"student", "features"} & set(uses):
        # One pass gives the heads and the last hidden layer.
        passes["student"] = candidates + (labelled if "features" in uses else 0)
    choice = sum(
        number * _strands(own) * _operations(own, "flops") if number else 0.0
        for number, own in zip(passes.values(), (student, members[0]), strict=True)
    )
    flops = {TRAINING: sum(trainings), DISTILLATION: share * sum(trainings) / len(trainings), CHOICE: choice}
    return [
        {
            "candidates": candidates,
            "work": work,
            "passes": sum(passes.values()) if work == CHOICE else 0,
            "flops": float(operations),
        }
        for work, operations in flops.items()
    ]


def _strands(description: Mapping) -> int:
    return 2 if description["strands"] == "both" else 1


def _operations(description: Mapping, kind: str) -> float:
    return float("nan") if description[kind] is None else float(description[kind])
