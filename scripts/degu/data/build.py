"""From one importer's records to a sequence store: split, standardise, check."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from degu.data.reading import read_records
from degu.data.records import Records
from degu.data.splits import (
    CODE,
    SPLITS,
    check_splits,
    connect_groups,
    cut_calibration,
    find_leaks,
    named_split,
    present_labels,
    random_split,
)
from degu.data.store import SequenceStore
from degu.errors import DeguError, name_rows

log = logging.getLogger(__name__)

# The reason for which rows are dropped that have a relative in a later split.
LEAKED = "a relative in a later split"
# A group of relatives that holds more than this part of a split is warned of.
LARGE_GROUP = 0.1


def build_store(settings: Mapping, files: Mapping[str, Path], seed: int, *, where: object) -> SequenceStore:
    """Import a data set and make its store.

    Parameters
    ----------
    settings
        The data set's settings, as in `config/datasets/*.yaml`.
    files
        Source files, by the names that the importer has for them.
    seed
        Seed of the split.
    where
        The data set's name, for error messages.

    Raises
    ------
    DeguError
        If a row is bad, a split is empty, or relatives straddle splits, and the settings do not say to drop them.
    """
    records = read_records(settings, files, where=where)
    left, right = records.flanks
    length = records.tokens.shape[1]
    groups = connect_groups(records.tokens[:, left : length - right], records.group)
    split = make_split(records, groups, settings["split"], seed, where=where)
    dropped = dict(records.dropped)

    keep = np.ones(len(records), dtype=bool)
    leaks = find_leaks(split, groups)
    if leaks.size and settings["leaks"] == "drop":
        log.warning("%s: dropped %s rows with a relative in a later split", where, f"{leaks.size:,}")
        dropped[LEAKED] = int(leaks.size)
        keep[leaks] = False
    if records.replicate_std is not None:
        # Dropped after the split, so that the split does not depend on which rows have a standard deviation.
        no_std = keep & ~np.isfinite(records.replicate_std).all(axis=1)
        if no_std.any():
            reason = "no standard deviation, because fewer than two replicates are there or its cell is empty"
            if settings["bad_rows"] == "stop":
                raise DeguError(
                    f"{no_std.sum():,} rows have {reason}: {name_rows(records.rows[no_std])}, "
                    f"the first named '{records.names[no_std][0]}'",
                    where=where,
                    expected="a standard deviation for each target",
                    remedy="correct the file, or set `bad_rows: drop` in the data set's file",
                )
            log.warning("%s: dropped %s rows with %s", where, f"{no_std.sum():,}", reason)
            dropped["no standard deviation"] = int(no_std.sum())
            keep &= ~no_std
    check_splits(split[keep], groups[keep], records.rows[keep], method=settings["split"]["method"], where=where)

    _warn_of_large_groups(split[keep], groups[keep], where)
    scale = batch_scale(records, split, keep, where=where) if settings["standardize_batches"] else None
    store = _assemble(records, split, groups, keep, scale, where)
    store.attributes = {
        "dataset": str(where),
        "importer": settings["importer"],
        "dropped": dropped,
        "flanks": list(records.flanks),
        "split_rows": {name: int((store.split == code).sum()) for name, code in CODE.items()},
        **records.attributes,
        "groups": len(np.unique(store.group)),
    }
    return store


def _warn_of_large_groups(split: np.ndarray, groups: np.ndarray, where: object) -> None:
    """Log which splits are made of few groups, because scores and coverage on them say little of other sequences."""
    for name, code in CODE.items():
        sizes = np.unique(groups[split == code], return_counts=True)[1]
        if name != "train" and sizes.max(initial=0) > max(1, LARGE_GROUP * sizes.sum()):
            log.warning(
                "%s: one group of relatives holds %s of the %s rows of the %s split: scores there, and the coverage of "
                "intervals, depend on few independent sequences",
                where,
                f"{sizes.max():,}",
                f"{sizes.sum():,}",
                name,
            )


def check_single_precision(values: np.ndarray, names: Sequence[str], *, where: object) -> None:
    """Check that numbers that differ still do in single precision, in which a store holds them and models compute.

    Parameters
    ----------
    values
        float64, (N, T).
    names
        What each of the T columns is.

    Raises
    ------
    DeguError
        If fewer than half of the distinct numbers of a column stay distinct. Those that differ by less than a part in
        1e13 of the largest are taken for equal before, too, because the means of equal replicates may differ so.
    """
    for column, name in zip(values.T, names, strict=True):
        largest = np.abs(column).max(initial=0)
        if largest == 0:
            continue
        before = len(np.unique(np.round(column / largest * 1e13)))
        after = len(np.unique(column.astype(np.float32)))
        if 2 * after < before:
            raise DeguError(
                f"{name} has {before:,} distinct values, of which {after:,} stay distinct in single precision (the "
                f"first is {column[0]:.12g})",
                where=where,
                expected="numbers that differ within their first seven digits and lie between 1e-38 and 1e15",
                remedy="subtract a constant from them, or write them in another unit",
            )


def make_split(records: Records, groups: np.ndarray, settings: Mapping, seed: int, *, where: object) -> np.ndarray:
    """Return the split codes, uint8 (N,), by the method of the settings.

    `random` draws groups within the importer's strata; `column` and `chromosome` follow labels of the rows, and
    then cut the calibration split from the validation split if it was not named.
    """
    rng = np.random.default_rng([seed, 0])
    if settings["method"] == "random":
        return random_split(groups, settings["fractions"], rng, records.stratum)
    labels = records.published_split if settings["method"] == "column" else records.chromosome
    if labels is None:
        raise DeguError(
            f"the source has no {settings['method']} to split by",
            where=f"{where}: split.method",
            expected="random, or name the column in the importer's options",
        )
    names = settings["labels"]
    if settings.get("fold"):
        names = present_labels(names, labels, where=f"{where}: split.fold")
    split = named_split(labels, names, where=f"{where}: split.labels")
    if not settings["labels"].get("calibration"):
        split = cut_calibration(split, groups, settings["calibration_from_validation"], rng)
    return split


def batch_scale(
    records: Records, split: np.ndarray, keep: np.ndarray, *, where: object
) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and std, each (N, T), of the training rows of each row's batch.

    Raises
    ------
    DeguError
        If the source names no batches, or if one has fewer than two training rows or equal targets in all of them.
    """
    place = f"{where}: standardize_batches"
    if records.batch is None:
        raise DeguError("the source names no batches", where=place, remedy="name the column under `options.batch`")
    mean, std = np.zeros_like(records.targets), np.ones_like(records.targets)
    for batch in np.unique(records.batch):
        rows = records.batch == batch
        training = rows & keep & (split == CODE["train"])
        if training.sum() < 2:
            raise DeguError(
                f"batch '{batch}' has {training.sum()} training rows: {name_rows(records.rows[rows])}",
                where=place,
                expected="two or more, since targets are scaled by their mean and standard deviation",
                remedy="leave this batch out of the file, or set `standardize_batches: false`",
            )
        constant = np.ptp(records.targets[training], axis=0) == 0
        if constant.any():
            raise DeguError(
                f"batch '{batch}' has targets of no spread: {records.target_names[int(constant.argmax())]} is "
                f"{records.targets[training][0, constant.argmax()]:g} in all of its {training.sum():,} training rows, "
                f"{name_rows(records.rows[training])}",
                where=place,
                expected="targets that differ, since they are divided by their standard deviation",
                remedy="leave this batch out of the file, or set `standardize_batches: false`",
            )
        mean[rows] = records.targets[training].mean(axis=0)
        std[rows] = records.targets[training].std(axis=0)
        log.info("batch %s: training mean %s, std %s", batch, mean[rows][0].round(3), std[rows][0].round(3))
    return mean, std


