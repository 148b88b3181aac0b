"""lentiMPRA of K562 and HepG2 (Agarwal et al., Nature 2025; bioRxiv 2023.03.05.531189).

Supplementary Table 3 holds the sequences, Supplementary Table 4 the activities, one sheet a cell type in each;
both are read from the workbook or from a csv of the sheet. An element measured in both orientations is two rows,
the second named with the suffix `_Reversed` (some `_Reversed_0` or `_Reversed:`).
"""

import logging
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from degu.data.records import Records, replicate_mean_and_std, usable_rows
from degu.data.sequences import encode
from degu.errors import DeguError
from degu.formats.source_tables import numeric, read_sheet, require_columns

# Length of the constant adaptors on either side of the 200 bp element.
ADAPTOR = 15
SUFFIXES = ("_Reversed_0", "_Reversed:", "_Reversed", ":")

log = logging.getLogger(__name__)


def load(files: Mapping[str, Path], *, drop_bad_rows: bool, cell_type: str, without_std: bool = False) -> Records:
    """Read the sequences and activities of one cell type and join them by name.

    Parameters
    ----------
    files
        `sequences` and `activities`: the supplementary tables, as xlsx or as a csv of the cell type's sheet.
    drop_bad_rows
        Drop rows without a usable sequence or activity instead of stopping.
    cell_type
        K562 or HepG2: the sheet is the one whose name begins with it.
    without_std
        Keep the rows that have no replicate standard deviation, and leave it out of the store. The split is drawn
        before those rows are dropped, so both choices share one split.

    Raises
    ------
    DeguError
        If a file is not in the published layout, a row is bad, or no activity has a sequence.
    """
    activities = read_sheet(files["activities"], cell_type, "name")
    sequences = read_sheet(files["sequences"], cell_type, "name")
    require_columns(activities, ["name", "mean"], where=files["activities"])
    require_columns(sequences, ["name"], where=files["sequences"])
    sequence_column = sequences.columns[-1]
    sequences = sequences.drop_duplicates("name").set_index("name")
    known = activities["name"].isin(sequences.index).to_numpy()
    if not known.any():
        raise DeguError(
            f"no name of {files['activities']} occurs", where=files["sequences"], expected="the same cell type in both"
        )
    if (~known).any():
        log.warning("%s: dropped %s rows whose name has no sequence", files["activities"], f"{(~known).sum():,}")
    dropped = {"no sequence of that name": int((~known).sum())} if (~known).any() else {}
    activities = activities[known]
    table = sequences.loc[activities["name"]].set_axis(activities.index)

    mean = numeric(activities, ["mean"], where=files["activities"])
    where = f"{files['activities']}, with the sequences of those names in {files['sequences']}"
    keep, bad = usable_rows(table[sequence_column], mean, drop=drop_bad_rows, where=where)
    activities, table = activities[keep], table[keep]
    replicates, std = (None, None) if without_std else _replicates(activities, files["activities"])
    names = activities["name"].astype(str).to_numpy(dtype=str)
    element = np.array([element_name(name) for name in names])
    return Records(
        tokens=encode(table[sequence_column].astype(str).tolist(), where=files["sequences"]),
        names=names,
        targets=mean[keep],
        target_names=["activity"],
        units=["log2(RNA/DNA)"],
        replicates=replicates,
        replicate_std=std,
        group=element,
        chromosome=_chromosome(table),
        stratum=_pair_or_other(names, element),
        flanks=(ADAPTOR, ADAPTOR),
        dropped=dropped | bad,
    )


def element_name(name: str) -> str:
    """Return the name of the element that a row, in either orientation, measures."""
    suffix = next((suffix for suffix in SUFFIXES if name.endswith(suffix)), "")
    return name.removesuffix(suffix)


def _pair_or_other(names: np.ndarray, element: np.ndarray) -> np.ndarray:
    """Say of each row whether its element was measured in both orientations."""
    reverse = np.array(["_Reversed" in name for name in names])
    both = set(element[reverse]) & set(element[~reverse])
    return np.where([name in both for name in element], "pair", "other")


def _replicates(activities: pd.DataFrame, path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return replicates (N, 1, R) and their std (N, 1), ddof=1 as in the published `std` column."""
    columns = [column for column in activities.columns if str(column).startswith("replicate")]
    if len(columns) < 2:
        raise DeguError(
            f"{len(columns)} replicate columns",
            where=path,
            expected="columns 'replicate 1 [log2(rna/dna)]', 'replicate 2 ...', ...",
            remedy="set `without_std: true` to do without replicates",
        )
    replicates = numeric(activities, columns, where=path)[:, None, :]
    return replicates, replicate_mean_and_std(replicates)[1]


def _chromosome(table: pd.DataFrame) -> np.ndarray | None:
    for column in ("chr.hg38", "chr.hg19"):
        if column in table.columns:
            return table[column].fillna("none").astype(str).to_numpy(dtype=str)
    return None
