"""The learning rate over time, and early stopping."""

import math

import keras
import pytest

from degu.errors import DeguError
from degu.training.schedule import build_callbacks, build_optimizer
from tests.training.runs import overshooting_recipe


def rates(schedule: dict, *, epochs: int = 10, steps: int = 8) -> list[float]:
    """Return the learning rate at the beginning of each step."""
    recipe = {**overshooting_recipe(), "epochs": epochs, "learning_rate_schedule": schedule}
    optimizer = build_optimizer(recipe, steps)
    weight = keras.Variable([0.0])
    optimizer.build([weight])
    found = []
    for _ in range(epochs * steps):
        found.append(float(optimizer.learning_rate))
        optimizer.apply([keras.ops.ones(1)], [weight])
    return found


def test_a_plateau_leaves_the_learning_rate_to_the_callback():
    assert rates({"name": "reduce_on_plateau"}) == pytest.approx([0.01] * 80)
    callbacks = build_callbacks(overshooting_recipe(), 8)
    assert (callbacks["plateau"].factor, callbacks["plateau"].patience) == (0.5, 2)


def test_half_a_cosine_leads_from_the_learning_rate_to_zero():
    expected = [0.01 * 0.5 * (1 + math.cos(math.pi * step / 80)) for step in range(80)]
    assert rates({"name": "cosine", "warm_up": 0}) == pytest.approx(expected, rel=1e-4)
    recipe = {**overshooting_recipe(), "learning_rate_schedule": {"name": "cosine", "warm_up": 0}}
    assert list(build_callbacks(recipe, 8)) == ["stopping"]


def test_it_warms_up_in_a_line():
    found = rates({"name": "cosine", "warm_up": 0.25})
    assert found[:20] == pytest.approx([0.01 * step / 20 for step in range(20)], abs=1e-8)
    expected = [0.01 * 0.5 * (1 + math.cos(math.pi * step / 60)) for step in range(60)]
    assert found[20:] == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(("epochs", "steps", "warm_up"), [(10, 8, 0.3), (80, 17, 0.3), (3, 5, 0.1)])
def test_one_cycle_is_that_of_pytorch(epochs, steps, warm_up):
    """The equations are those of the documentation of `OneCycleLR` with its defaults."""
    found = rates({"name": "one_cycle", "warm_up": warm_up}, epochs=epochs, steps=steps)
    total = epochs * steps
    top = warm_up * total - 1
    assert len(found) == total
    for step, rate in enumerate(found):
        if step <= top:
            start, end, part = 0.01 / 25, 0.01, step / top
        else:
            start, end, part = 0.01, 0.01 / 25 / 1e4, (step - top) / (total - 1 - top)
        assert rate == pytest.approx(end + (start - end) / 2 * (1 + math.cos(math.pi * part)), rel=1e-4, abs=1e-8)
    assert found[0] == pytest.approx(0.01 / 25, rel=1e-4)
    assert found[-1] == pytest.approx(0.01 / 25 / 1e4, abs=1e-8)
    assert max(found) == pytest.approx(0.01, rel=0.06)


@pytest.mark.parametrize(("minimum", "patience"), [(0, 4), (32, 4), (33, 5), (80, 10)])
def test_the_patience_is_at_least_a_number_of_steps_in_whole_epochs(minimum, patience):
    recipe = {**overshooting_recipe(), "early_stopping": {"patience": 4, "minimum_steps": minimum}}
    assert build_callbacks(recipe, 8)["stopping"].patience == patience


@pytest.mark.parametrize("arguments", [{"lr": 0.1}, {"momentum": 0.9}])
def test_an_argument_that_the_optimiser_does_not_take_is_reported(arguments):
    recipe = overshooting_recipe()
    recipe["optimizer"] = {**recipe["optimizer"], "name": "adam", **arguments}
    with pytest.raises(DeguError, match=f"(?s)recipe: optimizer: .*'adam'.*{next(iter(arguments))}"):
        build_optimizer({**recipe, "learning_rate_schedule": {"name": "reduce_on_plateau"}}, 8)
