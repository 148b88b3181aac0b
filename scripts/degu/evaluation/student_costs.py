"""What students cost and what they inherit of their ensemble, side by side."""

from collections.abc import Mapping, Sequence

import pandas as pd

from degu.training.stages import PASSES_A_STEP

COSTS = ["training", "labelling", "cost"]


def student_costs(descriptions: Sequence[Mapping]) -> pd.DataFrame:
    """Return the cost of each student of one teacher, in trainings of a member of its ensemble.

    An epoch has as many sequences as there are training rows, for members and students alike, so that epochs say how
    many sequences a model was trained on. Costs are floating-point operations. Members that contain a ridge regression
    on k-mers count the k-mers of a sequence once for all of them when they label it.

    Parameters
    ----------
    descriptions
        What `model.json` holds, of the members of one teacher and of its students.

    Returns
    -------
    Table with one row for each student, and the columns `student`, `seed`, `training` (its own training), `labelling`
    (the forward passes of the members for sequences without measurements, which several students may share) and `cost`
    (the sum of both); the costs are NaN where the operations of a network are not known
    """
    members = [own for own in descriptions if not own["student"]]
    epochs = sum(len(own["history"]) for own in members) / len(members)
    rows = members[0]["training_sequences"]
    training = rows * epochs * _operations(members[0], "step_flops")
    table = [
        {
            "student": own["student"],
            "seed": own["seed_number"],
            "training": rows * len(own["history"]) * _operations(own, "step_flops") / training,
            "labelling": _labelled(own, rows) * _label_flops(own, members) / training,
        }
        for own in descriptions
        if own["student"]
    ]
    costs = pd.DataFrame(table, columns=["student", "seed", *COSTS[:2]])
    return costs.assign(cost=costs["training"] + costs["labelling"])


def _operations(description: Mapping, kind: str) -> float:
    """Return what a model's description says of its floating-point operations; NaN if they are not known."""
    return float("nan") if description[kind] is None else description[kind]


def _label_flops(student: Mapping, members: Sequence[Mapping]) -> float:
    """Return the operations of the members that label one sequence for a student."""
    number = student["recipe"]["ensemble_size"] or len(members)
    strands = 2 if members[0]["strands"] == "both" else 1
    if members[0].get("bias"):
        # Each member passes its own bias network, if it still has it.
        return strands * number * _operations(members[0], "flops")
    # What a step of training does not pass through is the ridge regression, which is added to a member later.
    network = _operations(members[0], "step_flops") / PASSES_A_STEP
    ridge = _operations(members[0], "flops") - network
    return strands * (number * network + ridge)


def _labelled(student: Mapping, rows: int) -> int:
    """Return how many sequences without measurements each member labels for a student."""
    recipe = student["recipe"]
    if recipe["labels"] == "members":
        return rows * len(student["history"])
    return student["training_sequences"] - rows * (recipe["originals"] or recipe["pool"] is None)


def compare_students(scores: pd.DataFrame, costs: pd.DataFrame) -> pd.DataFrame:
    """Return accuracy and epistemic head of each student on the test split, beside its cost.

    Parameters
    ----------
    scores
        The tidy scores of one teacher and its students at one training fraction.
    costs
        Table that `student_costs` returns.

    Returns
    -------
    Table with one row for each student and target, and the columns `target`, `student`, `seed`, `members` (their mean
    Pearson correlation with the measured activity), `ensemble` and `pearson` (the same of the ensemble and the
    student), `gap_closed` (how far the student is on the way from members to ensemble: 0 and 1), `epistemic` (Pearson
    correlation of the epistemic head with the std over members; NaN without that head), `ceiling` (the highest that
    its reliability allows), and the costs
    """
    scores = scores[(scores["split"] == "test") & (scores["metric"] == "pearson")]
    accuracy = scores[(scores["head"] == "mean") & (scores["reference"] == "measured")]
    epistemic = scores[(scores["head"] == "epistemic") & (scores["reference"] == "ensemble")]
    students = accuracy[accuracy["model"] == "student"].rename(columns={"value": "pearson"})
    known = students[["target", "student", "seed", "pearson"]]
    for name, table, model in (
        ("members", accuracy, "member"),
        ("ensemble", accuracy, "ensemble"),
        ("ceiling", epistemic, "ceiling"),
    ):
        known = known.assign(**{name: known["target"].map(_means(table, model))})
    heads = epistemic[epistemic["model"] == "student"].rename(columns={"value": "epistemic"})
    known = known.merge(heads[["target", "student", "seed", "epistemic"]], how="left")
    known["gap_closed"] = (known["pearson"] - known["members"]) / (known["ensemble"] - known["members"])
    columns = ["target", "student", "seed", "members", "ensemble", "pearson", "gap_closed", "epistemic", "ceiling"]
    return known[columns].merge(costs)


def _means(table: pd.DataFrame, model: str) -> pd.Series:
    return table[table["model"] == model].groupby("target")["value"].mean()
