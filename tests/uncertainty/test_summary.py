"""The table of all methods, and which claims hold in it, from tables made by hand."""

import itertools
import re
import statistics

import numpy as np
import pandas as pd
import pytest

from degu.evaluation.summary import page
from degu.formats.tables import write_table
from degu.uncertainty.summary import (
    CLAIM_COLUMNS,
    COLUMNS,
    COVERAGE_TOLERANCE,
    KEYS,
    check_claims,
    method_of,
    read_methods,
    summarize_uncertainty,
)

# Every method by its teacher and student, its models, and their seeds.
METHODS = {
    "small": ("small", "", {"member": (1, 2, 3), "ensemble": (-1,)}),
    "mc_dropout": ("small-mc_dropout", "", {"member": (1, 2), "ensemble": (-1,)}),
    "gaussian": ("small-gaussian", "", {"member": (1, 2), "ensemble": (-1,)}),
    "degu": ("small", "degu", {"student": (1, 2)}),
}
PASSES = {"small": 1, "small-mc_dropout": 20, "small-gaussian": 1}
CONFORMAL = {"uncalibrated": 0.5, "split": 4.0, "normalized_total": 3.0, "mondrian_gc": 1.0, "weighted": 0.1}


def scores_of(targets: tuple[str, ...] = ("activity",), columns: dict = COLUMNS) -> pd.DataFrame:
    """Return scores of every method: those that the summary takes, and others beside them."""
    # No two are alike, and no mean of a few is another.
    numbers = (0.01 * index**1.5 for index in itertools.count(1))
    other = {"a": ("aleatoric", "none", "coverage"), "b": ("total", "isotonic", "crps"), "c": ("", "", "spearman")}
    rows = []
    for (method, (teacher, student, models)), target in itertools.product(METHODS.items(), targets):
        for model, seeds in models.items():
            for seed, (uncertainty, recalibration, metric) in itertools.product(
                seeds, [*columns.values(), *other.values()]
            ):
                rows.append(
                    {
                        "teacher": teacher,
                        "student": student,
                        "method": method,
                        "target": target,
                        "model": model,
                        "seed": seed,
                        "uncertainty": uncertainty,
                        "recalibration": recalibration,
                        "metric": metric,
                        "value": next(numbers),
                    }
                )
    return pd.DataFrame(rows)


def conformal_of(targets: tuple[str, ...] = ("activity",), widths: dict = CONFORMAL) -> pd.DataFrame:
    rows = []
    for (method, (_, _, models)), target in itertools.product(METHODS.items(), targets):
        for model, seeds in models.items():
            for seed, population, level, (name, width) in itertools.product(
                seeds, ("test", "shifted"), (0.5, 0.9), widths.items()
            ):
                rows.append(
                    {
                        "method": method,
                        "target": target,
                        "model": model,
                        "seed": seed,
                        "conformal": name,
                        "population": population,
                        "level": level,
                        # What is not to be taken is narrower.
                        "width": width * (1 + 0.1 * seed) * (1 if (population, level) == ("test", 0.9) else 0.01),
                        "coverage": 0.9 + 0.01 * seed,
                    }
                )
    return pd.DataFrame(rows)


def summary_of(scores: pd.DataFrame, conformal: pd.DataFrame | None = None, level: float = 0.9) -> pd.DataFrame:
    conformal = conformal_of(tuple(scores["target"].unique())) if conformal is None else conformal
    return summarize_uncertainty(scores, conformal, passes=PASSES, level=level)


# Reading


def write_assessments(folder, suffix: str = "tsv"):
    paths = []
    for index, (teacher, student, models) in enumerate(METHODS[name] for name in METHODS):
        rows = [
            {"model": model, "seed": seed, "uncertainty": "", "teacher": teacher, "student": student, "value": index}
            for model, seeds in models.items()
            for seed in seeds
        ]
        paths.append(folder / f"{index}.{suffix}")
        write_table(pd.DataFrame(rows), paths[-1])
    return paths


