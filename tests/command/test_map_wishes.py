"""Which heads of which targets are explained, and by which methods."""

from types import SimpleNamespace

import pytest

from degu.command.map_wishes import ALONE, METHODS, Wishes, keys_of
from degu.config.plugins import constant, known_names
from degu.errors import DeguError
from degu.outputs.heads import Heads

PUBLISHED = ["mean", "aleatoric", "epistemic"]
PROFILES = ["profile", "profile_epistemic"]


def model_of(heads, targets=("Dev", "Hk")):
    described = Heads(tuple(heads), tuple(targets), {head: (2, 4) for head in heads if head.startswith("profile")})
    return SimpleNamespace(heads=list(heads), targets=list(targets), described=described)


@pytest.mark.parametrize(
    ("heads", "wishes", "expected"),
    [
        (PUBLISHED, Wishes(), [(target, head) for target in ("Dev", "Hk") for head in PUBLISHED]),
        (["mean"], Wishes(), [("Dev", "mean"), ("Hk", "mean")]),
        ([*PUBLISHED, "replicate_std"], Wishes(targets=("Hk",)), [("Hk", head) for head in PUBLISHED]),
        ([*PUBLISHED, *PROFILES], Wishes(targets=("Hk",)), [("Hk", head) for head in PUBLISHED]),
        (PUBLISHED, Wishes(heads=("total", "mean"), targets=("Dev",)), [("Dev", "total"), ("Dev", "mean")]),
        (
            ["mean", "replicate_std"],
            Wishes(heads=("replicate_std",)),
            [("Dev", "replicate_std"), ("Hk", "replicate_std")],
        ),
        (["mean", *PROFILES], Wishes(heads=("profile", "mean"), targets=("Hk",)), [("Hk", "profile"), ("Hk", "mean")]),
        (PUBLISHED, Wishes(heads=("mean", "mean"), targets=("Hk", "Dev", "Hk")), [("Dev", "mean"), ("Hk", "mean")]),
    ],
)
def test_wanted_heads_and_targets(heads, wishes, expected):
    assert keys_of(model_of(heads), wishes) == expected


@pytest.mark.parametrize(
    ("heads", "wishes", "told"),
    [
        (PUBLISHED, Wishes(heads=("epistemc",)), "no head 'epistemc'\n.*did you mean 'epistemic'"),
        (["mean"], Wishes(heads=("total",)), "no head 'total'"),
        (["mean", *PROFILES], Wishes(heads=("total",)), "no head 'total'"),
        (
            [*PUBLISHED, *PROFILES],
            Wishes(heads=("profile_epistemic",)),
            "has one value for each position or bin in the head 'profile_epistemic'\n  expected: .*profile",
        ),
        (PUBLISHED, Wishes(heads=("profile",)), "no head 'profile'"),
        (["mean", "replicate_std"], Wishes(heads=("total",)), "no head 'total'"),
        (PUBLISHED, Wishes(targets=("dev",)), "no target 'dev'\n.*did you mean 'Dev'"),
    ],
)
def test_what_a_student_lacks_is_told(heads, wishes, told):
    with pytest.raises(DeguError, match=told):
        keys_of(model_of(heads), wishes)


def test_methods_are_those_of_the_library_and_some_compare_with_no_backgrounds():
    assert set(METHODS) <= set(known_names("attribution method"))
    assert [name for name in METHODS if not constant("attribution method", name, "BACKGROUNDS", True)] == list(ALONE)
