"""The settings that tell how sequences are designed."""

import pytest

from degu.config.plugins import constant, known_names
from degu.errors import DeguError


def test_by_default_nothing_is_designed(configure):
    design = configure().design
    assert (design["run"], design["designs"]) == ([], {})


@pytest.mark.parametrize("search", known_names("search"))
def test_a_search_that_is_named_alone_goes_by_the_mean_of_the_ensemble(configure, search):
    design = configure({"design": {"run": [search]}}).design["designs"][search]
    assert (design["search"], design["designer"], design["penalty"], design["target"]) == (search, "ensemble", 0, None)
    assert "candidates" in design and "steps" not in design
    assert constant("search", search, "LEVEL", "")


def test_designs_are_made_in_the_order_in_which_they_are_named_with_their_defaults(configure):
    designs = {
        "mine": {"search": "beam", "designer": "student", "penalty": 2, "width": 8},
        "other": {"search": "greedy"},
        "third": {"search": "greedy", "designer": "member", "target": "activity", "candidates": 5},
    }
    found = configure({"design": {"run": ["third", "mine"], "designs": designs}}).design["designs"]
    assert list(found) == ["third", "mine"]
    assert found["mine"] == {**designs["mine"], "target": None, "candidates": None}
    assert found["third"] == {**designs["third"], "penalty": 0}


def test_a_design_has_no_name_of_a_shift_that_is_run(configure):
    design = {"run": ["mutation"], "designs": {"mutation": {"search": "greedy"}}}
    assert list(configure({"design": design}).design["designs"]) == ["mutation"]
    with pytest.raises(DeguError, match=r"design\.run: 'mutation' is the name of a shift, too"):
        configure({"design": design, "shift": {"run": ["mutation"]}})


@pytest.mark.parametrize(
    ("design", "message"),
    [
        ({"run": ["greedily"]}, r"design\.run: there is no design 'greedily'\n.*did you mean 'greedy'"),
        ({"run": ["mine"], "designs": {"mine": {"search": "climb"}}}, r"mine\.search: there is no search 'climb'"),
        (
            {"run": ["mine"], "designs": {"mine": {"search": "greedy", "width": 3}}},
            r"designs\.mine: unknown option 'width'",
        ),
        (
            {"run": ["mine"], "designs": {"mine": {"search": "greedy", "steps": [3]}}},
            r"designs\.mine: unknown option 'steps'",
        ),
        (
            {"run": ["mine"], "designs": {"mine": {"search": "beam", "width": 0}}},
            r"designs\.mine\.width: 0 is out of range",
        ),
        (
            {"run": ["mine"], "designs": {"mine": {"search": "greedy", "designer": "member", "penalty": 1}}},
            r"mine\.penalty: a penalty of 1 for the designer 'member'\n.*no epistemic standard deviation",
        ),
        ({"run": ["greedy"], "steps": [5, 2]}, r"design\.steps: \[5, 2\]\n  expected: numbers in ascending order"),
        ({"designs": {"my-own": {"search": "greedy"}}}, "letters, digits and underscores"),
    ],
)
def test_what_cannot_be_designed_is_refused(configure, design, message):
    with pytest.raises(DeguError, match=message):
        configure({"design": design})
