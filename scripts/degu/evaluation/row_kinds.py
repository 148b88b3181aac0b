"""The kinds of rows that scores are told of apart: regions of the assay, and negatives that were drawn beside them."""

import numpy as np

from degu.data.store import SequenceStore

REGIONS, NEGATIVES = "regions", "negatives"


def row_kinds(store: SequenceStore, split: str) -> dict[str, np.ndarray]:
    """Return which rows of a split are of each kind that it has, bool (n,), by the name of the kind.

    Where a data set has no negatives, all rows are regions.
    """
    negative = store.is_negative[store.rows(split)]
    kinds = {REGIONS: ~negative, NEGATIVES: negative}
    return {name: rows for name, rows in kinds.items() if rows.any()}