@pytest.mark.parametrize("suffix", ["tsv", "parquet"])
def test_a_method_is_the_student_or_the_baseline_or_the_teacher(suffix, tmp_path):
    table = read_methods(write_assessments(tmp_path, suffix))
    found = table[["value", "teacher", "student", "method"]].drop_duplicates()
    expected = [(index, *METHODS[name][:2], name) for index, name in enumerate(METHODS)]
    assert list(found.itertuples(index=False, name=None)) == expected
    assert len(table) == 4 + 3 + 3 + 2


def test_a_name_may_hold_any_letter_and_a_student_of_a_baseline_is_the_student(tmp_path):
    frame = pd.DataFrame({"teacher": ["motif_cnn_aleatoric-quantile", "small-gaussian"], "student": ["", "degu_crps"]})
    write_table(frame, tmp_path / "table.tsv")
    assert read_methods([tmp_path / "table.tsv"])["method"].tolist() == ["quantile", "degu_crps"]


@pytest.mark.parametrize(
    ("teacher", "method"), [("small", "small"), ("small-gaussian", "gaussian"), ("motif_cnn-mc_dropout", "mc_dropout")]
)
def test_a_teacher_is_called_by_its_baseline(teacher, method):
    assert method_of(teacher) == method


# The summary


def test_a_row_a_target_method_and_model_with_its_columns():
    summary = summary_of(scores_of(("Dev", "Hk")))
    conformal = ["conformal", "conformal_coverage", "conformal_width"]
    spread = ["pearson_std", "coverage_95_std"]
    assert set(summary.columns) == {*KEYS, "seeds", "forward_passes", *COLUMNS, *spread, *conformal}
    assert list(summary.columns[:5]) == [*KEYS, "seeds", "forward_passes"]
    expected = {(target, name, model) for name in METHODS for model in METHODS[name][2] for target in ("Dev", "Hk")}
    found = list(summary[KEYS].itertuples(index=False, name=None))
    assert set(found) == expected
    assert len(found) == len(expected)


def test_every_number_is_the_mean_over_seeds_of_its_score():
    scores = scores_of(("Dev", "Hk"))
    records = scores.to_dict("records")
    for row in summary_of(scores).to_dict("records"):
        for column, wanted in COLUMNS.items():
            found = [
                record["value"]
                for record in records
                if all(record[key] == row[key] for key in KEYS)
                and (record["uncertainty"], record["recalibration"], record["metric"]) == wanted
            ]
            assert len(found) == row["seeds"] == len(METHODS[row["method"]][2][row["model"]])
            assert row[column] == pytest.approx(statistics.mean(found)), column
            if column in ("pearson", "coverage_95"):
                spread = statistics.stdev(found) if len(found) > 1 else float("nan")
                assert row[f"{column}_std"] == pytest.approx(spread, nan_ok=True)


@pytest.mark.parametrize(
    ("method", "model", "passes"),
    [
        ("small", "member", 1),
        ("small", "ensemble", 3),
        ("mc_dropout", "member", 20),
        ("mc_dropout", "ensemble", 40),
        ("gaussian", "member", 1),
        ("gaussian", "ensemble", 2),
        ("degu", "student", 1),
    ],
)
def test_a_prediction_costs_a_forward_pass_a_member_and_pass(method, model, passes):
    row = summary_of(scores_of()).set_index(KEYS).loc[("activity", method, model)]
    assert row["forward_passes"] == passes


def test_methods_come_in_the_order_in_which_they_were_read():
    assert list(dict.fromkeys(summary_of(scores_of(("Dev", "Hk")))["method"])) == list(METHODS)


def test_the_conformal_method_shown_is_the_narrowest_of_split_and_normalised():
    """Neither a narrower one of another kind, nor of another level or population."""
    for row in summary_of(scores_of()).to_dict("records"):
        seeds = METHODS[row["method"]][2][row["model"]]
        assert row["conformal"] == "normalized_total"
        assert row["conformal_width"] == pytest.approx(statistics.mean(3 * (1 + 0.1 * seed) for seed in seeds))
        assert row["conformal_coverage"] == pytest.approx(statistics.mean(0.9 + 0.01 * seed for seed in seeds))


