"""Tables that the pipeline writes: tab-separated text for people to read, and parquet for large tables."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from degu.formats.files import write_aside

# These columns hold names, which stay as they are even where they look like numbers or like an absent value.
NAMES = (
    "dataset",
    "shift",
    "design",
    "transfer",
    "variants",
    "strategy",
    "protocol",
    "locus",
    "target",
    "unit",
    "teacher",
    "student",
    "method",
    "model",
    "name",
    "motif",
)


def write_table(frame: pd.DataFrame, path: str | Path) -> None:
    """Write a table whole or not at all, as parquet if the suffix of `path` says so and as tsv otherwise."""
    with write_aside(path) as aside:
        if aside.suffix == ".parquet":
            frame.to_parquet(aside, index=False)
        else:
            frame.to_csv(aside, sep="\t", index=False, float_format="%.6g")


def read_tables(paths: str | Path | Iterable[str | Path]) -> pd.DataFrame:
    """Read one or several tables written by `write_table`, and return them stacked row-wise.

    An empty cell is an absent value; the names `NA`, `None` and `001` are names. Without a path the table is empty.
    """
    paths = [paths] if isinstance(paths, str | Path) else list(paths)
    if not paths:
        return pd.DataFrame()
    return pd.concat([_read(Path(path)) for path in paths], ignore_index=True)


def _read(path: Path) -> pd.DataFrame:
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    # A number that is absent is written as an empty cell, and an infinite one as `inf`.
    return pd.read_csv(path, sep="\t", dtype=dict.fromkeys(NAMES, str), keep_default_na=False, na_values=[""])
