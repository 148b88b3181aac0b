"""The table of shifts, against the tables that it comes from."""

import pytest

from degu.shift.references import CIRCULAR, TRUTH
from degu.shift.summary import summarize_shifts


def test_the_table_has_the_means_over_seeds_of_each_rung(tables):
    scores, _, _ = tables
    summary = summarize_shifts(scores)
    row = summary.query("shift == 'mutated' and rung == 2 and model == 'member'").iloc[0]
    own = scores.query("shift == 'mutated' and rung == 2 and model == 'member'")
    for column, metric, reference, uncertainty in (
        ("mse", "mse", TRUTH, ""),
        ("mse_as_published", "mse", CIRCULAR, ""),
        ("epistemic_std", "mean_std", "", "epistemic"),
        ("auroc_of_large_errors", "auroc_of_large_errors", TRUTH, "epistemic"),
    ):
        kinds = own[["metric", "reference", "uncertainty"]].eq([metric, reference, uncertainty]).all(axis=1)
        assert row[column] == pytest.approx(own.loc[kinds, "value"].mean())
    assert (row["seeds"], row["reference"]) == (5, TRUTH)
    assert len(summary) == (4 + 2) * 3
