"""Tables that the pipeline writes: tab-separated text for people to read, and parquet for large tables."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from degu.formats.files import write_aside


def write_table(frame: pd.DataFrame, path: str | Path) -> None:
    """Write a table whole or not at all, as parquet if the suffix of `path` says so and as tsv otherwise."""
    with write_aside(path) as aside:
        if aside.suffix == ".parquet":
            frame.to_parquet(aside, index=False)
        else:
            frame.to_csv(aside, sep="\t", index=False, float_format="%.6g")


def read_tables(paths: str | Path | Iterable[str | Path]) -> pd.DataFrame:
    """Read one or several tables written by `write_table`, and return them stacked row-wise."""
    paths = [paths] if isinstance(paths, str | Path) else list(paths)
    frames = [
        pd.read_parquet(path) if Path(path).suffix == ".parquet" else pd.read_csv(path, sep="\t") for path in paths
    ]
    return pd.concat(frames, ignore_index=True)
