"""Choice of the explained test sequences and of their backgrounds, which all models of a comparison share."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from degu.config.plugins import load
from degu.data.store import SequenceStore
from degu.formats.hdf5 import read_hdf5, write_hdf5


@dataclass(frozen=True)
class ExplainedSequences:
    """Sequences of the test split that were chosen by one target.

    Attributes
    ----------
    rows
        Rows of the sequences in the store, in ascending order, int64 (N,).
    tokens
        Sequences, uint8 (N, L).
    top
        Bool (N,), true for the sequences with the highest measured activity.
    quantile
        Bin of measured activity that the sequence was drawn from, 1 for the lowest, int8 (N,); 0 if it was not drawn.
    backgrounds
        Backgrounds that each sequence is compared with, uint8 (N, B, L).
    """

    rows: np.ndarray
    tokens: np.ndarray
    top: np.ndarray
    quantile: np.ndarray
    backgrounds: np.ndarray


def choose_sequences(
    store: SequenceStore, target: int, sequences: Mapping, background: Mapping, rng: np.random.Generator
) -> ExplainedSequences:
    """Choose test sequences by the measured activity of one target, and draw their backgrounds.

    Parameters
    ----------
    store
        Data set.
    target
        Index of the target.
    sequences
        Settings of the choice: `top` is the number of sequences with the highest activity, `quantiles` the number of
        bins of equal size, and `per_quantile` the number of sequences that are drawn from each bin. All are taken where
        there are fewer.
    background
        Settings of the backgrounds: `method` is a module of `degu.attribution.backgrounds`, and `number` is B.
    rng
        Random generator.
    """
    test = store.rows("test")
    activity = store.targets[test, target]
    by_activity = np.argsort(-activity, kind="stable")
    top = np.zeros(len(test), dtype=bool)
    top[by_activity[: sequences["top"]]] = True
    quantile = np.zeros(len(test), dtype=np.int8)
    for number, members in enumerate(np.array_split(by_activity[::-1], sequences["quantiles"]), start=1):
        drawn = rng.choice(members, size=min(sequences["per_quantile"], len(members)), replace=False)
        quantile[drawn] = number
    chosen = top | (quantile > 0)
    rows = test[chosen]
    draw = load("background", background["method"]).draw
    backgrounds = draw(store.tokens[rows], background["number"], store.tokens[store.rows("train")], rng)
    return ExplainedSequences(rows, store.tokens[rows], top[chosen], quantile[chosen], backgrounds)


def write_explained_sequences(chosen: Mapping[str, ExplainedSequences], path: Path, digest: str) -> None:
    """Write the sequences chosen by each target, and the digest of their store."""
    with write_hdf5(path) as file:
        file.attrs["store_digest"] = digest
        for target, sequences in chosen.items():
            for field in fields(sequences):
                file.create_dataset(
                    f"{target}/{field.name}",
                    data=getattr(sequences, field.name),
                    compression="gzip",
                    compression_opts=1,
                )


def read_explained_sequences(path: Path, store: SequenceStore) -> dict[str, ExplainedSequences]:
    """Read the sequences chosen by each target of a store.

    Raises
    ------
    DeguError
        If the file is damaged, or belongs to another store.
    """
    with read_hdf5(path, "file of sequences", digest=store.digest) as file:
        return {
            target: ExplainedSequences(
                **{field.name: file[target][field.name][:] for field in fields(ExplainedSequences)}
            )
            for target in store.target_names
        }
