"""Claims about predicted effects of variants, and about what the uncertainty of a difference knows."""

from collections.abc import Iterator

import pandas as pd

from degu.evaluation.claims import covering, verdict, verdict_on_coverage
from degu.variants.accuracy import MEAN
from degu.variants.subsets import ALL, CONFIDENT, POOLED
from degu.variants.uncertainty import SIZE

CLAIM_COLUMNS = ["target", "student", "claim", "quantity", "effect", "low", "high", "verdict"]
_CHANCE = 0.5
_MODELS = ("ensemble", "student")
_KEYS = ["target", "protocol", "windows", "model", "student"]
_JUDGED = ["uncertainty", "recalibration", "reference", "metric"]
_TEXTS = ("student", "uncertainty", "recalibration", "reference")
# The ways of recalibration, in words.
_INTERVALS = {"none": "", "std_scaling": ", scaled on other variants,"}


def check_variant_claims(scores: pd.DataFrame, uncertainty: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return what is said of effects that an ensemble and its students predict, with whether it holds.

    Claims are about confident variants, or about all where there are too few of these; about the mean over several
    loci, or about the variants of all loci together. Numbers are means over the students of a recipe.

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
    scores, uncertainty = (
        table[table["model"].isin(_MODELS)].fillna(dict.fromkeys(_TEXTS, "")) for table in (scores, uncertainty)
    )
    rows: list[dict] = []
    for keys, own in scores.groupby(_KEYS, sort=False):
        labels = pd.Series(dict(zip(_KEYS, keys, strict=True)))
        judged = uncertainty[uncertainty[_KEYS].eq(labels).all(axis=1)]
        accuracy, known = _at(own, MEAN, ["metric"]), _at(judged, POOLED, _JUDGED)
        whose = f"{labels['model']}, {labels['protocol']}, {labels['windows']}"
        for table, found in (
            (accuracy, _correlation(accuracy)),
            (known, [*_wrong_signs(known), *_coverage(known, level)]),
        ):
            for claim in found:
                locus, subset = table[["locus", "subset"]].iloc[0]
                words = f"{claim['claim']} ({whose}, {locus}, {subset} variants)"
                rows.append({"target": labels["target"], "student": labels["student"], **claim, "claim": words})
    return pd.DataFrame(rows, columns=CLAIM_COLUMNS)


def _at(table: pd.DataFrame, several: str, further: list[str]) -> pd.DataFrame:
    """Return means over students for confident variants or, if these are too few, for all.

    They are about several loci together, or about the one locus; without either the table is empty.
    """
    chosen = table.iloc[:0]
    for subset in (CONFIDENT, ALL):
        own = table[table["subset"] == subset]
        loci = set(own["locus"])
        if several in loci or len(loci) == 1:
            chosen = own[own["locus"] == (several if several in loci else next(iter(loci)))]
            break
    return chosen.groupby(["locus", "subset", *further], sort=False)[["value", "low", "high"]].mean().reset_index()


def _correlation(own: pd.DataFrame) -> Iterator[dict]:
    for row in own[own["metric"] == "spearman"].to_dict("records"):
        effect, low, high = row["value"], row["low"], row["high"]
        yield {
            "claim": "predicted effects are in the order of the measured ones",
            "quantity": "Spearman's correlation",
            **{"effect": effect, "low": low, "high": high},
            "verdict": verdict(low, high, 0.0),
        }


def _wrong_signs(judged: pd.DataFrame) -> Iterator[dict]:
    """Yield whether each standard deviation tells wrong signs, and whether its ratio to the size tells more than it."""
    plain = judged[judged["metric"] == "auroc_of_wrong_signs"]
    for row in plain[plain["uncertainty"] != SIZE].to_dict("records"):
        effect, low, high = row["value"], row["low"], row["high"]
        yield {
            "claim": f"the standard deviation '{row['uncertainty']}' tells wrong signs from right ones",
            "quantity": "area under the ROC curve",
            **{"effect": effect, "low": low, "high": high},
            "verdict": verdict(low, high, _CHANCE),
        }
    gains = judged[judged["metric"] == "auroc_gain_by_ratio"]
    for row in gains.to_dict("records"):
        effect, low, high = row["value"], row["low"], row["high"]
        yield {
            "claim": f"'{row['uncertainty']}' over the size of the effect tells wrong signs better than the size alone",
            "quantity": "difference of areas under the ROC curve",
            **{"effect": effect, "low": low, "high": high},
            "verdict": verdict(low, high, 0.0),
        }


def _coverage(judged: pd.DataFrame, level: float) -> Iterator[dict]:
    """Yield whether intervals about predicted effects hold the measured ones, unless it is shown that they do not."""
    chosen = judged[(judged["metric"] == "coverage") & (judged["reference"] == "measured")]
    for row in chosen.to_dict("records"):
        whose = f"'{row['uncertainty']}'{_INTERVALS[row['recalibration']]}"
        yield {
            "claim": f"{level:.0%} intervals by {whose} {covering(level)} of the measured effects",
            "quantity": "coverage",
            **{"effect": row["value"], "low": row["low"], "high": row["high"]},
            "verdict": verdict_on_coverage(row["low"], row["high"], level),
        }
