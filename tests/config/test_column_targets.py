"""The columns of targets are checked when a run is planned, and when the table is read."""

import pytest
import yaml

from degu.config.column_targets import all_have_std, check_columns, check_targets, columns_of_numbers
from degu.errors import DeguError
from tests.config.conftest import DATASET


@pytest.mark.parametrize(
    "columns",
    [
        {"mean": "a"},
        {"mean": "a", "std": "b", "unit": "log2"},
        {"replicates": ["a", "b"], "unit": ""},
    ],
)
def test_good_targets_pass(columns):
    check_targets({"activity": columns}, "here")


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        ({}, r"here: no target is named(.|\n)*remedy:   name one"),
        ({"y": None}, r"here\.y: None is no mapping"),
        ({"y": {}}, r"here\.y: neither a mean nor replicates"),
        ({"y": ["a"]}, r"here\.y: \['a'\] is no mapping"),
        ({"y": {"std": "a"}}, r"here\.y: neither a mean nor replicates"),
        ({"y": {"mean": ["a"]}}, r"here\.y\.mean: \['a'\] is not text\n  expected: the name of one column$"),
        ({"y": {"mean": None}}, r"here\.y\.mean: None is not text"),
        ({"y": {"mean": ""}}, r"here\.y\.mean: the name is empty\n  expected: the name of one column$"),
        ({"y": {"mean": " "}}, r"here\.y\.mean: the name is empty"),
        ({"y": {"mean": 1}}, r"here\.y\.mean: 1 is not text(.|\n)*in quotes"),
        ({"y": {"mean": "a", "unit": 2}}, r"here\.y\.unit: 2 is not text(.|\n)*in quotes"),
        ({"y": {"replicates": [1, 2]}}, r"here\.y\.replicates: 1 is not text(.|\n)*in quotes"),
        ({"y": {"replicates": [["a"], ["b"]]}}, r"here\.y\.replicates: \['a'\] is not text"),
        ({"y": {"replicates": "a"}}, r"here\.y\.replicates: replicates are 'a'\n  expected: a list"),
        ({"y": {"replicates": ["a"]}}, r"here\.y\.replicates: 1 replicate"),
        ({"": {"mean": "a"}}, r"here: the target '' is empty(.|\n)*give it a name"),
        ({1: {"mean": "a"}}, r"here: the target 1 is not text(.|\n)*in quotes"),
        ({"y": {"maen": "a"}}, r"here\.y: unknown key 'maen'\n  expected: did you mean 'mean'"),
    ],
)
def test_targets_of_a_wrong_form_are_refused(targets, message):
    with pytest.raises(DeguError, match=f"^{message}"):
        check_targets(targets, "here")


@pytest.mark.parametrize("targets", [{}, {"y": None}, {"y": {"mean": ["a"]}}, {1: {"mean": "a"}}])
def test_the_file_of_the_data_set_is_named(configure, targets):
    configure()
    path = configure.folder / "datasets" / "other.yaml"
    path.write_text(yaml.safe_dump({**DATASET, "options": {"targets": targets}}))
    with pytest.raises(DeguError, match=r"other\.yaml: options\.targets"):
        configure({"datasets": ["other"]})


def test_a_standard_deviation_comes_from_a_column_or_from_replicates():
    assert all_have_std({"a": {"mean": "m", "std": "s"}, "b": {"replicates": ["x", "y"]}})
    assert not all_have_std({"a": {"mean": "m"}, "b": {"replicates": ["x", "y"]}})


TARGETS = {"y": {"mean": "a", "std": "b"}, "z": {"replicates": ["c", "d"]}}


def test_the_columns_of_numbers_come_with_the_keys_that_name_them():
    assert columns_of_numbers(TARGETS) == [
        ("a", "targets.y.mean"),
        ("b", "targets.y.std"),
        ("c", "targets.z.replicates"),
        ("d", "targets.z.replicates"),
    ]


@pytest.mark.parametrize("others", [{}, {"sequence": "s"}, {"sequence": "s", "name": "n", "group": "n", "split": "n"}])
def test_columns_of_one_use_each_pass_and_labels_may_share_one(others):
    check_columns(TARGETS, others, "options")


@pytest.mark.parametrize(
    ("targets", "others", "uses"),
    [
        (
            {"y": {"mean": "a", "std": "a"}},
            {"sequence": "s"},
            "'a' is named twice, under targets.y.mean and under targets",
        ),
        ({"y": {"replicates": ["a", "a"]}}, {}, "'a' is named twice, under targets.y.replicates and under"),
        ({"y": {"mean": "a"}, "z": {"mean": "a"}}, {}, "'a' is named twice, under targets.y.mean and under targets.z"),
        ({"y": {"mean": "s"}}, {"sequence": "s"}, "'s' is named twice, under sequence and under targets.y.mean"),
        (
            {"y": {"mean": "a"}},
            {"sequence": "s", "group": "a"},
            "'a' is named twice, under targets.y.mean and under gr",
        ),
        ({"y": {"mean": "a"}}, {"sequence": "s", "name": "s"}, "'s' is named twice, under sequence and under name"),
    ],
)
def test_a_column_of_two_uses_is_told(targets, others, uses):
    with pytest.raises(DeguError, match=f"^options: the column {uses}"):
        check_columns(targets, others, "options")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"group": "y"}, "the column 'y' is named twice, under targets.activity.mean and under group"),
        # The default of the option `sequence` counts too.
        ({"name": "sequence"}, "the column 'sequence' is named twice, under sequence and under name"),
        ({"sequence": "s"}, "the column 's' is named twice, under sequence and under targets.activity.std"),
    ],
)
def test_columns_of_two_uses_are_told_when_a_run_is_planned(configure, options, message):
    with pytest.raises(DeguError, match=rf"mine\.yaml: options: {message}"):
        configure(dataset={"options": options})
