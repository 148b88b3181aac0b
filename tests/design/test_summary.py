"""Claims about designs."""

import numpy as np
import pandas as pd

from degu.design.kept import assess_promises
from degu.design.promise import Promise
from degu.design.summary import CLAIM_COLUMNS, check_design_claims
from degu.evaluation.bootstrap import GroupBootstrap

NO_COMPARISON = pd.DataFrame(columns=["design", "against", "target", "step", "judge", "quantity", "difference", "low"])


def table(error: float, *, std: float | None = 1.0, judges: tuple[str, ...] = ("truth",)) -> pd.DataFrame:
    """Return what is known of 100 designs that promise too much by an error."""
    rng = np.random.default_rng(1)
    stds = None if std is None else np.full(100, std)
    achieved = {step: rng.standard_normal(100) for step in (0, 5)}
    promises = {
        step: Promise(achieved[step] + over + 0.1 * rng.standard_normal(100), stds)
        for step, over in ((0, 0.0), (5, error))
    }
    known = {judge: achieved if judge != "own_ensemble" else {0: achieved[0], 5: promises[5].mean} for judge in judges}
    found = assess_promises(promises, known, GroupBootstrap(np.arange(100), 1))
    return found.assign(design="mine", target="activity")


def verdicts(known: pd.DataFrame, comparisons: pd.DataFrame = NO_COMPARISON) -> dict[str, str]:
    claims = check_design_claims(known, comparisons)
    assert list(claims) == CLAIM_COLUMNS
    return dict(zip(claims["claim"], claims["verdict"], strict=True))


MEAN, BOUND = "designs do what is promised after 5 steps", "90% of designs reach their 90% lower bound after 5 steps"


def test_a_promise_is_judged_by_the_interval_of_the_overestimate():
    assert verdicts(table(0.5))[MEAN] == "does not hold"
    assert verdicts(table(-0.5))[MEAN] == "holds"
    assert verdicts(table(0.0))[MEAN] == "undecided"


def test_a_bound_is_judged_by_the_share_that_reaches_it():
    assert verdicts(table(0.0))[BOUND] == "holds"
    assert verdicts(table(5.0))[BOUND] == "does not hold"
    assert BOUND not in verdicts(table(0.5, std=None))


def test_the_own_ensemble_judges_only_where_there_is_nobody_else():
    assert verdicts(table(5.0, judges=("own_ensemble", "reference_ensemble")))[MEAN] == "does not hold"
    alone = check_design_claims(table(5.0, judges=("own_ensemble",)), NO_COMPARISON)
    assert alone.loc[alone["claim"] == MEAN, "effect"].item() == 0


def test_designs_are_compared_by_what_they_do_after_the_last_step():
    row = {"design": "other", "against": "mine", "target": "activity", "step": 5, "judge": "truth"}
    rows = [
        {**row, "quantity": "achieved", "difference": 0.3, "low": 0.1, "high": 0.5},
        {**row, "quantity": "kept_mean", "difference": 0.3, "low": 0.1, "high": 0.5},
        {**row, "quantity": "achieved", "difference": -0.3, "low": -0.5, "high": -0.1, "step": 1},
    ]
    found = verdicts(table(0.5), pd.DataFrame(rows))
    assert found["designs do at least as much as those of mine after 5 steps"] == "holds"
    assert len(found) == 3
