"""Claims about predicted effects of variants, and about what the uncertainty of a difference knows."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from degu.evaluation.claims import DOES_NOT_HOLD, HOLDS, verdict
from degu.variants.accuracy import MEAN
from degu.variants.subsets import ALL, CONFIDENT, POOLED
from degu.variants.uncertainty import SIZE

CLAIM_COLUMNS = ["target", "student", "claim", "quantity", "effect", "low", "high", "verdict"]
_CHANCE = 0.5
_MODELS = ("ensemble", "student")
_KEYS = ["target", "protocol", "windows", "model", "student"]
# The ways of recalibration, in words.
_INTERVALS = {"none": "", "std_scaling": ", scaled on other variants,"}


def check_variant_claims(scores: pd.DataFrame, uncertainty: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return what is said of effects that an ensemble and its students predict, with whether it holds.

    Claims are about confident variants, or about all where a set tells no confidence; about the mean over several loci,
    or about the variants of all loci together. Numbers are means over the students of a recipe.

    Parameters
    ----------
    scores, uncertainty
        Tables of `degu.variants.assessment`.
    level
        Nominal level of intervals.

    Returns
    -------
    Table with the columns in `CLAIM_COLUMNS`, as `degu.evaluation.claims` tells
    """
    accuracy = _means(_at(scores, MEAN), ["metric"])
    known = _means(_at(uncertainty, POOLED), ["uncertainty", "recalibration", "reference", "metric"])
    rows: list[dict] = []
    for keys, own in accuracy.groupby(_KEYS, sort=False):
        labels = dict(zip(_KEYS, keys, strict=True))
        judged = known[known[_KEYS].eq(pd.Series(labels)).all(axis=1)]
        found = [*_correlation(own), *_wrong_signs(judged), *_coverage(judged, level)]
        whose = f"{labels['model']}, {labels['protocol']}, {labels['windows']}, {own['subset'].iloc[0]} variants"
        common = {"target": labels["target"], "student": labels["student"]}
        rows += [{**common, **claim, "claim": f"{claim['claim']} ({whose})"} for claim in found]
    return pd.DataFrame(rows, columns=CLAIM_COLUMNS)


def _at(table: pd.DataFrame, several: str) -> pd.DataFrame:
    """Return the rows of all loci, of confident variants where there are some, and of the models that are judged."""
    table = table.fillna({"student": "", "uncertainty": "", "recalibration": "", "reference": ""})
    table = table[table["model"].isin(_MODELS)]
    locus = several if several in set(table["locus"]) else table["locus"].iloc[0]
    subset = CONFIDENT if CONFIDENT in set(table["subset"]) else ALL
    return table[(table["locus"] == locus) & (table["subset"] == subset)]


def _means(table: pd.DataFrame, further: list[str]) -> pd.DataFrame:
    columns = ["value", "low", "high"]
    return table.groupby([*_KEYS, "subset", *further], sort=False)[columns].mean().reset_index()


def _correlation(own: pd.DataFrame) -> Iterator[dict]:
    for row in own[own["metric"] == "spearman"].to_dict("records"):
        effect, low, high = row["value"], row["low"], row["high"]
        yield {
            "claim": "predicted effects are in the order of the measured ones",
            "quantity": "Spearman's correlation",
            **{"effect": effect, "low": low, "high": high},
            "verdict": verdict(effect, low, high, 0.0),
        }


def _wrong_signs(judged: pd.DataFrame) -> Iterator[dict]:
    """Yield whether each standard deviation tells wrong signs, and whether its ratio to the size tells more than it."""
    plain = judged[judged["metric"] == "auroc_of_wrong_signs"]
    sizes = plain.loc[plain["uncertainty"] == SIZE, "value"]
    for row in plain[plain["uncertainty"] != SIZE].to_dict("records"):
        effect, low, high = row["value"], row["low"], row["high"]
        yield {
            "claim": f"the standard deviation '{row['uncertainty']}' tells wrong signs from right ones",
            "quantity": "area under the ROC curve",
            **{"effect": effect, "low": low, "high": high},
            "verdict": verdict(effect, low, high, _CHANCE),
        }
    ratios = judged[judged["metric"] == "auroc_of_wrong_signs_by_ratio"]
    for row in ratios.to_dict("records") if len(sizes) else ():
        effect = row["value"] - sizes.iloc[0]
        yield {
            "claim": f"'{row['uncertainty']}' over the size of the effect tells wrong signs better than the size alone",
            "quantity": "difference of areas under the ROC curve",
            "effect": effect,
            "verdict": verdict(effect, np.nan, np.nan, 0.0),
        }


def _coverage(judged: pd.DataFrame, level: float) -> Iterator[dict]:
    """Yield whether intervals about predicted effects hold the measured ones, unless it is shown that they do not."""
    chosen = judged[(judged["metric"] == "coverage") & (judged["reference"] == "measured")]
    for row in chosen.to_dict("records"):
        words = _INTERVALS[row["recalibration"]]
        yield {
            "claim": f"{level:.0%} intervals by '{row['uncertainty']}'{words} hold the measured effects",
            "quantity": "coverage",
            **{"effect": row["value"], "low": row["low"], "high": row["high"]},
            "verdict": DOES_NOT_HOLD if row["high"] < level else HOLDS,
        }
