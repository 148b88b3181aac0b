"""Students beside members, against ratios of errors and their spread over populations."""

import numpy as np
import pytest

from degu.shift.comparison import compare_with_members
from degu.shift.prediction import part_name
from degu.shift.references import CIRCULAR, TRUTH
from tests.shift.ladders import populations, true_activity


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    return populations(tmp_path_factory.mktemp("ladders"))


def test_ratios_are_those_of_mean_squared_errors(known):
    own, (_, members), (_, students) = known
    table = compare_with_members(own, students, members)
    ladder = own.ladders[0]
    part, truth = part_name(ladder, 1), true_activity(ladder.rung(1).tokens)[0]
    theirs, mine = (made.values[part][..., 0].astype(float) for made in (members, students))
    errors = np.mean((mine - truth) ** 2)
    chosen = table[(table["shift"] == "mutated") & (table["rung"] == 2) & (table["reference"] == TRUTH)]
    chosen = chosen.set_index("against")
    assert chosen.loc["member", "ratio"] == pytest.approx(errors / np.mean((theirs - truth) ** 2), rel=1e-5)
    assert chosen.loc["ensemble", "ratio"] == pytest.approx(
        errors / np.mean((theirs.mean(axis=0) - truth) ** 2), rel=1e-5
    )
    for _, row in chosen.iterrows():
        assert row["low"] < row["ratio"] < row["high"]
        assert row["student"] / row["other"] == pytest.approx(row["ratio"])
    # Students err half as much as members here, and members are near to the mean that they are a part of.
    assert chosen.loc["member", "ratio"] == pytest.approx(0.25, abs=0.05)
    circular = table[(table["reference"] == CIRCULAR) & (table["against"] == "member")]["ratio"]
    assert (circular > 0.25).all()


def test_an_ensemble_is_not_compared_with_itself(known):
    own, (_, members), (_, students) = known
    table = compare_with_members(own, students, members)
    assert not ((table["reference"] == CIRCULAR) & (table["against"] == "ensemble")).any()