def _assemble(
    records: Records,
    split: np.ndarray,
    groups: np.ndarray,
    keep: np.ndarray,
    scale: tuple[np.ndarray, np.ndarray] | None,
    where: object,
) -> SequenceStore:
    targets, std, replicates = records.targets, records.replicate_std, records.replicates
    units = records.units
    if scale is not None:
        mean, spread = scale
        targets = (targets - mean) / spread
        std = None if std is None else std / spread
        replicates = None if replicates is None else (replicates - mean[:, :, None]) / spread[:, :, None]
        units = [f"{unit}, standardised" if unit else "standardised" for unit in units]

    def kept(values: np.ndarray | None) -> np.ndarray | None:
        return None if values is None else values[keep].astype(np.float32)

    check_single_precision(targets[keep], records.target_names, where=where)
    if std is not None:
        names = [f"the standard deviation of {name}" for name in records.target_names]
        check_single_precision(std[keep], names, where=where)
    return SequenceStore(
        tokens=records.tokens[keep],
        targets=targets[keep].astype(np.float32),
        split=split[keep],
        group=groups[keep],
        names=records.names[keep],
        target_names=records.target_names,
        units=units,
        replicate_std=kept(std),
        replicates=kept(replicates),
        counts=_chosen(records.counts, keep),
        context_tokens=_chosen(records.context_tokens, keep),
        context_counts=_chosen(records.context_counts, keep),
        negative=_chosen(records.negative, keep),
        truth={name: values[keep] for name, values in records.truth.items()},
    )


def _chosen(values: np.ndarray | None, keep: np.ndarray) -> np.ndarray | None:
    return None if values is None else values[keep]


def describe_splits(store: SequenceStore) -> str:
    """Return one line on the size of each split."""
    return ", ".join(f"{name} {len(store.rows(name)):,}" for name in SPLITS)
