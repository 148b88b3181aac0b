"""What students cost, counted by hand, and what they inherit of their ensemble."""

import numpy as np
import pandas as pd
import pytest

from degu.evaluation.student_costs import compare_students, student_costs

ROWS = 100


def description(
    epochs: int, student: str = "", seed: int = 1, sequences: int = ROWS, flops: int | None = 50, **recipe: object
) -> dict:
    """Return what `model.json` says of a model."""
    known = {"ensemble_size": None, "labels": "kept", "originals": True, "pool": None, **recipe}
    return {
        "student": student,
        "seed_number": seed,
        "training_sequences": sequences,
        "history": [{}] * epochs,
        "flops": flops,
        "step_flops": None if flops is None else 3 * flops,
        "strands": "one",
        "recipe": known if student else {},
    }


MEMBERS = [description(epochs, seed=seed) for seed, epochs in enumerate((10, 20, 30), start=1)]


@pytest.mark.parametrize(
    ("student", "training", "passes"),
    [
        (description(40, "one"), 2, 0),
        # Its network takes three times the operations of a member's.
        (description(40, "one", flops=150), 6, 0),
        # Three members label 800 sequences, 100 more than which are trained on.
        (description(40, "one", sequences=900, pool={"name": "variants"}), 2, 3 * 800),
        (description(40, "one", sequences=800, pool={"name": "variants"}, originals=False), 2, 3 * 800),
        (description(40, "one", sequences=900, pool={"name": "variants"}, ensemble_size=2), 2, 2 * 800),
        # Three members label each sequence of each epoch.
        (description(50, "one", labels="members"), 2.5, 3 * 50 * ROWS),
    ],
)
def test_the_cost_is_in_trainings_of_a_member(student, training, passes):
    (row,) = student_costs([*MEMBERS, student]).to_dict("records")
    # A member passes 20 epochs of 100 sequences forward, and backward at twice the cost.
    labelling = passes / (20 * ROWS * 3)
    assert row == pytest.approx(
        {"student": "one", "seed": 1, "training": training, "labelling": labelling, "cost": training + labelling}
    )


def test_each_member_passes_its_own_bias_network_to_label_a_sequence():
    """A training step goes back through the network alone, so that the steps do not tell what a label takes."""
    with_bias = [{**member, "flops": 60, "step_flops": 3 * 50 + 10, "bias": {"digest": "x"}} for member in MEMBERS]
    student = description(50, "one", labels="members")
    (cost,) = student_costs([*with_bias, student])["labelling"]
    assert cost == pytest.approx(3 * 60 * 50 * ROWS / (20 * ROWS * 160))


def test_labels_of_members_that_predict_both_strands_cost_twice_as_much():
    both = [{**member, "strands": "both"} for member in MEMBERS]
    student = description(40, "one", sequences=900, pool={"name": "variants"})
    (once,), (twice,) = (student_costs([*members, student])["labelling"] for members in (MEMBERS, both))
    assert twice == 2 * once > 0


def test_the_cost_of_a_network_of_unknown_layers_is_not_known():
    (row,) = student_costs([*MEMBERS, description(40, "one", flops=None)]).to_dict("records")
    assert np.isnan([row["training"], row["cost"]]).all()
    assert row["labelling"] == 0


def test_a_ridge_regression_is_counted_once_for_all_members_and_is_not_trained():
    members = [{**member, "flops": 50 + 7} for member in MEMBERS]
    student = {
        **description(40, "one", sequences=900, pool={"name": "variants"}),
        "flops": 80 + 7,
        "step_flops": 3 * 80 + 7,
    }
    (row,) = student_costs([*members, student]).to_dict("records")
    training = 3 * 50 * 20 * ROWS
    assert row["training"] == pytest.approx((3 * 80 + 7) * 40 * ROWS / training)
    assert row["labelling"] == pytest.approx(800 * (3 * 50 + 7) / training)


def test_each_student_has_a_row():
    table = student_costs([*MEMBERS, *(description(20, name, seed) for name in ("a", "b") for seed in (1, 2))])
    assert table[["student", "seed"]].to_numpy().tolist() == [["a", 1], ["a", 2], ["b", 1], ["b", 2]]


def scores() -> pd.DataFrame:
    """Return scores of two members, their ensemble and two students, one of which has no epistemic head."""
    rows = [
        ("member", "", 1, "mean", "measured", 0.5),
        ("member", "", 2, "mean", "measured", 0.7),
        ("ensemble", "", -1, "mean", "measured", 0.8),
        ("student", "a", 1, "mean", "measured", 0.75),
        ("student", "b", 1, "mean", "measured", 0.4),
        ("student", "a", 1, "epistemic", "ensemble", 0.6),
        ("student", "a", 1, "epistemic", "measured", 0.1),
        ("ceiling", "", -1, "epistemic", "ensemble", 0.9),
    ]
    table = pd.DataFrame(rows, columns=["model", "student", "seed", "head", "reference", "value"])
    table = table.assign(target="y", split="test", metric="pearson")
    others = [table.assign(split="validation", value=0.0), table.assign(metric="mse", value=0.0)]
    return pd.concat([*others, table])


def test_students_stand_between_their_members_and_their_ensemble():
    costs = student_costs([*MEMBERS, description(20, "a"), description(60, "b")])
    first, second = compare_students(scores(), costs).to_dict("records")
    assert first == pytest.approx(
        {
            **{"target": "y", "student": "a", "seed": 1, "members": 0.6, "ensemble": 0.8, "pearson": 0.75},
            **{"gap_closed": 0.75, "epistemic": 0.6, "ceiling": 0.9, "training": 1, "labelling": 0, "cost": 1},
        }
    )
    assert second["gap_closed"] == pytest.approx(-1)
    assert np.isnan(second["epistemic"])
    assert second["cost"] == 3
