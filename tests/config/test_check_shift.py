"""The settings that tell how sequences are shifted."""

import pytest

from degu.config.plugins import constant, known_names
from degu.errors import DeguError
from degu.shift.features import FEATURES


def test_by_default_nothing_is_shifted(configure):
    shift = configure().shift
    assert (shift["run"], shift["ladders"]) == ([], {})
    assert set(shift["features"]) <= set(FEATURES)
    assert configure({"shift": {"features": list(FEATURES)}}).shift["features"] == list(FEATURES)


@pytest.mark.parametrize("kind", known_names("shift"))
def test_a_kind_that_is_named_alone_has_its_own_levels(configure, kind):
    ladder = configure({"shift": {"run": [kind]}}).shift["ladders"][kind]
    assert ladder == {"kind": kind, "levels": list(constant("shift", kind, "LEVELS", ()))}
    assert len(ladder["levels"]) > 2
    assert constant("shift", kind, "LEVEL", "")


def test_ladders_are_run_in_the_order_in_which_they_are_named(configure):
    mine = {"kind": "motif_swap", "levels": [0.5], "stringency": 0.7}
    lower = {"kind": "gc_content", "levels": [-0.1, -0.2]}
    ladders = {"mine": mine, "lower": lower, "other": {"kind": "evoaug", "levels": [2]}}
    shift = configure({"shift": {"run": ["mutation", "mine", "lower"], "ladders": ladders}}).shift
    assert list(shift["ladders"]) == ["mutation", "mine", "lower"]
    assert (shift["ladders"]["mine"], shift["ladders"]["lower"]) == (mine, lower)


@pytest.mark.parametrize(
    ("shift", "message"),
    [
        ({"run": ["mutations"]}, r"shift\.run: there is no shift 'mutations'\n.*did you mean 'mutation'"),
        (
            {"run": ["mine"], "ladders": {"mine": {"kind": "mutate", "levels": [1]}}},
            r"ladders\.mine\.kind: there is no shift 'mutate'",
        ),
        (
            {"run": ["mine"], "ladders": {"mine": {"kind": "mutation", "levels": [0.5, 1.5]}}},
            r"ladders\.mine\.level: 1\.5 is out of range",
        ),
        (
            {"run": ["mine"], "ladders": {"mine": {"kind": "mutation", "levels": [0.5, 0.5]}}},
            r"ladders\.mine\.levels: \[0\.5, 0\.5\]\n  expected: each level once",
        ),
        (
            {"run": ["mine"], "ladders": {"mine": {"kind": "mutation", "levels": [1.0, 0.1]}}},
            r"levels: \[1\.0, 0\.1\]\n  expected: levels of one sign, from the smallest to the largest",
        ),
        (
            {"run": ["mine"], "ladders": {"mine": {"kind": "gc_content", "levels": [-0.1, 0.2]}}},
            r"levels: \[-0\.1, 0\.2\]\n  expected: levels of one sign",
        ),
        (
            {"run": ["mine"], "ladders": {"mine": {"kind": "mutation", "levels": [1], "fraction": 0.5}}},
            r"ladders\.mine: unknown option 'fraction'",
        ),
        (
            {"run": ["mine"], "ladders": {"mine": {"kind": "evoaug", "levels": [1, 6]}}},
            r"ladders\.mine: levels: 6 augmentations a sequence, of a list of 5\n(?s:.*)lower `levels`",
        ),
        (
            {
                "run": ["mine"],
                "ladders": {"mine": {"kind": "evoaug", "levels": [1], "augmentations": [{"name": "mutate"}]}},
            },
            r"ladders\.mine: augmentations\.0\.name: there is no augmentation 'mutate'",
        ),
        (
            {"run": ["mine"], "ladders": {"mine": {"kind": "motif_swap", "levels": [1], "motifs": ""}}},
            r"option 'motifs' is empty",
        ),
        ({"metrics": ["crsp"]}, r"shift\.metrics: there is no metric 'crsp'"),
        ({"features": ["gcc"]}, r"shift\.features\.0: "),
        ({"sequences": 5}, r"shift\.sequences: "),
        ({"ladders": {"a b": {"kind": "mutation", "levels": [1]}}}, r"shift\.ladders: "),
        ({"ladders": {"mine": {"kind": "mutation"}}}, r"shift\.ladders\.mine: .*levels"),
    ],
)
def test_a_mistake_is_told(configure, shift, message):
    with pytest.raises(DeguError, match=message):
        configure({"shift": shift})
