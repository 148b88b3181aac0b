"""Tables of assays, as people have them, for the tests of what looks at tables."""

import numpy as np
import pandas as pd

from degu.data.sequences import decode

REPLICATES = ("activity_rep1", "activity_rep2")


def assay(rows: int = 60, length: int = 20, **columns: object) -> pd.DataFrame:
    """Return a table of names, sequences, elements and two replicates, with some columns replaced, added or dropped."""
    rng = np.random.default_rng(3)
    activity = rng.normal(size=rows)
    table = {
        "name": [f"s{row}" for row in range(rows)],
        "sequence": decode(rng.integers(0, 4, size=(rows, length), dtype=np.uint8)),
        "element": [f"e{row // 3}" for row in range(rows)],
        **{name: (activity + rng.normal(scale=0.1, size=rows)).round(4) for name in REPLICATES},
        **columns,
    }
    return pd.DataFrame({name: values for name, values in table.items() if values is not None})


def as_read(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table as it is read from a file: of objects, with None in empty cells, and rows counted as there."""
    cells = frame.astype(object).where(frame.notna(), None)
    return cells.set_axis(range(2, len(frame) + 2))
