"""What a round costs."""

import numpy as np
import pytest

from degu.acquisition.costs import costs_of_round
from degu.acquisition.revealed import reveal
from degu.acquisition.summary import CHOICE, DISTILLATION, TRAINING
from tests.acquisition.small import learner
from tests.conftest import small_store

# Sizes of the tiny network: 24 bases of 4 channels, 4 detectors of 5 bases, then a dense layer of 4 inputs an output.
CONVOLUTION = 2 * 24 * 4 * 5 * 4
LABELLED, CANDIDATES = 25, 1000


@pytest.fixture(scope="module")
def learned(tmp_path_factory):
    store = small_store()
    own = reveal(store, store.rows("train")[:LABELLED], store.rows("validation"))
    return learner().train(own, tmp_path_factory.mktemp("models"))


def costs(learned, uses):
    return {row["work"]: row for row in costs_of_round(learned, uses, CANDIDATES, LABELLED)}


@pytest.mark.parametrize(
    ("uses", "passes", "flops"),
    [
        ((), 0, 0),
        # The student has two outputs, a member one.
        (("student",), CANDIDATES, CANDIDATES * (CONVOLUTION + 2 * 4 * 2)),
        (("members",), 2 * CANDIDATES, 2 * CANDIDATES * (CONVOLUTION + 2 * 4)),
        # The features of the labelled sequences are needed, too; one pass gives the heads as well.
        (("student", "features"), CANDIDATES + LABELLED, (CANDIDATES + LABELLED) * (CONVOLUTION + 2 * 4 * 2)),
    ],
)
def test_the_choice_costs_the_passes_of_the_models_that_are_asked(learned, uses, passes, flops):
    choice = costs(learned, uses)[CHOICE]
    assert (choice["passes"], choice["flops"], choice["candidates"]) == (passes, flops, CANDIDATES)


def test_trainings_cost_three_passes_of_each_sequence_in_each_epoch(learned):
    rows = costs(learned, ())
    member, student = CONVOLUTION + 2 * 4, CONVOLUTION + 2 * 4 * 2
    assert rows[TRAINING]["flops"] == 2 * 3 * 3 * LABELLED * member
    # Two members label two variants of each labelled sequence.
    labelling = 2 * 2 * LABELLED * member
    np.testing.assert_allclose(rows[DISTILLATION]["flops"], 3 * 3 * LABELLED * student + labelling)
    assert {row["passes"] for row in rows.values()} == {0}
