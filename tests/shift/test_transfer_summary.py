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
        assert row["rmse"] == pytest.approx(row["mse"] ** 0.5)
        assert row["spearman"] == pytest.approx(own.query("metric == 'spearman'")["value"].mean())
        assert row["epistemic_std"] == pytest.approx(own.query("metric == 'mean_std'")["value"].mean())
        coverage = own.query(f"metric == 'coverage' and calibrated_on == '{calibrated_on}'")["value"].mean()
        assert row["coverage_95_scaled"] == pytest.approx(coverage)
        of_split = intervals.query(f"{place} and calibrated_on == '{calibrated_on}' and conformal == 'split'")
        assert row["split_coverage"] == pytest.approx(of_split["coverage"].mean())
        assert row["split_width"] == pytest.approx(of_split["width"].mean())
    ridge = table[table["model"] == "kmer_ridge"]
    assert ridge["epistemic_std"].isna().all()
    # The floor that other models must beat.
    assert ridge[["rmse", "spearman", "split_coverage", "split_width"]].notna().all(axis=None)
    assert "mondrian_gc_coverage" not in table


def test_a_configuration_without_these_conformal_methods_has_its_rows(tables):
    scores, intervals = tables
    kept = intervals[intervals["conformal"] == "mondrian_gc"]
    whole, table = (summarize_transfers(scores, each, {"far": "x"}) for each in (intervals, kept))
    assert not [name for name in table if name.startswith(("split", "weighted"))]
    pd.testing.assert_frame_equal(table, whole[table.columns])


UP, DOWN, OPEN, SAME = (1.3, 1.2, 1.4), (0.8, 0.7, 0.9), (0.995, 0.9, 1.1), (1.0, 0.999999, 1.000001)


def ratios_of(error, std, model="student"):
    """Return a table of ratios, of an error and, if there is one, of an epistemic std, with their intervals."""
    labels = {"transfer": "far", "target": "a", "method": "degu", "model": model}
    known = {"rmse": error, "epistemic_std": std}
    return pd.DataFrame(
        {**labels, "quantity": name, "ratio": each[0], "low": each[1], "high": each[2]}
        for name, each in known.items()
        if each
    )


@pytest.mark.parametrize(
    ("error", "std", "verdict"),
    [
        (UP, UP, "the error rises, and so does the epistemic std"),
        (UP, DOWN, "the error rises, but the epistemic std falls"),
        (UP, OPEN, "the error rises; whether the epistemic std changes cannot be told"),
        (DOWN, DOWN, "the error falls, and so does the epistemic std"),
        (DOWN, UP, "the error falls, but the epistemic std rises"),
        (DOWN, OPEN, "the error falls; whether the epistemic std changes cannot be told"),
        (OPEN, UP, "whether the error changes cannot be told; the epistemic std rises"),
        (OPEN, OPEN, "whether the error and the epistemic std change cannot be told"),
        (UP, SAME, "the error rises, but the epistemic std stays the same"),
        (OPEN, SAME, "whether the error changes cannot be told; the epistemic std stays the same"),
        (UP, None, "the error rises"),
        (OPEN, None, "whether the error changes cannot be told"),
        # Too few groups have no interval.
        ((2.0, np.nan, np.nan), (2.0, np.nan, np.nan), "whether the error and the epistemic std change cannot be told"),
    ],
)
def test_a_sentence_says_whether_the_std_goes_the_way_of_the_error(error, std, verdict):
    told = tell_transfers(ratios_of(error, std))
    assert told["verdict"].tolist() == [verdict]
    rmse = [f"rmse_ratio{end}" for end in ("", "_low", "_high")]
    np.testing.assert_array_equal(told[rmse].to_numpy()[0], error)
    if std:
        np.testing.assert_array_equal(told[[name.replace("rmse", "epistemic_std") for name in rmse]].iloc[0], std)


def test_models_with_and_without_a_std_stand_in_one_table_in_their_order():
    told = tell_transfers(pd.concat([ratios_of(UP, None, "member"), ratios_of(UP, DOWN, "ensemble")]))
    assert told["model"].tolist() == ["member", "ensemble"]
    assert told["epistemic_std_ratio"].isna().tolist() == [True, False]
