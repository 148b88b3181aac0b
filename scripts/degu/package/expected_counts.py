"""The expected counts at each position, with standard deviations and intervals, of predicted profiles and log counts.

The expected counts at a position are its share of the profile times exp(`mean`) - 1, for all replicates together. How
uncertain they are is known of bins alone. A standard deviation of the counts in a bin (`degu.uncertainty.bin_stds`) is
divided among the positions of the bin as the counts are, so that those of its positions sum to that of the bin. The
ends of an interval for the counts in a bin are divided evenly, so that they show the bins, and sum to those of the bin.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from degu.data.profile_bins import bin_profile
from degu.outputs.heads import PROFILE_UNCERTAINTIES
from degu.uncertainty.bin_stds import counts_std, expected_total
from degu.uncertainty.profile_calibration import ProfileCalibration

CALIBRATED = ("total", "lower", "upper")


class CountIntervals(NamedTuple):
    """The intervals of the counts in bins that are wanted.

    Attributes
    ----------
    level
        Probability of the intervals.
    simultaneous
        Whether they hold all bins of a window at once with it, or each bin by itself.
    """

    level: float = 0.9
    simultaneous: bool = False


def kinds_of(heads: list[str], calibration: ProfileCalibration | None) -> list[str]:
    """Return what `expected_counts` gives for a student with some heads and a calibration of its profiles, if any."""
    has_bins = any(head in heads for head in PROFILE_UNCERTAINTIES)
    epistemic = ["epistemic"] if {"epistemic", "profile_epistemic"} <= set(heads) else []
    return ["mean", *epistemic, *(CALIBRATED if has_bins and calibration is not None else ())]


def expected_counts(
    heads: Mapping[str, np.ndarray],
    calibration: ProfileCalibration | None = None,
    intervals: CountIntervals | None = None,
) -> dict[str, np.ndarray]:
    """Return the expected counts at each position and how uncertain they are, float64 (N, T, S, P) each, by kind.

    `mean` are the expected counts of all replicates together. With the heads `epistemic` and `profile_epistemic` there
    is the kind `epistemic`, their standard deviation over the members of the ensemble. With a calibration there is
    `total`, the calibrated standard deviation of the measured counts about them, and `lower` and `upper`, the ends of
    intervals for the measured counts in the bin that a position is in, divided by the number of its positions.

    Parameters
    ----------
    heads
        Predicted heads: `mean`, (N, T), `profile`, (N, T, S, P), and the uncertainties.
    calibration
        What the standard deviations of bins are calibrated by; None for what needs none.
    intervals
        The intervals that are wanted; None stands for those of 90 % for single bins.

    Raises
    ------
    DeguError
        If there were too few calibration windows for the level.
    """
    kinds = kinds_of(list(heads), calibration)
    known = {"mean": heads["profile"] * expected_total(heads)}
    if "epistemic" in kinds:
        of_bins, of_log_count = (np.maximum(heads[head], 0) for head in ("profile_epistemic", "epistemic"))
        known["epistemic"] = _divided(heads, counts_std(heads, of_bins, of_log_count))
    if calibration is not None and "total" in kinds:
        level, simultaneous = intervals or CountIntervals()
        known["total"] = _divided(heads, calibration.std(heads, "counts", calibrated=True))
        ends = calibration.intervals(heads, level, "counts", simultaneous=simultaneous)
        width = heads["profile"].shape[-1] // ends.shape[-2]
        known |= {kind: np.repeat(ends[..., end] / width, width, axis=-1) for end, kind in enumerate(CALIBRATED[1:])}
    return known


def _divided(heads: Mapping[str, np.ndarray], of_bins: np.ndarray) -> np.ndarray:
    """Divide values of bins, (N, T, S, B), among their positions as the expected counts are, (N, T, S, P)."""
    profile = heads["profile"].astype(np.float64)
    width = profile.shape[-1] // of_bins.shape[-1]
    in_bin = np.repeat(bin_profile(profile, of_bins.shape[-1]), width, axis=-1)
    # Where a bin has no share, nothing tells its positions from each other.
    part = np.divide(profile, in_bin, out=np.full(profile.shape, 1 / width), where=in_bin > 0)
    return part * np.repeat(of_bins, width, axis=-1)
