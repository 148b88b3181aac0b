"""What tests of shifts share: tables of small populations, and of students compared with members."""

import pandas as pd
import pytest

from degu.shift.assessment import assess_shifts
from degu.shift.comparison import compare_with_members
from tests.shift.ladders import populations
from tests.shift.test_assessment import SETTINGS


@pytest.fixture(scope="package")
def tables(tmp_path_factory):
    own, members, students = populations(tmp_path_factory.mktemp("ladders"))
    found = [
        assess_shifts(own, *models, SETTINGS, model=kind, family="normal")
        for models, kind in ((members, "member"), (students, "student"))
    ]
    scores, intervals = (
        pd.concat(
            [getattr(one, name).assign(method=method) for one, method in zip(found, ("small", "degu"), strict=True)]
        )
        for name in ("scores", "intervals")
    )
    return scores, intervals, compare_with_members(own, students[1], members[1]).assign(method="degu")
