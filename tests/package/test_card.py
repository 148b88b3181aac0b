"""The card of a student."""

import pytest

from degu.package.card import card

FACTS = {
    "title": "An assay",
    "citation": "Someone 2020",
    "licence": "CC-BY-4.0",
    "members": 10,
    "dataset": "assay",
    "teacher": "motif_cnn_noise",
    "student": "degu",
    "students": [1],
    "fraction": 0.5,
    "targets": ["Dev", "Hk"],
    "units": ["log2", ""],
    "heads": ["mean", "epistemic"],
    "construct": {"length": 24, "left": "AC", "right": "", "strands": "one"},
    "data_digest": "0123456789abcdef" * 4,
    "calibration_rows": 1234,
    "difference": {
        "test": {
            "head": [{"pearson": 0.75}, {"pearson": 0.72}],
            "sum_of_variances": [{"pearson": 0.68}, {"pearson": 0.64}],
        }
    },
    "files": {"predictions.png": "0"},
    "measured": [
        {"rows": 60, "pearson": 0.81, "spearman": 0.79, "rmse": 0.5, "intervals": []},
        {
            "rows": 60,
            "pearson": 0.71,
            "spearman": 0.69,
            "rmse": 0.6,
            "intervals": [
                {"method": "normalized", "level": 0.9, "coverage": 0.917, "width": 1.25},
                {"method": "predicted", "level": 0.8, "coverage": 0.81, "width": 1.01},
            ],
        },
    ],
    "degu": "0.2.0",
    "commit": "abc",
    "versions": {"keras": "3.15.1"},
}


@pytest.mark.parametrize(
    "told",
    [
        "license: CC-BY-4.0",
        "# An assay: degu of motif_cnn_noise",
        "One student of an ensemble of 10 models",
        "Dev and Hk",
        "Data: Someone 2020",
        "Sequences of 22 bases",
        "`AC` before and `(none)` after, 24 bases in all",
        "Dev in log2",
        "0.810",
        "| target | method | 0.8 | 0.9 |",
        "| Hk | normalized |  | 0.917 (1.25) |",
        "| Hk | predicted | 0.810 (1.01) |  |",
        "![Predicted against measured activity](predictions.png)",
        "Dev 0.75 (0.68), Hk 0.72 (0.64)",
        "1,234 calibration sequences",
        "training fraction 0.5",
        "`0123456789abcdef`",
        "keras 3.15.1",
    ],
)
def test_the_card_tells_what_is_known(told):
    assert told in card(FACTS)


@pytest.mark.parametrize(
    ("bias", "told", "not_told"),
    [
        ("keep", "predicted with this bias, as they are measured", "without the bias of the enzyme"),
        ("remove", "Profiles and counts are predicted without the bias of the enzyme", "with this bias"),
        (None, "What it predicts", "bias"),
    ],
)
def test_the_card_tells_what_became_of_the_bias_of_the_enzyme(bias, told, not_told):
    text = card({**FACTS, "bias": bias})
    assert told in text
    assert not_told not in text


def test_what_is_not_known_is_left_out():
    text = card({**FACTS, "licence": None, "citation": "", "commit": None, "difference": None, "files": {}})
    assert "license" not in text
    assert "Data:" not in text
    assert "![" not in text
    assert "uncertainty of a difference" not in text
    assert "(commit unknown)" in text


def test_several_students_and_both_strands_are_told():
    construct = {**FACTS["construct"], "strands": "both"}
    text = card({**FACTS, "students": [1, 2, 3], "construct": construct})
    assert "The mean of 3 students" in text
    assert "as it is and as its reverse complement" in text


def test_the_front_matter_is_yaml():
    yaml = pytest.importorskip("yaml")
    front = yaml.safe_load(card(FACTS).split("---\n")[1])
    assert front["library_name"] == "keras"
    assert "genomics" in front["tags"]


def test_a_student_of_profiles_is_told():
    heads = ["mean", "epistemic", "profile", "profile_aleatoric", "profile_epistemic"]
    shapes = {"profile": [2, 1000], "profile_aleatoric": [2, 25], "profile_epistemic": [2, 25]}
    text = card({**FACTS, "heads": heads, "shapes": shapes})
    assert "This student predicts profiles." in text
    assert "each of 1,000 positions in the middle of the sequence on each of 2 strands; the shares" in text
    assert "over replicates of the share of the counts in each of 25 bins of these positions on each of 2 str" in text
    one = card({**FACTS, "heads": heads, "shapes": {head: [1, last] for head, (_, last) in shapes.items()}})
    assert "in the middle of the sequence; the shares" in one
    assert "This student predicts profiles." not in card(FACTS)


def test_intervals_of_profiles_are_told():
    intervals = [
        {"quantity": "share", "form": "bin", "level": 0.8, "coverage": 0.812, "width": 0.0512},
        {"quantity": "share", "form": "simultaneous", "level": 0.9, "coverage": 0.905, "width": 0.123},
    ]
    targets = [
        {"factors": {"share": 1.25, "counts": 0.9}, "intervals": intervals},
        {"factors": {"share": 2.0, "counts": 3.0}, "intervals": []},
    ]
    profiles = {"replicates": 3, "calibration_windows": 1234, "targets": targets}
    text = card({**FACTS, "profiles": profiles})
    assert "what all 3 replicates together have in a bin" in text
    assert "1,234 calibration windows" in text
    assert "| target | of | form | 0.8 | 0.9 |\n|---|---|---|---|---|" in text
    assert "| Dev | share | bin | 0.812 (0.0512) |  |" in text
    assert "| Dev | share | simultaneous |  | 0.905 (0.123) |" in text
    assert "Dev 1.25 and 0.9; Hk 2 and 3." in text
    assert "what the replicate has in a bin" in card({**FACTS, "profiles": {**profiles, "replicates": 1}})
    assert "Intervals of profiles" not in card({**FACTS, "profiles": None})
