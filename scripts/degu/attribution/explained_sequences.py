"""Which test sequences are explained, and what each is compared with: the same for all models of a comparison."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from degu.config.plugins import load
from degu.data.store import SequenceStore
from degu.formats.hdf5 import read_hdf5, write_hdf5


@dataclass(frozen=True)
class ExplainedSequences:
    """Sequences of the test split, chosen by one target.

    Attributes
    ----------
    rows
        int64, (N,): their rows in the store, in ascending order.
    tokens
        uint8, (N, L).
    top
        bool, (N,): among those of the highest measured activity.
    quantile
        int8, (N,): 1 for the lowest bin of measured activity and so on, if drawn from its bin; else 0.
    backgrounds
        uint8, (N, B, L): what each is compared with.
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
        The data set.
    target
        Index of the target.
    sequences
        `top`: how many of the highest activity; `quantiles`: number of bins of equal size; `per_quantile`: how many are
        drawn from each. Where the split has fewer, all are taken.
    background
        `method`: module of `degu.attribution.backgrounds`; `number`: B.
    rng
        Of the draws.
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
    """Write the sequences chosen by each target, with the digest of their store."""
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