@pytest.mark.parametrize(
    ("widths", "expected"),
    [
        ({"split": 2.0, "normalized_total": 3.0}, "split"),
        ({"split": 2.0, "normalized_aleatoric": 1.5, "normalized_epistemic": np.inf}, "normalized_aleatoric"),
        ({"split": 2.0, "my_split": 0.1, "split_twice": 0.1}, "split"),
        ({"split": np.inf}, "split"),
    ],
)
def test_which_method_is_the_narrowest(widths, expected):
    summary = summary_of(scores_of(), conformal_of(widths=widths))
    assert set(summary["conformal"]) == {expected}


def test_without_split_and_normalised_methods_there_is_nothing_to_show():
    summary = summary_of(scores_of(), conformal_of(widths={"quantile": 1.0}))
    assert len(summary) == 7
    assert summary[["conformal", "conformal_coverage", "conformal_width"]].isna().all(axis=None)


def test_what_is_empty_in_a_file_is_empty():
    """Accuracy has no kind of uncertainty, which a file gives back as NaN."""
    scores = scores_of()
    from_file = scores.replace({"uncertainty": {"": np.nan}, "recalibration": {"": np.nan}})
    assert from_file["uncertainty"].isna().any()
    pd.testing.assert_frame_equal(summary_of(from_file), summary_of(scores))


def test_a_model_without_a_std_has_accuracy_alone():
    scores = scores_of()
    scores = scores[(scores["model"] != "member") | (scores["uncertainty"] == "")]
    rows = summary_of(scores).set_index("model").loc["member"]
    assert rows[["pearson", "mse", "seeds", "forward_passes", "conformal_width"]].notna().all(axis=None)
    assert rows[["coverage_95", "coverage_95_std", "nll", "sharpness"]].isna().all(axis=None)


def test_metrics_that_were_not_asked_for_have_no_column():
    columns = {name: COLUMNS[name] for name in ("pearson", "crps")}
    summary = summary_of(scores_of(columns=columns))
    assert set(COLUMNS) & set(summary.columns) == {"pearson", "crps"}
    assert "coverage_95_std" not in summary.columns


# The claims

FIRST = {
    "member": {"pearson": 0.5, "coverage_95": 0.6, "miscalibration_area": 0.3},
    "ensemble": {"pearson": 0.6, "coverage_95": 0.8, "miscalibration_area": 0.2},
    "student": {"pearson": 0.7, "coverage_95": 0.82, "miscalibration_area": 0.1},
}
BASELINE = {"pearson": 0.65, "coverage_95": 0.9, "miscalibration_area": 0.15}


def summary_table(
    target: str = "activity",
    student: dict = FIRST["student"],
    baseline: dict = BASELINE,
    ensemble: dict = FIRST["ensemble"],
) -> pd.DataFrame:
    rows = [
        ("small", "member", FIRST["member"]),
        ("small", "ensemble", ensemble),
        ("gaussian", "member", baseline),
        # Ensembles cost more than a student: it is not compared with theirs.
        ("gaussian", "ensemble", {"pearson": 0.99, "coverage_95": 0.95, "miscalibration_area": 0.0}),
        ("degu", "student", student),
    ]
    return pd.DataFrame(
        [{"target": target, "method": method, "model": model, **numbers} for method, model, numbers in rows]
    )


def areas(target: str = "activity", method: str = "degu", **by_kind: float) -> pd.DataFrame:
    """Return miscalibration areas of two seeds, whose mean is that given, and areas and scores that do not count."""
    rows = []
    for kind, area in by_kind.items():
        for seed, offset in ((1, -0.01), (2, 0.01)):
            rows += [
                (kind, "none", "miscalibration_area", area + offset, seed),
                (kind, "isotonic", "miscalibration_area", 1 - area, seed),
                (kind, "none", "coverage", 1 - area, seed),
            ]
    frame = pd.DataFrame(rows, columns=["uncertainty", "recalibration", "metric", "value", "seed"])
    return frame.assign(target=target, method=method)


