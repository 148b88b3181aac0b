"""One table of a teacher's ensemble and students on shifted sequences."""

import pandas as pd

from degu.shift.references import CIRCULAR, best_reference

KEYS = ["target", "shift", "rung", "level", "method", "model"]
# Columns of the summary, and the uncertainty, recalibration and metric of the scores that each holds; the reference is
# the best one, or the measurements.
COLUMNS = {
    "mse": ("", "", "mse"),
    "normalized_mse": ("", "", "normalized_mse"),
    "pearson": ("", "", "pearson"),
    "spearman": ("", "", "spearman"),
    "epistemic_std": ("epistemic", "", "mean_std"),
    "total_std": ("total", "", "mean_std"),
    "auroc_of_shift": ("epistemic", "", "auroc_of_shift"),
    "auroc_of_large_errors": ("epistemic", "", "auroc_of_large_errors"),
    "risk_coverage_area": ("epistemic", "", "risk_coverage_area"),
    "coverage_95": ("total", "none", "coverage"),
    "coverage_95_scaled": ("total", "std_scaling", "coverage"),
}


def summarize_shifts(scores: pd.DataFrame) -> pd.DataFrame:
    """Return means over seeds, with one row for each target, rung, method and model.

    Parameters
    ----------
    scores
        Scores of `degu.shift.assessment`, with the column `method` of `degu.uncertainty.summary.read_methods`.

    Returns
    -------
    Table with the columns in `KEYS`, `reference` (what errors are measured against), `seeds`, the columns in `COLUMNS`
    that the models have, and `mse_as_published`, the error against the ensemble itself
    """
    scores = scores.fillna({"uncertainty": "", "recalibration": "", "reference": ""})
    best = best_reference(scores["reference"])
    errors = scores[scores["metric"].isin(["mse", "normalized_mse", "pearson", "spearman"])]
    others = scores.drop(errors.index)
    chosen = pd.concat([errors[errors["reference"] == best], others])
    means = chosen.groupby([*KEYS, "uncertainty", "recalibration", "metric"])["value"].mean()
    wide = means.unstack(["uncertainty", "recalibration", "metric"])
    summary = pd.DataFrame({name: wide[key] for name, key in COLUMNS.items() if key in wide})
    circular = errors[(errors["reference"] == CIRCULAR) & (errors["metric"] == "mse")]
    summary["mse_as_published"] = circular.groupby(KEYS)["value"].mean()
    summary.insert(0, "seeds", scores.groupby(KEYS)["seed"].nunique())
    summary.insert(0, "reference", best)
    return summary.rename_axis(columns=None).reset_index()
