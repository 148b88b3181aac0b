"""Lengths of windows, profiles and bins that do not fit are told when a run is planned."""

import pytest

from degu.config.check_lengths import check_centred
from degu.config.plugins import constant, known_names, options_of
from degu.errors import DeguError

SMALL = {"name": "bpnet", "filters": 2, "layers": 2, "kernel": 5, "profile_kernel": 9}
# Its convolutions see 4, 12 and 8 bases beside a position.
BESIDE = 24


def with_lengths(profiles, bases, positions, bins=5, **model):
    return profiles(
        {"input_length": bases, "output_length": positions},
        teacher={"model": SMALL | model, "windows": {"reverse_complement": True}, "profile_bins": bins},
    )


@pytest.mark.parametrize("bases", [20 + BESIDE, 20 + BESIDE + 2, 100])
def test_windows_that_are_long_enough_and_have_the_same_centre_are_right(profiles, bases):
    assert with_lengths(profiles, bases, 20)


@pytest.mark.parametrize(
    ("bases", "model"), [(20 + BESIDE - 2, {}), (20 + BESIDE, {"layers": 3}), (100, {"kernel": 6})]
)
def test_windows_that_a_network_cannot_predict_a_profile_from_are_refused(profiles, bases, model):
    message = rf"counted\.yaml: options\.input_length: the windows have {bases} bases, and the network 'bpnet' of 'net'"
    with pytest.raises(DeguError, match=message):
        with_lengths(profiles, bases, 20, **model)


def test_the_lengths_of_chrombpnet_suit_its_network_and_no_smaller_window_does(profiles):
    assert profiles(teacher={"model": {"name": "bpnet"}, "windows": {"jitter": 1}})
    with pytest.raises(DeguError, match=r"(?s)options\.input_length: .*expected: 2114 bases or more"):
        profiles({"input_length": 2112}, teacher={"model": {"name": "bpnet"}, "windows": {"jitter": 1}})


def test_a_student_with_another_network_is_checked_as_well(profiles):
    teacher = {"model": SMALL, "windows": {"reverse_complement": True}}
    with pytest.raises(DeguError, match="the network 'bpnet' of 'follower'"):
        profiles({"input_length": 200, "output_length": 100}, teacher=teacher, student={"model": {"layers": 6}})


def test_networks_with_padding_may_have_any_window(profiles):
    teacher = {"model": {"name": "residual_profile"}, "windows": {"reverse_complement": True}}
    assert profiles({"input_length": 102, "output_length": 100}, teacher=teacher)


def test_bins_have_to_divide_the_positions(profiles):
    with pytest.raises(DeguError, match=r"options\.output_length: 'net' has `profile_bins: 6`, .* the 20 positions"):
        with_lengths(profiles, 100, 20, bins=6)


def test_positions_stand_in_the_middle_of_windows(profiles):
    with pytest.raises(DeguError, match=r"counted\.yaml: options\.output_length: windows have 101 bases and 20"):
        with_lengths(profiles, 101, 20)
    with pytest.raises(DeguError, match=r"options\.output_length"):
        check_centred("profiles", {"input_length": 10, "output_length": 12}, "options")
    # Other importers have no such lengths.
    check_centred("table", {}, "options")


@pytest.mark.parametrize("model", [name for name in known_names("model") if constant("model", name, "UNPADDED", False)])
def test_a_model_without_padding_has_the_options_that_tell_what_it_sees(model):
    assert {"kernel", "layers", "profile_kernel"} <= set(options_of("model", model))


@pytest.mark.parametrize(
    ("outliers", "message"),
    [
        ([0.5], r"options\.outliers: \[0\.5\]"),
        ([], r"options\.outliers: \[\]"),
        ([0.9, 0.1], r"options\.outliers: \[0\.9, 0\.1\]"),
        ([0.1, 0.1], r"options\.outliers: "),
        ([0.1, 0.5, 0.9], r"options\.outliers: "),
        ([0.1, 1.5], r"options\.outliers\.1: 1\.5 is out of range"),
        (0.5, r"options\.outliers: 0\.5 is not of type list"),
    ],
)
def test_outliers_are_two_quantiles_in_order_or_null(profiles, outliers, message):
    with pytest.raises(DeguError, match=rf"counted\.yaml: {message}"):
        profiles({"outliers": outliers})


@pytest.mark.parametrize("outliers", [None, "null", [0, 1], ["0.0001", "0.9999"]])
def test_outliers_that_are_right(profiles, outliers):
    assert profiles({"outliers": outliers})