def performance_of(
    target: str = "activity",
    student: str = "degu",
    aleatoric: float = 0.3,
    epistemic: float = 0.6,
    ridge: float = 0.45,
    teacher: str = "small",
) -> pd.DataFrame:
    """Return scores of a student's heads and of k-mer ridge, and others that do not count."""
    rows = []
    for head, reference, value in (("aleatoric", "measured", aleatoric), ("epistemic", "ensemble", epistemic)):
        for seed, offset in ((1, -0.05), (2, 0.05)):
            rows += [
                (head, reference, "test", "pearson", value + offset, seed),
                (head, reference, "train", "pearson", 1 - value, seed),
                (head, reference, "test", "mse", 1 - value, seed),
                (head, "truth", "test", "pearson", 1 - value, seed),
            ]
    frame = pd.DataFrame(rows, columns=["head", "reference", "split", "metric", "value", "seed"])
    heads = frame.assign(model="student", teacher=teacher, student=student)
    of_another = heads.assign(teacher="another", value=1 - heads["value"])
    floor = [
        ("measured", "test", "pearson", ridge),
        ("measured", "train", "pearson", 1.0),
        ("measured", "test", "mse", 1.0),
        ("truth", "test", "pearson", 1.0),
    ]
    floors = pd.DataFrame(floor, columns=["reference", "split", "metric", "value"])
    return pd.concat([heads, of_another, floors.assign(model="kmer_ridge", head="mean")]).assign(target=target)


KINDS = {"aleatoric": 0.2, "epistemic": 0.3, "total": 0.1}
TEXTS = {
    "members": "student at least as accurate as its members",
    "ensemble": "student at least as accurate as its ensemble",
    "above_ridge": "student at least as accurate as k-mer ridge",
    "ensemble_above_ridge": "ensemble at least as accurate as k-mer ridge",
    "coverage": "student keeps its ensemble's coverage to 0.05",
    "aleatoric": "total uncertainty at least as well calibrated as aleatoric",
    "epistemic": "total uncertainty at least as well calibrated as epistemic",
    "heads": "aleatoric head (r with replicate std) at least as hard as epistemic (r with ensemble std)",
    "accurate": "student at least as accurate as one model of gaussian",
    "calibrated": "student at least as well calibrated as one model of gaussian",
}


def differences_of(target="activity", student="degu", reference="measured", **intervals) -> pd.DataFrame:
    """Return intervals of differences by what a student is compared with; without any the table is empty."""
    rows = [
        {"target": target, "student": student, "reference": reference, "against": against, "low": low, "high": high}
        for against, (low, high) in intervals.items()
    ]
    return pd.DataFrame(rows, columns=["target", "student", "reference", "against", "low", "high"])


def claims_of(summary=None, scores=None, performance=None, differences=None, teacher="small") -> pd.DataFrame:
    summary = summary_table() if summary is None else summary
    scores = areas(**KINDS) if scores is None else scores
    performance = performance_of() if performance is None else performance
    return check_claims(summary, scores, performance, differences_of() if differences is None else differences, teacher)


def holding(claims: pd.DataFrame) -> dict[str, bool]:
    names = {text: name for name, text in TEXTS.items()}
    return dict(zip(claims["claim"].map(names), claims["verdict"] == "holds", strict=True))


def test_claims_that_hold():
    claims = claims_of()
    assert list(claims.columns) == CLAIM_COLUMNS
    np.testing.assert_allclose(claims["effect"], claims["value"] - claims["compared_value"])
    assert holding(claims) == dict.fromkeys(TEXTS, True)
    assert set(claims["target"]) == {"activity"}
    assert set(claims["student"]) == {"degu"}
    numbers = {text: (value, other) for text, value, other in claims[["claim", "value", "compared_value"]].to_numpy()}
    expected = {
        "members": (0.7, 0.5),
        "ensemble": (0.7, 0.6),
        "above_ridge": (0.7, 0.45),
        "ensemble_above_ridge": (0.6, 0.45),
        "coverage": (0.82, 0.8),
        "aleatoric": (0.1, 0.2),
        "epistemic": (0.1, 0.3),
        "heads": (0.3, 0.6),
        "accurate": (0.7, 0.65),
        "calibrated": (0.1, 0.15),
    }
    for name, pair in expected.items():
        assert numbers[TEXTS[name]] == pytest.approx(pair), name
    words = dict(zip(claims["claim"], claims["quantity"], strict=True))
    assert words[TEXTS["coverage"]] == "95 % intervals"
    assert words[TEXTS["heads"]] == words[TEXTS["members"]] == "Pearson r"
    assert words[TEXTS["aleatoric"]] == words[TEXTS["calibrated"]] == "miscalibration area"


