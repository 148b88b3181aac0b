"""Tables on disk: tab-separated where a person reads them, parquet where they are large."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from degu.formats.files import write_aside


def write_table(frame: pd.DataFrame, path: str | Path) -> None:
    """Write a table as tsv or, by its suffix, parquet; whole or not at all."""
    with write_aside(path) as aside:
        if aside.suffix == ".parquet":
            frame.to_parquet(aside, index=False)
        else:
            frame.to_csv(aside, sep="\t", index=False, float_format="%.6g")


def read_tables(paths: str | Path | Iterable[str | Path]) -> pd.DataFrame:
    """Read one or several tables that `write_table` wrote, one below the other."""
    paths = [paths] if isinstance(paths, str | Path) else list(paths)
    frames = [
        pd.read_parquet(path) if Path(path).suffix == ".parquet" else pd.read_csv(path, sep="\t") for path in paths
    ]
    return pd.concat(frames, ignore_index=True)
