"""The headlines of a run."""

import numpy as np
import pandas as pd
import pytest

from degu.evaluation.headlines import COLUMNS, KEYS, headlines, sentences
from degu.evaluation.summary import summarize
from degu.uncertainty.columns import empty_table

NONE = empty_table("scores").assign(dataset="", teacher="", student="")
VALUES = {
    ("kmer_ridge", "mean", "measured"): 0.5,
    ("member", "mean", "measured"): 0.6,
    ("ensemble", "mean", "measured"): 0.7,
    ("student", "mean", "measured"): 0.69,
    ("student", "mean", "ensemble"): 0.98,
    ("student", "epistemic", "ensemble"): 0.55,
    ("ceiling", "epistemic", "ensemble"): 0.8,
    ("ceiling", "mean", "measured"): 0.95,
}


def scores_of(values: dict = VALUES, fraction: float = 1.0, dataset: str = "toy") -> pd.DataFrame:
    """Return tidy scores of two seeds whose mean is given, and scores of other splits and metrics."""
    rows = []
    for (model, head, reference), value in values.items():
        labels = {
            "dataset": dataset,
            "target": "activity",
            "fraction": fraction,
            "head": head,
            "reference": reference,
            "teacher": None if model == "kmer_ridge" else "small",
            "student": "degu" if model == "student" else None,
            "model": model,
        }
        for seed, offset in ((1, -0.01), (2, 0.01)):
            for split, metric, number in (
                ("test", "pearson", value + offset),
                ("test", "mse", 1 - value),
                ("test", "spearman", 1 - value),
                ("validation", "pearson", 1 - value),
            ):
                rows.append({**labels, "seed": seed, "split": split, "metric": metric, "value": number})
    return pd.DataFrame(rows).assign(low=np.nan, high=np.nan)


def coverage_of(value: float, **changes: object) -> pd.DataFrame:
    labels = {"dataset": "toy", "target": "activity", "teacher": "small", "student": "degu"}
    return pd.DataFrame([{**labels, "value": value, **changes}])


def test_a_row_a_student_and_target_of_the_highest_fraction():
    tables = [scores_of(), scores_of(dict.fromkeys(VALUES, 0.1), fraction=0.25), scores_of(dataset="other")]
    coverage = [coverage_of(0.93), coverage_of(0.95), coverage_of(0.1, dataset="third")]
    table = headlines(summarize(pd.concat(tables)), pd.concat(coverage))
    assert list(table.columns) == [*KEYS, *COLUMNS]
    assert table["dataset"].tolist() == ["other", "toy"]
    expected = {
        "kmer_ridge": 0.5,
        "members": 0.6,
        "ensemble": 0.7,
        "accuracy": 0.69,
        "epistemic": 0.55,
        "ceiling": 0.8,
        "coverage_95": 0.94,
        "students": 2,
    }
    found = table.set_index("dataset").loc["toy"]
    for name, value in expected.items():
        assert found[name] == pytest.approx(value), name


def test_what_is_not_known_is_left_out_of_the_sentence():
    values = {key: value for key, value in VALUES.items() if key[1] == "mean"}
    (sentence,) = sentences(headlines(summarize(scores_of(values)), NONE))
    assert sentence == (
        "toy, activity, degu of small: Pearson r of k-mer ridge 0.500, members 0.600, ensemble 0.700, student 0.690."
    )


def test_a_sentence_holds_the_three_numbers():
    (sentence,) = sentences(headlines(summarize(scores_of()), coverage_of(0.93)))
    assert (
        "ensemble 0.700, student 0.690; r of the epistemic head 0.55 of at most 0.80; 95 % intervals cover 0.93."
        in sentence
    )


def test_a_ceiling_that_cannot_be_told_is_told():
    values = {key: value for key, value in VALUES.items() if key != ("ceiling", "epistemic", "ensemble")}
    (sentence,) = sentences(headlines(summarize(scores_of(values)), NONE))
    assert sentence.endswith("; r of the epistemic head 0.55 (its ceiling cannot be told from these members).")


@pytest.mark.parametrize(("floor", "named"), [(0.4, []), (0.695, ["student"]), (0.8, ["ensemble", "student"])])
def test_a_network_below_the_floor_is_named(floor, named):
    values = {**VALUES, ("kmer_ridge", "mean", "measured"): floor}
    lines = list(sentences(headlines(summarize(scores_of(values)), NONE)))
    assert [line for line in lines[1:] if "below k-mer ridge" in line] == lines[1:]
    assert [line.split()[1] for line in lines[1:]] == named


def test_without_students_there_are_no_headlines():
    values = {key: value for key, value in VALUES.items() if key[0] != "student"}
    table = headlines(summarize(scores_of(values)), NONE)
    assert table.empty
    assert list(sentences(table)) == []