@pytest.mark.parametrize(
    ("change", "false"),
    [
        ({"summary": summary_table(student={**FIRST["student"], "pearson": 0.62})}, {"accurate"}),
        ({"summary": summary_table(student={**FIRST["student"], "pearson": 0.55})}, {"ensemble", "accurate"}),
        (
            {"summary": summary_table(student={**FIRST["student"], "pearson": 0.4})},
            {"members", "ensemble", "accurate", "above_ridge"},
        ),
        ({"summary": summary_table(student={**FIRST["student"], "coverage_95": 0.9})}, {"coverage"}),
        ({"summary": summary_table(student={**FIRST["student"], "coverage_95": 0.7})}, {"coverage"}),
        ({"summary": summary_table(baseline={**BASELINE, "miscalibration_area": 0.05})}, {"calibrated"}),
        ({"summary": summary_table(baseline={**BASELINE, "pearson": 0.8})}, {"accurate"}),
        ({"scores": areas(**KINDS | {"total": 0.25})}, {"aleatoric"}),
        ({"scores": areas(**KINDS | {"total": 0.35})}, {"aleatoric", "epistemic"}),
        ({"scores": areas(**KINDS | {"epistemic": 0.05})}, {"epistemic"}),
        ({"performance": performance_of(aleatoric=0.7)}, {"heads"}),
        ({"performance": performance_of(ridge=0.65)}, {"ensemble_above_ridge"}),
        ({"performance": performance_of(ridge=0.8)}, {"above_ridge", "ensemble_above_ridge"}),
    ],
)
def test_claims_that_do_not(change, false):
    found = holding(claims_of(**change))
    assert set(found) == set(TEXTS)
    assert {name for name, holds in found.items() if not holds} == false


@pytest.mark.parametrize(
    ("low", "high", "expected"), [(0.01, 0.2, "holds"), (-0.2, -0.01, "does not hold"), (-0.1, 0.1, "undecided")]
)
def test_the_interval_of_a_difference_decides_where_there_is_one(low, high, expected):
    others = [differences_of(target="other", ensemble=(-1, -1)), differences_of(student="other", ensemble=(-1, -1))]
    others.append(differences_of(reference="truth", ensemble=(-1, -1)))
    claims = claims_of(differences=pd.concat([*others, differences_of(ensemble=(low, high))]))
    row = claims.set_index("claim").loc[TEXTS["ensemble"]]
    assert (row["low"], row["high"], row["verdict"]) == (low, high, expected)
    assert claims.set_index("claim").loc[TEXTS["members"], "verdict"] == "holds"


def test_equally_good_is_at_least_as_good():
    equal = {**FIRST["ensemble"], "pearson": 0.65, "miscalibration_area": 0.15}
    found = holding(claims_of(summary_table(student=equal, baseline=equal, ensemble=equal)))
    assert found == dict.fromkeys(TEXTS, True)


@pytest.mark.parametrize(("offset", "holds"), [(-0.06, False), (-0.04, True), (0.04, True), (0.06, False)])
def test_coverage_is_kept_if_it_is_close_on_either_side(offset, holds):
    assert COVERAGE_TOLERANCE == 0.05
    student = {**FIRST["student"], "coverage_95": FIRST["ensemble"]["coverage_95"] + offset}
    assert holding(claims_of(summary_table(student=student)))["coverage"] == holds


def test_each_target_and_student_is_judged_by_its_own_numbers():
    summary = pd.concat([summary_table("Dev"), summary_table("Hk", student={**FIRST["student"], "pearson": 0.1})])
    other = summary_table("Dev").query("model == 'student'").assign(method="degu_balanced", coverage_95=0.1)
    scores = pd.concat(
        [areas("Dev", **KINDS), areas("Hk", **KINDS | {"total": 0.9}), areas("Dev", "degu_balanced", **KINDS)]
    )
    balanced = performance_of("Dev", "degu_balanced", epistemic=0.1).query("student == 'degu_balanced'")
    performance = pd.concat([performance_of("Dev"), performance_of("Hk", aleatoric=0.9), balanced])
    claims = claims_of(pd.concat([summary, other]), scores, performance)
    false = {
        keys: {name for name, holds in holding(part).items() if not holds}
        for keys, part in claims.groupby(["target", "student"])
    }
    assert false == {
        ("Dev", "degu"): set(),
        ("Hk", "degu"): {*TEXTS} - {"ensemble_above_ridge", "coverage", "calibrated"},
        ("Dev", "degu_balanced"): {"coverage", "heads"},
    }


