"""Pairs of whole sequences, with the one and with the other allele, and the difference that was measured."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from degu.data.correlation import pearson
from degu.errors import DeguError, name_rows
from degu.formats.cells import numeric, stripped
from degu.variants.tables import columns_with, read_variant_table
from degu.variants.variant_set import VariantSet

log = logging.getLogger(__name__)

SOURCES = ("table",)
NOT_EMPTY = ("replicates",)
_COLUMNS = {
    "reference": "reference",
    "alternative": "alternative",
    "name": "",
    "group": "",
    "part": "",
    "false_discovery_rate": "",
    "published": "",
}
_TEXTS = ("reference", "alternative", "name", "group", "part")
# A published effect is compared in its sign where it is significant, if there are as many of these.
_SIGNIFICANT, _FEWEST = 0.05, 10


def load(
    files: Mapping[str, Path],
    *,
    replicates: list[str],
    columns: dict[str, str] | None = None,
    published_sign: Literal["same", "opposite"] = "same",
    locus: str = "pairs",
) -> VariantSet:
    """Read a table with one pair of sequences in each row.

    Parameters
    ----------
    files
        The file, under the name `table`.
    replicates
        The columns of the measured difference, alternative less reference, one for each replicate. The effect is
        their mean.
    columns
        The names of the columns by what they hold: `reference` and `alternative` (sequences), `name`, `group` (pairs
        that share it are relatives), `part`, `false_discovery_rate`, and `published`, an effect that was published.
    published_sign
        Whether the published effect has the `same` sign as the alternative less the reference allele, or the
        `opposite` one. It is compared with the differences.
    locus
        What the pairs are called together.

    Raises
    ------
    DeguError
        If the table lacks a column, a sequence holds other letters, or the published effect has another sign.
    """
    path = files["table"]
    named = columns_with(_COLUMNS, columns, where="options.columns")
    frame = read_variant_table(path, [*named.values(), *replicates])
    texts = {key: _texts(frame, named[key], path) for key in _TEXTS if key in named}
    for key in ("reference", "alternative"):
        texts[key] = _sequences(texts[key], frame, named[key], path)
    values = numeric(frame, replicates, where=path)
    measured = np.isfinite(values).sum(axis=1)
    if not measured.all():
        raise DeguError(
            f"no replicate of the difference is there in {name_rows(frame.index[measured == 0])}",
            where=path,
            expected="one number or more in each row",
        )
    effect = np.nanmean(values, axis=1)
    rate = (
        numeric(frame, [named["false_discovery_rate"]], where=path)[:, 0] if "false_discovery_rate" in named else None
    )
    if "published" in named:
        check_sign(numeric(frame, [named["published"]], where=path)[:, 0], effect, rate, published_sign, where=path)
    rows = np.array([f"row {line}" for line in frame.index], dtype=object)
    empty = np.full(len(frame), "", dtype=object)
    return VariantSet(
        loci=np.full(len(frame), locus, dtype=object),
        names=texts.get("name", rows),
        groups=texts.get("group", rows),
        parts=texts.get("part", empty),
        reference=texts["reference"],
        alternative=texts["alternative"],
        effect=effect,
        confidence=None if rate is None else 1 - rate,
        replicates=values,
    )


def _texts(frame: pd.DataFrame, column: str, path: Path) -> np.ndarray:
    return np.array([text or "" for text in stripped(frame, column, where=path)], dtype=object)


def _sequences(texts: np.ndarray, frame: pd.DataFrame, column: str, path: Path) -> np.ndarray:
    upper = np.array([text.upper() for text in texts], dtype=object)
    wrong = [not text or not set(text) <= set("ACGTN") for text in upper]
    if any(wrong):
        raise DeguError(
            f"column '{column}' holds no sequence in {name_rows(frame.index[wrong])}",
            where=path,
            expected="A, C, G, T, N",
        )
    return upper


def check_sign(
    published: np.ndarray,
    effect: np.ndarray,
    false_discovery_rate: np.ndarray | None,
    sign: Literal["same", "opposite"],
    *,
    where: object,
) -> float:
    """Check that a published effect has the sign that it is said to have, and return its correlation with the effect.

    Parameters
    ----------
    published, effect
        The published effect, and the alternative less the reference allele, (n,) each.
    false_discovery_rate
        That of the published effect, (n,); the significant ones are compared, if there are ten or more.
    sign
        What is said.
    where
        The file, for error messages.

    Raises
    ------
    DeguError
        If the correlation has the other sign.
    """
    known = np.isfinite(published)
    if false_discovery_rate is not None:
        significant = known & (false_discovery_rate < _SIGNIFICANT)
        known = significant if significant.sum() >= _FEWEST else known
    if len(np.unique(published[known])) < 2 or len(np.unique(effect[known])) < 2:
        raise DeguError(
            f"the published effect or the measured difference has one value alone in {known.sum():,} rows with both",
            where=where,
            expected="two values or more, of which the sign can be compared",
            remedy="name another column as `published`, or leave it out",
        )
    correlation = pearson(published[known], effect[known])
    log.info("%s: the published effect correlates with the difference by %.2f", where, correlation)
    if (correlation < 0) != (sign == "opposite"):
        raise DeguError(
            f"in {known.sum():,} rows the published effect correlates with alternative less reference by "
            f"{correlation:.2f}",
            where=where,
            expected=f"a correlation {'below' if sign == 'opposite' else 'above'} 0, since `published_sign` is {sign}",
            remedy="find out which allele the published effect is relative to, or whether the alleles were exchanged",
        )
    return correlation
