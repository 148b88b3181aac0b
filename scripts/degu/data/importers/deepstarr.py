"""DeepSTARR (de Almeida et al., Nature Genetics 2022): fly enhancer activity of 249 bp by UMI-STARR-seq.

The published file `Sequences_activity_all.txt` (or `_subset.txt`) holds both strands of each window as rows,
the measured log2 enrichments with two promoters, and the split.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from degu.data.records import Records, usable_rows
from degu.data.sequences import encode
from degu.formats.cells import labels, numeric, stripped
from degu.formats.source_tables import read_table

# The source files, by the names that a data set's file gives them.
SOURCES = ("sequences",)
HAS_REPLICATES = False
LABELS = False
# It always holds the published split and the chromosome of each row.
ROW_LABELS = {"split": None, "chromosome": None}
COLUMNS = ["seqnames", "start", "end", "ID", "set", "Sequence", "Dev_log2_enrichment", "Hk_log2_enrichment"]


def load(files: Mapping[str, Path], *, drop_bad_rows: bool) -> Records:
    """Read the published table.

    Parameters
    ----------
    files
        `sequences`: Sequences_activity_all.txt or Sequences_activity_subset.txt.
    drop_bad_rows
        Drop rows without a usable sequence or target instead of stopping.

    Raises
    ------
    DeguError
        If the file is not in the published layout or a row is bad.
    """
    path = files["sequences"]
    frame = read_table(path, columns=COLUMNS)
    targets = numeric(frame, ["Dev_log2_enrichment", "Hk_log2_enrichment"], where=path)
    sequences = pd.Series(stripped(frame, "Sequence", where=path), frame.index)
    keep, dropped = usable_rows(sequences, targets, drop=drop_bad_rows, where=path)
    frame = frame[keep]

    def text(column: str) -> np.ndarray:
        return np.array([label or "" for label in stripped(frame, column, where=path)])

    return Records(
        tokens=encode(sequences[keep].tolist(), where=path, rows=frame.index),
        names=np.array([name or "" for name in labels(frame, "ID", where=path)]),
        targets=targets[keep],
        target_names=["Dev", "Hk"],
        units=["log2 enrichment", "log2 enrichment"],
        rows=frame.index.to_numpy(),
        group=np.array([":".join(window) for window in zip(*map(text, ("seqnames", "start", "end")), strict=True)]),
        published_split=text("set"),
        chromosome=text("seqnames"),
        dropped=dropped,
    )
