"""Sentences on designs."""

import numpy as np
import pandas as pd

from degu.design.kept import assess_promises
from degu.design.promise import Promise
from degu.design.summary import COLUMNS, tell_designs
from degu.evaluation.bootstrap import GroupBootstrap


def table(error: float, *, std: float | None = 1.0) -> pd.DataFrame:
    """Return what is known of 100 designs that promise too much by an error."""
    rng = np.random.default_rng(1)
    stds = None if std is None else np.full(100, std)
    promises, achieved = {}, {}
    for step, over in ((0, 0.0), (5, error)):
        achieved[step] = rng.standard_normal(100)
        promises[step] = Promise(achieved[step] + over + 0.1 * rng.standard_normal(100), stds)
    found = assess_promises(promises, {"truth": achieved}, GroupBootstrap(np.arange(100), 1))
    return found.assign(design="mine", target="activity")


def verdict_of(*args, **options) -> str:
    told = tell_designs(table(*args, **options))
    assert list(told) == COLUMNS and list(told["step"]) == [5] and list(told["judge"]) == ["the truth"]
    return told["verdict"].item()


def test_the_words_follow_the_interval_of_the_overestimate():
    assert verdict_of(0.5).startswith("designs do less than is promised")
    assert verdict_of(-0.5).startswith("designs do more than is promised")
    assert verdict_of(0.0).startswith("designs do on average what is promised, as far as can be told")


def test_the_share_that_reaches_the_bound_is_told_beside_that_of_the_starting_sequences():
    assert verdict_of(5.0).endswith("0% reach the 90% lower bound, and 100% of the starting sequences do")


def test_a_designer_without_a_std_has_no_bound():
    assert verdict_of(0.5, std=None).endswith("; the designer has no standard deviation")
