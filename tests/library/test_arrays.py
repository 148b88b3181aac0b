"""What a person gives of an assay, and what is wrong with it."""

import numpy as np
import pytest

from degu.data.splits import CODE
from degu.errors import DeguError
from degu.library import arrays

NAN = float("nan")


def test_one_target_may_have_one_axis_less():
    np.testing.assert_array_equal(arrays.activity_of([1, 2, 3], 3, None), [[1.0], [2.0], [3.0]])
    np.testing.assert_array_equal(arrays.replicates_of([[1, 2], [3, NAN]], 2), [[[1, 2]], [[3, NAN]]])


def test_without_an_activity_it_is_the_mean_over_replicates():
    replicates = arrays.replicates_of([[1, 2, NAN], [3, 5, 7]], 2)
    mean, std = arrays.moments_of(replicates)
    np.testing.assert_allclose(arrays.activity_of(None, 2, mean), [[1.5], [5]])
    np.testing.assert_allclose(std, [[np.std([1, 2], ddof=1)], [2.0]])


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([1, 2], r"activity: the shape is \(2,\), and there are 3 sequences(?s:.*)shape \(3,\), or \(3, T\)"),
        (np.zeros((2, 3)), r"the shape is \(2, 3\)"),
        (np.zeros((3, 0)), r"the shape is \(3, 0\)"),
        (["a", "b", "c"], "activity: these are no numbers"),
        ([1, NAN, 3], r"activity: a number is missing(?s:.*)sequence 2 \(1 of 3\)(?s:.*)leave these sequences out"),
        ([1, 2, np.inf], "sequence 3"),
        (None, "activity: there is none, and there are no replicates"),
    ],
)
def test_activity_of_another_shape_or_with_gaps_is_refused(values, told):
    with pytest.raises(DeguError, match=told):
        arrays.activity_of(values, 3, None)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (np.zeros((3, 4)), r"replicates: the shape is \(3, 4\), and there are 4(?s:.*)turn its axes"),
        (np.zeros((4, 1)), r"the shape is \(4, 1\)(?s:.*)two or more replicates"),
        (np.zeros(4), r"the shape is \(4,\)"),
        (np.zeros((4, 1, 2, 2)), r"the shape is \(4, 1, 2, 2\)"),
        ([[1, 2], [1, 2], [1, np.inf], [1, 2]], "replicates: one of sequence 3 is infinite"),
        ([["a", "b"]] * 4, "these are no numbers"),
    ],
)
def test_replicates_of_another_shape_are_refused(values, told):
    with pytest.raises(DeguError, match=told):
        arrays.replicates_of(values, 4)


def test_a_sequence_with_one_replicate_is_refused():
    with pytest.raises(DeguError, match=r"replicates: there are fewer than two: sequence 2 \(1 of 2\)"):
        arrays.moments_of(np.array([[[1.0, 2.0]], [[NAN, 2.0]]]))


def test_replicates_of_other_targets_than_the_activity_are_refused():
    with pytest.raises(DeguError, match="they are of 2 targets, and the activity of 1"):
        arrays.activity_of([1, 2], 2, np.zeros((2, 2)))


def test_a_value_far_beyond_all_others_is_refused():
    values = np.random.default_rng(1).normal(size=(50, 1))
    arrays.check_extremes(values, values[..., None])
    values[7] = 1e9
    with pytest.raises(DeguError, match=r"activity: a value is so extreme(?s:.*)sequence 8"):
        arrays.check_extremes(values, None)


def test_targets_and_units_have_names():
    assert arrays.names_of(None, 1) == ["activity"]
    assert arrays.names_of(None, 2) == ["target1", "target2"]
    assert arrays.names_of("Dev", 1) == ["Dev"]
    assert arrays.units_of("log2", 2) == ["log2", "log2"]
    assert arrays.units_of(["log2", ""], 2) == ["log2", ""]
    for names in (["Dev"], ["Dev", "Dev"]):
        with pytest.raises(DeguError, match=r"targets: (?s:.*)2 different names"):
            arrays.names_of(names, 2)
    with pytest.raises(DeguError, match=r"units: (?s:.*)one unit for all, or 2"):
        arrays.units_of(["log2"], 2)


def test_flanks_are_bases():
    assert arrays.flanks_of(("ac", "")) == ("AC", "")
    assert arrays.flanks_of(["AC", "GT"]) == ("AC", "GT")
    for flanks in ("AC", ("AC",), ("AC", 3)):
        with pytest.raises(DeguError, match=r"flanks: (?s:.*)two texts of bases"):
            arrays.flanks_of(flanks)
    with pytest.raises(DeguError, match="flanks, right: letter 'U' at position 2"):
        arrays.flanks_of(("", "AU"))


def test_each_sequence_has_a_group_of_its_own_kind():
    assert arrays.labels_of(None, 3) is None
    np.testing.assert_array_equal(arrays.labels_of(["a", "b", "a"], 3), ["a", "b", "a"])
    with pytest.raises(DeguError, match=r"groups: the shape is \(2,\), and there are 3 sequences"):
        arrays.labels_of(["a", "b"], 3)
    for labels in (["a", None, "b"], [1.0, NAN, 2.0]):
        with pytest.raises(DeguError, match="groups: a label is missing: sequence 2"):
            arrays.labels_of(labels, 3)


def test_a_split_is_labels_or_fractions():
    labels = ["train", "test", "calibration", "validation"]
    np.testing.assert_array_equal(arrays.split_of(labels, 4), [CODE[label] for label in labels])
    fractions = {"train": 0.7, "validation": 0.1, "calibration": 0.1, "test": 0.1}
    assert arrays.split_of(fractions, 4) == fractions
    assert sum(arrays.split_of(None, 4).values()) == pytest.approx(1)
    with pytest.raises(DeguError, match=r"split: the fractions sum to 1.7"):
        arrays.split_of({**fractions, "test": 0.8}, 4)
    with pytest.raises(DeguError, match=r"split: 'tests' of sequence 2 is no split(?s:.*)did you mean 'test'"):
        arrays.split_of(["train", "tests", "test", "test"], 4)
    with pytest.raises(DeguError, match=r"split: the shape is \(1,\), and there are 4"):
        arrays.split_of(["train"], 4)
