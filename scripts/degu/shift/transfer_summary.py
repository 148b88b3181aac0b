"""One table of measured shifts: accuracy, calibration and intervals on the own and on the other data set."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from degu.shift.transfer_assessment import OTHER, OWN
from degu.shift.transfer_ratios import EPISTEMIC, RMSE

KEYS = ["transfer", "target", "method", "model"]
# Columns of the summary, and the uncertainty, recalibration and metric of the scores that each holds.
_SCORES = {
    "pearson": ("", "", "pearson"),
    "spearman": ("", "", "spearman"),
    "mse": ("", "", "mse"),
    "normalized_mse": ("", "", "normalized_mse"),
    "epistemic_std": ("epistemic", "", "mean_std"),
    "total_std": ("total", "", "mean_std"),
    "auroc_of_shift": ("epistemic", "", "auroc_of_shift"),
    "auroc_of_large_errors": ("epistemic", "", "auroc_of_large_errors"),
    "coverage_95": ("total", "none", "coverage"),
    "coverage_95_scaled": ("total", "std_scaling", "coverage"),
}
_CONFORMAL = ("split", "normalized_total", "weighted")
# Where another quantity was measured of the same sequences, models predict the same for them, up to rounding.
_ROUNDING = 1e-4
# Where models are judged, and what their uncertainties are calibrated on.
_CALIBRATIONS = pd.DataFrame([(OWN, OWN), (OTHER, OWN), (OTHER, OTHER)], columns=["population", "calibrated_on"])


def summarize_transfers(scores: pd.DataFrame, intervals: pd.DataFrame, titles: Mapping[str, str]) -> pd.DataFrame:
    """Return means over seeds, with one row for each transfer, target, method, model, population and calibration.

    Parameters
    ----------
    scores, intervals
        Tables of `degu.shift.transfer_assessment`, with the columns `transfer` and `method`.
    titles
        What each transfer is, by its name.

    Returns
    -------
    Table with the columns in `KEYS`; `population`, where models are judged, and `calibrated_on`, `own` or `other` each;
    `title`, `seeds`, `sequences`; `rmse`, the root of the column `mse`; the scores that the models have, of which those
    without a calibration stand in the rows of both; and for each of three conformal methods its coverage and its mean
    width
    """
    scores = scores.fillna({"uncertainty": "", "recalibration": "", "calibrated_on": ""})
    places = [*KEYS, "population"]
    table = _wide(scores[scores["calibrated_on"] == ""], places).reset_index().merge(_CALIBRATIONS, on="population")
    places = [*places, "calibrated_on"]
    sequences = intervals.groupby(places)["sequences"].first().to_frame()
    # Models without a std have no scores that need a calibration, and a configuration may lack some of the methods.
    for part in (sequences, _wide(scores[scores["calibrated_on"] != ""], places), _of_intervals(intervals, places)):
        if len(part):
            table = table.merge(part.reset_index(), on=places, how="left")
    table["rmse"] = np.sqrt(table["mse"])
    seeds = scores.groupby(KEYS)["seed"].nunique().rename("seeds").reset_index()
    table = table.merge(seeds, on=KEYS)
    table.insert(0, "title", table["transfer"].map(titles))
    first = [
        "title",
        *places,
        "seeds",
        "sequences",
        "rmse",
        *(name for name in _SCORES if name in table),
    ]
    return table[[*first, *(name for name in table if name not in first)]]


def _of_intervals(intervals: pd.DataFrame, places: list[str]) -> pd.DataFrame:
    """Return the coverage and the mean width of three conformal methods, as means over seeds, by place."""
    chosen = intervals[intervals["conformal"].isin(_CONFORMAL)]
    grouped = chosen.groupby([*places, "conformal"])
    parts = [grouped[name].mean().unstack("conformal").add_suffix(f"_{name}") for name in ("coverage", "width")]
    return pd.concat(parts, axis=1)


def _wide(scores: pd.DataFrame, places: list[str]) -> pd.DataFrame:
    """Return the scores of the summary, as means over seeds, by place."""
    kinds = ["uncertainty", "recalibration", "metric"]
    means = scores.groupby([*places, *kinds])["value"].mean().unstack(kinds)
    return pd.DataFrame({name: means[key] for name, key in _SCORES.items() if key in means})


def tell_transfers(ratios: pd.DataFrame) -> pd.DataFrame:
    """Return for each transfer, target and model whether its error and its epistemic std rise or fall.

    Parameters
    ----------
    ratios
        Tables of `degu.shift.transfer_ratios`, with the columns `transfer` and `method`.

    Returns
    -------
    Table with the columns in `KEYS`, in the order of the tables; `rmse_ratio` and `epistemic_std_ratio` (the value on
    the other data set, divided by the one on the own), with the ends `_low` and `_high` of their 95 % intervals; and
    `verdict`, a sentence
    """
    order = list(dict.fromkeys(ratios[KEYS].itertuples(index=False, name=None)))
    wide = ratios.set_index([*KEYS, "quantity"])[["ratio", "low", "high"]].unstack("quantity").loc[order]
    told = pd.DataFrame(index=wide.index)
    for quantity in (RMSE, EPISTEMIC):
        for end, suffix in (("ratio", ""), ("low", "_low"), ("high", "_high")):
            told[f"{quantity}_ratio{suffix}"] = wide.get((end, quantity), np.nan)
    verdicts = []
    for row in told.to_dict("records"):
        directions = [
            direction(row[f"{quantity}_ratio_low"], row[f"{quantity}_ratio_high"]) for quantity in (RMSE, EPISTEMIC)
        ]
        verdicts.append(_verdict(*directions, has_std=bool(np.isfinite(row[f"{EPISTEMIC}_ratio"]))))
    return told.assign(verdict=verdicts).reset_index()


def direction(low: float, high: float) -> str:
    """Return whether a value with this interval of its ratio rises or falls; an empty text if that cannot be told."""
    if max(abs(low - 1), abs(high - 1)) < _ROUNDING:
        return "stays the same"
    return "rises" if low > 1 else "falls" if high < 1 else ""


def _verdict(error: str, std: str, *, has_std: bool) -> str:
    """Return whether the epistemic std goes the way of the error, where the models have one."""
    if not error and has_std and not std:
        return "whether the error and the epistemic std change cannot be told"
    first = f"the error {error}" if error else "whether the error changes cannot be told"
    if not has_std:
        return first
    if not std:
        return f"{first}; whether the epistemic std changes cannot be told"
    if not error:
        return f"{first}; the epistemic std {std}"
    return f"{first}, and so does the epistemic std" if std == error else f"{first}, but the epistemic std {std}"
