"""Targets that a configuration names."""

import pytest

from degu.config.check_target_names import check_target_name
from degu.errors import DeguError

SETTINGS = {"options": {"targets": {"Dev": {"mean": "y"}, "Hk": {"mean": "z"}}}}


def test_a_target_that_is_there_is_right():
    check_target_name(SETTINGS, "mine", "Hk", where="here")


def test_another_one_is_refused_with_the_nearest():
    with pytest.raises(
        DeguError, match=r"here: the data set 'mine' has no target 'hk'\n.*did you mean 'Hk'.*\n.*do this"
    ):
        check_target_name(SETTINGS, "mine", "hk", where="here", remedy="do this")


def test_nothing_is_known_of_importers_that_find_their_targets_in_a_file():
    check_target_name({"options": {}}, "mine", "anything", where="here")
    check_target_name({"options": {"targets": ["Dev"]}}, "mine", "anything", where="here")


def test_designs_name_a_target_of_each_data_set_that_has_designs(configure):
    design = {"run": ["mine"], "designs": {"mine": {"search": "greedy", "target": "activty"}}}
    with pytest.raises(DeguError, match=r"design\.designs\.mine\.target: the data set 'mine' has no target 'activty'"):
        configure({"design": design})
    configure({"design": design}, study={"design": False})
    design["designs"]["mine"]["target"] = "activity"
    configure({"design": design})


def test_transfers_name_targets_of_both_data_sets(configure):
    configure()
    (configure.folder / "transfers").mkdir()
    for targets, message in (
        ("{actvity: activity}", r"there\.yaml: targets: the data set 'mine' has no target 'actvity'"),
        ("{activity: actvity}", r"there\.yaml: targets: the data set 'mine' has no target 'actvity'"),
        ("{activity: activity}", None),
    ):
        (configure.folder / "transfers" / "there.yaml").write_text(f"dataset: mine\ntargets: {targets}\n")
        if message is None:
            assert list(configure(study={"transfers": ["there"]}).transfers) == ["there"]
        else:
            with pytest.raises(DeguError, match=message):
                configure(study={"transfers": ["there"]})
    with pytest.raises(DeguError, match=r"datasets/mine\.yaml: study\.transfers: there is no transfer 'ther'"):
        configure(dataset={"study": {"transfers": ["ther"]}})