def test_a_student_is_compared_with_single_models_of_every_baseline_and_with_nobody_elses():
    more = pd.DataFrame(
        [
            {"target": "activity", "method": "evidential", "model": "member", **BASELINE},
            # Of a mean alone: no coverage to compare.
            {"target": "activity", "method": "quantile", "model": "member", "pearson": 0.99},
        ]
    )
    texts = claims_of(pd.concat([summary_table(), more]))["claim"].tolist()
    compared = [text.rpartition(" ")[2] for text in texts if "student at least as well calibrated" in text]
    assert compared == ["gaussian", "evidential"]
    assert len(texts) == len(set(texts)) == len(TEXTS) + 2


@pytest.mark.parametrize("kinds", [{"aleatoric": 0.2, "total": 0.2}, {"epistemic": 0.2, "total": 0.2}, {}])
def test_a_student_of_one_kind_of_uncertainty_has_no_parts_to_compare(kinds):
    assert set(holding(claims_of(scores=areas(**kinds)))) == set(TEXTS) - {"aleatoric", "epistemic"}


@pytest.mark.parametrize("missing", ["aleatoric", "epistemic"])
def test_a_student_without_both_heads_has_none_to_compare(missing):
    performance = performance_of()
    found = holding(claims_of(performance=performance[performance["head"] != missing]))
    assert set(found) == set(TEXTS) - {"heads"}


def test_without_students_there_are_no_claims():
    summary = summary_table()
    claims = claims_of(summary[summary["model"] != "student"])
    assert claims.empty
    assert "verdict" in claims.columns


def test_claims_follow_from_a_summary_of_tables():
    """The two functions fit together."""
    scores = scores_of(("Dev", "Hk"))
    claims = check_claims(summary_of(scores), scores, performance_of("Dev"), differences_of(), "small")
    assert set(claims["target"]) == {"Dev", "Hk"}
    compared = {text.rpartition(" ")[2] for text in claims["claim"] if "student at least as well calibrated" in text}
    assert compared == {"mc_dropout", "gaussian"}
    assert claims["value"].notna().all() and claims["compared_value"].notna().all()
    assert claims["verdict"].isin(["holds", "does not hold"]).all()


def test_a_baseline_may_itself_be_the_teacher_of_a_student(tmp_path):
    """As config/README.md says: `small-gaussian` among the teachers; the method is then called `gaussian`."""
    scores = scores_of().assign(teacher="small-gaussian")
    scores = scores[scores["method"].isin(["gaussian", "degu"])]
    write_table(scores, tmp_path / "scores.tsv")
    scores = read_methods([tmp_path / "scores.tsv"])
    conformal = conformal_of()
    claims = check_claims(
        summary_of(scores, conformal),
        scores,
        performance_of(teacher="small-gaussian"),
        differences_of(),
        "small-gaussian",
    )
    assert {TEXTS["members"], TEXTS["ensemble"]} <= set(claims["claim"])


# The page


def test_a_page_shows_every_table_under_its_heading():
    summary, claims = summary_of(scores_of()), claims_of()
    html = page("Toy: uncertainty", {"Methods": summary, "Claims": claims})
    assert html.startswith("<!doctype html>")
    assert "<title>Toy: uncertainty</title>" in html
    assert re.findall("<h2>(.*?)</h2>", html) == ["Methods", "Claims"]
    assert html.count("<table") == 2
    assert html.count("<tr") == 2 + len(summary) + len(claims)
    assert f"<td>{summary['pearson'].iloc[0]:.3f}</td>" in html
    assert "<td>holds</td>" in html
    assert "nan" not in html.lower()


def test_a_table_without_a_heading_has_none():
    assert "<h2>" not in page("Toy", {"": pd.DataFrame({"a": [1]})})


def test_without_a_path_there_is_no_method():
    assert read_methods([]).empty
