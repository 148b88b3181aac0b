"""Measured shifts: the models of one data set on the sequences of another one, whose measurements are the truth."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from degu.data.overlaps import overlapping
from degu.data.sequences import N_TOKEN
from degu.data.store import SequenceStore
from degu.errors import DeguError

log = logging.getLogger(__name__)

# Sequences overlap that share a stretch of so many bases.
STRETCH = 30
# What the models of the source have seen while they were trained.
_SEEN = ("train", "validation")
# The parts of the other data set that are predicted, by the splits of the source that none of their rows may overlap.
PARTS = {"calibration": _SEEN, "test": (*_SEEN, "calibration")}


@dataclass(frozen=True)
class Population:
    """Rows of another data set in the form of a source's sequences.

    Attributes
    ----------
    rows
        Rows of the store of the other data set, int64 (n,).
    tokens
        Their sequences in the construct of the source, uint8 (n, L).
    measured
        What was measured of them, for each target of the source that has a counterpart, float64 (n, T).
    group
        Their groups in the other data set, int64 (n,).
    of_source
        Whether the other data set is the source itself, whose groups these are then.
    """

    rows: np.ndarray
    tokens: np.ndarray
    measured: np.ndarray
    group: np.ndarray
    of_source: bool


def population(source: SequenceStore, other: SequenceStore, part: str, targets: Mapping[str, str]) -> Population:
    """Return the rows of a split of another data set that no row of the source which models have seen overlaps.

    Parameters
    ----------
    source, other
        The data set of the models, and the other one, which may be the same.
    part
        `calibration` or `test`, of the other data set.
    targets
        Which target of the other data set is the measured counterpart of a target of the source.

    Raises
    ------
    DeguError
        If there is no such target, or nothing is left.
    """
    for name in targets:
        source.target_index(name)
    columns = [other.target_index(name) for name in targets.values()]
    rows = other.rows(part)
    inserts = other.tokens[rows, other.insert]
    seen = np.concatenate([source.tokens[source.rows(split), source.insert] for split in PARTS[part]])
    dropped = overlapping(inserts, seen, STRETCH)
    if dropped.any():
        log.warning("%s of %s rows overlap sequences that models have seen, and are left out", f"{dropped.sum():,}",
                    f"{len(rows):,}")  # fmt: skip
    if dropped.all():
        raise DeguError(
            f"all {len(rows):,} rows of the split {part} overlap sequences that models have seen",
            where=other.attributes["dataset"],
            expected="sequences of another kind",
        )
    kept = rows[~dropped]
    return Population(
        rows=kept,
        tokens=placed(inserts[~dropped], source),
        measured=other.targets[kept][:, columns].astype(np.float64),
        group=other.group[kept],
        of_source=other.digest == source.digest,
    )


def placed(inserts: np.ndarray, source: SequenceStore) -> np.ndarray:
    """Return inserts of any length in the construct of a data set, uint8 (n, L).

    They stand in its middle. Shorter ones are filled up with N on both sides, and of longer ones the middle is taken.
    """
    length = source.insert.stop - source.insert.start
    missing = length - inserts.shape[1]
    if missing < 0:
        start = -missing // 2
        inserts = inserts[:, start : start + length]
    else:
        before = missing // 2
        inserts = np.pad(inserts, ((0, 0), (before, missing - before)), constant_values=N_TOKEN)
    whole = np.repeat(source.tokens[:1], len(inserts), axis=0)
    whole[:, source.insert] = inserts
    return whole
