"""The settings that tell how uncertainties are assessed."""

import pytest

from degu.config.plugins import known_names
from degu.errors import DeguError


def test_the_default_assessment_names_metrics_and_methods_that_exist(configure):
    assessment = configure().assessment
    assert set(assessment["metrics"]) <= set(known_names("metric"))
    assert {method["method"] for method in assessment["conformal"].values()} <= set(known_names("conformal method"))
    assert assessment["conditional_level"] in assessment["levels"]
    assert assessment["shift"] == {"strength": 1.0}


def test_methods_that_are_named_replace_the_default_ones(configure):
    conformal = {"mine": {"method": "mondrian", "by": "gc", "bins": 3}}
    assessment = configure(
        {"assessment": {"metrics": ["crps"], "conformal": conformal, "shift": {"strength": 2}}}
    ).assessment
    assert (assessment["metrics"], assessment["conformal"]) == (["crps"], conformal)
    assert assessment["shift"] == {"strength": 2}
    assert assessment["bins"] == 5


@pytest.mark.parametrize(("levels", "expected"), [([0.8], 0.8), ([0.5, 0.85, 0.99], 0.85), ([0.1, 0.2], 0.2)])
def test_the_level_of_conditional_coverage_is_the_one_nearest_to_90_percent(configure, levels, expected):
    assert configure({"assessment": {"levels": levels}}).assessment["conditional_level"] == expected


@pytest.mark.parametrize(
    ("assessment", "message"),
    [
        ({"metrics": ["crsp"]}, r"assessment\.metrics: there is no metric 'crsp'\n  expected: did you mean 'crps'"),
        (
            {"conformal": {"mine": {"method": "mondrain"}}},
            r"assessment\.conformal\.mine\.method: there is no conformal method 'mondrain'\n.*did you mean 'mondrian'",
        ),
        (
            {"conformal": {"mine": {"method": "rows"}}},
            r"assessment\.conformal\.mine\.method: there is no conformal method 'rows'",
        ),
        (
            {"conformal": {"mine": {"method": "mondrian", "bin": 4}}},
            r"assessment\.conformal\.mine: unknown option 'bin'\n  expected: did you mean 'bins'",
        ),
        (
            {"conformal": {"mine": {"method": "mondrian", "bins": "many"}}},
            r"assessment\.conformal\.mine\.bins: 'many' is not of type int",
        ),
        (
            {"conformal": {"mine": {"method": "mondrian", "bins": 0}}},
            r"assessment\.conformal\.mine\.bins: 0 is out of range\n  expected: a number of at least 1",
        ),
        (
            {"conformal": {"mine": {"method": "absolute", "std": "total"}}},
            r"assessment\.conformal\.mine: unknown option 'std'\n  expected: known: none",
        ),
        ({"conformal": {"mine": {"std": "total"}}}, r"assessment\.conformal\.mine: the key 'method' is missing"),
        ({"conformal": {}}, r"configuration: assessment\.conformal: "),
        ({"conformal": ["absolute"]}, r"configuration: assessment\.conformal: "),
        ({"metric": ["crps"]}, r"configuration: assessment: unknown key 'metric'\n  expected: did you mean 'metrics'"),
        ({"levels": [0.9, 1.0]}, r"configuration: assessment\.levels\.1: (.|\n)*above 0 and below 1"),
        ({"levels": []}, r"configuration: assessment\.levels: "),
        ({"bins": 1}, r"configuration: assessment\.bins: "),
        ({"shift": {"strenght": 1}}, r"assessment\.shift: unknown key 'strenght'\n  expected: did you mean 'strength'"),
    ],
)
def test_a_mistake_in_the_assessment_is_reported(configure, assessment, message):
    with pytest.raises(DeguError, match=message):
        configure({"assessment": assessment})
