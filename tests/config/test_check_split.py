"""Contradictory splits are refused when a run is planned."""

import pytest

from degu.config.check_split import check_fractions, check_split
from degu.errors import DeguError

LABELS = {"train": ["Train"], "validation": ["Val"], "test": ["Test"]}
PUBLISHED = {"train": 0.8, "validation": 0.05, "calibration": 0.05, "test": 0.1}


def by_labels(method="column", **labels):
    check_split({"method": method, "labels": {**LABELS, **labels}, "fractions": {}}, "mine.yaml: split")


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
        check_split({"method": "chromosome", "labels": {}, "fractions": {}}, "mine.yaml: split")


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
        check_split({"method": "random", "fractions": fractions, "labels": {}}, "mine.yaml: split")
    check_split({"method": "column", "fractions": fractions, "labels": LABELS}, "mine.yaml: split")


def test_fractions_that_sum_to_one_but_for_rounding_pass():
    check_fractions({"train": 0.7, "validation": 0.1, "calibration": 0.1, "test": 0.1})


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
        configure(dataset={"split": split})
    assert f"mine.yaml: {place}" in str(caught.value)
