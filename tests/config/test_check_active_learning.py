"""The settings that tell how active learning is simulated."""

import pytest

from degu.config.plugins import known_names
from degu.errors import DeguError


def test_by_default_no_active_learning_is_simulated(configure):
    assert configure().active_learning == {
        "run": [],
        "strategies": {},
        "rounds": 5,
        "initial": 400,
        "batch": 200,
        "validation": 300,
        "members": 5,
        "seeds": 5,
    }
    assert configure().study("mine")["active_learning"]


@pytest.mark.parametrize("name", [name for name in known_names("acquisition strategy") if name != "random"])
def test_every_strategy_of_the_library_can_be_run_by_its_name(configure, name):
    strategies = configure({"active_learning": {"run": ["random", name]}}).active_learning["strategies"]
    assert strategies == {"random": {"method": "random"}, name: {"method": name}}


def test_the_strategies_that_are_run_stand_in_the_order_of_the_run(configure):
    own = {"by_chance": {"method": "total", "temperature": 1}, "idle": {"method": "badge"}}
    settings = {"run": ["by_chance", "random"], "strategies": own}
    strategies = configure({"active_learning": settings}).active_learning["strategies"]
    assert list(strategies.items()) == [
        ("by_chance", {"method": "total", "temperature": 1.0}),
        ("random", {"method": "random"}),
    ]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"run": ["random", "totl"]}, r"active_learning\.run: there is no strategy 'totl'\n.*did you mean 'total'"),
        ({"run": ["total"]}, r"active_learning\.run: 'random' is not among the strategies"),
        (
            {"run": ["random"], "strategies": {"random": {"method": "core_set"}}},
            r"strategies\.random\.method: 'core_set'\n  expected: 'random'",
        ),
        ({"run": ["random"], "rounds": 1}, r"active_learning\.rounds"),
        # A mistake is reported even in a strategy that is not run.
        (
            {"strategies": {"mine": {"method": "totl"}}},
            r"strategies\.mine\.method: there is no acquisition strategy 'totl'\n.*did you mean 'total'",
        ),
        (
            {"strategies": {"mine": {"method": "total", "heat": 1}}},
            r"active_learning\.strategies\.mine: unknown option 'heat'",
        ),
        (
            {"strategies": {"mine": {"method": "total", "temperature": -1}}},
            r"active_learning\.strategies\.mine\.temperature",
        ),
        ({"strategies": {"my own": {"method": "total"}}}, r"active_learning\.strategies"),
    ],
)
def test_wrong_settings_are_told(configure, settings, message):
    with pytest.raises(DeguError, match=message):
        configure({"active_learning": settings})
