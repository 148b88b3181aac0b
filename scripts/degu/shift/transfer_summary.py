"""One table of measured shifts: accuracy, calibration and intervals on the own and on the other data set."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from degu.shift.transfer_assessment import OTHER, OWN

KEYS = ["transfer", "target", "method", "model"]
# Columns of the summary, and the uncertainty, recalibration and metric of the scores that each holds.
_SCORES = {
    "pearson": ("", "", "pearson"),
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
    `title`, `seeds`, `sequences`; the scores that the models have, of which those without a calibration stand in the
    rows of both; and for each of three conformal methods its coverage and its mean width
    """
    scores = scores.fillna({"uncertainty": "", "recalibration": "", "calibrated_on": ""})
    places = [*KEYS, "population"]
    plain = _wide(scores[scores["calibrated_on"] == ""], places)
    calibrated = _wide(scores[scores["calibrated_on"] != ""], [*places, "calibrated_on"])
    chosen = intervals[intervals["conformal"].isin(_CONFORMAL)]
    grouped = chosen.groupby([*places, "calibrated_on", "conformal"])
    parts = [grouped[name].mean().unstack("conformal").add_suffix(f"_{name}") for name in ("coverage", "width")]
    of_intervals = pd.concat(parts, axis=1)
    sequences = intervals.groupby([*places, "calibrated_on"])["sequences"].first()
    table = of_intervals.join(sequences)
    # Models without a std have no scores that need a calibration.
    table = (table.join(calibrated) if len(calibrated) else table).reset_index()
    table = table.merge(plain.reset_index(), on=places, how="left")
    seeds = scores.groupby(KEYS)["seed"].nunique().rename("seeds").reset_index()
    table = table.merge(seeds, on=KEYS)
    table.insert(0, "title", table["transfer"].map(titles))
    first = ["title", *places, "calibrated_on", "seeds", "sequences", *(name for name in _SCORES if name in table)]
    return table[[*first, *(name for name in table if name not in first)]]


def _wide(scores: pd.DataFrame, places: list[str]) -> pd.DataFrame:
    kinds = ["uncertainty", "recalibration", "metric"]
    means = scores.groupby([*places, *kinds])["value"].mean().unstack(kinds)
    return pd.DataFrame({name: means[key] for name, key in _SCORES.items() if key in means})


def tell_transfers(table: pd.DataFrame) -> pd.DataFrame:
    """Return for each transfer, target and model whether its uncertainty knows of the shift.

    Parameters
    ----------
    table
        The table that `summarize_transfers` returns.

    Returns
    -------
    Table with the columns in `KEYS`, `error_ratio` and `std_ratio` (the root mean squared error and the mean epistemic
    standard deviation on the other data set, divided by those on the own one), and `verdict`, a sentence
    """
    own = table[table["population"] == OWN].set_index(KEYS)
    other = table[(table["population"] == OTHER) & (table["calibrated_on"] == OWN)].set_index(KEYS)
    if "epistemic_std" not in table:
        return pd.DataFrame(columns=[*KEYS, "error_ratio", "std_ratio", "verdict"])
    errors = np.sqrt(other["mse"] / own["mse"])
    stds = other["epistemic_std"] / own["epistemic_std"]
    told = pd.DataFrame({"error_ratio": errors, "std_ratio": stds}).dropna()
    told["verdict"] = [_verdict(*ratios) for ratios in told.itertuples(index=False)]
    return told.reset_index()


def _verdict(error: float, std: float) -> str:
    """Return whether the std goes the way of the error."""
    words = ["rises" if ratio > 1 else "falls" for ratio in (error, std)]
    how = "as the error does" if words[0] == words[1] else f"while the error {words[0]}"
    return f"the epistemic std {words[1]} {how}"
