"""Contradictory splits are refused when a run is planned."""

import pytest

from degu.config.check_split import check_fractions, check_split
from degu.errors import DeguError

LABELS = {"train": ["Train"], "validation": ["Val"], "test": ["Test"]}
PUBLISHED = {"train": 0.8, "validation": 0.05, "calibration": 0.05, "test": 0.1}


def by_labels(method="column", **labels):
    check({"method": method, "labels": {**LABELS, **labels}})


def check(given):
    """Check settings that are completed as the schema does it."""
    defaults = {
        "method": "random",
        "fractions": PUBLISHED,
        "labels": {},
        "fold": "",
        "calibration_from_validation": 0.5,
    }
    settings = {**defaults, **given}
    check_split(settings, given, "mine.yaml: split")
    return settings


def test_good_labels_pass():
    by_labels()
    by_labels(train=["*"], calibration=["Cal"])
    by_labels(calibration=[])


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ({"test": ["Test", "Train"]}, "the label 'Train' belongs to train and test"),
        ({"train": ["*"], "test": ["*"]}, r"the label '\*' belongs to train and test"),
        ({"calibration": ["Val"]}, "the label 'Val' belongs to validation and calibration"),
        ({"test": ["Test", "Test"]}, "the label 'Test' belongs to test, twice"),
        ({"tests": ["Test"]}, "unknown split 'tests'\n  expected: did you mean 'test'"),
        ({"train": []}, "no label belongs to the split train\n  expected: the values of the column"),
    ],
)
def test_wrong_labels_are_named(labels, message):
    with pytest.raises(DeguError, match=rf"^mine\.yaml: split\.labels: {message}"):
        by_labels(**labels)


def test_a_method_that_needs_labels_is_refused_without_them():
    with pytest.raises(DeguError, match=r"(?s)no label belongs to the split train\n.*the chromosomes .*method: random"):
        check({"method": "chromosome"})


@pytest.mark.parametrize(
    ("fractions", "message"),
    [
        ({"train": 0.9, "test": 0.1}, "no fraction for validation, calibration"),
        ({**PUBLISHED, "tset": 0.0}, "unknown split 'tset'\n  expected: did you mean 'test'"),
        ({**PUBLISHED, 1: 0.0}, "unknown split '1'"),
        ({**PUBLISHED, "train": 0.9}, r"the fractions sum to 1\.1"),
        ({**PUBLISHED, "train": -0.1, "test": 1.0}, r"train is -0\.1"),
        ({**PUBLISHED, "train": float("nan")}, "train is nan"),
    ],
)
def test_wrong_fractions_are_named(fractions, message):
    with pytest.raises(DeguError, match=rf"^mine\.yaml: split\.fractions: {message}"):
        check({"method": "random", "fractions": fractions})


def test_fractions_that_sum_to_one_but_for_rounding_pass():
    check_fractions({"train": 0.7, "validation": 0.1, "calibration": 0.1, "test": 0.1})


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"labels": LABELS},
            "labels: `labels` has no effect with the method 'random'\n  expected: the method column or chr",
        ),
        ({"method": "random", "labels": {"test": ["chr1"]}}, "labels: `labels` has no effect"),
        ({"calibration_from_validation": 0.4}, "calibration_from_validation: .* no effect with the method 'random'"),
        (
            {"method": "column", "labels": LABELS, "fractions": PUBLISHED},
            "fractions: .* no effect with the method 'column'",
        ),
        ({"method": "chromosome", "labels": LABELS, "fractions": PUBLISHED}, "fractions: .* no effect with"),
        (
            {"method": "column", "labels": {**LABELS, "calibration": ["Cal"]}, "calibration_from_validation": 0.5},
            "calibration_from_validation: .* no effect where `labels` names",
        ),
        ({"fold": "hg38_0"}, "fold: `fold` has no effect with the method 'random'"),
        ({"method": "column", "fold": "hg38_0"}, "fold: `fold` has no effect with the method 'column'"),
        ({"method": "chromosome", "fold": "hg38_0", "labels": LABELS}, "fold: `labels` and the fold 'hg38_0' both say"),
        (
            {"method": "chromosome", "fold": "hg38_5"},
            "fold: there is no fold 'hg38_5'\n  expected: did you mean 'hg38_",
        ),
    ],
)
def test_settings_without_effect_are_named(given, message):
    with pytest.raises(DeguError, match=rf"^mine\.yaml: split\.{message}"):
        check(given)


def test_settings_with_an_effect_pass():
    check({})
    check({"labels": {}, "fractions": PUBLISHED})
    check({"method": "column", "labels": LABELS, "calibration_from_validation": 0.3})
    check({"method": "column", "labels": {**LABELS, "calibration": []}, "calibration_from_validation": 0.3})


def test_an_override_may_take_the_effect_from_settings_of_the_file(configure):
    """The command line cannot take a key out of a file."""
    by_column = {"options": {"split": "set"}, "split": {"method": "column", "labels": LABELS}}

    def planned(split):
        return configure({"overrides": {"datasets": {"mine": {"split": split}}}}, dataset=by_column).datasets["mine"]

    assert planned({"method": "random"})["split"]["method"] == "random"
    assert planned({"method": "random", "fractions": PUBLISHED})["split"]["fractions"] == PUBLISHED
    with pytest.raises(DeguError, match=r"mine\.yaml: split\.fractions: `fractions` has no effect"):
        planned({"fractions": PUBLISHED})


def test_a_fold_becomes_the_labels_that_it_stands_for():
    settings = check({"method": "chromosome", "fold": "hg38_0", "calibration_from_validation": 0.3})
    assert settings["labels"] == {
        "train": ["*"],
        "validation": ["chr8", "chr20"],
        "test": ["chr1", "chr3", "chr6"],
    }


def test_an_override_wins_over_the_fold_of_a_file(configure):
    file = {
        "options": {"chromosome": "chromosome"},
        "split": {"method": "chromosome", "fold": "hg38_0"},
    }

    def planned(split):
        return configure({"overrides": {"datasets": {"mine": {"split": split}}}}, dataset=file).datasets["mine"][
            "split"
        ]

    assert planned({"labels": LABELS})["labels"] == LABELS
    assert planned({"labels": LABELS})["fold"] == ""
    assert planned({"fold": "hg38_4"})["labels"]["test"] == ["chr7", "chr13", "chr17", "chr19", "chr21", "chrX"]
    assert planned({})["labels"]["test"] == ["chr1", "chr3", "chr6"]


@pytest.mark.parametrize("name", ["train", "validation", "calibration", "test"])
@pytest.mark.parametrize("fraction", [0, 0.0, 1, -0.1, 1.1])
def test_a_split_has_some_of_the_rows_and_not_all(configure, name, fraction):
    message = rf"mine\.yaml: split\.fractions\.{name}: (.|\n)*expected: above 0 and below 1"
    with pytest.raises(DeguError, match=message):
        configure(dataset={"split": {"fractions": {**PUBLISHED, name: fraction}}})


@pytest.mark.parametrize(
    ("split", "place"),
    [
        ({"fractions": {"train": 0.8, "tset": 0.2}}, "split.fractions: unknown split 'tset'"),
        ({"method": "column", "labels": {**LABELS, "test": ["Train"]}}, "split.labels: the label 'Train' belongs to"),
        ({"method": "column"}, "split.labels: no label belongs to the split train"),
    ],
)
def test_the_file_of_the_data_set_is_named(configure, split, place):
    with pytest.raises(DeguError) as caught:
        configure(dataset={"split": split, "options": {"split": "set"} if "method" in split else {}})
    assert f"mine.yaml: {place}" in str(caught.value)
