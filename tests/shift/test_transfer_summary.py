"""The table of measured shifts, against the tables that it comes from."""

import numpy as np
import pandas as pd
import pytest

from degu.shift.transfer_summary import summarize_transfers, tell_transfers

PLACES = [("own", "own"), ("other", "own"), ("other", "other")]


@pytest.fixture
def tables():
    rng = np.random.default_rng(1)
    keys = [("far", "a", "degu", "student", seed) for seed in (1, 2)] + [("far", "a", "mine", "kmer_ridge", -1)]
    names = ["transfer", "target", "method", "model", "seed"]
    scores, intervals = [], []
    for key in keys:
        labels = dict(zip(names, key, strict=True))
        for population in ("own", "other"):
            plain = {"population": population, "calibrated_on": "", "recalibration": "", **labels}
            for metric in ("pearson", "mse", "normalized_mse", "spearman"):
                scores.append({**plain, "uncertainty": "", "metric": metric, "value": rng.uniform(1, 2)})
            if key[3] == "student":
                scores.append({**plain, "uncertainty": "epistemic", "metric": "mean_std", "value": rng.uniform(1, 2)})
        for population, calibrated_on in PLACES:
            place = {"population": population, "calibrated_on": calibrated_on, **labels}
            known = {"uncertainty": "total", "recalibration": "std_scaling", "metric": "coverage"}
            if key[3] == "student":
                scores.append({**place, **known, "value": rng.uniform(0.8, 1)})
            for conformal in ("split", "weighted", "mondrian_gc"):
                found = {"coverage": rng.uniform(0.8, 1), "width": rng.uniform(1, 2), "sequences": 50}
                intervals.append({**place, "conformal": conformal, **found})
    return pd.DataFrame(scores), pd.DataFrame(intervals)


def test_each_row_has_the_means_over_seeds(tables):
    scores, intervals = tables
    table = summarize_transfers(scores, intervals, {"far": "from here to there"})
    assert len(table) == 2 * len(PLACES)
    for population, calibrated_on in PLACES:
        place = f"population == '{population}' and model == 'student'"
        row = table.query(f"{place} and calibrated_on == '{calibrated_on}'").iloc[0]
        assert (row["title"], row["seeds"], row["sequences"]) == ("from here to there", 2, 50)
        own = scores.query(place)
        assert row["mse"] == pytest.approx(own.query("metric == 'mse'")["value"].mean())
        assert row["epistemic_std"] == pytest.approx(own.query("metric == 'mean_std'")["value"].mean())
        coverage = own.query(f"metric == 'coverage' and calibrated_on == '{calibrated_on}'")["value"].mean()
        assert row["coverage_95_scaled"] == pytest.approx(coverage)
        of_split = intervals.query(f"{place} and calibrated_on == '{calibrated_on}' and conformal == 'split'")
        assert row["split_coverage"] == pytest.approx(of_split["coverage"].mean())
        assert row["split_width"] == pytest.approx(of_split["width"].mean())
    ridge = table[table["model"] == "kmer_ridge"]
    assert ridge["epistemic_std"].isna().all() and ridge["mse"].notna().all()
    assert "mondrian_gc_coverage" not in table


@pytest.mark.parametrize(
    ("error", "std", "verdict"),
    [
        (4.0, 1.5, "the epistemic std rises as the error does"),
        (4.0, 0.5, "the epistemic std falls while the error rises"),
        (0.25, 0.5, "the epistemic std falls as the error does"),
        (0.25, 1.5, "the epistemic std rises while the error falls"),
    ],
)
def test_a_sentence_says_whether_the_std_goes_the_way_of_the_error(tables, error, std, verdict):
    table = summarize_transfers(*tables, {"far": "x"})
    is_other = table["population"] == "other"
    table["mse"] = np.where(is_other, error, 1.0)
    table["epistemic_std"] = np.where(table["model"] == "student", np.where(is_other, std, 1.0), np.nan)
    told = tell_transfers(table)
    assert told["verdict"].tolist() == [verdict]
    assert told[["error_ratio", "std_ratio"]].to_numpy().tolist() == [[error**0.5, std]]


def test_without_a_std_nothing_is_said(tables):
    scores, intervals = tables
    kept = scores[scores["uncertainty"] == ""]
    assert len(tell_transfers(summarize_transfers(kept, intervals, {"far": "x"}))) == 0
