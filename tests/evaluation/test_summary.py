import itertools
import statistics

import pandas as pd
import pytest

from degu.evaluation.summary import KEYS, summarize, to_html
from degu.formats.tables import read_tables, write_table

VALUES = {1: 0.5, 2: 0.7, 3: 0.9}


def rows(model, student="", teacher="small", seeds=(1, 2, 3), split="test", fraction=1.0, head="mean", offset=0.0):
    return [
        {
            "dataset": "d",
            "teacher": teacher,
            "student": student,
            "fraction": fraction,
            "model": model,
            "seed": seed,
            "split": split,
            "head": head,
            "target": "activity",
            "reference": "measured",
            "metric": metric,
            "value": VALUES[seed] + offset + shift,
            "low": VALUES[seed] + offset + shift - 0.1,
            "high": VALUES[seed] + offset + shift + 0.2,
        }
        for seed, (metric, shift) in itertools.product(seeds, [("pearson", 0.0), ("spearman", 0.01), ("mse", 1.0)])
    ]


def test_mean_and_std_over_seeds_are_those_of_the_textbook():
    (row,) = summarize(pd.DataFrame(rows("member"))).to_dict("records")
    assert row["seeds"] == 3
    for metric, shift in (("pearson", 0), ("spearman", 0.01), ("mse", 1)):
        values = [value + shift for value in VALUES.values()]
        assert row[metric] == pytest.approx(statistics.mean(values))
        assert row[f"{metric}_std"] == pytest.approx(statistics.stdev(values))
        ends = row[f"{metric}_low"], row[f"{metric}_high"]
        assert ends == pytest.approx((statistics.mean(values) - 0.1, statistics.mean(values) + 0.2))


def test_one_seed_has_no_std():
    (row,) = summarize(pd.DataFrame(rows("ensemble", seeds=[2]))).to_dict("records")
    assert row["seeds"] == 1
    assert row["pearson"] == 0.7
    assert pd.isna(row["pearson_std"])


def test_regions_and_negatives_have_rows_of_their_own_behind_those_of_all():
    parts = ("test negatives", "test regions", "test", "train")
    scores = [row for index, part in enumerate(parts) for row in rows("member", split=part, offset=index)]
    table = summarize(pd.DataFrame(scores))
    assert table["split"].tolist() == ["test", "test regions", "test negatives"]
    assert table["pearson"].tolist() == pytest.approx([2.7, 1.7, 0.7])


def test_other_splits_do_not_count():
    table = summarize(pd.DataFrame(rows("member") + rows("member", split="validation", offset=5)))
    assert table["pearson"].tolist() == pytest.approx([0.7])


def test_columns_are_keys_seeds_and_metrics():
    names, ends = ("pearson", "spearman", "mse"), ("", "_std", "_low", "_high")
    metrics = [name + end for name, end in itertools.product(names, ends)]
    assert list(summarize(pd.DataFrame(rows("member"))).columns) == [*KEYS, "seeds", *metrics]


def test_labels_alone_have_no_squared_errors():
    scores = pd.DataFrame(rows("member"))
    summary = summarize(scores[scores["metric"] != "mse"])
    assert list(summary.columns) == list(summarize(scores).columns)
    assert summary["mse"].isna().all() and summary["pearson"].notna().all()


def test_models_come_in_the_order_of_the_story_within_a_fraction():
    scores = rows("student", "degu") + rows("ensemble", seeds=[1]) + rows("member") + rows("student", "alone")
    scores += rows("member", fraction=0.25)
    table = summarize(pd.DataFrame(scores))
    assert list(zip(table["fraction"], table["model"], table["student"], strict=True)) == [
        (0.25, "member", ""),
        (1.0, "member", ""),
        (1.0, "ensemble", ""),
        (1.0, "student", "alone"),
        (1.0, "student", "degu"),
    ]
    assert table.index.tolist() == [0, 1, 2, 3, 4]


def test_heads_are_kept_apart_and_the_mean_comes_first():
    table = summarize(pd.DataFrame(rows("member", head="aleatoric", offset=-0.2) + rows("member")))
    assert table["head"].tolist() == ["mean", "aleatoric"]
    assert table["pearson"].tolist() == pytest.approx([0.7, 0.5])


def test_models_without_teacher_or_student_survive_a_table_on_disk(tmp_path):
    write_table(pd.DataFrame(rows("kmer_ridge", teacher="", seeds=[1]) + rows("member")), tmp_path / "t.tsv")
    table = summarize(read_tables(tmp_path / "t.tsv"))
    assert table["model"].tolist() == ["kmer_ridge", "member"]
    assert table["teacher"].tolist() == ["", "small"]
    assert table["student"].tolist() == ["", ""]


def test_page_shows_every_row_with_three_decimals_and_no_nan():
    page = to_html(summarize(pd.DataFrame(rows("member") + rows("ensemble", seeds=[1]))))
    assert page.startswith("<!doctype html>")
    assert page.count("<tr") == 3
    assert page.count("<th>") == len(KEYS) + 13
    assert "<td>0.700</td>" in page
    assert "nan" not in page.lower()
